/** Each check on a history that was made up to break its promise, beside the same one that keeps it. */
import { expect, test } from 'vitest';
import { encodeEntry } from '../../sdk/protocol/codec.ts';
import type { Entry } from '../../sdk/protocol/entry.ts';
import { check, type PromiseName } from './checks.ts';
import type { Ends, Fact } from './history.ts';
import type { Taken } from './log.model.ts';
import { BEGIN } from './world.ts';

const CONVERSATION = '01KE6P4YM0000000000103FEPH';
const ACTOR = `c/demo/${CONVERSATION}`;
const AT = BEGIN + 1_000;
const digest = (text: string, cmid: string | null = text): string => `message v_1 ${cmid} ${JSON.stringify({ text })}`;
const cmidOf = (n: number): string => `01KE6P4YM00000000000000${String(n).padStart(3, '0')}`;

/** A line as a customer says it, or the system. */
function entry(seq: number, more: object = {}): { audience: 'everyone'; bytes: Uint8Array } {
  const said = { seq, prev: seq - 1, n: seq, kind: 'message', at: AT, author: { role: 'customer', id: 'v_1', name: 'Cleo' }, cmid: cmidOf(seq), body: { text: `word ${seq}` } };
  return { audience: 'everyone', bytes: encodeEntry({ ...said, ...more } as unknown as Entry) };
}

function record(seq: number, more: Partial<Taken> & { entries?: ReturnType<typeof entry>[]; due?: number; pending?: boolean } = {}): Taken {
  const { entries = [], due = 0, pending = false, ...rest } = more;
  const changes = entries.length === 0 && due === 0 && !pending ? [] : [{ actor: ACTOR, state: Buffer.from(`{"seq":${seq}}`), due, pending, entries }];
  return { shard: 0, seq, epoch: 1, counter: seq - 1, node: 'n1-1', at: AT, stored: AT, bytes: new Uint8Array(), changes, ...rest };
}

interface Made { log?: Taken[]; facts?: Fact[]; ends?: Partial<Ends> }

function broken({ log = two(), facts = [], ends = {} }: Made): string {
  const newest = log.flatMap(({ changes }) => changes).at(-1);
  const whole: Ends = {
    log: [log], tables: [{ node: 'n1', shards: [log.length], actors: new Map(newest === undefined ? [] : [[ACTOR, Buffer.from(newest.state).toString()]]) }],
    copies: [], seats: new Map(), owners: [['n1-1']], thefts: [], broken: [], healed: AT + 5_000, now: AT + 60_000, ...ends,
  };
  return [...new Set(check(facts, whole).map(({ promise }) => promise))].join();
}

/** A claim, and two words. */
const two = (): Taken[] => [record(1), record(2, { entries: [entry(1), entry(2)] })];
const send = (n: number, client = 'ann'): Fact => ({ at: AT - 10, t: 'send', client, conversation: CONVERSATION, cmid: cmidOf(n), n });
const ack = (n: number, seq = n, at = AT + 1): Fact => ({ at, t: 'ack', client: 'ann', node: 'n1-1', conversation: CONVERSATION, cmid: cmidOf(n), seq });
const line = (seq: number, what = digest(`word ${seq}`, cmidOf(seq)), at = AT + 1): Fact => ({ at, t: 'line', client: 'ann', conversation: CONVERSATION, seq, digest: what, how: 'event' });
const call = (more: object = {}): Fact => ({ at: AT, t: 'call', node: 'n1-1', actor: ACTOR, n: 3, owner: 'n1-1', settled: false, ...more });
const snooze = (seq: number, until: number, by: string): ReturnType<typeof entry> =>
  entry(seq, { kind: 'snooze', author: { role: 'agent', id: by, name: by }, body: { until } });
const note = (seq: number, text: string): ReturnType<typeof entry> => entry(seq, { kind: 'note', cmid: null, body: { text } });
const timer = (until: number, firedAt: number, again = false): Taken[] => [
  record(1), record(2, { entries: [snooze(1, until, 'a_ada')] }), record(3, { at: firedAt, stored: firedAt, entries: [snooze(2, 0, 'parley')] }),
  ...again ? [record(4, { at: firedAt, stored: firedAt, entries: [snooze(3, 0, 'parley')] })] : [],
];

