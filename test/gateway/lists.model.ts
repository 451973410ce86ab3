/** The inbox as its words say it, without any table: what conversations are in a list, and in which order. */
import fc from 'fast-check';
import type { Change } from '../../gateway/record.ts';
import { conversation, START } from './store.story.ts';

/** A conversation as lists see it. */
export interface Talk {
  actor: string;
  contact: string;
  status: 'new' | 'open' | 'pending' | 'onHold' | 'solved' | 'closed';
  agent: string | null;
  team: string;
  snoozed: boolean;
  waitingSince: number;
  mentions: string[];
  at: number;
}

export const AGENTS = ['a_ada', 'a_bob'];
export const LISTS = [
  'open', 'unassigned', 'waiting', 'snoozed', 'done', 'status:new', 'status:open', 'status:pending', 'status:onHold', 'status:solved', 'status:closed',
  'team:sales', 'team:support', 'agent:a_ada', 'agent:a_bob', 'mentions:a_ada', 'mentions:a_bob', 'contact:p0', 'contact:p1',
];

export function belongs(list: string, talk: Talk): boolean {
  const unfinished = talk.status !== 'solved' && talk.status !== 'closed';
  const open = unfinished && !talk.snoozed;
  const name = list.slice(list.indexOf(':') + 1);
  switch (list.includes(':') ? list.slice(0, list.indexOf(':')) : list) {
    case 'open': return open;
    case 'unassigned': return open && talk.status === 'new';
    case 'waiting': return open && talk.waitingSince > 0;
    case 'snoozed': return unfinished && talk.snoozed;
    case 'done': return !unfinished;
    case 'status': return talk.status === name;
    case 'team': return open && talk.team === name;
    case 'agent': return open && talk.agent === name;
    case 'mentions': return unfinished && talk.mentions.includes(name);
    case 'contact': return talk.contact === name;
    default: throw new Error(`no list ${list}`);
  }
}

/** All of a list, in its order. */
export function rowsOf(talks: Iterable<Talk>, list: string, sort: 'newest' | 'waiting'): Talk[] {
  const patience = (talk: Talk): number => (sort === 'newest' ? 0 : talk.waitingSince === 0 ? Infinity : talk.waitingSince);
  const before = (a: Talk, b: Talk): boolean => (patience(a) !== patience(b) ? patience(a) < patience(b) : a.at !== b.at ? a.at > b.at : a.actor < b.actor);
  return [...talks].filter((talk) => belongs(list, talk)).sort((a, b) => (before(a, b) ? -1 : 1));
}

/** How conversation `i` may stand; times are few, so that many share one. */
export function talkOf(i: number): fc.Arbitrary<Talk> {
  return fc.record({
    actor: fc.constant(conversation(i)), contact: fc.constantFrom('p0', 'p1'), agent: fc.constantFrom(null, ...AGENTS), team: fc.constantFrom('sales', 'support', ''),
    status: fc.constantFrom('new', 'open', 'pending', 'onHold', 'solved', 'closed'), snoozed: fc.boolean(), mentions: fc.subarray(AGENTS),
    waitingSince: fc.constantFrom(0, 0, START - 1, START - 2), at: fc.integer({ min: START, max: START + 9 }),
  });
}

/** As the tables have its state. */
export function stateOf({ contact, status, agent, team, snoozed, waitingSince, mentions, at }: Talk): string {
  return JSON.stringify({
    v: 2, workspace: 'demo', channel: 'web', contact: { id: contact, name: contact, identified: true }, number: 1, seq: 1, publicSeq: 1,
    customerMessages: 1, agentMessages: 0, at, preview: '', marks: [], session: { value: 'active' }, priority: 2, tags: [], team, mentions, waitingSince,
    ticket: { value: status, context: { policy: { style: 'chat' }, agent: agent === null ? null : { id: agent, name: agent } } },
    snoozed: snoozed ? { until: START * 2 } : null,
  });
}

export function changeOf(talk: Talk): Change {
  return { actor: talk.actor, state: Buffer.from(stateOf(talk)), due: 0, pending: false, entries: [] };
}
