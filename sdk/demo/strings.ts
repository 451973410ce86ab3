/** Every word of the demo page. */
export const LANGUAGE = 'en';

export const STRINGS = {
  title: 'Parley',
  steps: ['Write as the customer', 'Accept and answer as the agent', 'Solve it, and watch the machine'],
  stepsName: 'Three things to try',
  done: 'done',
  picker: 'Conversation style',
  styles: { chat: 'Chat', repeat: 'Chat, repeat customer', social: 'Social messaging' },
  styleSays: {
    chat: 'Solved closes at once. Whoever writes again begins a new ticket.',
    repeat: 'Solved stays open for a while: who comes back in time has the same ticket and agent.',
    social: 'A reply reopens Pending and On-hold, and Solved too within its window of days; then it closes.',
  },
  customer: 'The customer: a shop with the widget',
  agent: 'The agent: the console',
  machine: (ticket: number) => (ticket > 0 ? `The ticket's machine · ticket ${ticket}` : "The ticket's machine"),
  sheet: 'Statechart',
  chart: (state: string) => `Statechart of the ticket, now ${state}`,
  left: (time: string) => `${time} left`,
  log: 'The log of this conversation',
  logEmpty: 'Nothing yet. What anyone writes or does here becomes a numbered line that is on disk before it is shown.',
  columns: { seq: 'seq', time: 'time', kind: 'kind', who: 'who', text: 'what' },
  statuses: { new: 'New', open: 'Open', pending: 'Pending', onHold: 'On-hold', solved: 'Solved', closed: 'Closed' },
  nobody: 'nobody',
  ticketBegan: (ticket: number) => `ticket ${ticket} began`,
  flow: (name: string, what: string) => `${name}: ${what}`,
  noAgent: 'The demo could not sign in as an agent.',
  noAgentMend: 'It works on the machine that runs the gateway, with npm start.',
} as const;
