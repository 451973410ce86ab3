/** Which web origins may embed which workspace. The gateway's own pages, and apps, which have no origin, always may. */
import type { Settings } from './settings.ts';

export class Origins {
  readonly #byWorkspace = new Map<string, ReadonlySet<string>>();

  constructor({ workspaces }: Pick<Settings, 'workspaces'>) {
    for (const [workspace, { sections: { allowedOrigins } }] of Object.entries(workspaces)) {
      this.#byWorkspace.set(workspace, new Set(allowedOrigins.map((url) => new URL(url).origin)));
    }
  }

  /** Whether any workspace lists it: all that can be said before one is known. */
  known(origin: string): boolean {
    return [...this.#byWorkspace.values()].some((origins) => origins.has(origin));
  }

  /** @param origin undefined for the gateway's own pages and for apps */
  allows(workspace: string, origin: string | undefined): boolean {
    return origin === undefined || this.#byWorkspace.get(workspace)?.has(origin) === true;
  }
}
