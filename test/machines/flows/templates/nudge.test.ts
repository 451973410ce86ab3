/**
 * Nudge and close against PRODUCT.md: of each silence, from what was said, done and on the clock, which messages must have
 * come at which millisecond. Written without any notion of a run.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line } from '../../../../machines/actor.ts';
import { conversation, type ConversationCommand } from '../../../../machines/conversation.ts';
import { Rehearsal } from '../../../../machines/flows/rehearsal.ts';
import { nudge } from '../../../../machines/flows/templates/nudge.ts';
import type { Move } from '../../../../machines/flows/trial.ts';
import { OFFICE_HOURS } from '../../../../machines/hours.ts';
import type { ConversationState } from '../../../../machines/state.ts';
import type { Style } from '../../../../machines/style.ts';
import { ADA, CUSTOMER, DAY, HOUR, ID, START } from '../../talk.ts';
import { done, LANGUAGES_SPOKEN, rehearse, sentenceOf, tried } from './stage.ts';

const MINUTE = 60_000;
/** At 9:00. */
const FRIDAY = START + 4 * DAY;
interface Form { trigger: 'customer' | 'agent'; followUp: boolean; outsideHours: boolean; alsoWhenOurTurn: boolean }
interface Happened { at: number; what: 'customer' | 'agent' | 'status'; status: string }
type Walk = Move | { do: 'hold' | 'open' | 'pending' | 'takeOver' };

/** Monday to Friday from 9 to 17, the first hour of business from `at` on. */
function open(at: number): number {
  for (let t = at; ; t = (Math.floor(t / HOUR) + 1) * HOUR) {
    const date = new Date(t);
    if (date.getUTCDay() % 6 !== 0 && date.getUTCHours() >= 9 && date.getUTCHours() < 17) return t;
  }
}

/** What must have been said by now. `closed`: when it closed conversations. */
function owed(happened: readonly Happened[], now: number, form: Form, say: (name: string) => string): { said: [number, string][]; closed: number[] } {
  const said: [number, string][] = [];
  const closed: number[] = [];
  const course = [
    { after: HOUR, name: 'reminder' }, ...form.followUp ? [{ after: 5 * MINUTE, name: 'followUpText' }] : [], { after: 5 * MINUTE, name: 'last' },
  ];
  for (const [i, { at, what }] of happened.entries()) {
    if (what === 'status' || !counts(happened.slice(0, i + 1), form)) continue;
    const rest = happened.slice(i + 1);
    // Any word of a person ends it: the next silence is another.
    const end = Math.min(now, ...rest.filter((one) => one.what !== 'status').map((one) => one.at));
    const statusAt = (t: number): string => happened.filter((one, j) => j <= i || (one.at < t && one.what === 'status')).at(-1)?.status ?? '';
    let t = at;
    for (const { after, name } of course) {
      t = may(t + after, form, statusAt);
      if (t > end) break;
      said.push([t, `message ${say(name)}`]);
      if (name === 'last') closed.push(t);
    }
  }
  return { said, closed };
}

/** Whether a reminder may follow this word: never to a customer who waits for us, unless chosen. */
function counts(until: readonly Happened[], { trigger, alsoWhenOurTurn }: Form): boolean {
  const last = until.at(-1);
  if (last?.what === 'customer') return trigger === 'customer' && alsoWhenOurTurn;
  if (trigger === 'agent') return true;
  // Somebody must have asked for it: a message of the customer on this ticket.
  return until.slice(until.findLastIndex(({ status }) => status === 'closed') + 1).some(({ what }) => what === 'customer');
}

/** The moment at which it may be said, Infinity for never. */
function may(from: number, { outsideHours, alsoWhenOurTurn }: Form, statusAt: (t: number) => string): number {
  const t = outsideHours ? from : open(from);
  const status = statusAt(t);
  return status === 'solved' || status === 'closed' || (status === 'onHold' && !alsoWhenOurTurn) ? Infinity : t;
}

const DELAYS = [1, 299_999, 300_000, 300_001, HOUR - 1, HOUR, HOUR + 1, 7 * HOUR, DAY, 3 * DAY];
const WALKS = fc.array(fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...DELAYS).map((ms): Walk => ({ do: 'pass', ms })) },
  { weight: 3, arbitrary: fc.constantFrom<Walk>({ do: 'customer', text: 'And?' }, { do: 'agent', text: 'Here I am' }, { do: 'agent', text: 'Are you?' }) },
  { weight: 2, arbitrary: fc.constantFrom<Walk>({ do: 'accept' }, { do: 'takeOver' }, { do: 'hold' }, { do: 'pending' }, { do: 'open' }, { do: 'solve' }, { do: 'leave' }) },
), { maxLength: 30 });

