/** How far this person has read, and what reached this device: told once a second at most, and not forgotten offline. */
import type { Clock } from './clock.ts';
import type { Said } from './protocol/frames.ts';
import { read, type Storage } from './storage.ts';

interface Read {
  seq: number;
  n: number;
}

export interface ReadsOptions {
  storage: Storage;
  clock: Clock;
  /** False when there is no live connection. */
  send(frame: Said): boolean;
  /** A conversation as the live connection names it. */
  target(conversation: string): string | number;
  changed(conversation: string): void;
}

const PREFIX = 'read/';
const PACE_MS = 1_000;
const AT_ONCE = 50;

export class Reads {
  readonly #options: ReadsOptions;
  /** Read here and not yet confirmed by the server; these are in storage. */
  readonly #reads = new Map<string, Read>();
  readonly #unsent = new Set<string>();
  readonly #delivered = new Map<string, number>();
  #paused: (() => void) | null = null;

  constructor(options: ReadsOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { storage, changed } = this.#options;
    for (const key of await storage.keys(PREFIX)) {
      const [seq, n] = ((await read(storage, key)) ?? [0, 0]) as [number, number];
      const id = key.slice(PREFIX.length);
      if (seq > (this.#reads.get(id)?.seq ?? 0)) this.#reads.set(id, { seq, n });
      changed(id);
    }
  }

  of(conversation: string): Read {
    return this.#reads.get(conversation) ?? { seq: 0, n: 0 };
  }

  read(conversation: string, read: Read): void {
    if (read.seq <= this.of(conversation).seq) return;
    this.#reads.set(conversation, read);
    this.#unsent.add(conversation);
    void this.#options.storage.set(PREFIX + conversation, JSON.stringify([read.seq, read.n])).catch(() => {});
    this.#flush();
    this.#options.changed(conversation);
  }

  /** The server knows. */
  confirmed(conversation: string, seq: number): void {
    if (!this.#reads.has(conversation) || seq < this.of(conversation).seq) return;
    this.#reads.delete(conversation);
    this.#unsent.delete(conversation);
    void this.#options.storage.delete(PREFIX + conversation).catch(() => {});
  }

  delivered(conversation: string, seq: number): void {
    this.#delivered.set(conversation, seq);
    this.#flush();
  }

  /** A new connection: what was not confirmed is told again. */
  restart(): void {
    for (const conversation of this.#reads.keys()) this.#unsent.add(conversation);
    this.#flush();
  }

  /** Nothing of it is left, in storage neither. */
  async forget(): Promise<void> {
    const { storage } = this.#options;
    this.#reads.clear();
    this.#unsent.clear();
    this.#delivered.clear();
    for (const key of await storage.keys(PREFIX)) await storage.delete(key);
  }

  #flush(): void {
    if (this.#paused !== null) return;
    const { send, target, clock } = this.#options;
    const marks = [...this.#delivered].slice(0, AT_ONCE);
    let busy = false;
    if (marks.length > 0 && send({ t: 'delivered', marks: marks.map(([id, seq]) => [target(id), seq]) })) {
      busy = true;
      for (const [id] of marks) this.#delivered.delete(id);
    }
    for (const id of [...this.#unsent].slice(0, AT_ONCE)) {
      if (!send({ t: 'read', conversation: target(id), ...this.of(id) })) break;
      busy = true;
      this.#unsent.delete(id);
    }
    if (!busy) return;
    this.#paused = clock.after(PACE_MS, () => {
      this.#paused = null;
      this.#flush();
    });
  }
}
