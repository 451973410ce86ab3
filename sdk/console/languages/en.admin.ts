/** English: administration. Fields of the settings stand in `en.fields.ts`. */
import { counted, type Widened } from '../../ui/language.ts';

const count = counted('en');

export const enAdmin = {
  title: 'Administration',
  loading: 'Loading the settings…',
  back: 'All settings',
  groups: { people: 'People', work: 'Conversations', writing: 'Writing', house: 'Workspace' },
  pages: {
    teams: 'Teams', agents: 'Agents', skills: 'Skills', statuses: 'Statuses', capacity: 'Capacity',
    channels: 'Channels', styles: 'Styles',
    hours: 'Business hours', rules: 'Rules', routing: 'Routing',
    fields: 'Contact fields', macros: 'Macros', tags: 'Tags', workspace: 'Name',
  },
  about: {
    teams:
      'Who works together, and how new conversations find somebody among them. The first team takes what no channel or rule sends elsewhere.',
    agents: 'Who may sign in to the console, what they may do, and how much they can hold at once.',
    skills: 'What agents know. Channels and rules ask for them.',
    statuses: 'What agents can set themselves to, beside Online, Away, Transfers only and Offline.',
    capacity:
      'How many conversations an agent holds at once, by group of channels. An agent can have numbers of their own.',
    channels: 'Where customers write from, and who answers there.',
    styles: 'How a ticket ends and comes back: at once, within a window, or over days.',
    hours: 'When the house is open. Teams may have hours of their own; windows in business time count these.',
    rules:
      'Of the rules that fit a new ticket, the first that sets the style decides the style, the first that names a team the team.',
    routing: 'What happens when agents are away, silent or full.',
    fields:
      'What is kept of contacts besides e-mail, phone, language and country. Agents, customers, flows and your own pages fill it in.',
    macros: 'Saved replies that agents insert while they write.',
    tags: 'Words that agents put on tickets, for finding and counting.',
    workspace: 'What this workspace is called.',
  },

  notAdmin: 'Only administrators change the settings',
  youAre: (right: string) => `You have the right: ${right}.`,
  askWhom: (names: string) => `Ask an administrator: ${names}.`,
  locked: 'The configuration file sets this. Change it there and start the gateway again.',
  unsavedIn: (pages: string) => `Not saved yet: ${pages}. It is kept here until this page is closed.`,
  unsavedHere: 'Not saved yet',
  unsaved: (places: number) => count(places, { one: '1 change is not saved', other: '# changes are not saved' }),
  save: 'Save',
  saving: 'Saving…',
  saved: 'Saved.',
  discard: 'Discard',
  wrong: (places: number) =>
    count(places, { one: '1 field needs your attention', other: '# fields need your attention' }),

  add: {
    teams: 'Add a team', agents: 'Add an agent', skills: 'Add a skill', statuses: 'Add a status',
    channels: 'Add a channel',
    rules: 'Add a rule', macros: 'Add a macro', fields: 'Add a field', other: 'Add',
  },
  none: {
    teams: 'There are no teams yet. Conversations need one to wait in.', agents: 'There are no agents yet.',
    skills: 'There are no skills yet. Add one, give it to agents, and ask for it in a channel or a rule.',
    statuses: 'There are only the four that are always there.', channels: 'There are no channels yet.',
    rules: 'There are no rules: channels alone decide.',
    macros: 'There are no macros yet. Write the replies that you give every day.',
    fields: 'There are only the four that are always there.',
    other: 'There is nothing here yet.',
  },
  unnamed: 'Without a name',
  numbered: (place: string) => `Rule ${place}`,
  wrongHere: 'Look here',
  lookAtFields: 'What it says stands at the fields that are marked.',
  filter: 'Filter',
  noMatch: 'Nothing matches.',
  newName: 'Its name in the script, for instance "web"',
  idIs: 'Id:',
  remove: (name: string) => `Remove ${name}`,
  removeIt: 'Remove',
  up: (name: string) => `Move ${name} up`,
  down: (name: string) => `Move ${name} down`,

  yes: 'Yes',
  no: 'No',
  notSet: 'Not set',
  nobodyElse: 'None',
  addWord: 'Add',
  newWord: (field: string) => `New: ${field}`,
  units: { second: 'seconds', minute: 'minutes', hour: 'hours', day: 'days' },
  unit: (field: string) => `${field}, unit`,
  placesIn: (group: string) => `Places in ${group}`,
  defaultPlaces: (places: string) => `${places} by default`,
  noSkills: 'There are no skills yet.',
  noTeams: 'There are no teams yet.',
  gone: (id: string) => `${id} (not there any more)`,

  zone: 'Time zone',
  closed: 'Closed',
  opens: (day: string) => `${day}, opens`,
  closes: (day: string) => `${day}, closes`,
  addHours: 'Add hours',
  removeHours: (day: string, hours: string) => `${day}: remove ${hours}`,
  copyDay: 'Copy to working days',
  openFor: (hours: string) => `${hours} open each week`,
  allWeek: 'Opening hours of the week',

  invite: 'Sign-in link',
  inviteFor: (name: string) => `Make a sign-in link for ${name}`,
  inviteHow: 'It works once, within ten minutes. Send it to nobody else.',
  inviteAfter: 'Save first; then you can make a sign-in link.',
  copy: 'Copy',
  copied: 'Copied',
  script: 'For the page that shows the widget',

  conflict: (who: string) =>
    (who === '' ? 'Somebody else has changed the same meanwhile.' : `${who} has changed the same meanwhile.`),
  conflictHow: 'Look at both, then decide.',
  theirs: 'There now',
  mine: 'Yours',
  loadTheirs: 'Load theirs',
  keepMine: 'Keep mine',
  taken: (who: string) => (who === '' ? 'Somebody else has changed something here meanwhile; yours is on top of it:'
    : `${who} has changed something here meanwhile; yours is on top of it:`),
  saveAgain: 'Look whether it still fits, then save again.',
  removed: 'removed',
  added: 'added',
  order: 'Order',
  changedHours: 'other hours',

  problems: {
    missing: 'Fill this in.', twice: 'This is already taken.', notWhole: 'Give a whole number.',
    pattern: {
      id: 'Use 1 to 40 of a to z, 0 to 9, "-" and "_", a letter or digit first.',
      subject: 'Use 1 to 60 letters without accents, digits or _ . @ : + -',
      lower: 'Use small letters only.',
    },
    hours: 'Hours must end after they begin, one after the other.',
    long: (limit: number) => `At most ${limit} characters.`,
    short: (limit: number) => `At least ${limit} characters.`,
    many: (limit: number) => `At most ${limit} of them.`, least: (limit: string) => `At least ${limit}.`,
    most: (limit: string) => `At most ${limit}.`,
  },
  refusals: {
    conflict: 'Somebody else has changed this section meanwhile.',
    inUse: 'It is still in use.',
    invalid: 'The gateway found something wrong.',
    forbidden: 'You may not change this.',
  },
  /** What to do first. The desk says it itself, in English. */
  inUse: { teams: '', agents: '', skills: '', statuses: '', other: '' },
} as const;

export type AdminWords = Widened<typeof enAdmin>;
