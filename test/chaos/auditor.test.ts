/** Whoever checks is checked: a history as it should be passes, and each thing that must not be is found. */
import { describe, expect, it } from 'vitest';
import type { Line } from '../../machines/actor.ts';
import { audit, NOTES, WORDS, type Asked, type Kept } from './auditor.ts';

const EMAIL = 'a@b.example';
const ANSWER: Asked = { key: 'k1', email: EMAIL, nonce: 'n0', vip: true, status: 200, at: 2_100, answeredAt: 2_200 };

type Told = readonly [kind: string, role: 'customer' | 'agent' | 'system', at: number, what: string];
/** Asked, answered wrongly once, looked up, greeted, reminded, come back, reminded again and closed. */
const GOOD: readonly Told[] = [
  ['ticket', 'system', 0, ''], ['message', 'customer', 0, 'Hello'], ['message', 'system', 5, WORDS.question],
  ['message', 'customer', 1_000, 'Which one?'], ['message', 'system', 1_000, WORDS.retry], ['message', 'customer', 2_000, EMAIL], ['message', 'system', 2_000, WORDS.thanks],
  ['note', 'system', 2_300, `${NOTES.answer}n0`], ['message', 'system', 2_300, WORDS.welcome], ['message', 'system', 8_000, WORDS.reminder],
  ['message', 'customer', 9_000, 'Still here'], ['message', 'system', 15_000, WORDS.reminder], ['message', 'system', 17_500, WORDS.last], ['status', 'system', 17_500, 'closed'],
];

function lines(told: readonly Told[]): Line[] {
  return told.map(([kind, role, at, what], i) => ({
    seq: i + 1, prev: i, n: 0, kind, at, author: { role, id: role, name: role }, cmid: null, audience: 'everyone',
    body: kind === 'status' ? { status: what } : { text: what },
  }));
}
function faults(told: readonly Told[], asked: readonly Asked[] = [ANSWER], change: Partial<Kept> = {}): string[] {
  const said = told.filter(([kind, role]) => kind === 'message' && role === 'customer').length;
  const kept: Kept = { lines: lines(told), said, email: EMAIL, state: { runs: [], timers: [], outbox: [], team: 'vip', fields: { email: EMAIL } }, ...change };
  return audit(new Map([['c', kept]]), asked).faults;
}
const without = (text: string, nth = 0): Told[] => {
  const at = GOOD.flatMap(([, , , what], i) => (what === text ? [i] : []))[nth];
  return GOOD.filter((_, i) => i !== at);
};
const twice = (text: string): Told[] => GOOD.flatMap((line) => (line[3] === text ? [line, line] : [line]));
const later = (text: string, at: number): Told[] => GOOD.map(([kind, role, was, what]) => [kind, role, what === text ? at : was, what]);

it('what is as it should be has no faults, and is counted', () => {
  expect(faults(GOOD)).toEqual([]);
  const kept: Kept = { lines: lines(GOOD), said: 4, email: EMAIL, state: { team: 'vip', fields: { email: EMAIL } } };
  const { faults: none, ...figures } = audit(new Map([['c', kept]]), [ANSWER, { ...ANSWER, nonce: 'n1', status: 0 }]);
  expect(none).toEqual([]);
  expect(figures).toEqual({ conversations: 1, tickets: 1, reminders: 2, closed: 1, calls: 1, answers: 1, failures: 0, cutShort: 0, repeated: 1, latestMs: 0 });
});