test.each<[PromiseName, string, Made, Made]>([
  ['P1', 'an acknowledged word is not in the log', { facts: [send(1), ack(1)] }, { facts: [send(3), ack(3)] }],
  ['P1', 'a word is acknowledged before it is durable', { facts: [send(1), ack(1)] }, { facts: [send(1), ack(1, 1, AT - 1)] }],
  ['P2', 'an id stands twice', {}, { log: [record(1), record(2, { entries: [entry(1), entry(2, { cmid: cmidOf(1) })] })] }],
  ['P2', 'an acknowledgement names another line', { facts: [ack(2)] }, { facts: [ack(2, 1)] }],
  ['P3', 'a line is missing', {}, { log: [record(1), record(2, { entries: [entry(1), entry(3)] })] }],
  ['P3', 'a client has another line', { facts: [line(1)] }, { facts: [line(1, digest('something else'))] }],
  ['P3', 'a client hears of a line before it is durable', { facts: [line(2)] }, { facts: [line(2, undefined, AT - 1)] }],
  ['P3', 'the tables of a node are another', {}, { ends: { tables: [{ node: 'n2', shards: [2], actors: new Map([[ACTOR, '{"seq":1}']]) }] } }],
  ['P3', 'the tables of a node end early', {}, { ends: { tables: [{ node: 'n2', shards: [1], actors: new Map([[ACTOR, '{"seq":2}']]) }] } }],
  ['P4', 'two words of one client have changed places', { facts: [send(1), send(2)] }, { facts: [{ ...send(1), n: 2 } as Fact, { ...send(2), n: 1 } as Fact] }],
  ['P5', 'a node offers less than was seen', {}, { facts: [{ at: AT, t: 'back', client: 'ann', node: 'n2-1', conversation: CONVERSATION, had: 2, got: 1 }] }],
  ['P5', 'a line does not follow the copy', {}, { facts: [{ at: AT, t: 'broken', client: 'ann', node: 'n2-1', conversation: CONVERSATION, seq: 2, why: 'a hole' }] }],
  ['P5', 'a copy stays without the last line',
    { ends: { copies: [{ client: 'ann', agent: false, conversation: CONVERSATION, unsent: 0, lines: new Map([1, 2].map((n) => [n, digest(`word ${n}`, cmidOf(n))])) }] } },
    { ends: { copies: [{ client: 'ann', agent: false, conversation: CONVERSATION, unsent: 0, lines: new Map([[1, digest('word 1', cmidOf(1))]]) }] } }],
  ['P6', 'a record is of an older epoch', {}, { log: [record(1), record(2, { epoch: 2, counter: 0 }), record(3, { counter: 2 })] }],
  ['P6', 'two nodes write in one epoch', {}, { log: [record(1), record(2, { node: 'n2-1' })], ends: { owners: [['n2-1']] } }],
  ['P6', 'a request leaves a node that was replaced', { log: [...two(), record(3, { entries: [note(3, 'ordered 3')] })], facts: [call()] },
    { log: [...two(), record(3, { entries: [note(3, 'ordered 3')] })], facts: [call({ owner: 'n2-1' })] }],
  ['P7', 'a timer fires early', { log: timer(AT + 500, AT + 510) }, { log: timer(AT + 5_000, AT + 510) }],
  ['P7', 'a timer fires twice', { log: timer(AT + 500, AT + 510) }, { log: timer(AT + 500, AT + 510, true) }],
  ['P7', 'a timer fires long after it was due', { log: timer(AT + 30_000, AT + 30_010) }, { log: timer(AT + 30_000, AT + 40_000) }],
  ['P7', 'a timer never fires', { log: timer(AT + 500, AT + 510) }, { log: timer(AT + 500, AT + 510).slice(0, 2) }],
  ['P8', 'a request is sent again after its outcome', { log: [...two(), record(3, { entries: [note(3, 'ordered 3')] })], facts: [call()] },
    { log: [...two(), record(3, { entries: [note(3, 'ordered 3')] })], facts: [call(), call({ settled: true })] }],
  ['P8', 'an outcome counts twice', { log: [...two(), record(3, { entries: [note(3, 'ordered 3')] })] }, { log: [...two(), record(3, { entries: [note(3, 'ordered 3'), note(4, 'ordered 3')] })] }],
  ['P8', 'nothing comes of a request', {}, { facts: [call()] }],
  ['P10', 'a client hears of another\'s conversation', {}, { facts: [{ at: AT, t: 'foreign', client: 'ann', conversation: CONVERSATION, whose: 'bob' }] }],
  ['P12', 'a word stays unanswered', {}, { ends: { copies: [{ client: 'ann', agent: false, conversation: CONVERSATION, lines: new Map(), unsent: 1 }] } }],
  ['P12', 'a shard has no owner', {}, { ends: { owners: [[]] } }],
  ['P12', 'a shard has two', {}, { ends: { owners: [['n1-1', 'n2-1']] } }],
  ['P12', 'an effect stays', {}, { log: [record(1), record(2, { entries: [entry(1), entry(2)], pending: true })] }],
  ['P12', 'a timer stays', {}, { log: [record(1), record(2, { entries: [entry(1), entry(2)], due: AT + 1_000 })] }],
])('%s: %s', (promise, _, kept, wrong) => {
  expect(broken(kept)).toBe('');
  expect(broken(wrong)).toContain(promise);
});
