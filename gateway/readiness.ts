/** Whether a node should be sent clients now, and if not, why: what balancers ask before they choose. */
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';

export interface ReadinessParts {
  bus: Pick<Bus, 'connected' | 'onConnection'>;
  clock: Clock;
  /** Whether the tables have come level with the log. */
  level(): boolean;
}

export type Reason = 'starting' | 'catching up' | 'cut off from NATS' | 'draining';

/** Shorter than this a broken connection mends itself, and nobody needs to move. */
const CUT_MS = 3_000;

export class Readiness {
  readonly #parts: ReadinessParts;
  readonly #stop: () => void;
  #standing: 'starting' | 'serving' | 'draining' = 'starting';
  #isOpen = false;
  #cutSince: number | undefined;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
    const note = (connected: boolean): void => { this.#cutSince = connected ? undefined : this.#cutSince ?? parts.clock.now(); };
    note(parts.bus.connected);
    this.#stop = parts.bus.onConnection(note);
  }

  /** Whoever comes is served with what there is, though nobody should be sent yet. */
  open(): void {
    this.#isOpen = true;
  }

  /** It has started. */
  serve(): void {
    this.#isOpen = true;
    if (this.#standing === 'starting') this.#standing = 'serving';
  }

  /** It is about to end. */
  drain(): void {
    this.#standing = 'draining';
  }

  /** Whether sockets may come: also to a node that is catching up, which serves what it has. */
  get serves(): boolean {
    return this.#isOpen && this.#standing !== 'draining';
  }

  /** Empty when clients are welcome. */
  get reasons(): Reason[] {
    const found: Reason[] = [];
    if (this.#standing !== 'serving') found.push(this.#standing);
    if (!this.#parts.level()) found.push('catching up');
    if (this.#cutSince !== undefined && this.#parts.clock.now() - this.#cutSince > CUT_MS) found.push('cut off from NATS');
    return found;
  }

  close(): void {
    this.#stop();
  }
}
