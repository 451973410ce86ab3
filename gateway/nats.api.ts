/**
 * What JetStream is asked over one connection. Each request has one of three ends: an answer; a denial, which says that it
 * was not done; or silence, after which it may have been done. Those who write must not take one for the other, so they
 * speak JetStream's own words here, in place of the client package's.
 */
import { createInbox, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { Clock } from './clock.ts';
import { messageOf } from './report.ts';

/** No answer came, or none that says anything. */
export class Silence extends Error {
  /** Whether the request may have reached a server. */
  readonly sent: boolean;

  constructor(why: string, sent: boolean, options?: ErrorOptions) {
    super(why, options);
    this.sent = sent;
  }
}

/** JetStream's refusal. */
export class Denial extends Error {
  /** JetStream's own number of the reason. */
  readonly code: number;
  /** Like those of HTTP. */
  readonly status: number;

  constructor(error: { code: number; err_code: number; description: string }) {
    super(error.description);
    this.code = error.err_code;
    this.status = error.code;
  }
}

/** Reasons by number. */
export const DENIED = {
  noPeers: 10005, resourcesOfAccount: 10002, resources: 10023, noMessage: 10037, storage: 10047, tooLarge: 10054,
  noStream: 10059, wrongLast: 10071, store: 10077, wrongLastMaybe: 10164,
} as const;

export interface SendOptions {
  /** Default: 2,000. */
  ms?: number;
  header?: [name: string, value: string];
  /** Whatever else comes is passed over. Default: the first that comes is the answer. */
  isAnswer?(data: Uint8Array): boolean;
}

const ANSWER_MS = 2_000;
/** Elections take 4 to 9 s. */
const PATIENCE_MS = 15_000;
const AGAIN_MS = 200;
/** The word of a request by which a server says that nobody takes it. */
const NO_RESPONDERS = 503;

export class Api {
  readonly nc: NatsConnection;
  readonly clock: Clock;
  /** Where what it asked for comes: the client's own place for that, unless named. */
  readonly inbox: string | undefined;
  readonly #answers: string;
  /** What was asked and has no answer yet, by the end of the subject where its answer comes. */
  readonly #asked = new Map<string, (end: Msg | Silence) => void>();
  #count = 0;
  readonly #changed = new Set<() => void>();
  #connected = true;

  constructor(nc: NatsConnection, clock: Clock, inbox?: string) {
    this.nc = nc;
    this.inbox = inbox;
    this.clock = clock;
    // The client's own requests make an error with its stack for every answer, and a timer of their own.
    this.#answers = `${inbox ?? createInbox()}.ask.`;
    nc.subscribe(`${this.#answers}*`, {
      callback: (error, message) => { if (!error) this.#asked.get(message.subject.slice(this.#answers.length))?.(message); },
    });
    void this.#watch();
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Called when the connection is lost and when it is there again. @returns ends it */
  onChange(call: () => void): () => void {
    this.#changed.add(call);
    return () => this.#changed.delete(call);
  }

  /** Asks once. @throws Silence */
  send(subject: string, payload: Uint8Array | string, more: SendOptions = {}): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      // What waits in the client while it is cut off would come late, and take memory until then.
      if (!this.#connected || this.nc.isClosed()) return reject(new Silence('This node is cut off from NATS.', false));
      const token = (++this.#count).toString(36);
      const cancel = this.clock.after(more.ms ?? ANSWER_MS, () => end(new Silence('JetStream did not answer in time.', true)));
      const end = (what: Msg | Silence): void => {
        if (!(what instanceof Silence) && what.data.length > 0 && more.isAnswer?.(what.data) === false) return;
        this.#asked.delete(token);
        cancel();
        if (what instanceof Silence) reject(what);
        else if (what.data.length > 0 || statusOf(what) !== NO_RESPONDERS) resolve(what.data);
        else reject(new Silence(`JetStream does not answer now (${NO_RESPONDERS}).`, false));
      };
      this.#asked.set(token, end);
      try {
        const header = more.header === undefined ? {} : { headers: headersOf(more.header) };
        this.nc.publish(subject, payload, { reply: this.#answers + token, ...header });
      } catch (error) {
        end(new Silence(`JetStream cannot be asked: ${messageOf(error)}.`, false, { cause: error }));
      }
    });
  }

  /**
   * Asks JetStream for something, once.
   *
   * @param isAnswer Whatever else comes is passed over. Default: the first that comes is the answer.
   * @throws Silence, Denial
   */
  async ask<T>(subject: string, body?: object, isAnswer?: (answer: T) => boolean): Promise<T> {
    const more = isAnswer === undefined ? {} : { isAnswer: (data: Uint8Array) => isDenialOr(data, isAnswer) };
    return answerOf<T>(await this.send(`$JS.API.${subject}`, body === undefined ? '' : JSON.stringify(body), more));
  }

  /** Asks again for as long as an election takes, while no answer comes. @throws the last Silence or Denial */
  async patiently<T>(ask: () => Promise<T>, patience = PATIENCE_MS): Promise<T> {
    const until = this.clock.now() + patience;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!mayPass(error) || this.clock.now() >= until || this.nc.isClosed()) throw error;
        await this.pause(AGAIN_MS);
      }
    }
  }

  /** Resolves after so many milliseconds, or when the connection changes. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => { cancel(); stop(); resolve(); };
      const stop = this.onChange(end);
      const cancel = this.clock.after(ms, end);
    });
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.nc.status()) {
      if (type === 'disconnect') this.#turn(false);
      else if (type === 'reconnect') this.#turn(true);
    }
    this.#turn(false);
  }

  #turn(connected: boolean): void {
    this.#connected = connected;
    if (!connected) for (const end of [...this.#asked.values()]) end(new Silence('The connection to NATS was lost.', true));
    for (const call of [...this.#changed]) call();
  }
}

/** @throws Denial */
export function answerOf<T>(data: Uint8Array): T {
  const answer = JSON.parse(Buffer.from(data).toString()) as T & { error?: ConstructorParameters<typeof Denial>[0] };
  if (answer.error !== undefined) throw new Denial(answer.error);
  return answer;
}

function isDenialOr<T>(data: Uint8Array, isAnswer: (answer: T) => boolean): boolean {
  try {
    return isAnswer(answerOf<T>(data));
  } catch {
    return true;
  }
}

/** A message that the server sends about a request, in place of one that was asked for. */
export function statusOf(message: Msg): number {
  return message.headers?.code ?? 0;
}

function headersOf(header: [name: string, value: string]): ReturnType<typeof headers> {
  const set = headers();
  set.set(...header);
  return set;
}

function mayPass(error: unknown): boolean {
  return error instanceof Silence || (error instanceof Denial && (error.status >= 500 || error.code === DENIED.noPeers));
}
