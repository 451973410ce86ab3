/**
 * A workspace's desk: its settings, its agents, and the tickets that wait for them or are with them. It decides whom to
 * propose; the conversation alone decides whose it is.
 */
import type { ActorCommand, ActorState, Kind, Who } from './actor.ts';
import type { Stands } from './routing.ts';
import type { Agent } from './ticket.ts';
import type { Right } from './workspace.ts';

export type DeskCommand =
  /** A node starts: sections of its file are locked and win, `defaults` stand where nobody has set anything. */
  | { type: 'begin'; node: string; file: Readonly<Record<string, unknown>>; defaults: Readonly<Record<string, unknown>> }
  /** The first socket of an agent on a node has come, the last one has gone. */
  | { type: 'here'; agent: Agent; node: string }
  | { type: 'gone'; agent: string; node: string }
  /** These nodes live; agents of all others have lost their connection at this moment. */
  | { type: 'nodes'; alive: readonly string[] }
  | { type: 'act'; who: Who; id: string; name: string; args: Readonly<Record<string, unknown>> }
  /** `rev`: the revision that the change was made upon. */
  | { type: 'configure'; who: Who; section: string; value: unknown; rev: number }
  | Stands
  | { type: 'timer'; owner: string; id: string; gen: number }
  | { type: 'effectDone'; n: number };

/** What a section may be: its value, made whole; or what is wrong with it, in words for the person who wrote it. */
export type Check = (section: string, value: unknown, sections: Readonly<Record<string, unknown>>)
=> { value: unknown } | { problem: string };

export interface DeskState extends ActorState {
  readonly v: 1;
}

export interface DeskView {
  status: string;
  since: number;
  right: Right;
  lanes: [group: string, held: number, limit: number][];
  offers: {
    offer: number; conversation: string; until: number; team: string; channel: string; priority: number; contact: string;
    from: string; note: string;
  }[];
}

export interface BoardView {
  at: number;
  teams: { team: string; waiting: number; since: number; open: number }[];
  agents: { id: string; name: string; status: string; here: boolean; open: number; held: number; limit: number }[];
  hours: [from: number, waiting: number, answered: number, responseMs: number, opened: number, solved: number][];
}

export interface Sections {
  sections: Readonly<Record<string, unknown>>;
  revs: Readonly<Record<string, number>>;
  locked: readonly string[];
  /** Grows with every change of any section. */
  rev: number;
}

export function desk(_check: Check): Kind<DeskState> {
  return {
    prefix: 'd',
    step: (_id, old, _command: ActorCommand, at) => ({ state: old ?? { v: 1, timers: [], outbox: [] }, lines: [], reply: { seq: 0, n: 0, at, repeated: false } }),
    mayRepeat: () => undefined,
    freeze: (state) => JSON.stringify(state),
    thaw: (json) => JSON.parse(json) as DeskState,
  };
}

/** How one agent stands. */
export function deskView(_state: DeskState, _agent: string): DeskView {
  return { status: 'online', since: 0, right: 'agent', lanes: [], offers: [] };
}

/** How all teams and agents stand. */
export function boardView(_state: DeskState, at: number): BoardView {
  return { at, teams: [], agents: [], hours: [] };
}

/** Ids of the agents whose `deskView` may differ between two states. */
export function touched(_before: DeskState | undefined, _after: DeskState): string[] {
  return [];
}

export function sectionsOf(_state: DeskState): Sections {
  return { sections: {}, revs: {}, locked: [], rev: 0 };
}

export function rightOf(_state: DeskState, _agent: string): Right {
  return 'agent';
}