function make(rehearsal: Rehearsal, move: Walk): string | null {
  switch (move.do) {
    case 'hold': return rehearsal.act('status', { status: 'onHold' });
    case 'open': case 'pending': return rehearsal.act('status', { status: move.do });
    case 'takeOver': return rehearsal.act('accept', {}, { role: 'agent', id: 'a_ben', name: 'Ben', identified: true });
    default: return rehearsal.move(move);
  }
}

describe('nudge and close, as PRODUCT.md has it', () => {
  const forms = fc.record({ trigger: fc.constantFrom('customer' as const, 'agent' as const), followUp: fc.boolean(), outsideHours: fc.boolean(), alsoWhenOurTurn: fc.boolean() });

  it.each(['chat', 'repeat', 'social'] as const)('each silence has its messages, at their millisecond and never twice: %s', (style: Style) => {
    fc.assert(fc.property(forms, WALKS, fc.constantFrom(...LANGUAGES_SPOKEN), (form, walk, language) => {
      const rehearsal = rehearse(nudge, form, { language }, style);
      const say = sentenceOf(nudge, form, language);
      const happened: Happened[] = [];
      for (const move of [{ do: 'customer', text: 'Hello' } satisfies Walk, ...walk]) {
        const before = rehearsal.result(null).ticket.status;
        const refused = make(rehearsal, move);
        const { at, ticket: { status }, ...trial } = rehearsal.result(null);
        const owes = owed(happened, at, form, say);
        if (move.do === 'pass') expect(done({ at, ticket: { ...rehearsal.result(null).ticket }, ...trial })).toEqual(owes.said);
        const word = refused === null && (move.do === 'customer' || move.do === 'agent');
        if (word) happened.push({ at, what: move.do, status });
        const closed = move.do === 'pass' ? owes.closed.find((t) => t > at - move.ms) : undefined;
        if (!word && status !== before) happened.push({ at: closed ?? at, what: 'status', status });
        // What it has closed is closed, with nothing left running.
        if (closed !== undefined) expect([status, trial.runs]).toEqual(['closed', []]);
      }
      expect(done(rehearsal.result(null))).toEqual(owed(happened, rehearsal.result(null).at, form, say).said);
    }), { numRuns: 250 });
  });
});

/** An agent has answered on Monday at 9:00; only time passes then. */
function silence(form: Partial<Form> & Record<string, unknown> = {}, at = START): Rehearsal {
  const rehearsal = rehearse(nudge, form, { at });
  rehearsal.move({ do: 'customer', text: 'Hello' });
  rehearsal.move({ do: 'agent', text: 'What is your order number?' });
  return rehearsal;
}
const said = (rehearsal: Rehearsal): number => done(rehearsal.result(null)).length;

