/**
 * The flows of all workspaces of this node, as their libraries were last committed: what conversations start, and what
 * those that run a version go on with.
 */
import { check } from '../machines/flows/check.ts';
import { compile } from '../machines/flows/compile.ts';
import { libraryOf, type Judges } from '../machines/flows/library.ts';
import { migration } from '../machines/flows/migration.ts';
import type { Compiled, Published, Shelf } from '../machines/flows/run.ts';
import { liveFlows, versionOf, type LibraryState, type Live } from '../machines/flows/shelved.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import { hindranceOf, knownOf } from './flows.fit.ts';
import type { Host } from './host.ts';
import type { Report } from './report.ts';
import type { Sections } from './settings.sections.ts';
import type { Settings } from './settings.ts';
import type { Committed } from './shard.ts';
import { Unnamed } from './world.ts';

export interface FlowsParts {
  workspaces: Settings['workspaces'];
  /** A workspace's settings as they are now. */
  sectionsOf(workspace: string): Sections;
  report: Report;
}

export class Flows implements Judges {
  readonly #parts: FlowsParts;
  readonly #shelves: ReadonlyMap<string, Shelves>;

  constructor(parts: FlowsParts) {
    this.#parts = parts;
    this.#shelves = new Map(Object.keys(parts.workspaces).map((workspace) => [workspace, new Shelves(workspace, parts)]));
  }

  /** Takes every library as this node's copy of the log has it, until it hears more: conversations that come here go on. */
  async look(host: Pick<Host, 'known'>): Promise<void> {
    await Promise.all(Array.from(this.#shelves, async ([workspace, shelves]) => {
      const state = await new Promise<unknown>((resolve) => { host.known(libraryOf(workspace), resolve); });
      if (state !== undefined) shelves.take(state as LibraryState);
    }));
  }

  /** Resolves when every library is known; before that no timer may ring, for a conversation's flow would be missing. */
  async begin(host: Pick<Host, 'insist' | 'peek'>): Promise<void> {
    await Promise.all(Array.from(this.#shelves, async ([workspace, shelves]) => {
      const actor = libraryOf(workspace);
      const answer = await host.insist(actor, { type: 'begin' });
      if (answer instanceof Refusal) {
        const mend = 'conversations with flows take nothing until the node starts with it mended';
        return this.#parts.report('error', 'a library of flows cannot be read: nothing new starts', { workspace, why: answer.name, mend });
      }
      const state = await new Promise<unknown>((resolve) => { host.peek(actor, resolve); });
      shelves.take(state as LibraryState);
    }));
  }

  /** Flows that a file with other settings has left behind run on, and fail where they name what is gone. */
  inspect(): void {
    for (const [workspace, { state }] of this.#shelves) {
      for (const { id, version, flow } of state === undefined ? [] : liveFlows(state)) {
        const [first] = this.check(workspace, id, flow).problems;
        if (first === undefined) continue;
        const problem = `${first.path}: ${first.problem}`;
        const mend = 'publish it anew in the console, or correct the file';
        this.#parts.report('warn', 'a live flow does not fit the settings', { workspace, flow: id, version, problem, mend });
      }
    }
  }

  /** A durable change of a library. */
  committed({ actor, state }: Committed): void {
    this.#shelves.get(actor.slice(actor.indexOf('/') + 1))?.take(state as LibraryState);
  }

  /** @throws Error for a workspace that is not in the settings */
  shelfOf(workspace: string): Shelf {
    return this.#of(workspace);
  }

  /** Undefined for a library that cannot be read. */
  stateOf(workspace: string): LibraryState | undefined {
    return this.#of(workspace).state;
  }

  /** Whether a definition is right in its workspace as that is now. @param live the other flows that are live */
  check(workspace: string, flow: string, definition: unknown, live?: readonly Live[]): ReturnType<typeof check> {
    const state = this.stateOf(workspace);
    const others = live ?? (state === undefined ? [] : liveFlows(state, flow));
    return check(definition, knownOf(flow, this.#parts.sectionsOf(workspace), this.#secretsOf(workspace), others));
  }

  readonly migration = migration;

  /** Why settings may not become these, in one sentence, if flows that are live need something that would go. */
  hindrance(workspace: string, sections: Sections, next: Sections): string | undefined {
    const state = this.stateOf(workspace);
    return state === undefined ? undefined : hindranceOf(state, this.#secretsOf(workspace), sections, next);
  }

  #secretsOf(workspace: string): readonly string[] {
    return Object.keys(this.#parts.workspaces[workspace]?.secrets ?? {});
  }

  #of(workspace: string): Shelves {
    const shelves = this.#shelves.get(workspace);
    if (shelves === undefined) throw new Unnamed(`there is no workspace ${workspace}`);
    return shelves;
  }
}

/** One workspace's. A version is compiled when it is first needed, once. */
class Shelves implements Shelf {
  readonly #workspace: string;
  readonly #parts: FlowsParts;
  readonly #compiled = new Map<string, Compiled>();
  #state: LibraryState | undefined;
  #live: readonly Published[] | undefined;

  constructor(workspace: string, parts: FlowsParts) {
    this.#workspace = workspace;
    this.#parts = parts;
  }

  get state(): LibraryState | undefined {
    return this.#state;
  }

  take(state: LibraryState): void {
    this.#state = state;
    this.#live = undefined;
  }

  get live(): readonly Published[] {
    return this.#live ??= this.#state === undefined ? [] : liveFlows(this.#state).flatMap(({ id, version }) => {
      try {
        const compiled = this.at(id, version);
        return compiled === undefined ? [] : [{ id, version, compiled }];
      } catch (error) {
        // It was found right when it was published: a bug, for which nobody's conversation is to be held back.
        this.#parts.report('error', 'a live flow cannot be compiled and starts nowhere', {
          workspace: this.#workspace, flow: id, version, error: error instanceof Error ? error.message : String(error),
        });
        return [];
      }
    });
  }

  /** Nothing while the library cannot be read: whoever runs a flow is asked again later, rather than robbed of it. */
  at(flow: string, version: number): Compiled | undefined {
    if (this.#state === undefined) return undefined;
    const key = `${flow}/${version}`;
    const compiled = this.#compiled.get(key);
    if (compiled !== undefined) return compiled;
    const found = versionOf(this.#state, flow, version);
    if (found === undefined) return undefined;
    const fresh = compile(found.flow);
    this.#compiled.set(key, fresh);
    return fresh;
  }

  successor(flow: string, version: number): number | undefined {
    let last = version;
    // A successor is newer than whoever goes over to it, so this ends.
    for (let next = version; next > 0;) {
      last = next;
      next = this.#state === undefined ? 0 : versionOf(this.#state, flow, next)?.successor ?? 0;
    }
    return last === version ? undefined : last;
  }
}
