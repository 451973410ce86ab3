/**
 * The flows of a library as its list shows them. To judge one takes milliseconds, so each is judged again only when
 * something that it rests on has changed, and others have their turn in between.
 */
import { setImmediate } from 'node:timers/promises';
import { parseFlow } from '../machines/flows/schema.ts';
import { liveFlows, versionOf, type Draft, type LibraryState } from '../machines/flows/shelved.ts';
import type { Flows } from './flows.ts';

export interface Glance {
  id: string;
  name: string;
  about: string;
  rev: number;
  /** 0: none. */
  live: number;
  /** Whether the draft says something else than the live version. */
  draft: boolean;
  /** How many the draft has. */
  problems: number;
  versions: number;
  start: string[];
  by: string;
  at: number;
}

export class Glances {
  readonly #flows: Flows;
  readonly #seen = new WeakMap<Draft, { settings: unknown; live: string; glance: Glance }>();

  constructor(flows: Flows) {
    this.#flows = flows;
  }

  /** In the order of their ids. @param settings the workspace's, as one value that is another whenever they are */
  async of(workspace: string, library: LibraryState, settings: unknown): Promise<Glance[]> {
    const live = liveFlows(library).map(({ id, version }) => `${id} ${version}`).join();
    const all: Glance[] = [];
    for (const [id, draft] of library.drafts) {
      if (draft.removed) continue;
      let seen = this.#seen.get(draft);
      if (seen === undefined || seen.settings !== settings || seen.live !== live) {
        seen = { settings, live, glance: this.#look(workspace, library, id, draft) };
        this.#seen.set(draft, seen);
        await setImmediate();
      }
      all.push(seen.glance);
    }
    return all;
  }

  #look(workspace: string, library: LibraryState, id: string, { draft, rev, live, newest, by, at }: Draft): Glance {
    const parsed = parseFlow(draft);
    const flow = versionOf(library, id, live)?.flow;
    return {
      id, ...saidIn(draft, id), rev, live, versions: newest, by, at,
      draft: !('flow' in parsed) || JSON.stringify(parsed.flow) !== JSON.stringify(flow),
      problems: this.#flows.check(workspace, id, draft, liveFlows(library, id)).problems.length,
    };
  }
}

/** What a draft says of itself, however wrong the rest is. */
function saidIn(draft: unknown, id: string): Pick<Glance, 'name' | 'about' | 'start'> {
  const { name, about, start } = (typeof draft === 'object' && draft !== null ? draft : {}) as Readonly<Record<string, unknown>>;
  const triggers = (Array.isArray(start) ? start : []).map((trigger: unknown) => (trigger as { on?: unknown } | null)?.on);
  return {
    name: typeof name === 'string' && name !== '' ? name : id, about: typeof about === 'string' ? about : '',
    start: triggers.filter((on) => typeof on === 'string'),
  };
}
