/**
 * Three flows on a conversation to which anything happens in any order: what must hold after every step, written apart from
 * the code. Each step is taken twice, by a state that has stayed in memory and by one that is read back before each step.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Line, Who } from '../../machines/actor.ts';
import { conversation, type ConversationCommand } from '../../machines/conversation.ts';
import { LONGEST_WAIT_MS, type Flow } from '../../machines/flows/flow.ts';
import { agentOf, statusOf, type ConversationState } from '../../machines/state.ts';
import { isHeld } from '../../machines/stands.ts';
import { earliest } from '../../machines/timers.ts';
import { plain } from '../../machines/world.ts';
import { shelfOf } from './shelf.ts';
import { ADA, BEN, CUSTOMER, DAY, HOUR, START, stylesOf, ID } from './talk.ts';

const REMINDER = 'Still there?';
const FLOWS = {
  nudge: {
    name: 'Nudge', start: [{ on: 'message', from: 'agent' }], again: 'restart', onAgent: 'restart', steps: [
      { id: 'silence', do: 'wait', forMs: HOUR, untilReply: 'customer', onReply: [{ id: 'replied', do: 'end' }] },
      { id: 'remind', do: 'say', text: REMINDER },
      { id: 'answer', do: 'wait', forMs: 300_000, untilReply: 'customer', onReply: [{ id: 'answered', do: 'end' }] },
      { id: 'close', do: 'close' },
    ],
  },
  route: {
    name: 'Route', start: [{ on: 'opened' }], steps: [
      { id: 'which', do: 'ask', text: 'Which?', answer: 'choice', choices: [{ value: 'billing', label: 'Billing' }, { value: 'support', label: 'Support' }], save: 'vars.team', retries: 1, forMs: HOUR },
      { id: 'by', do: 'branch', cases: [{ when: { all: [{ field: 'vars.team', is: 'equal', value: 'billing' }] }, steps: [{ id: 'to', do: 'assign', team: 'billing' }] }], else: [{ id: 'any', do: 'assign', nobody: true }] },
      { id: 'decided', do: 'note', text: 'decided Route' },
      { id: 'stay', do: 'wait', forMs: 1_000 },
    ],
  },
  vip: {
    name: 'Vip', start: [{ on: 'message', from: 'customer' }, { on: 'called' }], steps: [
      { id: 'crm', do: 'http', method: 'GET', url: 'https://crm.example/', map: [{ path: '$.type', save: 'vars.type' }], onFailure: [{ id: 'mail', do: 'ask', text: 'E-mail?', answer: 'email', save: 'contact.email', retries: 0 }] },
      { id: 'to-billing', do: 'assign', team: 'billing' },
      { id: 'decided', do: 'note', text: 'decided Vip' },
    ],
  },
} satisfies Record<string, Flow>;

const shelf = shelfOf(FLOWS);
const KINDS = (['chat', 'repeat', 'social'] as const).map((style) => conversation(() => ({ ...plain(stylesOf(style)), shelf })));
const WHO: readonly Who[] = [ADA, BEN];

/** A number that no other word of the same sender has. */
type Move = (house: House) => ConversationCommand | number;

class House {
  at = START;
  /** In memory, and read back before each step. */
  state: ConversationState | undefined;
  #kept = '';
  readonly lines: Line[] = [];
  #ids = 0;
  /** Runs that are to say to whom it goes and have not yet, by their flows. */
  readonly #undecided = new Map<string, number>();
  #spoke = { by: 'customer', at: START };
  #nudged = false;
  #said = 0;
  readonly #kind;

  constructor(style: number) {
    this.#kind = KINDS[style] as typeof KINDS[0];
  }

  next = (): number => ++this.#ids;
  id = (): string => `01J9ZK3M8Q${String(this.next()).padStart(16, '0')}`;

