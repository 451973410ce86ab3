/**
 * What a desk is between two steps, and a step under way on it: whatever changes a ticket or an agent also moves it in
 * the lanes by which they find each other.
 */
import type { ActorCommand, ActorState, Effect } from './actor.ts';
import {
  agentOf, dueOf, freeKeys, keysOf, lanesOf, takesTickets, waits, type Desker, type Lanes, type Ticket, type TicketKeys,
} from './lanes.ts';
import { counted, type Quarter, type Tally } from './quarters.ts';
import { padded, Roster } from './roster.ts';
import { Tree } from './tree.ts';

/** One part of the settings. */
export interface Section {
  readonly value: unknown;
  /** The desk's count of changes when this one last changed. */
  readonly rev: number;
  readonly source: 'default' | 'file' | 'console';
  /** Name of who changed it last, and when. */
  readonly by: string;
  readonly at: number;
}

export interface DeskState extends ActorState {
  readonly v: 1;
  /** Counts of effects, offers, turns of agents, armed timers and changed settings, so far. */
  readonly effects: number;
  readonly offers: number;
  readonly turns: number;
  readonly gen: number;
  readonly rev: number;
  /** Sections that the configuration file sets. */
  readonly locked: readonly string[];
  /** The newest effect that has been carried out. */
  readonly carried: number;
  /** Whether so much is to be carried out that nothing new is decided before. */
  readonly paused: boolean;
  readonly tickets: Tree<Ticket>;
  readonly agents: Tree<Desker>;
  readonly sections: Tree<Section>;
  readonly quarters: Tree<Quarter>;
  /** These two follow from the others. */
  readonly roster: Roster;
  readonly lanes: Lanes;
}

/** Decisions and due things in one step; what is left is done by the next one, at once. */
const WORK_MAX = 64;
/** No decisions while so many effects are under way, until this many are left. */
const OUTBOX_MAX = 256;
const OUTBOX_LOW = 128;
/** What so many later ones have overtaken is held up at its target, for a repair: the desk does not wait for it. */
const OVERTAKEN = 512;

export function emptyDesk(): DeskState {
  const none = Tree.of<never>();
  const roster = new Roster({});
  return {
    v: 1, effects: 0, offers: 0, turns: 0, gen: 0, rev: 0, locked: [], carried: 0, paused: false, timers: [], outbox: [],
    tickets: none, agents: none, sections: none, quarters: none, roster, lanes: lanesOf(none, none, roster),
  };
}

export class Floor {
  state: DeskState;
  readonly at: number;
  readonly workspace: string;
  /** Tickets and agents for whom something better may be possible now. */
  readonly looks = { tickets: new Set<string>(), agents: new Set<string>() };
  readonly #waiting: number;
  #work = 0;
  #changed = false;

  constructor(id: string, state: DeskState, at: number) {
    this.state = state;
    this.at = at;
    this.workspace = id.slice(id.indexOf('/') + 1);
    this.#waiting = state.lanes.queue.size;
  }

  get roster(): Roster {
    return this.state.roster;
  }

