/** The judge finds each way to break a promise, and only that: else a crash test's zeros would mean nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { digestOf, Pen, readHistory, saidIn, wordsOf, type ClientLine, type EffectLine, type Fault, type LogLine, type NodeLine, type ReadLine } from './history.ts';
import { BREACHES, breachesOf, Judge, type Breaches, type Verdict } from './judge.ts';
import { WAIT_MS } from './rounds.ts';

const TALK = '01K0000000000000000000TALK';
const START = 1_000_000;

interface History {
  nodes: NodeLine[];
  clients: ClientLine[];
  effects: EffectLine[];
  log: LogLine[];
  reads: ReadLine[];
}
type Told = Extract<LogLine, { kind: 'line' }>;
type Written = Extract<LogLine, { kind: 'record' }>;

const send = (n: number, at = START): ClientLine => ({ at, who: 'ada', op: 'invoke', kind: 'send', conversation: TALK, id: `id${n}`, n });
const acked = (n: number, seq: number, at = START): ClientLine => ({ at, who: 'ada', op: 'ok', kind: 'send', id: `id${n}`, seq });
const saw = (seq: number, who = 'ada'): ClientLine => ({ at: START, who, op: 'ok', kind: 'saw', conversation: TALK, seq });
const record = (seq: number, epoch: number, counter: number, node = 'n0-1', at = START): Written =>
  ({ kind: 'record', at, seen: at, shard: 7, seq, epoch, counter, node, chained: true });
const line = (seq: number, more: Partial<Told>): Told =>
  ({ kind: 'line', conversation: TALK, shard: 7, seq, what: 'message', at: START, id: null, digest: `d${seq}`, ...more });
const word = (seq: number, n: number): Told => line(seq, { id: `id${n}`, said: ['ada', n] });
const note = (seq: number, text: string, at: number): Told => line(seq, { what: 'note', at, text });
const FIRED = START + WAIT_MS + 50;

/** Two messages, a timer that fires, and what it asks for; read by both nodes as it stands. */
function sound(): History {
  return {
    nodes: [],
    clients: [send(1), acked(1, 2), send(2), acked(2, 3), { at: START, who: 'ada', op: 'invoke', kind: 'repeat', id: 'id1' },
      { at: START, who: 'ada', op: 'ok', kind: 'repeat', id: 'id1', seq: 2 }, saw(3), saw(5)],
    effects: [{ kind: 'asked', at: FIRED + 10, key: 'k1', nonce: 'n1' }, { kind: 'answered', at: FIRED + 20, nonce: 'n1' }],
    log: [record(1, 1, 0), record(2, 1, 1), line(1, { what: 'ticket' }), word(2, 1), word(3, 2), record(3, 1, 2),
      note(4, 'tick', FIRED), record(4, 1, 3), note(5, 'answer n1', FIRED + 30)],
    reads: ['n0', 'n1'].map((node) => ({ node, at: START + 60_000, conversation: TALK, lines: [1, 2, 3, 4, 5].map((seq) => [seq, `d${seq}`] as const) })),
  };
}

function verdictOf({ nodes, clients, effects, log, reads }: History): Verdict {
  const judge = new Judge();
  for (const one of nodes) judge.node(one);
  for (const one of clients) judge.client(one);
  for (const one of effects) judge.effect(one);
  for (const one of log) judge.log(one);
  for (const one of reads) judge.read(one);
  return judge.verdict();
}

/** What is found in a history that was sound until `spoil`. */
function found(spoil: (history: History) => void): Partial<Breaches> {
  const history = sound();
  spoil(history);
  const verdict = verdictOf(history);
  // Each is counted, and said in words.
  expect(verdict.findings).toHaveLength(breachesOf(verdict));
  return Object.fromEntries(BREACHES.filter((breach) => verdict[breach] > 0).map((breach) => [breach, verdict[breach]]));
}
const linesOf = ({ log }: History): Told[] => log.filter((one): one is Told => one.kind === 'line');
const at = (history: History, seq: number): number => history.log.findIndex((one) => one.kind === 'line' && one.seq === seq);

