/** English: the supervisors' board. */
import type { Widened } from '../../ui/language.ts';

export const enBoard = {
  title: 'Live board',
  loading: 'Waiting for the desk…',
  onlySupervisors: 'The board is for supervisors and administrators. An administrator can give you that right.',
  asOf: (time: string) => `As of ${time}`,
  tiles: {
    waiting: 'Waiting now', longest: 'Longest wait', open: 'Open', here: 'Agents here',
    response: 'First response, last hour',
  },
  hereOf: (here: string, all: string) => `${here} of ${all}`,
  none: '–',

  queues: 'Queues',
  noTeams: 'There are no teams yet. An administrator makes them under Administration.',
  team: 'Team',
  waiting: 'Waiting',
  longest: 'Longest wait',
  open: 'Open',

  agents: 'Agents',
  agent: 'Agent',
  status: 'Status',
  statusOf: (name: string) => `Status of ${name}`,
  connected: 'Connected',
  here: 'Here',
  notHere: 'Not here',
  places: 'Places taken',
  placesOf: (held: string, limit: string) => `${held} of ${limit}`,
  over: (count: number) => `${count} over`,
  findAgent: 'Find an agent',
  noAgent: 'No agent matches.',
  noAgents: 'No agent has signed in yet.',
  more: (count: number) => `Show ${count} more`,

  today: 'Course of the day',
  range: 'How far back',
  ranges: { h4: '4 hours', h12: '12 hours', h24: '24 hours' },
  waitingChart: 'Customers waiting',
  waitingUnit: 'The most at once, in each quarter of an hour',
  responseChart: 'First response',
  responseUnit: 'Average time to the first answer, in each quarter of an hour',
  openChart: 'Open per agent',
  openUnit: 'Conversations now',
  noData: 'Nothing to show yet.',
  chartSays: (most: string, last: string) => `At most ${most}, newest ${last}.`,
  asTable: 'As a table',
  from: 'From',
  others: (count: number) => `and ${count} more in the table`,
} as const;

export type BoardWords = Widened<typeof enBoard>;