  /** The first change copies the state; a step without changes gives back the very state it was given. */
  set(change: Partial<DeskState>): void {
    if (!this.#changed) this.state = { ...this.state };
    this.#changed = true;
    Object.assign(this.state, change);
  }

  /** Takes one of this step's pieces of work; false when there are none left. */
  work(): boolean {
    return !this.state.paused && this.#underWay() < OUTBOX_MAX && this.#work++ < WORK_MAX;
  }

  /** Due things have pieces of their own, so that each step also decides something. */
  resume(): void {
    this.#work = 0;
  }

  /** A name for the next turn: of those who wait for one, the lowest has waited longest. */
  turn(): number {
    const turns = this.state.turns + 1;
    this.set({ turns });
    return turns;
  }

  /** `next` is null when the ticket leaves the desk. An agent who gets a place back by it is looked at. */
  putTicket(id: string, next: Ticket | null): void {
    const { tickets } = this.state;
    const old = tickets.get(id);
    const was = old === undefined ? {} : keysOf(old, this.roster);
    const is = next === null ? {} : keysOf(next, this.roster);
    const before = was.places === undefined ? undefined : agentOf(old as Ticket);
    const after = is.places === undefined ? undefined : agentOf(next as Ticket);
    const concerned = was.places === is.places ? [] : before === after ? [before] : [before, after];
    this.#reline(concerned, () => this.set({
      tickets: next === null ? tickets.delete(id) : tickets.set(id, next), lanes: moved(this.state.lanes, id, was, is),
    }));
    if (before !== undefined && concerned.length > 0) this.looks.agents.add(before);
  }

  /** A change of an agent, or null for one whom the desk need not remember. */
  putAgent(id: string, next: Desker | null): void {
    const { agents } = this.state;
    const old = agents.get(id);
    const was = old === undefined ? 0 : dueOf(old);
    const is = next === null ? 0 : dueOf(next);
    this.#reline([id], () => {
      let { due } = this.state.lanes;
      if (was !== is && was > 0) due = due.delete(`${padded(was)}a${id}`);
      if (was !== is && is > 0) due = due.set(`${padded(is)}a${id}`, `a${id}`);
      this.set({ agents: next === null ? agents.delete(id) : agents.set(id, next), lanes: { ...this.state.lanes, due } });
    });
  }

  /** An effect has been carried out. */
  carriedOut(n: number): void {
    const outbox = this.state.outbox.filter((effect) => effect.n !== n);
    if (outbox.length === this.state.outbox.length) return;
    this.set({ outbox, carried: Math.max(this.state.carried, n) });
    this.set({ paused: this.state.paused && this.#underWay() > OUTBOX_LOW });
  }

  effect(conversation: string, command: ActorCommand): number {
    const effects = this.state.effects + 1;
    const effect: Effect = { n: effects, to: `c/${this.workspace}/${conversation}`, command };
    this.set({ effects, outbox: [...this.state.outbox, effect] });
    return effects;
  }

  count(more: Partial<Tally>): void {
    this.set({ quarters: counted(this.state.quarters, this.at, this.#waiting, more) });
  }

  /** The state after the step: what it left undone is due at once, and there is one timer, for the earliest of all. */
  done(): DeskState {
    this.#leave();
    const waiting = this.state.lanes.queue.size;
    if (waiting > this.#waiting) this.count({ waiting });
    const { timers: old } = this.state;
    const paused = this.state.paused || this.#underWay() >= OUTBOX_MAX;
    if (paused !== this.state.paused) this.set({ paused });
    const next = paused ? undefined : this.state.lanes.due.next('');
    const at = next === undefined ? 0 : Number(next[0].slice(0, PADDED));
    if (at !== (old[0]?.at ?? 0)) {
      const gen = this.state.gen + 1;
      this.set({ gen, timers: at === 0 ? [] : [{ at, id: 'due', gen, owner: 'desk' }] });
    }
    return this.state;
  }

  #underWay(): number {
    const { outbox, carried } = this.state;
    let overtaken = 0;
    while ((outbox[overtaken]?.n ?? carried) < carried - OVERTAKEN) overtaken += 1;
    return outbox.length - overtaken;
  }

  #leave(): void {
    for (const id of this.looks.tickets) {
      const ticket = this.state.tickets.get(id);
      if (waits(ticket) && ticket.lookAt === 0) this.putTicket(id, { ...ticket, lookAt: this.at });
    }
    for (const id of this.looks.agents) {
      const agent = this.state.agents.get(id);
      if (agent === undefined || !takesTickets(agent, this.roster) || agent.lookAt > 0) continue;
      this.putAgent(id, { ...agent, lookAt: this.at });
    }
  }

  /** After a change these agents stand where they belong in the lines of those who are free. */
  #reline(agents: readonly (string | undefined)[], change: () => void): void {
    const keysOfAll = (): (readonly [key: string, agent: string])[] => agents.flatMap((id) => {
      const agent = id === undefined ? undefined : this.state.agents.get(id);
      if (agent === undefined) return [];
      return freeKeys(agent, this.roster, this.state.lanes).map((key) => [key, agent.id] as const);
    });
    const was = keysOfAll();
    change();
    const is = keysOfAll();
    if (was.length === is.length && was.every(([key], i) => key === is[i]?.[0])) return;
    let { free } = this.state.lanes;
    for (const [key] of was) free = free.delete(key);
    for (const [key, agent] of is) free = free.set(key, agent);
    this.set({ lanes: { ...this.state.lanes, free } });
  }
}

const PADDED = padded(0).length;

function moved(lanes: Lanes, id: string, was: TicketKeys, is: TicketKeys): Lanes {
  const next: { -readonly [L in keyof Lanes]: Lanes[L] } = { ...lanes };
  for (const name of ['waiting', 'held', 'places', 'queue', 'open', 'due'] as const) {
    const from = was[name];
    const to = is[name];
    if (from === to) continue;
    if (from !== undefined) next[name] = next[name].delete(from);
    if (to !== undefined) next[name] = next[name].set(to, name === 'due' ? `t${id}` : id);
  }
  return next;
}
