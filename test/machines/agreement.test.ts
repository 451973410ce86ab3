/**
 * Real conversations and their real desk, of which each may hear the other late, twice, or only after both have been written
 * and read back: once everything is said, they agree whose every ticket is.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ActorCommand, ActorState, Effect, Kind, Who } from '../../machines/actor.ts';
import { conversation, type ConversationCommand } from '../../machines/conversation.ts';
import { desk, deskView, type DeskCommand, type DeskState } from '../../machines/desk.ts';
import { OFFICE_HOURS } from '../../machines/hours.ts';
import { isHeld, standingOf } from '../../machines/stands.ts';
import { agentOf, statusOf, type ConversationState } from '../../machines/state.ts';
import { earliest } from '../../machines/timers.ts';
import type { Staff } from '../../machines/workspace.ts';
import { plain } from '../../machines/world.ts';
import { NUDGE, ROUTE, shelfOf } from './shelf.ts';
import { ADA, BEN, CUSTOMER, START, stylesOf } from './talk.ts';

const DESK = 'd/demo';
const TALKS = ['web', 'social'].flatMap((channel) => ['A', 'B'].map((id) => ({ channel, id: `c/demo/${channel}${id}` })));
const AGENTS = [ADA, BEN] as const;
const team = { priority: 5, method: 'leastBusy', offerMs: 30_000, preferMs: 60_000, fallback: null, hours: null } as const;
const STAFF: Staff = {
  teams: [{ ...team, id: 'support', name: 'Support', autoAccept: false }, { ...team, id: 'billing', name: 'Billing', autoAccept: true }],
  agents: AGENTS.map(({ id, name }) => ({ id: id.slice(2), name, right: 'agent', teams: ['support', 'billing'], skills: [], capacity: {} })),
  skills: [], statuses: [], capacity: { messaging: 2 }, channels: {}, hours: OFFICE_HOURS,
  routing: { graceMs: 20_000, keepMs: 60_000, returnMs: 40_000, lapses: 0, inactiveFrees: true },
};
const styles = { ...stylesOf('chat'), channels: { social: { style: 'social' as const } } };

/** On the web a flow asks first to whom it goes; elsewhere the desk is not kept waiting. */
const shelf = shelfOf({ nudge: NUDGE, route: { ...ROUTE, when: { all: [{ field: 'conversation.channel', is: 'equal', value: 'web' }] } } });

class World {
  readonly #kinds = { c: conversation(() => ({ ...plain(styles), shelf })), d: desk((_, value) => ({ value })) } as unknown as Record<'c' | 'd', Kind<ActorState>>;
  readonly #states = new Map<string, ActorState>();
  #ids = 0;
  at = START;

  constructor() {
    this.tell(DESK, { type: 'begin', node: 'n', file: {}, defaults: { ...STAFF } } as DeskCommand);
    for (const agent of AGENTS) this.tell(DESK, { type: 'here', agent, node: 'n' } as DeskCommand);
  }

