/** The trial's side of a replay: what is tried, where, and each move as a trial makes it. */
import type { Compiled } from '../../machines/flows/run.ts';
import { Rehearsal } from '../../machines/flows/rehearsal.ts';
import type { Move, Tried } from '../../machines/flows/trial.ts';
import { OFFICE_HOURS, type Hours } from '../../machines/hours.ts';
import { POLICIES } from '../../machines/style.ts';
import { FIELDS_ALWAYS, plain } from '../../machines/world.ts';
import { LOBBY, read, TEAMS } from '../machines/flows/templates/stage.ts';

/** What customers and agents do beside what a trial knows, and what befalls a workspace. */
export type ByHand =
  | { do: 'hold' | 'takeOver' }
  /** Of the contact, by their own page. */
  | { do: 'set'; fields: Readonly<Record<string, string>> }
  /** No more fields, no more tags may come; and a request is forgotten until its step gives up, as when a node stood still. */
  | { do: 'fill' | 'tag' | 'stall' }
  /** Every day from then on, null for never. */
  | { do: 'hours'; from: number | null };
export type Walk = Move | ByHand;

export const BEN = { role: 'agent', id: 'a_ben', name: 'Ben', identified: true } as const;
export const WORDS = { id: 'words', name: 'Words', type: 'text', choices: [] } as const;
export const FULL_TAGS = Array.from({ length: 20 }, (_, i) => `tag ${i + 1}`);
/** Longer than any request of these templates may take, with all its tries. */
export const STALL_MS = 35_000;
const FIELDS_MAX = 50;

export interface Setting {
  id: string;
  compiled: Compiled;
  at: number;
  /** Whether the teams and agents are gone that flows name. Default false. */
  lost?: boolean;
  /** Default `web`, which is a chat. */
  channel?: string;
}

export class Trying {
  readonly rehearsal: Rehearsal;
  #hours: Hours = OFFICE_HOURS;

  constructor({ id, compiled, at, lost = false, channel = 'web' }: Setting) {
    const teams = lost ? [LOBBY] : TEAMS;
    const styles = { style: 'chat', channels: { repeat: { style: 'repeat' } }, rules: [], policies: POLICIES, teams } as const;
    const world: Tried['world'] = {
      ...plain(styles), hours: () => this.#hours, fields: [...FIELDS_ALWAYS, WORDS], agent: (own) => (own === 'ben' && !lost ? BEN.name : undefined),
    };
    this.rehearsal = new Rehearsal({ world, id, compiled, read, now: at }, { channel });
  }

  /** Why it could not be made, null if it was. */
  make(move: Walk): string | null {
    switch (move.do) {
      case 'hold': return this.rehearsal.act('status', { status: 'onHold' });
      case 'takeOver': return this.rehearsal.act('accept', {}, BEN);
      case 'set': return this.rehearsal.set(move.fields);
      case 'fill': return this.rehearsal.set(this.filling, 'agent');
      case 'tag': return this.rehearsal.act('tags', { tags: FULL_TAGS });
      case 'stall': return this.rehearsal.move({ do: 'pass', ms: STALL_MS });
      case 'hours': this.#hours = hoursFrom(move.from); return null;
      default: return this.rehearsal.move(move);
    }
  }

  /** So many fields more that there is no room for another. */
  get filling(): Record<string, string> {
    const known = Object.keys(this.rehearsal.result(null).fields).length;
    return Object.fromEntries(Array.from({ length: FIELDS_MAX - known }, (_, i) => [`filling-${i + 1}`, 'x']));
  }
}

export function hoursFrom(from: number | null): Hours {
  return { zone: 'UTC', week: Array.from({ length: 7 }, () => (from === null ? [] : [[from, 24 * 60]] as const)) };
}

export function named(move: Walk): string {
  switch (move.do) {
    case 'pass': return `${move.ms} ms`;
    case 'answer': return String(move.status);
    case 'customer': case 'agent': return `${move.do} ${move.text}`;
    case 'set': return `set ${JSON.stringify(move.fields)}`;
    case 'hours': return move.from === null ? 'nobody is ever there' : `there from minute ${move.from}`;
    default: return move.do;
  }
}

