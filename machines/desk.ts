/**
 * A workspace's desk: its settings, its agents, and the tickets that wait for them or are with them. It decides whom to
 * propose; the conversation alone decides whose it is.
 *
 * One pure reducer. Its state is large and lies in parts, of which a record holds those that a step has changed.
 */
import { done, perform, type Act } from './offers.ts';
import type { ActorCommand, Effect, Kind, Refusal, Who } from './actor.ts';
import { ring } from './dues.ts';
import { emptyDesk, Floor, type DeskState, type Section } from './floor.ts';
import { lanesOf, type Desker, type Ticket } from './lanes.ts';
import { match } from './matching.ts';
import { gone, here, nodesGone } from './presence.ts';
import type { Quarter } from './quarters.ts';
import { padded, Roster } from './roster.ts';
import type { Stands } from './routing.ts';
import { begin, configure, valuesOf, type Check, type Elsewhere } from './sections.ts';
import { hear, whole } from './standing.ts';
import type { Agent } from './ticket.ts';
import { Tree } from './tree.ts';

export { availableIn, boardView, deskView, rightOf, touched, waitingIn, type BoardView, type DeskView } from './board.ts';
export { sectionsOf, type Check, type Sections } from './sections.ts';
export type { DeskState } from './floor.ts';

export type DeskCommand =
  /** A node starts: sections of its file are locked and win, `defaults` stand where nobody has set anything. */
  | { type: 'begin'; node: string; file: Readonly<Record<string, unknown>>; defaults: Readonly<Record<string, unknown>> }
  /** The first socket of an agent on a node has come, the last one has gone. */
  | { type: 'here'; agent: Agent; node: string }
  | { type: 'gone'; agent: string; node: string }
  /** These nodes live; agents of all others have lost their connection at this moment. */
  | { type: 'nodes'; alive: readonly string[] }
  | ({ type: 'act' } & Act)
  /** `rev`: the revision that the change was made upon. */
  | { type: 'configure'; who: Who; section: string; value: unknown; rev: number }
  | Stands
  | { type: 'timer'; owner: string; id: string; gen: number }
  | { type: 'effectDone'; n: number };

/** The parts of a state, by the beginning of their keys. */
const PARTS = { tickets: 't/', agents: 'a/', sections: 's/', quarters: 'q/' } as const;
type PartName = keyof typeof PARTS;
const OUTBOX = 'e/';

const partOf = (key: string): PartName | 'outbox' => (Object.keys(PARTS) as PartName[]).find((one) => key.startsWith(PARTS[one])) ?? 'outbox';
const idOf = (key: string): string => key.slice(OUTBOX.length);
const kept = (ticket: Ticket): Ticket => ({ ...ticket, standing: whole(ticket.standing) });

/** @param check whether a section may be what an administrator wants @param elsewhere what else would suffer by it */
export function desk(check: Check, elsewhere: Elsewhere = () => undefined): Kind<DeskState> {
  /** What the command itself changes. */
  function take(floor: Floor, command: DeskCommand): Refusal | 'repeated' | void {
    switch (command.type) {
      case 'begin': return begin(floor, command.node, command.file, command.defaults);
      case 'here': return here(floor, command.agent, command.node);
      case 'gone': return gone(floor, command.agent, command.node);
      case 'nodes': return nodesGone(floor, (node) => !command.alive.includes(node));
      case 'act': return done(floor, command) ? 'repeated' : perform(floor, command);
      case 'configure': return configure(floor, check, elsewhere, command);
      case 'stands': return hear(floor, command);
      case 'timer': return ring(floor);
      case 'effectDone': return floor.carriedOut(command.n);
      default: throw new Error(`a desk does not take ${String((command satisfies never as ActorCommand).type)}`);
    }
  }

  return {
    prefix: 'd',
    step(id, old, command, at) {
      const floor = new Floor(id, old ?? emptyDesk(), at);
      const refused = take(floor, command as DeskCommand);
      if (typeof refused === 'object') return refused;
      floor.resume();
      match(floor);
      return { state: floor.done(), lines: [], reply: { seq: 0, n: 0, at, repeated: refused === 'repeated' } };
    },
    // An agent's acts are remembered with the agent.
    mayRepeat: () => undefined,
    freeze({ v, effects, carried, paused, offers, turns, gen, timers, rev, locked }) {
      return JSON.stringify({ v, effects, carried, paused, offers, turns, gen, timers, rev, locked });
    },
    *parts(state, before) {
      for (const [name, prefix] of Object.entries(PARTS) as [PartName, string][]) {
        const is: Tree<unknown> = state[name];
        for (const [key, value] of is.since(before?.[name] ?? Tree.of())) {
          yield [prefix + key, value === undefined ? null : JSON.stringify(value)];
        }
      }
      if (state.outbox === before?.outbox) return;
      const was = new Set(before?.outbox);
      for (const effect of state.outbox) {
        if (!was.delete(effect)) yield [OUTBOX + padded(effect.n), JSON.stringify(effect)];
      }
      for (const { n } of was) yield [OUTBOX + padded(n), null];
    },
    thaw(json, parts = new Map()) {
      const found: Record<PartName | 'outbox', [string, unknown][]> = { tickets: [], agents: [], sections: [], quarters: [], outbox: [] };
      for (const [key, part] of [...parts].sort(([a], [b]) => (a < b ? -1 : 1))) found[partOf(key)].push([idOf(key), JSON.parse(part)]);
      const tickets = Tree.of((found.tickets as [string, Ticket][]).map(([id, ticket]) => [id, kept(ticket)]));
      const agents = Tree.of(found.agents as [string, Desker][]);
      const sections = Tree.of(found.sections as [string, Section][]);
      const quarters = Tree.of(found.quarters as [string, Quarter][]);
      const roster = new Roster(valuesOf(sections));
      return {
        ...JSON.parse(json) as DeskState, outbox: found.outbox.map(([, effect]) => effect as Effect),
        tickets, agents, sections, quarters, roster, lanes: lanesOf(tickets, agents, roster),
      };
    },
    renew(state, json, changed) {
      // What moves a ticket or an agent here moves it in the lanes, as it did where the step was taken.
      const floor = new Floor('', state, 0);
      const effects = new Map(state.outbox.map((effect) => [padded(effect.n), effect]));
      let { sections, quarters } = state;
      for (const [key, part] of changed) {
        const id = idOf(key);
        const is: unknown = part === null ? null : JSON.parse(part);
        switch (partOf(key)) {
          case 'tickets': floor.putTicket(id, is === null ? null : kept(is as Ticket)); break;
          case 'agents': floor.putAgent(id, is as Desker | null); break;
          case 'sections': sections = is === null ? sections.delete(id) : sections.set(id, is as Section); break;
          case 'quarters': quarters = is === null ? quarters.delete(id) : quarters.set(id, is as Quarter); break;
          case 'outbox': if (is === null) effects.delete(id); else effects.set(id, is as Effect);
        }
      }
      const core = JSON.parse(json) as DeskState;
      const { tickets, agents, lanes } = floor.state;
      const roster = sections === state.sections ? state.roster : new Roster(valuesOf(sections));
      return {
        ...core, locked: core.locked.join() === state.locked.join() ? state.locked : core.locked,
        outbox: [...effects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, effect]) => effect),
        tickets, agents, sections, quarters, roster, lanes: roster === state.roster ? lanes : lanesOf(tickets, agents, roster),
      };
    },
  };
}
