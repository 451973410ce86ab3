/**
 * A desk with its conversations and all that is on its way between them, stepped beside the plain rules. After every step
 * both must agree, and what must never be must not be.
 */
import { expect } from 'vitest';
import type { Effect } from '../../machines/actor.ts';
import { boardView, desk, touched, type DeskCommand, type DeskState } from '../../machines/desk.ts';
import type { Decision } from '../../machines/routing.ts';
import type { Agent } from '../../machines/ticket.ts';
import type { Staff } from '../../machines/workspace.ts';
import type { Case } from './choice.ts';
import type { Matter } from './matter.ts';
import { Reference } from './reference.ts';

const ID = 'd/demo';
/** A Friday in the last minutes of the office. */
const START = Date.UTC(2026, 0, 9, 16, 50);
export const kind = desk((_, value) => ({ value }));

/** All of a state, as it is written. */
export const written = (state: DeskState): string => `${kind.freeze(state)} ${JSON.stringify([...kind.parts?.(state, undefined) ?? []])}`;

export class World {
  at = START;
  readonly rules: Reference;
  readonly matters = new Map<string, Matter>();
  #state: DeskState | undefined;
  /** What the store has: the parts that each step has changed. */
  readonly #parts = new Map<string, string>();
  /** What another node knows of this desk, by the records that have come there, and where that is. */
  #elsewhere: { at: DeskState; is: DeskState } | undefined;
  #steps = 0;
  #acts = 0;

  constructor(staff: Staff) {
    this.rules = new Reference(structuredClone(staff));
    this.tell({ type: 'begin', node: 'n1', file: {}, defaults: { ...staff } });
  }

  get state(): DeskState {
    if (this.#state === undefined) throw new Error('the desk has begun');
    return this.#state;
  }

  tell(command: DeskCommand): void {
    const before = this.#state;
    const stepped = kind.step(ID, before, command, this.at);
    expect('refused' in stepped ? stepped.refused : 'done').toBe(this.rules.take(command, this.at));
    if ('refused' in stepped) return;
    this.#state = stepped.state;
    for (const [key, json] of kind.parts?.(stepped.state, before) ?? []) {
      if (json === null) this.#parts.delete(key);
      else this.#parts.set(key, json);
    }
    // A record holds what one step or several have changed.
    if (++this.#steps % 3 === 0 || before === undefined) this.#follow();
    this.#sameDecisions(before);
    this.#sameTickets();
    for (const c of this.rules.cases) {
      const was = before?.tickets.get(c.id)?.seat;
      if (c.offer !== null && (was?.at !== 'offered' || was.offer !== c.offer.n)) this.#soundOffer(c, c.offer.agent);
      if (c.with === null && c.offer === null && !c.standing.held) this.#notForgotten(c);
      if (c.with === null && c.standing.held) expect([c.id, this.state.tickets.get(c.id)?.seat.at, c.place]).toEqual([c.id, 'queue', '']);
    }
    this.#exactPlaces();
    this.#exactQueues();
  }

  act(who: Agent, name: string, args: Record<string, unknown>): void {
    this.tell({ type: 'act', who: { role: 'agent', identified: true, ...who }, id: `act${++this.#acts}`, name, args });
  }

  /** The desk's oldest effect for a conversation; `again`: it dies before it knows that this has happened. */
  carry(matter: Matter, again: boolean): void {
    const effect = this.state.outbox.find(({ to }) => to.endsWith(matter.id));
    if (effect === undefined) return;
    matter.hear({ ...effect.command, from: ID, n: effect.n } as Decision);
    if (!again) this.tell({ type: 'effectDone', n: effect.n });
  }

  /** What a conversation has to say; `again`: it dies before it knows that this has happened. */
  listen(matter: Matter, again: boolean): void {
    if (matter.out === null) return;
    this.tell(matter.out);
    if (!again) matter.out = null;
  }

  /** Time passes; the timer rings whenever it is due. */
  wait(ms: number): void {
    const end = this.at + ms;
    for (let ring = this.state.timers[0]; ring !== undefined && ring.at <= end; ring = this.state.timers[0]) {
      this.at = Math.max(this.at, ring.at);
      this.tell({ type: 'timer', owner: ring.owner, id: ring.id, gen: ring.gen });
    }
    this.at = end;
  }

  /** Read back from what was written step by step it is the same, in its lanes too. */
  thaw(): void {
    const thawed = kind.thaw(kind.freeze(this.state), this.#parts);
    sameDesk(thawed, this.state);
    this.#follow();
    sameDesk(thawed, this.#elsewhere?.is ?? thawed);
    this.#state = thawed;
    if (this.#elsewhere !== undefined) this.#elsewhere.at = thawed;
  }

  /** Another node takes a record: it knows the same afterwards, and tells the same agents of it. */
  #follow(): void {
    const { state } = this;
    const known = this.#elsewhere;
    const changed = new Map(kind.parts?.(state, known?.at) ?? []);
    if (known === undefined) {
      this.#elsewhere = { at: state, is: kind.thaw(kind.freeze(state), new Map(this.#parts)) };
      return;
    }
    const is = kind.renew?.(known.is, kind.freeze(state), changed) ?? known.is;
    expect(touched(known.is, is)).toEqual(touched(known.at, state));
    expect([is.sections === known.is.sections, is.locked === known.is.locked]).toEqual([state.sections === known.at.sections, state.locked === known.at.locked]);
    this.#elsewhere = { at: state, is };
  }

  /** Everybody hears everything, and then both sides know the same. */
  settle(): void {
    for (let i = 0; [...this.matters.values()].some(({ out }) => out !== null) || this.state.outbox.length > 0; i++) {
      if (i > 100) throw new Error('desk and conversations never agree');
      for (const matter of this.matters.values()) {
        this.listen(matter, false);
        this.carry(matter, false);
      }
    }
    for (const { id, standing, at } of this.matters.values()) {
      const seat = this.state.tickets.get(id)?.seat;
      const gone = at === 'solved' || at === 'closed';
      expect([id, seat?.at === 'held' ? seat.agent.id : seat && null]).toEqual([id, gone ? undefined : standing.agent?.id ?? null]);
    }
  }

  /** Each conversation is told what the rules say, and nothing else. */
  #sameDecisions(before: DeskState | undefined): void {
    const fresh = this.state.outbox.filter(({ n }) => n > (before?.effects ?? 0));
    for (const said of this.rules.said) {
      const i = fresh.findIndex(({ to }) => to.endsWith(said.id));
      const [effect] = i < 0 ? [] : fresh.splice(i, 1);
      expect(effect === undefined ? 'nothing' : worded(effect)).toBe(`${said.type} ${said.what}`);
      said.n = effect?.n ?? 0;
    }
    expect(fresh.map(worded).join('\n')).toBe('');
  }

  /** Each ticket is with, on offer to, or waiting for whom the rules say. */
  #sameTickets(): void {
    const is = [...this.state.tickets].map(([id, { seat, team, asked, place }]) => {
      const whose = seat.at === 'held' ? seat.agent.id : seat.at === 'offered' ? `offer ${seat.offer} to ${seat.agent} until ${seat.until}` : 'waits';
      return `${id} ${team} ${whose} ${asked.join()} ${place}`;
    });
    const should = this.rules.cases.map(({ id, team, with: agent, offer, asked, place }) => {
      const whose = agent?.id ?? (offer === null ? 'waits' : `offer ${offer.n} to ${offer.agent} until ${offer.until}`);
      return `${id} ${team} ${whose} ${asked.join()} ${place}`;
    });
    expect(is.join('\n')).toBe(should.sort().join('\n'));
  }

  /** Offered to somebody who is here and not above their limit; and nobody more urgent was left behind in the same line. */
  #soundOffer(c: Case, to: string): void {
    const { rules } = this;
    const agent = rules.known({ id: to, name: '' });
    const group = rules.group(c);
    expect([agent.nodes.length > 0, rules.takes(agent), rules.places(to, group) <= rules.limit(to, group)]).toEqual([true, 'all', true]);
    const behind = rules.ranked().filter((w) => w.team === c.team && rules.group(w) === group && w.standing.requires.length === 0 && w.prefer === 0
      && (w.rest <= this.at || !w.asked.includes(to)));
    const sooner = behind.find(({ standing: { priority, since } }) => priority < c.standing.priority || (priority === c.standing.priority && since < c.standing.since));
    if (sooner !== undefined) expect.fail(`${sooner.id} was passed by ${c.id}`);
  }

  /** Nobody waits while somebody is free for them who has not just let them go by. */
  #notForgotten(c: Case): void {
    const { rules } = this;
    const free = rules.agents.find((a) => rules.eligible(c, a) && !(c.rest > this.at && c.asked.includes(a.id)));
    if (free !== undefined) expect.fail(`${c.id} waits while ${free.id} is free`);
  }

