/**
 * One client's line to the gateway, over all the gateway's lives: what has no answer yet is said again, in its order and
 * under its id, as soon as there is a socket.
 */
import { monotonicFactory } from 'ulid';
import { msgpack } from '../../sdk/protocol/codec.ts';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import { Wire, type Turn } from '../bench/wire.ts';

/** Where the gateway is, and when. */
export interface Station {
  readonly port: number;
  readonly turn: Turn;
  /** Resolves while the gateway serves, as far as whoever kills it knows. */
  up(): Promise<void>;
  failed(error: unknown): void;
}

/** Of a send, a command or an act; `seq` is 0 for an act. */
export type Answer = { done: true; seq: number } | { done: false; code: number; detail: string };
type Ask = Extract<Said, { t: 'send' | 'command' | 'act' }>;

/** Refusals below this are for now. */
const FOR_GOOD = 1_100;

export class Line {
  /** Whatever is told and is no answer. */
  hear: (told: Told) => void = () => {};
  /** A new connection has been greeted. */
  greeted: () => void = () => {};
  /** Of ids: each is higher than the one before. */
  readonly nextId = monotonicFactory();
  readonly #station: Station;
  readonly #token: () => Promise<string>;
  readonly #device: string;
  readonly #unanswered = new Map<string, { ask: Ask; settle(answer: Answer): void }>();
  #wire: Wire | undefined;
  #closed = false;

  /** @param device one that is known already; default: a new one */
  constructor(station: Station, token: (device: string) => Promise<string>, device?: string) {
    this.#station = station;
    this.#device = device ?? this.nextId();
    let known: Promise<string> | undefined;
    this.#token = () => (known ??= token(this.#device).catch((error: unknown) => {
      known = undefined;
      throw error;
    }));
    this.#connect().catch((error: unknown) => station.failed(error));
  }

  get quiet(): boolean {
    return this.#unanswered.size === 0;
  }

  ask(ask: Ask): Promise<Answer> {
    return new Promise((settle) => {
      this.#unanswered.set(ask.t === 'send' ? ask.cmid : ask.id, { ask, settle });
      this.say(ask);
    });
  }

  /** Lost when there is no connection. */
  say(said: Said): void {
    this.#wire?.say(msgpack.encodeSaid(said));
  }

  /** Without a connection for so long, in milliseconds. */
  leave(ms: number): void {
    if (this.#wire === undefined) return;
    this.#wire.close();
    this.#wire = undefined;
    setTimeout(() => {
      this.#connect().catch((error: unknown) => this.#station.failed(error));
    }, ms);
  }

  close(): void {
    this.#closed = true;
    this.#wire?.close();
    this.#wire = undefined;
  }

  async #connect(): Promise<void> {
    while (!this.#closed) {
      await this.#station.up();
      try {
        const token = await this.#token();
        // Where there are several, another one each time.
        const { port, turn } = this.#station;
        const wire = await Wire.open(turn, { port, path: '/connect', protocol: msgpack.subprotocol, form: 'binary' });
        if (this.#closed) return wire.close();
        wire.onMessage = (bytes) => {
          for (const told of msgpack.decodeTold(bytes)) this.#told(told, wire);
        };
        wire.onEnd = () => {
          // An error is followed by the end.
          wire.onEnd = () => {};
          this.#wire = undefined;
          this.#connect().catch((error: unknown) => this.#station.failed(error));
        };
        wire.say(msgpack.encodeSaid({ t: 'hello', version: 0, sdk: 'chaos', device: this.#device, token, cursors: [], feed: null, language: null }));
        return;
      } catch {
        // It died meanwhile; whoever killed it says when it is back.
      }
    }
  }

  #told(told: Told, wire: Wire): void {
    switch (told.t) {
      case 'welcome':
        this.#wire = wire;
        this.greeted();
        for (const { ask } of this.#unanswered.values()) this.say(ask);
        return;
      // Its node ends: at once to another.
      case 'goaway': return this.leave(0);
      case 'ping': return this.say({ t: 'pong', at: told.at });
      case 'ack': return this.#settle(told.cmid, { done: true, seq: told.seq });
      case 'result': return this.#settle(told.id, { done: true, seq: 0 });
      case 'nack': return this.#refused(told, wire);
      default: this.hear(told);
    }
  }

  #refused({ ref, code, detail, retryAfterMs }: Extract<Told, { t: 'nack' }>, wire: Wire): void {
    const open = this.#unanswered.get(String(ref));
    if (open === undefined) return this.#station.failed(new Error(`${ref} was refused with ${code}: ${detail}`));
    if (code >= FOR_GOOD) return this.#settle(String(ref), { done: false, code, detail });
    // On another connection it has been said again already.
    setTimeout(() => this.#wire === wire && this.say(open.ask), retryAfterMs);
  }

  #settle(id: string, answer: Answer): void {
    const open = this.#unanswered.get(id);
    this.#unanswered.delete(id);
    open?.settle(answer);
  }
}