describe('its delays', () => {
  it('each ends at its millisecond: not one before, and not again one after', () => {
    const rehearsal = silence({ followUp: true });
    for (const [i, ms] of [HOUR, 5 * MINUTE, 5 * MINUTE].entries()) {
      rehearsal.move({ do: 'pass', ms: ms - 1 });
      expect([said(rehearsal), rehearsal.result(null).ticket.status]).toEqual([i, 'open']);
      rehearsal.move({ do: 'pass', ms: 1 });
      expect(said(rehearsal)).toBe(i + 1);
    }
    expect(rehearsal.result(null)).toMatchObject({ ticket: { status: 'closed' }, runs: [] });
    rehearsal.move({ do: 'pass', ms: 1 });
    expect(said(rehearsal)).toBe(3);
  });

  it('a reply one millisecond before the end of each wait ends it for good', () => {
    for (const passed of [HOUR - 1, HOUR + 5 * MINUTE - 1, HOUR + 10 * MINUTE - 1]) {
      const rehearsal = silence({ followUp: true });
      rehearsal.move({ do: 'pass', ms: passed });
      const before = said(rehearsal);
      rehearsal.move({ do: 'customer', text: 'It is 4711' });
      rehearsal.move({ do: 'pass', ms: 30 * DAY });
      expect([said(rehearsal), rehearsal.result(null).ticket.status]).toEqual([before, 'open']);
    }
  });

  it('shows agents how long it is until the nudge', () => {
    const rehearsal = silence();
    rehearsal.move({ do: 'pass', ms: 2 * MINUTE });
    expect(rehearsal.result(null).runs).toMatchObject([{ flow: 'nudge', step: 'silence', waits: 'reply', until: START + HOUR, next: 'Nudge' }]);
  });

  it('to a customer who waits for us it says nothing for weeks, and begins with our reply', () => {
    const rehearsal = rehearse(nudge, {}, { at: START });
    rehearsal.move({ do: 'customer', text: 'Hello?' });
    rehearsal.move({ do: 'pass', ms: 20 * DAY });
    expect([said(rehearsal), rehearsal.result(null).runs]).toMatchObject([0, [{ stepName: 'Rest until we have answered', next: '' }]]);
    rehearsal.move({ do: 'agent', text: 'Sorry for the wait' });
    rehearsal.move({ do: 'pass', ms: HOUR - 1 });
    expect(said(rehearsal)).toBe(0);
    rehearsal.move({ do: 'pass', ms: 4 * DAY });
    expect([said(rehearsal), rehearsal.result(null).ticket.status]).toEqual([2, 'closed']);
  });

  it('waits for the opening at the end of the day, with every message anew', () => {
    const rehearsal = silence({}, FRIDAY + 7 * HOUR - 2 * MINUTE);
    rehearsal.move({ do: 'pass', ms: 2 * DAY + 17 * HOUR + MINUTE });
    expect(done(rehearsal.result(null)).map(([at]) => at)).toEqual([FRIDAY + 8 * HOUR - 2 * MINUTE]);
    rehearsal.move({ do: 'pass', ms: MINUTE });
    expect(done(rehearsal.result(null)).map(([at]) => at)).toEqual([FRIDAY + 8 * HOUR - 2 * MINUTE, FRIDAY + 3 * DAY]);
  });

  it.each([
    ['spring', Date.UTC(2026, 2, 27, 15, 30), Date.UTC(2026, 2, 30, 7)], ['autumn', Date.UTC(2026, 9, 23, 14, 30), Date.UTC(2026, 9, 26, 8)],
  ])('waits for nine o\'clock in Rome over a weekend on which the clocks change, in %s', (_, friday, monday) => {
    const stage = tried(nudge, {});
    const hours = { ...OFFICE_HOURS, zone: 'Europe/Rome' };
    const rehearsal = new Rehearsal({ ...stage, world: { ...stage.world, hours: () => hours } }, { at: friday });
    rehearsal.move({ do: 'customer', text: 'Ciao' });
    rehearsal.move({ do: 'agent', text: 'Ciao!' });
    rehearsal.move({ do: 'pass', ms: monday - friday - 1 });
    expect(said(rehearsal)).toBe(0);
    rehearsal.move({ do: 'pass', ms: 1 });
    expect(done(rehearsal.result(null)).map(([at]) => at)).toEqual([monday]);
  });

  it('says nothing outside hours when its timer was late: it waits for the next opening', () => {
    // The process was down from Friday afternoon to Saturday; the hour ended while the office was open.
    const { world, id, compiled } = tried(nudge, {});
    const shelf = { live: [{ id, version: 1, compiled }], at: () => compiled, successor: () => undefined };
    const kind = conversation(() => ({ ...world, shelf }));
    let state: ConversationState | undefined;
    const lines: Line[] = [];
    const tell = (command: ConversationCommand, at: number): void => {
      const stepped = kind.step(ID, state, command, at);
      if ('refused' in stepped) throw new Error(stepped.detail);
      state = stepped.state;
      lines.push(...stepped.lines.filter(({ author, kind: what }) => author.role === 'system' && what === 'message'));
    };
    const say = { type: 'say', device: 'x', kind: 'message', text: 'Hello', channel: 'web', seen: null } as const;
    const late = FRIDAY + 26 * HOUR;
    tell({ ...say, who: CUSTOMER, cmid: '01J00000000000000000000001' }, FRIDAY);
    tell({ ...say, who: ADA, cmid: '01J00000000000000000000002' }, FRIDAY);
    const ring = (at: number): void => {
      const timer = state?.timers.find(({ owner }) => owner.startsWith('flow:'));
      if (timer !== undefined) tell({ type: 'timer', owner: timer.owner, id: timer.id, gen: timer.gen }, Math.max(timer.at, at));
    };
    ring(late);
    expect(lines).toEqual([]);
    ring(late);
    expect(lines.map(({ at }) => at)).toEqual([FRIDAY + 3 * DAY]);
  });
});