  #exactPlaces(): void {
    const { rules } = this;
    const { agents } = boardView(this.state, this.at);
    const should = agents.map(({ id }) => `${id} ${rules.groups.reduce((sum, group) => sum + rules.places(id, group), 0)}`);
    expect(agents.map(({ id, held }) => `${id} ${held}`).join()).toBe(should.join());
  }

  /** The board counts whoever waits for an answer of some agent. */
  #exactQueues(): void {
    const waiting = (team: string): number => this.rules.cases.filter((c) => c.team === team && c.with === null && !c.standing.held).length;
    const { teams } = boardView(this.state, this.at);
    expect(teams.map(({ team, waiting: n }) => `${team} ${n}`)).toEqual(teams.map(({ team }) => `${team} ${waiting(team)}`));
  }
}

/** In what is written of it, and in the lanes, which are not. */
function sameDesk(is: DeskState, should: DeskState): void {
  expect(written(is)).toBe(written(should));
  for (const [name, lane] of Object.entries(is.lanes)) expect([name, ...lane]).toEqual([name, ...should.lanes[name as keyof DeskState['lanes']]]);
}

function worded({ command }: Effect): string {
  const d = command as Decision;
  const ground = `ground ${d.ground.ticket} ${d.ground.agent}`;
  switch (d.type) {
    case 'assign': return `assign ${d.agent.id} by ${d.by?.id ?? '-'}, ${ground}`;
    case 'requeue': return `requeue ${d.team} by ${d.by?.id ?? '-'}, ${ground}`;
    case 'place': return `place ${d.state} ${d.agent?.id ?? '-'} ${d.team} ${d.opensAt}, ${ground}`;
  }
}
