/** English: trying out a flow. */
import { counted, type Widened } from '../../ui/language.ts';

const count = counted('en');

export const enTrial = {
  safe: 'A trial: nobody is written to, nothing is called, nothing is kept.',
  talk: 'The talk',
  again: 'Start again',
  back: 'Step back',
  backHow: 'Take back the last move',
  moves: (moves: number) => count(moves, { one: '1 move', other: '# moves' }),
  clock: 'The clock of the trial',
  toNext: 'To the next time',
  toNextIn: (left: string) => `To the next time, in ${left}`,
  nothingDue: 'Nothing waits for a time',
  passed: (time: string) => `${time} later`,

  empty: 'Write what a customer would write, and see what the flow does.',
  emptyCalled: 'This flow starts when it is called: with the customer’s first message here.',
  emptyAgent: 'You can also begin as an agent.',
  asCustomer: 'Customer',
  asAgent: 'Agent',
  writeAs: 'Write as',
  customerSays: 'What the customer writes',
  agentSays: 'What an agent replies',
  send: 'Send',
  accept: 'Take the ticket',
  solve: 'Solve',
  leave: 'Customer leaves',
  refused: (why: string) => `That cannot be done now: ${why}.`,
  choices: 'Answers to choose from',
  onlyAgents: 'Only agents see this',

  cut: (made: number, all: number, why: string) => (
    `With the draft as it is now, only ${made} of ${all} moves can be made: ${why}. The next move goes on from here.`),
  notBegun: (why: string) => `It cannot begin like that: ${why}.`,
  outdated: 'The draft has problems, so this is how it went before them. Mend them under Edit.',
  cannotYet: 'A flow is tried once it has no problems. Mend them under Edit.',
  working: 'Trying…',

  asks: 'The flow asks another system',
  asksHow: 'Nothing is sent. Answer in its place.',
  statusCode: 'Status',
  answerBody: 'Answer, as JSON',
  answer: 'Answer',
  noAnswer: 'No answer',
  examples: 'Ready answers',
  found: '200, an example',
  missing: '404',
  notJson: 'This is no JSON.',
  calls: 'Requests',
  noCalls: 'None so far.',
  headers: 'Headers',
  secret: (name: string) => `secret: ${name}`,
  body: 'Body',
  answered: { noAnswer: 'no answer', dropped: 'not needed any more', waiting: 'waits for your answer' },
  answeredWith: (status: number) => `answered with ${status}`,

  stands: 'Where the flow stands',
  noRun: 'It does not run now.',
  waitsFor: { reply: 'waits for a reply', time: 'waits for its time', answer: 'waits for the answer' },
  until: (time: string, left: string) => `until ${time}, ${left} from now`,
  ticket: 'Ticket',
  noTicket: 'There is none yet.',
  contact: 'Contact',
  nothingKnown: 'Nothing is known yet.',

  beginning: 'The beginning',
  beginningHow: 'Change it, and the same talk is shown anew.',
  startsAt: 'It is',
  channel: 'Channel',
  browserLanguage: 'Customer’s language',
  identified: 'Signed in',
  waiting: 'Waiting tickets',
  available: 'Free agents',
  asItIs: 'as it is now',
  unknown: 'unknown',

  events: {
    began: (flow: string) => `${flow} begins`, ended: (flow: string) => `${flow} has ended`,
    stopped: (flow: string, why: string) => (why === '' ? `${flow} was stopped` : `${flow} was stopped: ${why}`),
    broke: (flow: string, step: string, why: string) => `${flow} broke off${step === '' ? '' : ` at “${step}”`}${why === '' ? '' : `: ${why}`}`,
    ticket: (number: string) => `Ticket ${number}`,
  },
} as const;

export type TrialWords = Widened<typeof enTrial>;
