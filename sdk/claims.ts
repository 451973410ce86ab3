/** Which tab sends what: every tab holds a lock while it lives, and takes over from those that no longer do. */
export interface Claims {
  /** This tab. */
  readonly tab: string;
  hold(): void;
  /** Runs `work` once that tab is gone; resolves at once, or after `work` where nobody can know who lives. */
  whenGone(tab: string, work: () => Promise<void>): Promise<void>;
  /** Lets go of the lock. */
  end(): void;
}

interface Locks {
  request(name: string, work: () => Promise<void>): Promise<unknown>;
}

const webLocks = (): Locks | undefined => (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks;

/** By Web Locks where there are any. Without them two tabs may send one message: it has one id, and stands once. */
export function createClaims(tab: string, locks = webLocks()): Claims {
  let release: (() => void) | null = null;
  const awaited = new Set<string>();
  return {
    tab,
    hold() {
      if (release !== null) return;
      const held = new Promise<void>((resolve) => (release = resolve));
      void locks?.request(`parley/${tab}`, () => held).catch(() => {});
    },
    async whenGone(other, work) {
      if (locks === undefined) return work();
      if (awaited.has(other)) return;
      awaited.add(other);
      void locks.request(`parley/${other}`, work).catch(() => {}).finally(() => awaited.delete(other));
    },
    end() {
      release?.();
      release = null;
    },
  };
}
