/**
 * A flow tried out: a conversation with nobody, in memory, where time moves by hand. It is the real conversation and the real
 * contact, with this one flow on the shelf; nothing outside is told or asked, and nothing is kept.
 */
import type { runsShown } from '../shown.ts';
import type { World } from '../world.ts';
import type { Call, Called } from './call.ts';
import type { Json } from './flow.ts';
import { Rehearsal } from './rehearsal.ts';
import type { Compiled } from './run.ts';

/** What a trial begins with. */
export interface Start {
  /** Milliseconds since 1970. Default: now. */
  at?: number | undefined;
  /** Default `web`. */
  channel?: string | undefined;
  /** Of the customer's browser, BCP 47. */
  language?: string | undefined;
  /** Default false. */
  identified?: boolean | undefined;
  /** The contact's. */
  fields?: Readonly<Record<string, string>> | undefined;
  /** Tickets that wait, and agents who could take one, of every team. Default: as it is. */
  waiting?: number | undefined;
  available?: number | undefined;
}

export type Move =
  /** An agent who speaks first begins an outgoing conversation. */
  | { do: 'customer' | 'agent'; text: string }
  /** An agent takes the ticket, or solves it; the customer leaves; the HTTP request that waits longest gets no answer. */
  | { do: 'accept' | 'solve' | 'leave' | 'noAnswer' }
  /** Time goes by, in milliseconds; each timer fires at its moment. */
  | { do: 'pass'; ms: number }
  | { do: 'answer'; status: number; body: Json };

export interface Asked {
  step: string;
  method: string;
  url: string;
  /** Secrets as `{{secrets.<name>}}`. */
  headers: readonly { name: string; value: string }[];
  body: Json | undefined;
  /** Null: not yet. `dropped`: the run ended before. */
  answered: null | 'noAnswer' | 'dropped' | { status: number; body: Json };
}

export interface Trial {
  at: number;
  lines: readonly { at: number; kind: string; author: { role: string; name: string }; text: string; choices: readonly string[] }[];
  runs: ReturnType<typeof runsShown>;
  calls: readonly Asked[];
  fields: Readonly<Record<string, string>>;
  /** Agent: by name. */
  ticket: { status: string; team: string; agent: string | null; priority: number; tags: readonly string[] };
  /** Why the last move could not be made; those behind it were not tried. */
  refused: string | null;
}

/** What is tried, and where. */
export interface Tried {
  /** The workspace's own, as it is now. */
  world: World;
  id: string;
  compiled: Compiled;
  /** What is kept of an answer, or what is wrong with it. */
  read(map: Call['map'], body: Json): Called['outcome'];
  now: number;
}

export const MOVES_MAX = 200;
/** Makes the moves, one after the other, up to the first that is refused. */
export function trial(tried: Tried, start: Start, moves: readonly Move[]): Trial {
  const rehearsal = new Rehearsal(tried, start);
  if (moves.length > MOVES_MAX) return rehearsal.result(`a trial has at most ${MOVES_MAX} moves: begin another`);
  for (const move of moves) {
    const refused = rehearsal.move(move);
    if (refused !== null) return rehearsal.result(refused);
  }
  return rehearsal.result(null);
}