it('a sound history breaks nothing', () => {
  expect(found(() => {})).toEqual({});
  expect(verdictOf(sound())).toMatchObject({ sends: 2, acked: 2, repeats: 1, conversations: 1, records: 4, timers: 1, effects: 1 });
});

test('P1: an acknowledged message that does not stand is lost', () => {
  expect(found(({ clients }) => clients.push(send(3), acked(3, 6)))).toEqual({ lost: 1 });
});

test('P2: one that stands twice is duplicated', () => {
  expect(found((history) => {
    history.log.push(word(6, 2));
    for (const { lines } of history.reads) (lines as [number, string][]).push([6, 'd6']);
  })).toEqual({ duplicated: 1 });
});

test('P2: an acknowledgement of another place is misplaced, also that of a repeat', () => {
  expect(found(({ clients }) => clients.push(acked(2, 4)))).toEqual({ misplaced: 2 });
  expect(found(({ clients }) => clients.push({ at: START, who: 'ada', op: 'ok', kind: 'repeat', id: 'id2', seq: 6 }))).toEqual({ misplaced: 1 });
});

test('P3: a place that is left out is a gap', () => {
  expect(found((history) => {
    history.log.push(line(7, { what: 'status' }));
    history.clients.push(saw(7));
    for (const { lines } of history.reads) (lines as [number, string][]).push([6, 'd6'], [7, 'd7']);
  })).toEqual({ gaps: 1 });
});

test('P3: a node whose copy differs, ends early, or lacks a conversation, is divergent', () => {
  const other = (change: (lines: [number, string][]) => void) => found(({ reads: [first] }) => change(first?.lines as [number, string][]));
  expect(other((lines) => { lines[2] = [3, 'otherwise']; })).toEqual({ divergent: 1 });
  expect(other((lines) => { lines.pop(); })).toEqual({ divergent: 1 });
  expect(other((lines) => { lines.splice(1, 1); })).toEqual({ divergent: 1 });
  expect(found(({ reads }) => { reads.push({ node: 'n2', at: START, conversation: 'never heard of', lines: [] }, { node: 'n2', at: START, conversation: 'nor of this', lines: [] }); }))
    .toEqual({ divergent: 1 });
});

test('P3: what came while a node was being read may be missing', () => {
  expect(found((history) => {
    history.log.push(line(6, { what: 'status', at: START + 60_500 }));
  })).toEqual({});
});

test('P4: a message behind a later one of the same client is reordered', () => {
  expect(found((history) => {
    history.log[at(history, 2)] = word(2, 2);
    history.log[at(history, 3)] = word(3, 1);
    history.clients = [send(1), acked(1, 3), send(2), acked(2, 2)];
  })).toEqual({ reordered: 1 });
});

test('P5: to see less than before, or what does not stand, is a fault', () => {
  expect(found(({ clients }) => clients.push(saw(4)))).toEqual({ unseen: 1 });
  expect(found(({ clients }) => clients.push(saw(6)))).toEqual({ unseen: 1 });
  expect(found(({ clients }) => clients.push({ at: START, who: 'ada', op: 'fail', kind: 'saw', conversation: TALK, why: '3 is gone' }))).toEqual({ unseen: 1 });
  // Another client may be behind.
  expect(found(({ clients }) => clients.push(saw(4, 'ben')))).toEqual({});
});

describe('P6: one writer to an epoch', () => {
  const split = (...records: Written[]): Partial<Breaches> => found(({ log }) => log.push(...records));

  it('may let go, and another takes over under a new one', () => {
    expect(split(record(5, 1, 4, ''), record(6, 2, 0, 'n1-1'), record(7, 2, 1, 'n1-1'))).toEqual({});
  });

  it.each([
    ['another node in the same epoch', record(5, 1, 4, 'n1-1')],
    ['an epoch that is over', record(5, 0, 4)],
    ['a record that is left out', record(6, 1, 4)],
    ['a number that comes again', record(5, 1, 3)],
    ['a new epoch that does not begin with its claim', record(5, 2, 1, 'n1-1')],
    ['a record that does not name the one before it', { ...record(5, 1, 4), chained: false }],
  ])('%s is a split', (_, one) => {
    expect(split(one)).toEqual({ split: 1 });
  });

  it('a record that was refused has used its number', () => {
    expect(split(record(5, 1, 5))).toEqual({});
  });

  it('after it let go nothing may come from it', () => {
    expect(split(record(5, 1, 4, ''), record(6, 1, 5))).toEqual({ split: 1 });
  });
});

