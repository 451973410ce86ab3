/**
 * The desks of all workspaces of this node: begun at start, followed in whatever they commit, and whom a change concerns
 * is told.
 */
import type { ActorCommand } from '../machines/actor.ts';
import { touched, type DeskCommand, type DeskState } from '../machines/desk.ts';
import type { Shelf } from '../machines/flows/run.ts';
import { deskOf } from '../machines/routing.ts';
import type { World } from '../machines/world.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { BulletinParts } from './bulletin.ts';
import { Desk } from './desk.ts';
import type { Host } from './host.ts';
import type { Hub } from './hub.ts';
import { misfits } from './settings.fit.ts';
import type { Sections } from './settings.sections.ts';
import type { Settings } from './settings.ts';
import type { Committed } from './shard.ts';
import { nowhere, Unnamed } from './world.ts';

const REPORTED_MAX = 10;

export class Desks {
  readonly #desks: ReadonlyMap<string, Desk>;
  readonly #settings: Settings;
  readonly #hub: Hub;
  readonly #parts: Omit<BulletinParts, 'make'>;
  /** Workspaces that are in use though the settings do not name them, said once each. */
  readonly #unnamed = new Set<string>();

  /** @param shelfOf the flows of a workspace that are live now. */
  constructor(settings: Settings, hub: Hub, parts: Omit<BulletinParts, 'make'>, shelfOf: (workspace: string) => Shelf) {
    this.#settings = settings;
    this.#hub = hub;
    this.#parts = parts;
    this.#desks = new Map(Object.entries(settings.workspaces).map(([id, workspace]) =>
      [id, new Desk(id, workspace, parts, () => shelfOf(id))]));
  }

  [Symbol.iterator](): Iterator<Desk> {
    return this.#desks.values();
  }

  of(workspace: string): Desk | undefined {
    return this.#desks.get(workspace);
  }

  /** Takes every desk as this node's copy of the log has it, until it hears more; resolves when all are known that there are. */
  async look(host: Pick<Host, 'known'>): Promise<void> {
    await Promise.all(Array.from(this.#desks, async ([workspace, desk]) => {
      const state = await new Promise<unknown>((resolve) => { host.known(deskOf(workspace), resolve); });
      if (state !== undefined) desk.take(state as DeskState);
    }));
  }

  /** Tells every desk that this node starts, with what its file says; resolves when all have taken it. */
  async begin(host: Host, node: string): Promise<void> {
    await Promise.all(Object.entries(this.#settings.workspaces).map(async ([workspace, { file, defaults }]) => {
      const actor = deskOf(workspace);
      await this.#tell(host, actor, { type: 'begin', node, file, defaults });
      const state = await new Promise<unknown>((resolve) => { host.peek(actor, resolve); });
      const desk = this.#desks.get(workspace);
      if (state === undefined || desk === undefined) return;
      desk.take(state as DeskState);
      for (const misfit of misfits(desk.sections).slice(0, REPORTED_MAX)) {
        const mend = 'correct the file, or the section in the console';
        this.#parts.report('warn', 'settings do not fit together', { workspace, problem: misfit.say(), mend });
      }
    }));
  }

  /** A durable change of a desk: whom it concerns hears of it. */
  committed({ actor, before, state }: Committed): void {
    const desk = this.#desks.get(actor.slice(actor.indexOf('/') + 1));
    if (desk === undefined) return;
    const after = state as DeskState;
    const configured = desk.take(after);
    for (const agent of touched(before as DeskState | undefined, after)) {
      for (const listener of this.#hub.of(desk.workspace, agent)) listener.seated();
    }
    if (configured) for (const listener of this.#hub.agents(desk.workspace)) listener.configured(desk.said?.rev ?? 0);
    desk.board.changed();
  }

  /** What conversations are to know of their workspace. */
  worldOf(workspace: string): World {
    return this.#desks.get(workspace)?.world ?? nowhere(workspace, () => this.#missed(workspace));
  }

  #missed(workspace: string): void {
    if (this.#unnamed.has(workspace)) return;
    this.#unnamed.add(workspace);
    this.#parts.report('error', 'something is said in a workspace that the settings of this node do not name: give all nodes the same', { workspace });
  }

  /** @throws Error for a workspace that is not in the settings */
  sectionsOf(workspace: string): Sections {
    const desk = this.#desks.get(workspace);
    if (desk === undefined) throw new Unnamed(`there is no workspace ${workspace}`);
    return desk.sections;
  }

  /** Whether any workspace lists this web origin: all that can be said before one is known. */
  knows(origin: string): boolean {
    return [...this.#desks.values()].some(({ origins }) => origins.has(origin));
  }

  /** Whether the settings name this agent, by the id that they have inside. */
  employs(workspace: string, agent: string): boolean {
    return this.#desks.get(workspace)?.employs(agent) === true;
  }

  /** @param origin undefined for the gateway's own pages and for apps, which may always embed */
  allows(workspace: string, origin: string | undefined): boolean {
    return origin === undefined || this.#desks.get(workspace)?.origins.has(origin) === true;
  }

  async #tell(host: Host, actor: string, command: DeskCommand): Promise<void> {
    const answer = await host.insist(actor, command satisfies ActorCommand);
    if (!(answer instanceof Refusal)) return;
    this.#parts.report('error', 'a desk cannot begin: its agents get no tickets', { actor, why: answer.name });
  }
}
