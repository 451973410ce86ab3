/**
 * The bus over core NATS. The server knows who listens, so whoever asks where nobody does is told at once, and a process that
 * dies takes its listeners with it. Where several servers stand together, the others know a listener a moment later than
 * its own: until then they say that nobody listens, and whoever asks tries again anyway.
 */
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Bus } from './bus.ts';
import { PAYLOAD_LEAST } from './nats.fit.ts';

export interface NatsBusParts {
  /** Whoever opened it closes it, after the bus. */
  connection: NatsConnection;
  /** The cluster's: stands before every subject, so that two clusters on one NATS never hear each other. */
  name: string;
  /** Where answers for this node come, and for nobody else: a subject that no other connection uses. */
  inbox: string;
}

type Heard = (answer: Uint8Array | undefined) => void;

/** In the header of what the server itself answers when nobody listens. */
const NO_RESPONDERS = 503;

export function natsBus(parts: NatsBusParts): Bus {
  return new NatsBus(parts);
}

class NatsBus implements Bus {
  /** What every server must take, whatever one of them would take besides. */
  readonly bytesMax = PAYLOAD_LEAST;
  readonly #connection: NatsConnection;
  readonly #prefix: string;
  readonly #inbox: string;
  #state: 'connected' | 'cut' | 'closed' = 'connected';
  readonly #heard = new Set<Subscription>();
  readonly #asks = new Map<string, Heard>();
  #asked = 0;
  readonly #calls = new Set<(connected: boolean) => void>();
  /** Listeners that wait for the connection, or for the end. */
  #waiting: { go(): void; refuse(why: Error): void }[] = [];

  constructor({ connection, name, inbox }: NatsBusParts) {
    this.#connection = connection;
    this.#prefix = `parley.${name}.`;
    this.#inbox = `${inbox}.bus.`;
    this.#heard.add(connection.subscribe(`${this.#inbox}*`, { callback: (error, message) => { if (!error) this.#answered(message); } }));
    void this.#watch();
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  publish(subject: string, bytes: Uint8Array): void {
    this.#say(this.#prefix + subject, bytes);
  }

  ask(subject: string, bytes: Uint8Array, heard: Heard): () => void {
    const token = (++this.#asked).toString(36);
    const said = this.#say(this.#prefix + subject, bytes, this.#inbox + token);
    this.#asks.set(token, heard);
    if (!said) setImmediate(() => this.#tell(token, undefined));
    return () => { this.#asks.delete(token); };
  }

  async listen(subject: string, hear: (bytes: Uint8Array, answer: (bytes: Uint8Array) => void) => void): Promise<() => void> {
    if (this.#state === 'closed') throw closed();
    let refused: Error | undefined;
    const heard = this.#connection.subscribe(this.#prefix + subject, {
      callback: (error, message) => {
        if (error) refused = error;
        else if (!heard.isClosed()) safely(() => hear(message.data, (answer) => { if (message.reply) this.#say(message.reply, answer); }));
      },
    });
    this.#heard.add(heard);
    await this.#reached();
    if (refused) throw new Error(`NATS does not let this node listen: ${refused.message}.`, { cause: refused });
    return () => {
      this.#heard.delete(heard);
      heard.unsubscribe();
    };
  }

  onConnection(call: (connected: boolean) => void): () => void {
    this.#calls.add(call);
    return () => { this.#calls.delete(call); };
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    // What was said before waits for its turn in the client, which forgets it when its connection ends; so does a frozen
    // server's, within seconds.
    const said = this.connected ? this.#connection.flush().catch(() => undefined) : undefined;
    this.#state = 'closed';
    this.#asks.clear();
    this.#calls.clear();
    for (const heard of this.#heard) heard.unsubscribe();
    this.#heard.clear();
    for (const { refuse } of this.#waiting.splice(0)) refuse(closed());
    await said;
  }

  /**
   * Whether it could leave. The client would keep some of what is said while it is cut off, and say it late: what is
   * late here is wrong.
   */
  #say(subject: string, bytes: Uint8Array, reply?: string): boolean {
    if (bytes.length > this.bytesMax) throw new RangeError(`A word on ${subject} has ${bytes.length} bytes; ${this.bytesMax} fit.`);
    if (!this.connected) return false;
    // The client sends it at the end of this turn, as it is then.
    this.#connection.publish(subject, new Uint8Array(bytes), reply === undefined ? {} : { reply });
    return true;
  }

  #answered(message: Msg): void {
    const nobody = message.data.length === 0 && message.headers?.code === NO_RESPONDERS;
    this.#tell(message.subject.slice(this.#inbox.length), nobody ? undefined : message.data);
  }

  #tell(token: string, answer: Uint8Array | undefined): void {
    const heard = this.#asks.get(token);
    if (heard === undefined) return;
    if (answer === undefined) this.#asks.delete(token);
    safely(() => heard(answer));
  }

  /** The server knows everything that was said to it until now, listeners among it. */
  async #reached(): Promise<void> {
    for (;;) {
      const there = await this.#connection.flush().then(() => true, () => false);
      if (this.#state === 'closed') throw closed();
      if (there) return;
      // Cut off meanwhile; after that the client makes all its listeners known again.
      if (this.#state === 'cut') await new Promise<void>((go, refuse) => { this.#waiting.push({ go, refuse }); });
    }
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === 'disconnect' || type === 'close') this.#lose();
      else if (type === 'reconnect') this.#find();
    }
    await this.close();
  }

  #lose(): void {
    if (this.#state !== 'connected') return;
    this.#state = 'cut';
    for (const call of [...this.#calls]) call(false);
    for (const token of [...this.#asks.keys()]) this.#tell(token, undefined);
  }

  #find(): void {
    if (this.#state !== 'cut') return;
    this.#state = 'connected';
    for (const { go } of this.#waiting.splice(0)) go();
    for (const call of [...this.#calls]) call(true);
  }
}

function closed(): Error {
  return new Error('The bus is closed.');
}

/** The client stops reading for good when one of its callbacks throws: the error must not pass through it. */
function safely(call: () => void): void {
  try {
    call();
  } catch (error) {
    setImmediate(() => { throw error; });
  }
}
