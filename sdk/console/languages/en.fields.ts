/**
 * English: names and explanations of the settings' fields, by section and name, or by name alone where it means the same
 * everywhere; and the words of what can be chosen.
 */
import type { Widened } from '../../ui/language.ts';

export const enFields = {
  labels: {
    'section.style': 'Default style', 'section.name': 'Name of the workspace', 'section.hours': 'Business hours',
    id: 'Id', name: 'Name', team: 'Team', teams: 'Teams', skills: 'Skills', requires: 'Skills required', prefers: 'Skills preferred',
    priority: 'Priority', style: 'Style', channel: 'Channel', tags: 'Tags', status: 'Status', hours: 'Own business hours', group: 'Group',
    'teams.priority': 'Priority of the queue', 'teams.method': 'Who is asked first', 'teams.offerMs': 'Time to accept',
    'teams.autoAccept': 'Assign without asking', 'teams.preferMs': 'Wait for preferred skills', 'teams.fallback': 'Fallback team',
    'teams.fallback.team': 'Then to', 'teams.fallback.afterMs': 'After waiting',
    'agents.id': 'Sign-in name', 'agents.right': 'Right', 'agents.capacity': 'Own capacity',
    'statuses.takes': 'What the agent takes',
    'channels.policy': 'Own delays',
    allowedOrigins: 'Allowed origins', capacity: 'Places by group of channels', policies: 'Delays of the styles',
    chat: 'Chat', repeat: 'Repeat customer', social: 'Social messaging',
    windowMs: 'From Solved to Closed', clock: 'Which time counts', silenceMs: 'Customer counts as inactive after',
    'rules.identified': 'Customer is signed in', 'rules.contains': 'First message contains', 'rules.style': 'Set the style',
    'rules.team': 'Send to the team', 'rules.priority': 'Set the priority', 'rules.requires': 'Require skills', 'rules.prefers': 'Prefer skills',
    'routing.graceMs': 'Reconnecting agent is kept for', 'routing.keepMs': 'Absent agent keeps conversations for',
    'routing.returnMs': 'Returning customer waits for their agent', 'routing.lapses': 'Missed offers in a row that set an agent away',
    'routing.inactiveFrees': 'Inactive conversations free their place',
    'macros.text': 'Text', 'macros.status': 'Sets the status', 'macros.priority': 'Sets the priority', 'macros.tags': 'Adds tags',
  },
  hints: {
    'section.style': 'For channels and rules that name none.', 'section.name': 'Shown to agents.', 'section.hours': '',
    'teams.priority': '0 goes first, 9 last, for agents of several teams.',
    'teams.offerMs': 'Then the conversation is offered to the next agent.',
    'teams.autoAccept': 'Offers become assignments at once.',
    'teams.preferMs': 'After this, any agent of the team will do.',
    'teams.fallback': 'Where a conversation goes that nobody took.',
    'teams.hours': 'When somebody is there; outside, customers are told when that will be.',
    'agents.id': 'As in the agent\'s token. It cannot be changed later.',
    'agents.right': 'Supervisors see the board and set colleagues\' statuses; administrators also change the settings.',
    'agents.capacity': 'Where it differs from the workspace\'s.',
    'channels.group': 'Channels of one group share an agent\'s places.',
    requires: 'Only agents with all of these.',
    prefers: 'Agents with these first, for a time.',
    style: 'How a ticket ends and comes back.',
    allowedOrigins: 'Web sites that may show the widget, for instance https://shop.example.com. The gateway\'s own is always allowed.',
    capacity: 'How many conversations at once. Groups are named in the channels.',
    windowMs: 'Meanwhile the customer\'s next message opens the same ticket. At most 28 days; a chat closes at once.',
    clock: 'Business time stands still while the house is closed.',
    silenceMs: 'Without a word from the customer.',
    'rules.contains': 'Capital letters make no difference.',
    'routing.graceMs': 'Then the agent counts as gone.',
    'routing.keepMs': 'Then they go back to the queue.',
    'routing.returnMs': 'Then the conversation goes to the team.',
    'routing.lapses': '0 never does.',
    'routing.inactiveFrees': 'Until the customer\'s next message.',
    'macros.text': '{contact}, {agent}, {channel} and {ticket} are filled in.',
    'section.tags': 'Suggested to agents; they may write others.',
  },
  /** What it means when a field is left out. */
  unset: {
    'routing.keepMs': 'always', 'routing.returnMs': 'for ever', 'channels.style': 'As the workspace', 'channels.team': 'The first team',
    'teams.fallback': 'None', 'teams.hours': 'Always open', windowMs: 'as the style', clock: 'As the style', silenceMs: 'as the style',
    'policies.repeat.windowMs': 'default: 1 hour', 'policies.social.windowMs': 'default: 4 days',
    'policies.repeat.clock': 'Default: business hours', 'policies.social.clock': 'Default: all hours',
    'rules.channel': 'Any', 'rules.identified': 'Any', 'rules.style': 'Leave it', 'rules.team': 'Leave it', 'rules.priority': 'Leave it',
    'macros.status': 'Leave it', 'macros.priority': 'Leave it',
  },
  choices: {
    'method.leastBusy': 'Most free places', 'method.roundRobin': 'Whose turn it is', 'method.longestIdle': 'Idle for longest',
    'right.agent': 'Agent', 'right.supervisor': 'Supervisor', 'right.admin': 'Administrator',
    'takes.all': 'Everything', 'takes.transfers': 'Only what colleagues hand over', 'takes.nothing': 'Nothing new',
    'style.chat': 'Chat', 'style.repeat': 'Repeat customer', 'style.social': 'Social messaging',
    'clock.business': 'Business hours', 'clock.calendar': 'All hours',
    'status.open': 'Open', 'status.pending': 'Pending', 'status.onHold': 'On-hold', 'status.solved': 'Solved',
    'priority.0': 'Urgent', 'priority.1': 'High', 'priority.2': 'Normal', 'priority.3': 'Low',
  },
} as const;

export type FieldWords = Widened<typeof enFields>;
