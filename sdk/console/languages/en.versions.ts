/** English: publishing a flow, its versions, and what stands between two of them. */
import { counted, type Widened } from '../../ui/language.ts';

const count = counted('en');

export const enVersions = {
  publish: 'Publish…',
  publishName: (name: string) => `Publish ${name}`,
  publishNow: (version: number) => `Publish version ${version}`,
  notYet: {
    problems: (problems: number) => count(problems, { one: 'There is 1 problem to mend first', other: 'There are # problems to mend first' }),
    same: 'The draft says the same as the live version', clash: 'Decide first whose changes count', checking: 'The draft is being checked',
  },
  reading: 'Looking at what is live…',
  first: 'It goes live for the first time.',
  firstMeans: (starts: string, steps: string) => `${steps}. It starts on: ${starts}.`,
  isOff: 'It is turned off now. It goes live again.',
  changesFrom: (version: number) => `What changes from version ${version}, which is live`,
  note: 'Note',
  noteHint: 'For colleagues, in the list of versions: why it was changed.',
  runs: 'Conversations in which it runs',
  finish: (version: number) => `They finish on version ${version}`,
  goOver: 'They go over to the new version',
  goOverHow: 'Each where it stands, at its next step. What it waits for stays.',
  cannotGoOver: 'They cannot go over this time:',
  published: (name: string, version: number) => `Version ${version} of ${name} is live`,
  newOnes: 'New conversations get the new version at once.',

  versions: 'Versions',
  none: 'Nothing is published yet. What you publish stands here, version by version.',
  version: (version: number) => `Version ${version}`,
  live: 'Live',
  successor: (version: number) => `Its conversations have gone over to version ${version}.`,
  makeLive: 'Make it live again',
  turnOff: 'Turn off',
  isLive: (name: string, version: number) => `Version ${version} of ${name} is live again`,
  isTurnedOff: (name: string) => `${name} starts nothing any more; what runs finishes`,
  changesSince: (version: number) => `What changed from version ${version}`,
  theFirst: 'The first version.',

  nothing: 'They say the same.',
  added: 'new',
  removed: 'removed',
  moved: 'moved',
  changed: 'changed',
  behind: (step: string) => `behind “${step}”`,
  atFirst: 'as the first step',
  inside: (list: string, step: string) => `in “${list}” of “${step}”`,
  from: 'Before',
  to: 'Now',
  nowhere: 'nothing',
  caseNumber: (place: number) => `Case ${place}`,
  caseOrder: 'Order of the cases',
  way: { there: 'has steps of its own', gone: 'as usual' },
  fields: {
    do: 'Kind', answer: 'The answer is', priority: 'Priority', status: 'Status', agent: 'Agent', skills: 'Skills', nobody: 'Back to the queue',
    by: 'Who is asked first', add: 'Puts on', remove: 'Takes off', to: 'To the step', times: 'At most so many times', flow: 'Flow',
    untilDate: 'Until a date', untilOpen: 'Until somebody is there', untilReply: 'Until a reply', field: 'What it writes to',
    ifMissing: 'Only when there is no value', again: 'When it should start while it runs', onAgent: 'When an agent steps in',
    inboundOnly: 'Only conversations that the customer began', askFor: 'Waits for an answer',
  },
} as const;

export type VersionWords = Widened<typeof enVersions>;