test('P6, P8: a request for what stands already is a zombie\'s', () => {
  expect(found(({ effects }) => effects.push({ kind: 'asked', at: FIRED + 3_000, key: 'k1', nonce: 'n2' }))).toEqual({ zombie: 1 });
  // Before the answer stood it is allowed.
  expect(found(({ effects }) => effects.push({ kind: 'asked', at: FIRED + 15, key: 'k1', nonce: 'n2' }))).toEqual({});
});

/** With more lines, and every node has read them. */
function longer(history: History, ...lines: Told[]): void {
  history.log.push(...lines);
  for (const read of history.reads) read.lines = linesOf(history).map(({ seq, digest }) => [seq, digest] as const);
}

test('P7: a timer that fires twice, and an answer that counts twice', () => {
  expect(found((history) => longer(history, note(6, 'tick', FIRED + 5_000), note(7, 'tick', FIRED + 5_010)))).toEqual({ twice: 1 });
  expect(found((history) => {
    history.effects.push({ kind: 'asked', at: FIRED + 4_100, key: 'k1', nonce: 'n2' });
    longer(history, note(6, 'tick', FIRED + 4_050), note(7, 'answer n2', FIRED + 4_110));
  })).toEqual({ twice: 1 });
});

test('P7: a timer that fires too early, or late without a reason', () => {
  expect(found((history) => longer(history, note(6, 'tick', FIRED + 3_900)))).toEqual({ early: 1 });
  expect(found((history) => longer(history, note(6, 'tick', FIRED + 30 + WAIT_MS + 2_100)))).toEqual({ late: 1 });
});

test('P7: a timer is not late while its shard had nobody, or NATS was away', () => {
  const tick = FIRED + 30 + WAIT_MS + 5_000;
  expect(found((history) => {
    history.log.push(record(5, 2, 0, 'n1-1', tick - 1_000));
    longer(history, note(6, 'tick', tick));
  })).toEqual({});
  expect(found((history) => {
    history.nodes.push({ at: tick - 5_000, who: 'nats-1', op: 'invoke', kind: 'nats.kill', nth: 0 }, { at: tick - 500, who: 'nats-1', op: 'ok', kind: 'nats.kill', nth: 0 });
    longer(history, note(6, 'tick', tick));
  })).toEqual({});
});

test('P7: a timer is not late while its owner had no processor', () => {
  const tick = FIRED + 30 + WAIT_MS + 3_000;
  const starved = (who: string, ms: number) => found((history) => {
    history.nodes.push({ at: tick - 1_000, who, op: 'info', kind: 'waited', ms });
    longer(history, note(6, 'tick', tick));
  });
  expect([starved('n0', 600), starved('n1', 600), starved('n0', 400)]).toEqual([{}, { late: 1 }, { late: 1 }]);
});

test('P7, P8: what nobody carries out in the end is left', () => {
  expect(found(({ log }) => log.push({ kind: 'left', actor: `c/demo/${TALK}`, why: 'a timer was due long ago' }))).toEqual({ left: 1 });
});

test('P8: an answer that nobody gave is strange', () => {
  expect(found(({ effects }) => effects.splice(0))).toEqual({ strange: 1 });
});

test('P10: words that nobody said, or not so, or of another conversation, are strange', () => {
  expect(found((history) => longer(history, word(6, 3)))).toEqual({ strange: 1 });
  expect(found((history) => {
    history.clients.push(send(3), acked(3, 6));
    longer(history, { ...word(6, 3), said: ['ben', 3] });
  })).toMatchObject({ strange: 1 });
});

