/**
 * What one socket may say, and whether it is read at all: not while too many of its frames are unanswered, while they come
 * too fast, or while what was said to it lies unread. It then waits in the client's own buffers.
 */
import type { WebSocket } from 'ws';
import { Bucket, type Buckets } from './bucket.ts';
import type { Clock } from './clock.ts';

export type Cause = 'unanswered' | 'tooFast' | 'unread';

export interface IntakeParts {
  ws: WebSocket;
  clock: Clock;
  limits: { framesPerSecond: number; frameBurst: number };
  /** Buckets of persons, shared by all their connections. */
  persons: Buckets;
}

/** A socket whose frames come too fast rests for as long as the next one must wait, within these. */
const REST_MS = { least: 50, most: 1_000 };

export class Intake {
  readonly #parts: IntakeParts;
  readonly #bucket: Bucket;
  readonly #causes = new Set<Cause>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    const { clock, limits } = parts;
    this.#bucket = new Bucket(limits.framesPerSecond, limits.frameBurst, clock.now());
  }

  get open(): boolean {
    return this.#causes.size === 0;
  }

  /** One more frame of this person: 0, or the milliseconds until it may come again. */
  take(person: string): number {
    const { clock, persons } = this.#parts;
    const now = clock.now();
    const wait = this.#bucket.take(now) || persons.of(person, now).take(now);
    if (wait > 0 && this.open) {
      this.stop('tooFast');
      clock.after(Math.min(Math.max(wait, REST_MS.least), REST_MS.most), () => this.goOn('tooFast'));
    }
    return wait;
  }

  stop(cause: Cause): void {
    if (this.open) this.#parts.ws.pause();
    this.#causes.add(cause);
  }

  goOn(cause: Cause): void {
    if (this.#causes.delete(cause) && this.open) this.#parts.ws.resume();
  }

  /** For the last time: a closing socket is read to its end. */
  release(): void {
    this.#causes.clear();
    this.#parts.ws.resume();
  }
}