describe('it finds', () => {
  it.each<[string, string[], RegExp]>([
    ['a reminder that is said twice', faults(twice(WORDS.reminder)), /a reminder at \d+ while the nudge is reminded/],
    ['a reminder that is missing', faults(without(WORDS.reminder, 1)), /last message at \d+ while the nudge is silent/],
    ['a reminder that is a millisecond early', faults(GOOD.map(([kind, role, at, what], i) => [kind, role, i === 9 ? 7_999 : at, what])), /1 ms too early/],
    ['a last message that is said twice', faults(twice(WORDS.last)), /last message at \d+ while the nudge is lastSaid/],
    ['a last message that is early', faults(later(WORDS.last, 17_499)), /1 ms too early|closed/],
    ['a close that is missing', faults(GOOD.slice(0, -1)), /never closed: lastSaid/],
    ['a close without a last message', faults(without(WORDS.last)), /closed at \d+ while the nudge is reminded/],
    ['a close that stands twice', faults(twice('closed')), /closed at \d+ while the nudge is closed/],
    ['a reminder after the close', faults([...GOOD, ['message', 'system', 20_000, WORDS.reminder]]), /a reminder at \d+ while the nudge is closed/],
    ['a question that is asked twice', faults(twice(WORDS.question)), /a question at \d+ while the VIP flow is asked/],
    ['a flow that did nothing', faults([...GOOD.slice(0, 2), ['message', 'system', 6_000, WORDS.reminder], ['message', 'system', 8_500, WORDS.last], ['status', 'system', 8_500, 'closed']], []), /before the VIP flow had done anything/],
    ['an answer that is not answered', faults(without(WORDS.retry)), /"That is no e-mail.*" is not said/],
    ['thanks that are missing', faults(without(WORDS.thanks)), /"The CRM answers n0" at \d+ while the VIP flow is asked/],
    ['thanks for nothing', faults(twice(WORDS.thanks)), /where nothing was to be said/],
    ['a result that is applied twice', faults(twice(`${NOTES.answer}n0`)), /while the VIP flow is decided|applied again/],
    ['a VIP who is not greeted', faults(without(WORDS.welcome)), /where "Welcome, dear VIP\." was to be said|"Welcome, dear VIP\." is not said/],
    ['a result that nobody has sent', faults(GOOD, []), /the answer n0 .* is not one that the CRM gave it/],
    ['a result of somebody else', faults(GOOD, [{ ...ANSWER, email: 'c@d.example' }]), /is not one that the CRM gave it/],
    ['a result that was a refusal', faults(GOOD, [{ ...ANSWER, status: 503 }]), /is not one that the CRM gave it/],
    ['a call under a second key', faults(GOOD, [ANSWER, { ...ANSWER, key: 'k2', nonce: 'n1' }]), /made 1 calls, and the CRM saw 2 keys/],
    ['a message that is lost', faults(GOOD, [ANSWER], { said: 5 }), /told that 5 messages stand, and 4 do/],
    ['a run that is left', faults(GOOD, [ANSWER], { state: { runs: [{}], team: 'vip', fields: { email: EMAIL } } }), /1 runs are left/],
    ['a timer that is left', faults(GOOD, [ANSWER], { state: { timers: [{ owner: 'flow:1' }], team: 'vip', fields: { email: EMAIL } } }), /a timer of a flow is left/],
    ['an effect that is left', faults(GOOD, [ANSWER], { state: { outbox: [{}], team: 'vip', fields: { email: EMAIL } } }), /1 effects are left/],
    ['an e-mail that is lost', faults(GOOD, [ANSWER], { state: { team: 'vip' } }), /e-mail is missing/],
    ['a wrong team', faults(GOOD, [ANSWER], { state: { team: 'support', fields: { email: EMAIL } } }), /with the team support/],
    ['a ticket that begins beside another', faults([...GOOD.slice(0, 9), ['ticket', 'system', 3_000, ''], ...GOOD.slice(9)]), /begins at \d+ while the one before it is not closed/],
    ['a conversation of which nothing is left', faults([], []), /never closed: no ticket/],
  ])('%s', (_, found, fault) => {
    expect(found.join('\n')).toMatch(fault);
  });
});

it('an agent who takes over and a close that cuts a call short are no faults, and what the VIP flow says afterwards is one', () => {
  const taken: readonly Told[] = [...GOOD.slice(0, 3), ['message', 'agent', 2_000, 'I am here.'], ['message', 'customer', 2_500, 'Good'], ['message', 'system', 8_500, WORDS.reminder],
    ['message', 'system', 11_000, WORDS.last], ['status', 'system', 11_000, 'closed']];
  expect(faults(taken, [], { state: { team: '' } })).toEqual([]);
  expect(faults([...taken.slice(0, 5), ['message', 'system', 2_500, WORDS.thanks], ...taken.slice(5)], []).join()).toMatch(/where nothing was to be said/);
  const cut: readonly Told[] = [...GOOD.slice(0, 7), ['message', 'system', 8_000, WORDS.reminder], ['message', 'system', 10_500, WORDS.last], ['status', 'system', 10_500, 'closed']];
  expect(faults(cut, [{ ...ANSWER, status: 0, answeredAt: 0 }])).toEqual([]);
  expect(faults(cut, [{ ...ANSWER, answeredAt: 5_500 }])).toEqual([]);
  expect(faults(cut, [{ ...ANSWER, answeredAt: 5_499 }]).join()).toMatch(/the answer n0 had come long before/);
  expect(faults(cut, []).join()).toMatch(/the CRM was never asked/);
  expect(faults([...cut, ['note', 'system', 10_600, `${NOTES.answer}n0`]]).join()).toMatch(/while the VIP flow is over/);
});