  #kind(actor: string): Kind<ActorState> {
    return this.#kinds[actor.startsWith('c') ? 'c' : 'd'];
  }

  tell(actor: string, command: ActorCommand): void {
    const stepped = this.#kind(actor).step(actor, this.#states.get(actor), command, this.at);
    if (!('refused' in stepped)) this.#states.set(actor, stepped.state);
  }

  /** The next word of one actor to another; `lost`: it was heard, but nobody noted that. */
  carry(from: string, to: string, lost: boolean): boolean {
    const effect = this.#states.get(from)?.outbox.find((one) => one.to === to);
    if (effect === undefined) return false;
    // What is told to contacts is not of interest here.
    if (!to.startsWith('p')) this.tell(to, { ...effect.command, from, n: effect.n } as ActorCommand);
    if (!lost) this.tell(from, { type: 'effectDone', n: effect.n } as ActorCommand);
    return true;
  }

  settle(): void {
    const waiting = (): [string, Effect][] => [...this.#states].flatMap(([from, { outbox }]) => outbox.slice(0, 1).map((effect): [string, Effect] => [from, effect]));
    for (let i = 0; i < 10_000; i++) {
      const [next] = waiting();
      if (next === undefined) return;
      this.carry(next[0], next[1].to, false);
    }
    throw new Error('they never come to rest');
  }

  wait(ms: number): void {
    this.at += ms;
    for (const actor of this.#states.keys()) {
      for (let i = 0; i < 100; i++) {
        const timer = earliest(this.#states.get(actor)?.timers ?? []);
        if (timer === undefined || timer.at > this.at) break;
        this.tell(actor, { type: 'timer', owner: timer.owner, id: timer.id, gen: timer.gen } as ActorCommand);
      }
    }
  }

  /** Everything dies, and wakes from what was written. */
  die(): void {
    for (const [actor, state] of this.#states) {
      const kind = this.#kind(actor);
      const parts = new Map([...kind.parts?.(state, undefined) ?? []].flatMap(([key, json]) => (json === null ? [] : [[key, json] as const])));
      this.#states.set(actor, kind.thaw(kind.freeze(state), parts));
    }
  }

  id(): string {
    return `01J9ZK3M8Q${String(++this.#ids).padStart(16, '0')}`;
  }

  say(actor: string, channel: string, who: Who, text: string): void {
    const said: ConversationCommand = { type: 'say', who, device: who.id, cmid: this.id(), kind: 'message', text, channel, seen: null };
    this.tell(actor, said);
  }

  act(actor: string, who: Who, name: string, args: Record<string, unknown>): void {
    if (actor === DESK) this.tell(actor, { type: 'act', who, id: this.id(), name, args } as DeskCommand);
    else this.tell(actor, { type: 'act', who, device: who.id, cmid: this.id(), name, args } as ConversationCommand);
  }

  get desk(): DeskState {
    return this.#states.get(DESK) as DeskState;
  }

  talk(actor: string): ConversationState | undefined {
    return this.#states.get(actor) as ConversationState | undefined;
  }

  /** What holds whenever nothing is on its way. */
  agree(): void {
    for (const { id: actor } of TALKS) {
      const state = this.talk(actor);
      const ticket = this.desk.tickets.get(actor.slice('c/demo/'.length));
      if (state === undefined || ['solved', 'closed'].includes(statusOf(state))) {
        expect(ticket).toBeUndefined();
        continue;
      }
      const agent = agentOf(state);
      expect(ticket?.standing).toEqual(standingOf(state));
      expect(ticket?.seat.at === 'held' ? ticket.seat.agent : null).toEqual(agent);
      // Nobody is asked to take what a flow has yet to route.
      if (isHeld(state)) expect([ticket?.seat.at, agent]).toEqual(['queue', null]);
    }
  }
}

type Move = (world: World) => void;
const talk = fc.constantFrom(...TALKS);
const agent = fc.constantFrom(...AGENTS);
const moves: fc.Arbitrary<[string, Move]> = fc.oneof(
  fc.tuple(talk, fc.constantFrom(CUSTOMER, CUSTOMER, ...AGENTS), fc.constantFrom('hello', 'billing')).map(([{ id, channel }, who, text]): [string, Move] =>
    [`${who.id} writes ${text} in ${id}`, (w) => w.say(id, channel, who, text)]),
  fc.tuple(talk, agent, fc.constantFrom<[string, Record<string, unknown>]>(
    ['accept', {}], ['unassign', {}], ['team', { team: 'billing' }], ['team', { team: 'support' }], ['priority', { priority: 0 }],
    ['status', { status: 'pending' }], ['status', { status: 'open' }], ['status', { status: 'solved' }], ['end', {}],
  )).map(([{ id }, who, [name, args]]): [string, Move] => [`${who.id}: ${name} ${JSON.stringify(args)} in ${id}`, (w) => w.act(id, who, name, args)]),
  fc.tuple(agent, fc.constantFrom('accept', 'accept', 'decline')).map(([who, name]): [string, Move] => [`${who.id}: ${name} an offer`, (w) => {
    const [offer] = deskView(w.desk, who.id).offers;
    if (offer !== undefined) w.act(DESK, who, name, { conversation: offer.conversation, offer: offer.offer });
  }]),
  fc.tuple(talk, agent, fc.constantFrom({ agent: BEN.id }, { agent: ADA.id }, { team: 'support' }, { team: 'billing' })).map(([{ id }, who, to]): [string, Move] =>
    [`${who.id} hands ${id} to ${JSON.stringify(to)}`, (w) => w.act(DESK, who, 'handOver', { conversation: id.slice('c/demo/'.length), note: 'yours', over: true, ...to })]),
  fc.tuple(agent, fc.constantFrom('online', 'online', 'away', 'transfers')).map(([who, status]): [string, Move] =>
    [`${who.id} is ${status}`, (w) => w.act(DESK, who, 'status', { status })]),
  ...[1, 2, 3].map(() => fc.tuple(talk, fc.boolean(), fc.boolean()).map(([{ id }, up, lost]): [string, Move] =>
    [`a word ${up ? 'from' : 'to'} ${id}${lost ? ', twice' : ''}`, (w) => w.carry(up ? id : DESK, up ? DESK : id, lost)])),
  fc.constantFrom(1_000, 30_000, 60_000, 700_000).map((ms): [string, Move] => [`${ms} ms`, (w) => w.wait(ms)]),
  fc.constant<[string, Move]>(['everything dies', (w) => w.die()]),
);

it('a desk and its conversations agree whenever nothing is on its way, whatever was late, repeated or written and read back', () => {
  fc.assert(fc.property(fc.array(moves, { maxLength: 200, size: 'max' }), (course) => {
    const world = new World();
    for (const [, move] of course) move(world);
    world.settle();
    world.agree();
  }), { numRuns: Number(process.env.RUNS ?? 200), reporter: (out) => {
    if (out.failed) throw new Error(`${out.errorInstance instanceof Error ? out.errorInstance.message : ''}\nseed ${out.seed}\n${(out.counterexample?.[0] ?? []).map(([name]) => name).join('\n')}`);
  } });
});
