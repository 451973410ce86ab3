/**
 * The bus between nodes of one process: for a node alone, for tests, and for the simulator, which decides what arrives when.
 * As with a server in the middle: a node is connected or not, and who listens is known there.
 */
import type { Bus } from './bus.ts';

/** A word on its way. */
export interface Passage {
  /** The node that says it; '' for what the network itself tells: nobody listens, you are heard from now on. */
  from: string;
  to: string;
  subject: string;
  /** Its length. */
  bytes: number;
}

export interface NetworkOptions {
  /**
   * Decides when a word arrives: calls `arrive` later, or never. From one node to another they must arrive in order; what
   * the network itself tells must arrive. Default: all in order, in a later turn of the loop.
   */
  carry?(passage: Passage, arrive: () => void): void;
  /** Default: 8 MiB. */
  bytesMax?: number;
}

type Hear = (bytes: Uint8Array, answer: (bytes: Uint8Array) => void) => void;
type Carry = NonNullable<NetworkOptions['carry']>;

export class MemoryNetwork {
  readonly bytesMax: number;
  readonly carry: Carry;
  readonly #links = new Map<string, Link>();

  constructor({ carry = inOrder(), bytesMax = 8 * 1024 * 1024 }: NetworkOptions) {
    this.carry = carry;
    this.bytesMax = bytesMax;
  }

  /** Puts a node on the network. @throws RangeError when there is, or was, one of this name */
  bus(node: string): Bus {
    if (this.#links.has(node)) throw new RangeError(`There is a node ${node} already.`);
    const link = new Link(node, this);
    this.#links.set(node, link);
    return link;
  }

  /** Breaks the node's connection, and both ends notice: it says and hears nothing, and others find nobody there. */
  cut(node: string): void {
    this.#links.get(node)?.lose();
  }

  heal(node: string): void {
    this.#links.get(node)?.find();
  }

  /** The node dies: nobody listens there any more, and nothing is ever told to it. */
  kill(node: string): void {
    void this.#links.get(node)?.close();
  }

  /** Everyone who listens on a subject now and can be reached. */
  *listeners(subject: string): Generator<{ link: Link; hear: Hear; ended(): boolean }> {
    for (const link of this.#links.values()) {
      if (!link.connected) continue;
      const heard = link.heard.get(subject);
      for (const hear of heard ?? []) yield { link, hear: hear.call, ended: () => !heard?.has(hear) };
    }
  }
}

export function memoryNetwork(options: NetworkOptions = {}): MemoryNetwork {
  return new MemoryNetwork(options);
}

/** The end of one node. */
class Link implements Bus {
  readonly #node: string;
  readonly #network: MemoryNetwork;
  #state: 'connected' | 'cut' | 'closed' = 'connected';
  /** What was on its way to this node when its connection broke does not arrive over the next one. */
  #connection = 0;
  readonly heard = new Map<string, Set<{ call: Hear }>>();
  readonly #asks = new Set<(answer: Uint8Array | undefined) => void>();
  readonly #calls = new Set<(connected: boolean) => void>();
  #waiting: { begin(): void; refuse(why: Error): void }[] = [];

  constructor(node: string, network: MemoryNetwork) {
    this.#node = node;
    this.#network = network;
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  get bytesMax(): number {
    return this.#network.bytesMax;
  }

  publish(subject: string, bytes: Uint8Array): void {
    this.#say(subject, bytes, () => undefined);
  }

  ask(subject: string, bytes: Uint8Array, heard: (answer: Uint8Array | undefined) => void): () => void {
    const told = (answer: Uint8Array | undefined): void => {
      if (!this.#asks.has(told)) return;
      if (answer === undefined) this.#asks.delete(told);
      heard(answer);
    };
    this.#asks.add(told);
    const reached = this.#say(subject, bytes, (from, answer) => {
      if (from.connected && this.connected) this.arrives(from.#node, subject, new Uint8Array(answer), told);
    });
    // The network tells it, not the connection: a node that is cut off knows it by itself.
    if (!reached) this.#network.carry({ from: '', to: this.#node, subject, bytes: 0 }, () => told(undefined));
    return () => { this.#asks.delete(told); };
  }

  listen(subject: string, hear: Hear): Promise<() => void> {
    const listener = { call: hear };
    return new Promise((resolve, refuse) => {
      const begin = (): void => {
        const heard = this.heard.get(subject) ?? new Set();
        this.heard.set(subject, heard.add(listener));
        const ends = (): void => {
          heard.delete(listener);
          if (heard.size === 0 && this.heard.get(subject) === heard) this.heard.delete(subject);
        };
        this.#network.carry({ from: '', to: this.#node, subject, bytes: 0 }, () => resolve(ends));
      };
      if (this.#state === 'connected') begin();
      else if (this.#state === 'cut') this.#waiting.push({ begin, refuse });
      else refuse(new Error('The bus is closed.'));
    });
  }

  onConnection(call: (connected: boolean) => void): () => void {
    this.#calls.add(call);
    return () => { this.#calls.delete(call); };
  }

  /** The connection breaks. */
  lose(): void {
    if (this.#state !== 'connected') return;
    this.#state = 'cut';
    this.#connection++;
    for (const call of [...this.#calls]) call(false);
    for (const told of [...this.#asks]) told(undefined);
  }

  /** It is there again, and who listens here is known again. */
  find(): void {
    if (this.#state !== 'cut') return;
    this.#state = 'connected';
    for (const { begin } of this.#waiting.splice(0)) begin();
    for (const call of [...this.#calls]) call(true);
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    this.#connection++;
    this.heard.clear();
    this.#asks.clear();
    this.#calls.clear();
    for (const { refuse } of this.#waiting.splice(0)) refuse(new Error('The bus is closed.'));
  }

  /** A word comes to this node over the connection that it has now, or not at all. */
  arrives(from: string, subject: string, bytes: Uint8Array, told: (bytes: Uint8Array) => void): void {
    const connection = this.#connection;
    this.#network.carry({ from, to: this.#node, subject, bytes: bytes.length }, () => {
      if (this.#connection === connection) told(bytes);
    });
  }

  /** Whether it goes to anybody. */
  #say(subject: string, bytes: Uint8Array, answered: (from: Link, answer: Uint8Array) => void): boolean {
    if (bytes.length > this.bytesMax) throw new RangeError(`A word on ${subject} has ${bytes.length} bytes; ${this.bytesMax} fit.`);
    if (!this.connected) return false;
    const copy = new Uint8Array(bytes);
    let reached = false;
    for (const { link, hear, ended } of this.#network.listeners(subject)) {
      reached = true;
      link.arrives(this.#node, subject, copy, (word) => {
        if (!ended()) hear(word, (answer) => answered(link, answer));
      });
    }
    return reached;
  }
}

/** Words arrive in the order in which they were said, all that were said in one turn in the next. */
function inOrder(): Carry {
  let waiting: (() => void)[] = [];
  return (_, arrive) => {
    if (waiting.push(arrive) > 1) return;
    setImmediate(() => {
      const arrived = waiting;
      waiting = [];
      for (const each of arrived) each();
    });
  };
}