test('P12: a refusal, a missing answer, and an answer nobody asked for', () => {
  expect(found(({ clients }) => clients.push(send(3), { at: START, who: 'ada', op: 'fail', kind: 'send', id: 'id3', why: 'ticketClosed' }))).toEqual({ refused: 1 });
  expect(found(({ clients }) => clients.push(send(3), { at: START, who: 'ada', op: 'info', kind: 'send', id: 'id3', why: 'no answer' }))).toEqual({ unknown: 1 });
  expect(found(({ clients }) => clients.push({ at: START, who: 'ada', op: 'invoke', kind: 'repeat', id: 'id2' }))).toEqual({ unknown: 1 });
  expect(found(({ clients }) => clients.push(acked(9, 9)))).toEqual({ strange: 1 });
});

describe('the figures', () => {
  const strike = (nth: number, kind: Fault, from: number, to: number): NodeLine[] =>
    [{ at: from, who: 'n0', op: 'invoke', kind, nth }, { at: to, who: 'n0', op: 'ok', kind, nth }];
  const probe = (n: number, nth: number, from: number, to: number): ClientLine[] => [{ ...send(n, from), probe: nth } as ClientLine, acked(n, 1, to)];

  it('a failover is clean when nothing else happened and NATS was there', () => {
    const { failover, failoverAll } = verdictOf({ ...sound(), log: [], reads: [], effects: [],
      nodes: [...strike(0, 'kill', 10_000, 12_000), ...strike(1, 'kill', 50_000, 52_000), ...strike(2, 'nats.kill', 49_000, 51_000)],
      clients: [...probe(1, 0, 10_000, 10_400), ...probe(2, 0, 10_000, 10_600), ...probe(3, 1, 50_000, 52_000)] });
    expect([failover, failoverAll]).toEqual([{ count: 2, p50: 600, p99: 600, max: 600 }, { count: 3, p50: 600, p99: 2_000, max: 2_000 }]);
  });

  it('while nodes are restarted gently, refusals and absences count', () => {
    const { rollFailed, rollDisconnectMs } = verdictOf({ ...sound(), nodes: strike(0, 'roll', 10_000, 20_000), clients: [
      send(1, 9_000), { at: 12_000, who: 'ada', op: 'fail', kind: 'send', id: 'id1', why: 'going away' },
      ...[[5_000, false], [6_500, true], [13_000, false], [13_040, true]].map(([when, live]) =>
        ({ at: Number(when), who: 'ada', op: 'info', kind: 'connection', live: Boolean(live) }) as ClientLine),
    ] });
    expect([rollFailed, rollDisconnectMs]).toEqual([1, 40]);
  });

  it('the longest gap is between acknowledgements of anybody', () => {
    expect(verdictOf({ ...sound(), clients: [send(1), acked(1, 2, 1_000), send(2), acked(2, 3, 4_000)] }).longestGapMs).toBe(3_000);
  });
});

test('what is written down is read again, file by file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-history-'));
  const { clients, log, reads, effects } = sound();
  const write = <L>(path: string, lines: readonly L[]): void => {
    const pen = new Pen<L>(join(folder, path));
    pen.writeAll(lines);
    pen.close();
  };
  write('clients/ada.ndjson', clients);
  write('log.ndjson', log);
  write('effects.ndjson', effects);
  for (const read of reads) write(`reads/${read.node}.ndjson`, [read]);
  const judge = new Judge();
  await readHistory(folder, judge);
  expect(judge.verdict()).toEqual(verdictOf(sound()));
  rmSync(folder, { recursive: true });
  await expect(readHistory(folder, new Judge())).rejects.toThrow(`There is no history in ${folder}`);
});

test('words say whose they are and where they belong', () => {
  const text = wordsOf('ada', 3, TALK);
  expect([saidIn(text, TALK), saidIn(text, TALK.replace('K', 'L')), saidIn(`${text}!`, TALK)]).toEqual([['ada', 3], undefined, undefined]);
  const entry = { seq: 1, kind: 'message', at: 2, author: { id: 'ada' }, cmid: 'c', body: { text } };
  expect(digestOf(entry)).not.toBe(digestOf({ ...entry, at: 3 }));
});
