/**
 * Walks on which a flow's machine takes every transition that it can, found with trials: first from whatever shows something
 * new; then, for each transition, with each mishap in turn just before the move that led to it.
 */
import { compile } from '../../machines/flows/compile.ts';
import type { Compiled } from '../../machines/flows/run.ts';
import { Taken } from '../machines/flows/taken.ts';
import { DAY, START } from '../machines/talk.ts';
import { channelOf, CRM, type Tour } from './replay.tours.ts';
import { Trying, type Walk } from './replay.trial.ts';

/** Which of the two there are of a flow: with its own sentences, or with what the contact's field `words` holds. */
export type Wording = 'own' | 'given';
export interface Planned {
  wording: Wording;
  /** Whether the teams and agents are gone that the flow names. */
  lost: boolean;
  at: number;
  walk: readonly Walk[];
}
interface Found extends Planned {
  took: ReadonlySet<string>;
}

interface Way {
  walk: readonly Walk[];
  /** Until the run's next timer. */
  dueMs: number;
}

const BEGIN: readonly Walk[] = [{ do: 'customer', text: 'Hello' }];
const GIVEN = '{{contact.words}}';
const MISHAPS: readonly Walk[] = [{ do: 'fill' }, { do: 'tag' }, { do: 'hours', from: null }, { do: 'hours', from: 12 * 60 }];
/** Situations in which nothing was new. */
const OTHERS_MAX = 30;
/** Beyond it, how long something still takes is all the same. */
const LONG_MS = 2 * DAY;

export function flowOf({ template, form, sentences }: Tour, wording: Wording, crm = CRM) {
  const given = wording === 'own' ? {} : Object.fromEntries(sentences.map((name) => [name, GIVEN]));
  return template.make({ ...form, ...given, ...(typeof form.url === 'string' ? { url: form.url.replace(CRM, crm) } : {}) });
}

export class Plan {
  readonly #tour: Tour;
  readonly #taken = new Taken();
  readonly #compiled: Readonly<Record<Wording, Compiled>>;
  readonly #found: Found[] = [];
  /** By transition, the first way on which it was taken. */
  readonly #first = new Map<string, Found>();

  constructor(tour: Tour) {
    this.#tour = tour;
    this.#compiled = { own: compile(flowOf(tour, 'own')), given: compile(flowOf(tour, 'given')) };
    for (const compiled of Object.values(this.#compiled)) this.#taken.watch(compiled);
  }

  /** As few of them as take all that any takes. */
  walks(): Planned[] {
    for (const at of this.#tour.at ?? [0]) this.#explore(at);
    for (const { walk, ...rest } of [...new Set(this.#first.values())]) {
      const [before, last] = [walk.slice(0, -1), walk.slice(-1)];
      for (const mishap of MISHAPS) this.#try({ ...rest, walk: [...before, mishap, ...last] });
      this.#try({ ...rest, lost: true, walk });
      if (this.#tour.sentences.length === 0) continue;
      const words = (text: string): Walk => ({ do: 'set', fields: { words: text } });
      this.#try({ ...rest, wording: 'given', walk: [words('Well?'), ...before, words(''), ...last] });
    }
    return this.#fewest();
  }

  /** On from whatever has shown something new; from what is only another situation, as far as is worth it. */
  #explore(at: number): void {
    const seen = new Set<string>();
    const known = (this.#tour.known ?? []).map((fields): Way => ({ walk: [{ do: 'set', fields }], dueMs: 0 }));
    const fresh: Way[] = [{ walk: [], dueMs: 0 }, ...known];
    const other: Way[] = [];
    for (let visits = 0; visits < OTHERS_MAX;) {
      const way = fresh.shift() ?? other.shift();
      if (way === undefined) break;
      if (fresh.length === 0) visits++;
      const hasBegun = way.walk.some(({ do: what }) => what === 'customer');
      for (const move of hasBegun ? [...this.#tour.moves, { do: 'pass', ms: way.dueMs } as const] : BEGIN) {
        const walk = [...way.walk, move];
        const before = this.#first.size;
        const led = this.#try({ wording: 'own', lost: false, at, walk });
        if (led === undefined || seen.has(led.key)) continue;
        seen.add(led.key);
        (this.#first.size > before ? fresh : other).push({ walk, dueMs: led.dueMs });
      }
    }
  }

  /** Returns where it led to; undefined when it cannot be walked, or the flow is over. */
  #try(planned: Planned): { key: string; dueMs: number } | undefined {
    const { wording, lost, at, walk } = planned;
    const { id } = this.#tour.template;
    const compiled = this.#compiled[wording];
    const trying = new Trying({ id, compiled, at: START + at, lost, ...channelOf(this.#tour) });
    this.#taken.clear();
    for (const move of walk) {
      const waits = trying.rehearsal.result(null).calls.some(({ answered }) => answered === null);
      // A real caller gives up by itself.
      if (move.do === 'pass' ? waits : move.do === 'stall' && !waits) return undefined;
      if (trying.make(move) !== null) return undefined;
    }
    const found = { ...planned, took: new Set(this.#taken.transitions) };
    this.#found.push(found);
    for (const one of found.took) if (!this.#first.has(one)) this.#first.set(one, found);
    const { runs: [run], ticket, fields, at: now } = trying.rehearsal.result(null);
    if (run === undefined && this.#taken.snapshot !== undefined) return undefined;
    const { tries, jumps } = (this.#taken.snapshot?.context ?? {}) as Record<string, unknown>;
    const dueMs = Math.max((run?.until ?? now) - now, 0);
    return { key: JSON.stringify([run?.step, Math.min(dueMs, LONG_MS), tries, jumps, ticket, fields]), dueMs };
  }

  #fewest(): Planned[] {
    const left = new Set(this.#found.flatMap(({ took }) => [...took]));
    const chosen: Planned[] = [];
    while (left.size > 0) {
      const gain = ({ took }: Found): number => [...took].filter((one) => left.has(one)).length;
      const best = this.#found.reduce((a, b) => (gain(b) > gain(a) ? b : a));
      for (const one of best.took) left.delete(one);
      chosen.push(best);
    }
    return chosen;
  }
}
