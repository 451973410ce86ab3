/** The checker finds each kind of fault, and only that: else a crash test's zeros would mean nothing. */
import { expect, test } from 'vitest';
import type { Line } from '../../machines/actor.ts';
import { check, faultsOf, type Verdict } from './checker.ts';
import { textOf, type JournalLine, type Shown } from './journal.ts';

const TALK = '01K0000000000000000000TALK';
const ada = { role: 'customer', id: 'ada', name: 'Ada' } as const;
const parley = { role: 'system', id: 'parley', name: 'Parley' } as const;

const line = (seq: number, n: number): Line => ({
  seq, prev: seq - 1, n, kind: 'message', at: seq * 10, author: ada, cmid: `cmid${n}`, body: { text: textOf('ada', n) }, audience: 'everyone',
});
const opening: Line = {
  seq: 1, prev: 0, n: 0, kind: 'ticket', at: 10, author: parley, cmid: null, body: { ticket: 1 }, audience: 'everyone',
};
const said = (n: number): JournalLine[] => [
  { t: 'said', client: 'ada', conversation: TALK, n, cmid: `cmid${n}` },
  { t: 'left', cmid: `cmid${n}` },
];
const acked = (n: number, seq: number): JournalLine => ({ t: 'acked', cmid: `cmid${n}`, seq, when: seq });
const shown = ({ seq, kind, at, author, cmid, body }: Line): Shown =>
  ({ seq, kind, at, author: author.id, key: cmid ?? String(seq), text: 'text' in body ? String(body.text) : '' });

/** Three messages, said, acknowledged and shown, and the log that they stand in. */
function sound(): { told: JournalLine[]; lines: Line[] } {
  const lines = [opening, line(2, 1), line(3, 2), line(4, 3)];
  const told = [1, 2, 3].flatMap((n) => [...said(n), acked(n, n + 1)]);
  return { told, lines };
}
const window = (lines: readonly Line[], role: 'customer' | 'agent' = 'customer', complete = true): JournalLine =>
  ({ t: 'window', client: 'ada', role, conversation: TALK, complete, items: lines.map(shown) });
const verdictOf = (told: JournalLine[], lines: Line[]): Verdict => check(told, new Map([[TALK, lines]]));
/** The faults that were found, by kind. */
function faults(told: JournalLine[], lines: Line[]): Partial<Verdict> {
  const { acked: _, unsaved: __, findings, ...kinds } = verdictOf(told, lines);
  const found = Object.fromEntries(Object.entries(kinds).filter(([, count]) => count > 0));
  // Each is counted, and said in words.
  expect(findings).toHaveLength(Object.values(kinds).reduce((sum, each) => sum + each, 0));
  return found;
}

test('a sound history has no fault', () => {
  const { told, lines } = sound();
  expect(verdictOf([...told, window(lines)], lines)).toMatchObject({ acked: 3, unsaved: 0, findings: [] });
  expect(faultsOf(verdictOf([...told, window(lines)], lines))).toBe(0);
});

test('an acknowledged message that does not stand is lost', () => {
  const { told, lines } = sound();
  expect(faults(told, lines.slice(0, 3))).toEqual({ lost: 1 });
});

test('a message that a killed client had in storage is lost when it does not stand', () => {
  const { told, lines } = sound();
  expect(faults([...told, ...said(4), { t: 'begun', clients: ['ada'] }], lines)).toEqual({ lost: 1 });
});

test('a message that a killed client had not yet in storage is not lost', () => {
  const { told, lines } = sound();
  const more: JournalLine[] = [...told, ...said(4).slice(0, 1), { t: 'begun', clients: ['ada'] }];
  expect(faults(more, lines)).toEqual({});
  expect(verdictOf(more, lines).unsaved).toBe(1);
});

test('a message that a killed client never heard of again may stand', () => {
  const { told, lines } = sound();
  expect(faults([...told, ...said(4), { t: 'begun', clients: ['ada'] }], [...lines, line(5, 4)])).toEqual({});
});

test('a message that stands twice is duplicated', () => {
  const { told, lines } = sound();
  expect(faults(told, [...lines, line(5, 2)])).toEqual({ duplicated: 1 });
});

test('a message that stands in another conversation too is strange there', () => {
  const { told, lines } = sound();
  const { strange, duplicated } = check(told, new Map([[TALK, lines], ['other', [{ ...line(1, 2) }]]]));
  expect({ strange, duplicated }).toEqual({ strange: 1, duplicated: 0 });
});

test('a message behind a later one is reordered', () => {
  const { lines } = sound();
  const told = [...said(1), acked(1, 2), ...said(2), acked(2, 4), ...said(3), acked(3, 3)];
  expect(faults(told, [...lines.slice(0, 2), line(3, 3), line(4, 2)])).toEqual({ reordered: 1 });
});

test('a sequence that is left out is a gap, and so is a beginning that is not 1', () => {
  const { lines } = sound();
  const told = [...said(1), acked(1, 2), ...said(2), acked(2, 4)];
  expect(faults(told, [...lines.slice(0, 2), line(4, 2)])).toEqual({ gaps: 1 });
  expect(faults([], [{ ...opening, seq: 2 }])).toEqual({ gaps: 1 });
});

test('an acknowledgement of another sequence than the log\'s is misplaced', () => {
  const { told, lines } = sound();
  expect(faults([...told.slice(0, -1), acked(3, 5)], lines)).toEqual({ misplaced: 1 });
});

test('two acknowledgements of one message that differ are misplaced', () => {
  const { told, lines } = sound();
  expect(faults([acked(3, 9), ...told], lines)).toEqual({ misplaced: 1 });
});

test('words that nobody said are strange', () => {
  const { told, lines } = sound();
  expect(faults(told, [...lines, line(5, 4)])).toEqual({ strange: 1 });
  expect(faults([...told, ...said(4), acked(4, 5)], [...lines, { ...line(5, 4), body: { text: 'other words' } }])).toMatchObject({ strange: 1 });
});

test('a refusal for good and a missing answer are faults', () => {
  const { told, lines } = sound();
  expect(faults([...told, ...said(4), { t: 'refused', cmid: 'cmid4', why: 'ticketClosed' }], lines)).toEqual({ refused: 1 });
  expect(faults([...told, ...said(4)], [...lines, line(5, 4)])).toEqual({ unknown: 1 });
});

test('a window that lacks, doubles or alters a line, or calls itself incomplete, is another than the log', () => {
  const { told, lines } = sound();
  const [first, second, third, last] = lines as [Line, Line, Line, Line];
  expect(faults([...told, window([first, second, third])], lines)).toEqual({ windows: 1 });
  expect(faults([...told, window([first, second, second, third, last])], lines)).toEqual({ windows: 1 });
  expect(faults([...told, window([first, third, second, last])], lines)).toEqual({ windows: 1 });
  expect(faults([...told, window([first, { ...second, at: 1 }, third, last])], lines)).toEqual({ windows: 1 });
  expect(faults([...told, window(lines, 'customer', false)], lines)).toEqual({ windows: 1 });
});

test('what is for agents only is in their windows and in no customer\'s', () => {
  const { told, lines } = sound();
  const hidden: Line = { ...opening, seq: 5, kind: 'session', audience: 'agents' };
  const log = [...lines, hidden];
  expect(faults([...told, window(lines), window(log, 'agent')], log)).toEqual({});
  expect(faults([...told, window(log)], log)).toEqual({ windows: 1 });
  expect(faults([...told, window(lines, 'agent')], log)).toEqual({ windows: 1 });
});
