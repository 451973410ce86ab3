/**
 * What leaves by one socket: frames of one turn in one write, and an honest account of a client that does not read.
 *
 * A slow client first loses signals, then events (it is told the heads and pulls at its own pace); only one that drains
 * nothing for long is closed. Nothing durable is dropped: it is in the log.
 */
import type { WebSocket } from 'ws';
import type { Codec } from '../sdk/protocol/codec.ts';
import type { Told } from '../sdk/protocol/frames.ts';
import type { Clock } from './clock.ts';

type Bytes = Uint8Array | string;

const THICK_BYTES = 64 * 1024;
const LAGGING_BYTES = 256 * 1024;
const STUCK_MS = 20_000;
/** A message holds at most this much, so that a slow client is noticed between two of them. */
const MESSAGE_BYTES = 60 * 1024;

export class Outgoing {
  readonly #ws: WebSocket;
  readonly #codec: Codec;
  readonly #clock: Clock;
  readonly #drained: () => void;
  #parts: Bytes[] = [];
  #bytes = 0;
  #laggingSince = 0;
  /** When something was last written. */
  saidAt = 0;

  /** @param drained called when a client that lagged has read what it had. */
  constructor(ws: WebSocket, codec: Codec, clock: Clock, drained: () => void) {
    this.#ws = ws;
    this.#codec = codec;
    this.#clock = clock;
    this.#drained = drained;
  }

  say(frame: Told): void {
    this.raw(this.#codec.encodeTold(frame));
  }

  /** Already encoded. */
  raw(bytes: Bytes): void {
    if (this.#parts.push(bytes) === 1) setImmediate(() => this.flush());
    this.#bytes += bytes.length;
    if (this.#bytes >= MESSAGE_BYTES) this.flush();
  }

  flush(): void {
    if (this.#parts.length === 0) return;
    const parts = this.#parts;
    this.#parts = [];
    this.#bytes = 0;
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.saidAt = this.#clock.now();
    const message = this.#codec.join(parts);
    if (this.#ws.bufferedAmount < LAGGING_BYTES && this.#laggingSince === 0) this.#ws.send(message, ignore);
    else {
      if (this.#laggingSince === 0) this.#laggingSince = this.saidAt;
      this.#ws.send(message, () => this.#progress());
    }
  }

  /** Signals are not worth queueing for. */
  get thick(): boolean {
    return this.#bytes + this.#ws.bufferedAmount > THICK_BYTES;
  }

  /** Events are not pushed any more. */
  get lagging(): boolean {
    if (this.#laggingSince === 0 && this.#ws.bufferedAmount > LAGGING_BYTES) {
      this.#laggingSince = this.#clock.now();
      // An empty write's callback comes when everything before it has left.
      this.#ws.ping(undefined, undefined, () => this.#progress());
    }
    return this.#laggingSince !== 0;
  }

  /** Whether nothing has drained for so long that the socket is better closed; the client resumes. */
  stuck(now: number): boolean {
    return this.#laggingSince !== 0 && now - this.#laggingSince > STUCK_MS;
  }

  #progress(): void {
    if (this.#laggingSince === 0 || this.#ws.readyState !== this.#ws.OPEN) return;
    if (this.#ws.bufferedAmount < THICK_BYTES) {
      this.#laggingSince = 0;
      this.#drained();
    } else {
      this.#laggingSince = this.#clock.now();
    }
  }
}

/** A failed write is followed by the socket's close, which is where it is handled. */
const ignore = (): void => undefined;
