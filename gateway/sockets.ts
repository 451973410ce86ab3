/** The sockets of this node: counted, kept warm by one wheel, and sent away together when it ends. */
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';

const BEAT_MS = 1_000;
/** On the way to other nodes, so that these are not all met at once: two milliseconds for each, but no less than half a second. */
const SPREAD_MS = { each: 2, least: 500 };

export class Sockets {
  readonly #clock: Clock;
  readonly #connections = new Set<Connection>();
  #stopBeat: () => void = () => undefined;
  #emptied: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
  }

  remove(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#emptied();
  }

  get size(): number {
    return this.#connections.size;
  }

  /** By who is at the other end. */
  counts(): Record<Connection['role'], number> {
    const counts = { agent: 0, customer: 0, greeting: 0 };
    for (const { role } of this.#connections) counts[role]++;
    return counts;
  }

  /** Heartbeats, from now on. */
  start(): void {
    const beat = (): void => {
      const now = this.#clock.now();
      for (const connection of this.#connections) connection.beat(now);
      this.#stopBeat = this.#clock.after(BEAT_MS, beat);
    };
    this.#stopBeat = this.#clock.after(BEAT_MS, beat);
  }

  /**
   * Asks every client to go to another node, and resolves when they have, or so many milliseconds have passed. They open
   * their next socket before they leave this one, so what they do meanwhile goes on here.
   */
  async sendAway(withinMs: number): Promise<void> {
    // Half of the time is for the last of them to get there.
    const spreadMs = Math.min(withinMs / 2, Math.max(SPREAD_MS.least, this.size * SPREAD_MS.each));
    for (const connection of this.#connections) connection.goAway(withinMs, Math.round(spreadMs));
    if (this.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(withinMs, resolve);
      this.#emptied = () => { cancel(); resolve(); };
    });
  }

  /** Says that there is nowhere else to go, and that this node will be back. */
  warn(withinMs: number): void {
    for (const connection of this.#connections) connection.goAway(withinMs, 0);
  }

  /** Closes those that are still here. */
  close(): void {
    this.#stopBeat();
    for (const connection of [...this.#connections]) connection.close('goingAway');
  }
}
