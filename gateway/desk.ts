/** One workspace's desk as it was last committed: its settings, who has which right, and how agents stand. */
import { boardView, deskView, rightOf, sectionsOf, type DeskState, type DeskView, type Sections as Said } from '../machines/desk.ts';
import type { Right } from '../machines/workspace.ts';
import type { Shelf } from '../machines/flows/run.ts';
import type { Styles } from '../machines/style.ts';
import type { World } from '../machines/world.ts';
import { Bulletin, type BulletinParts } from './bulletin.ts';
import type { Sections } from './settings.sections.ts';
import { stylesOf } from './settings.styles.ts';
import type { Workspace } from './settings.ts';
import { worldAround } from './world.ts';

export class Desk {
  readonly workspace: string;
  /** How all teams and agents stand, for whoever looks. */
  readonly board: Bulletin;
  /** What conversations may know of the workspace. */
  readonly world: World;
  readonly #settings: Workspace;
  #state: DeskState | undefined;
  #said: Said | undefined;
  #sections: Sections;
  #styles: Styles;
  #origins: ReadonlySet<string>;

  constructor(workspace: string, settings: Workspace, forBulletins: Omit<BulletinParts, 'make'>, shelf: () => Shelf) {
    this.workspace = workspace;
    this.#settings = settings;
    this.#sections = settings.sections;
    this.#styles = stylesOf(settings.sections);
    this.world = worldAround(this, shelf);
    this.#origins = originsOf(settings.sections);
    this.board = new Bulletin({
      ...forBulletins,
      make: () => (this.#state === undefined ? undefined : { t: 'board', ...boardView(this.#state, forBulletins.clock.now()) }),
    });
  }

  /** Until the desk has begun: what the file says, and defaults. */
  get sections(): Sections {
    return this.#sections;
  }

  get styles(): Styles {
    return this.#styles;
  }

  /** Undefined until it has begun. */
  get state(): DeskState | undefined {
    return this.#state;
  }

  /** Web origins that may embed the widget. */
  get origins(): ReadonlySet<string> {
    return this.#origins;
  }

  /** Undefined until it has begun. */
  get said(): Said | undefined {
    return this.#said;
  }

  /** Whether the settings name this agent, by the id that they have inside. */
  employs(agent: string): boolean {
    return this.#sections.agents.some(({ id }) => `a_${id}` === agent);
  }

  /** Who signs in first, and invites the others. */
  get admin(): { id: string; name: string } | undefined {
    return this.#sections.agents.find(({ right }) => right === 'admin');
  }

  /** By the id that agents have inside. */
  right(agent: string): Right {
    return this.#state === undefined ? 'agent' : rightOf(this.#state, agent);
  }

  view(agent: string): DeskView | undefined {
    return this.#state === undefined ? undefined : deskView(this.#state, agent);
  }

  /** @returns whether the settings are others now */
  take(state: DeskState): boolean {
    const before = this.#state;
    this.#state = state;
    if (state.sections === before?.sections && state.locked === before.locked) return false;
    const said = this.#said = sectionsOf(state);
    // Every section went through the schema on its way in.
    this.#sections = { ...this.#settings.sections, ...said.sections as Partial<Sections> };
    this.#styles = stylesOf(this.#sections);
    this.#origins = originsOf(this.#sections);
    return true;
  }
}

function originsOf({ allowedOrigins }: Sections): Set<string> {
  return new Set(allowedOrigins.map((url) => new URL(url).origin));
}
