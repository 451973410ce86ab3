/**
 * A wire between one node and one NATS server that can be cut, go deaf in one direction, or be slow: everything that a
 * network does to a connection and that a kernel without netem cannot.
 *
 * Deaf is not cut: the connection stays, what is said waits, as it does in a sender's TCP buffer, and comes when the wire
 * is mended.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { portOf } from '../port.ts';

/** `up`: from whoever dials to the server; `down`: back. */
export type Way = 'up' | 'down';

interface Held {
  due: number;
  bytes: Buffer;
}

export class Relay {
  readonly #target: number;
  readonly #server = createServer({ pauseOnConnect: true }, (near) => this.#take(near));
  readonly #pairs = new Set<Pair>();
  readonly #deaf = new Set<Way>();
  #cut = false;
  #delayMs = 0;

  private constructor(target: number) {
    this.#target = target;
  }

  /** @param target a port of this machine */
  static async open(target: number): Promise<Relay> {
    const relay = new Relay(target);
    await portOf(relay.#server);
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection, and refuses new ones. */
  cut(): void {
    this.#cut = true;
    for (const pair of this.#pairs) pair.end();
  }

  /** Nothing more passes this way, and nobody is told. */
  deafen(way: Way): void {
    this.#deaf.add(way);
  }

  /** Whatever is said from now on takes so long. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** As new; what was held back comes now. */
  heal(): void {
    this.#cut = false;
    this.#delayMs = 0;
    this.#deaf.clear();
    for (const pair of this.#pairs) pair.go();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(near: Socket): void {
    if (this.#cut) return void near.resetAndDestroy();
    const far = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    near.setNoDelay(true);
    const pair = new Pair(near, far, (way) => this.#deaf.has(way), () => this.#delayMs);
    this.#pairs.add(pair);
    near.once('close', () => this.#pairs.delete(pair));
  }
}

/** One connection, both ways. */
class Pair {
  readonly #ends: Readonly<Record<Way, { from: Socket; to: Socket; held: Held[]; timer: NodeJS.Timeout | undefined }>>;
  readonly #isDeaf: (way: Way) => boolean;
  readonly #delay: () => number;

  constructor(near: Socket, far: Socket, isDeaf: (way: Way) => boolean, delay: () => number) {
    this.#ends = {
      up: { from: near, to: far, held: [], timer: undefined }, down: { from: far, to: near, held: [], timer: undefined },
    };
    this.#isDeaf = isDeaf;
    this.#delay = delay;
    for (const way of ['up', 'down'] as const) this.#join(way);
    near.resume();
  }

  go(): void {
    this.#pass('up');
    this.#pass('down');
  }

  end(): void {
    for (const { from } of Object.values(this.#ends)) from.resetAndDestroy();
  }

  #join(way: Way): void {
    const { from, to, held } = this.#ends[way];
    from.on('data', (bytes: Buffer) => {
      held.push({ due: Date.now() + this.#delay(), bytes });
      this.#pass(way);
    });
    // An error is followed by close.
    from.on('error', () => undefined);
    from.on('close', (broken: boolean) => (broken ? to.resetAndDestroy() : to.end()));
  }

  #pass(way: Way): void {
    const end = this.#ends[way];
    clearTimeout(end.timer);
    if (this.#isDeaf(way)) return void end.from.pause();
    const now = Date.now();
    while (end.held[0] !== undefined && end.held[0].due <= now) end.to.write(end.held.shift()?.bytes ?? '');
    if (end.held[0] !== undefined) end.timer = setTimeout(() => this.#pass(way), end.held[0].due - now);
    if (end.to.writableNeedDrain) {
      end.from.pause();
      end.to.once('drain', () => end.from.resume());
    } else if (end.from.isPaused()) end.from.resume();
  }
}
