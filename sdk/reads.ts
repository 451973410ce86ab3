/** How far this person has read, and what reached this device: told once a second at most, and not forgotten offline. */
import type { House } from './house.ts';
import { read } from './storage.ts';

interface Read {
  seq: number;
  n: number;
}

const PREFIX = 'read/';
const PACE_MS = 1_000;
const AT_ONCE = 50;

export class Reads {
  readonly #house: House;
  /** Read here and not yet confirmed by the server; these are in storage. */
  readonly #reads = new Map<string, Read>();
  readonly #unsent = new Set<string>();
  readonly #delivered = new Map<string, number>();
  #paused: (() => void) | null = null;

  constructor(house: House) {
    this.#house = house;
  }

  async load(): Promise<void> {
    const { storage, list } = this.#house;
    for (const key of await storage.keys(PREFIX)) {
      const [seq, n] = ((await read(storage, key)) ?? [0, 0]) as [number, number];
      const id = key.slice(PREFIX.length);
      if (seq > (this.#reads.get(id)?.seq ?? 0)) this.#reads.set(id, { seq, n });
      list.touch(id);
    }
  }

  of(conversation: string): Read {
    return this.#reads.get(conversation) ?? { seq: 0, n: 0 };
  }

  read(conversation: string, read: Read): void {
    if (read.seq <= this.of(conversation).seq) return;
    this.#reads.set(conversation, read);
    this.#unsent.add(conversation);
    void this.#house.keep(PREFIX + conversation, [read.seq, read.n]);
    this.#flush();
    this.#house.list.touch(conversation);
  }

  /** The server knows. */
  confirmed(conversation: string, seq: number): void {
    if (!this.#reads.has(conversation) || seq < this.of(conversation).seq) return;
    this.#reads.delete(conversation);
    this.#unsent.delete(conversation);
    void this.#house.keep(PREFIX + conversation, null);
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
    this.#reads.clear();
    this.#unsent.clear();
    this.#delivered.clear();
    for (const key of await this.#house.storage.keys(PREFIX)) await this.#house.keep(key, null);
  }

  #flush(): void {
    if (this.#paused !== null) return;
    const marks = [...this.#delivered].slice(0, AT_ONCE);
    let busy = marks.length > 0 && this.#house.send({ t: 'delivered', marks });
    if (busy) for (const [id] of marks) this.#delivered.delete(id);
    for (const conversation of [...this.#unsent].slice(0, AT_ONCE)) {
      if (!this.#house.send({ t: 'read', conversation, ...this.of(conversation) })) break;
      busy = this.#unsent.delete(conversation);
    }
    if (!busy) return;
    this.#paused = this.#house.after(PACE_MS, () => {
      this.#paused = null;
      this.#flush();
    });
  }
}