  do(command: ConversationCommand): void {
    const kind = this.#kind;
    const stepped = kind.step(ID, this.state, command, this.at);
    const again = kind.step(ID, this.#kept === '' ? undefined : kind.thaw(this.#kept), command, this.at);
    if ('refused' in stepped || 'refused' in again) return expect(again).toEqual(stepped);
    this.state = stepped.state;
    this.#kept = kind.freeze(stepped.state);
    expect(JSON.parse(kind.freeze(again.state))).toEqual(JSON.parse(this.#kept));
    expect([again.lines, again.reply]).toEqual([stepped.lines, stepped.reply]);
    for (const line of stepped.lines) this.#hear(line);
    this.lines.push(...stepped.lines);
    this.#check(stepped.state);
  }

  /** What the log says, as somebody reads it who knows nothing of runs. */
  #hear({ kind: what, body, author, at, n }: Line): void {
    const { run, name } = body as { run: number; name: string };
    if (what === 'ticket') this.#undecided.clear();
    if (what === 'flow' && body.what === 'began') this.#undecided.set(name, run);
    if (what === 'flow' && body.what !== 'began' && this.#undecided.get(name) === run) this.#undecided.delete(name);
    if (what === 'note') this.#undecided.delete(String(body.text).replace('decided ', ''));
    if (what !== 'message') return;
    if (author.role !== 'customer') expect(n).toBe(++this.#said);
    if (body.text === REMINDER) {
      expect(this.#nudged, 'nobody is reminded twice of one silence').toBe(false);
      expect([this.#spoke.by, at - this.#spoke.at >= HOUR], 'and only after an hour of it').toEqual(['agent', true]);
    }
    if (author.role === 'system') this.#nudged ||= body.text === REMINDER;
    else [this.#spoke, this.#nudged] = [{ by: author.role, at }, false];
  }

  #check(state: ConversationState): void {
    const { runs, timers, outbox } = state;
    const closed = statusOf(state) === 'closed';
    const owners = timers.map(({ owner }) => owner).filter((owner) => owner.startsWith('flow:'));
    const calls = outbox.filter(({ to }) => to.startsWith('x/')).map(({ n }) => n);
    if (closed) expect([runs, owners, calls], 'a Closed ticket has no flows').toEqual([[], [], []]);
    const ids = runs.map(({ id }) => id);
    expect(ids, 'they stand in the order in which they began').toEqual([...ids].sort((a, b) => a - b));
    expect(new Set(runs.map(({ flow }) => flow)).size, 'each flow runs once').toBe(runs.length);
    expect(owners.filter((owner) => !ids.some((id) => owner === `flow:${id}`)), 'what has ended has no time left').toEqual([]);
    expect(calls, 'and nobody asks for what nobody waits for').toEqual(runs.map(({ call }) => call).filter((n) => n > 0));
    expect(timers.filter(({ at }) => at > this.at + LONGEST_WAIT_MS || at < START), 'nothing waits longer than 28 days').toEqual([]);
    const opening = timers.some(({ owner }) => owner === 'opening');
    expect([state.opening, state.opening && state.number > 1], 'a first ticket alone waits, and not for ever').toEqual([opening, false]);
    const held = statusOf(state) === 'new' && (state.opening || this.#undecided.size > 0);
    expect(isHeld(state), 'the desk waits exactly while it is undecided').toBe(held);
    // Whatever stands must have something that ends it, or wait for somebody.
    for (const run of runs) expect(owners.includes(`flow:${run.id}`), `${run.flow} ends some day`).toBe(true);
  }

  pass(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const timer = this.state === undefined ? undefined : earliest(this.state.timers);
      if (timer === undefined || timer.at > end) break;
      this.at = Math.max(this.at, timer.at);
      this.do({ type: 'timer', owner: timer.owner, id: timer.id, gen: timer.gen });
    }
    this.at = end;
  }
}

const say = (who: Who, text: string): Move => (h) => ({ type: 'say', who, device: who.id, cmid: h.id(), kind: 'message', text, channel: 'web', seen: null });
const act = (who: Who, name: string, args: Record<string, unknown> = {}): Move => (h) => ({ type: 'act', who, device: who.id, cmid: h.id(), name, args });
const who = fc.constantFrom(...WHO);
const ground = (h: House) => ({ ticket: h.state?.number ?? 0, agent: h.state === undefined ? null : agentOf(h.state)?.id ?? null });
const decision = { by: null, note: '', act: '', from: 'd/demo' } as const;

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('hello', 'billing', 'billing', 'support', 'cleo@example.com').map((text) => say(CUSTOMER, text)) },
  { weight: 4, arbitrary: who.map((agent) => say(agent, 'hi')) },
  { weight: 5, arbitrary: fc.constantFrom(1, 1_000, 299_999, 300_000, HOUR - 1, HOUR, HOUR, HOUR, DAY, 5 * DAY).map((ms): Move => () => ms) },
  { weight: 4, arbitrary: who.map((agent) => act(agent, 'accept')) },
  { weight: 3, arbitrary: fc.tuple(who, fc.constantFrom('open', 'pending', 'onHold', 'solved')).map(([agent, status]) => act(agent, 'status', { status })) },
  { weight: 1, arbitrary: who.map((agent) => act(agent, 'unassign')) },
  { weight: 1, arbitrary: fc.tuple(who, fc.constantFrom('support', 'billing')).map(([agent, team]) => act(agent, 'team', { team })) },
  { weight: 1, arbitrary: fc.tuple(who, fc.nat(2)).map(([agent, i]): Move => (h) => act(agent, 'stopRun', { run: h.state?.runs[i]?.id ?? 0 })(h)) },
  { weight: 1, arbitrary: who.map((agent) => act(agent, 'run', { flow: 'vip' })) },
  { weight: 1, arbitrary: fc.constantFrom('left', 'offline').map((reason): Move => () => ({ type: 'gone', who: CUSTOMER, reason })) },
  { weight: 3, arbitrary: fc.tuple(fc.boolean(), fc.nat(3)).map(([answered, late]): Move => (h) => ({
    type: 'called', n: (h.state?.outbox.find(({ to }) => to.startsWith('x/'))?.n ?? 0) - (late === 0 ? 1 : 0),
    outcome: answered ? { values: { 'vars.type': 'vip' } } : { why: 'no answer' },
  })) },
  { weight: 3, arbitrary: fc.constantFrom<Record<string, string>>({}, { email: 'a@b.cz' }, { language: 'pt' }).map((fields): Move => (h) => ({
    type: 'fields', fields, changed: Object.keys(fields), from: 'p/demo/v_1', n: h.next(),
  })) },
  { weight: 2, arbitrary: who.map((agent): Move => (h) => ({ type: 'assign', ground: ground(h), agent: { id: agent.id, name: agent.name }, ...decision, n: h.next() })) },
  { weight: 1, arbitrary: fc.constantFrom(null, 'billing').map((team): Move => (h) => ({ type: 'requeue', ground: ground(h), team, ...decision, n: h.next() })) },
  { weight: 1, arbitrary: fc.nat(3).map((i): Move => (h) => ({ type: 'effectDone', n: h.state?.outbox.filter(({ to }) => !to.startsWith('x/'))[i]?.n ?? 0 })) },
);

it('holds whatever people, the desk, the contact, a CRM and time do to a conversation with three flows', () => {
  const seen = new Set<string>();
  fc.assert(fc.property(fc.nat(2), fc.array(move, { minLength: 30, maxLength: 60 }), (style, moves) => {
    const house = new House(style);
    house.do(say(CUSTOMER, 'hello')(house) as ConversationCommand);
    for (const one of moves) {
      const command = one(house);
      if (typeof command === 'number') house.pass(command);
      else house.do(command);
    }
    for (const { kind: what, body } of house.lines) {
      if (what === 'flow') seen.add(`${String(body.name)} ${String(body.what)}`);
      if (body.text === REMINDER || what === 'status') seen.add(String(body.text ?? body.status));
    }
  }), { numRuns: 250 });
  // It has been somewhere.
  expect([...seen].sort()).toEqual([
    'Route began', 'Route broke', 'Route ended', 'Route stopped', REMINDER, 'Vip began', 'Vip broke', 'Vip ended', 'Vip stopped',
    'closed', 'new', 'onHold', 'open', 'pending', 'solved', 'Nudge stopped',
  ].sort());
}, 120_000);
