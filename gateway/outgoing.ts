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
import type { Soon } from './turn.ts';

/** A frame, encoded. */
export type Bytes = Uint8Array | string;

const THICK_BYTES = 64 * 1024;
const LAGGING_BYTES = 256 * 1024;
const STUCK_MS = 20_000;
/** A message holds at most this much, so that a slow client is noticed between two of them. */
const MESSAGE_BYTES = 60 * 1024;

export interface OutgoingParts {
  ws: WebSocket;
  codec: Codec;
  clock: Clock;
  soon: Soon;
  /** The client has more unread than it should. */
  lagged(): void;
  /** A client that lagged has read what it had. */
  drained(): void;
  /** A frame could not be encoded, which is a fault of ours. */
  failed(error: unknown): void;
}

export class Outgoing {
  readonly #parts: OutgoingParts;
  readonly #flush = (): void => this.flush();
  #waiting: Bytes[] = [];
  #bytes = 0;
  #laggingSince = 0;
  /** When something was last written. */
  saidAt = 0;

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
  }

  say(frame: Told): void {
    this.sayAll(() => [this.#parts.codec.encodeTold(frame)]);
  }

  /** Frames that are made here: whoever speaks is in the middle of something that concerns others too, so a fault stays with this connection. */
  sayAll(make: () => readonly Bytes[]): void {
    let frames: readonly Bytes[];
    try {
      frames = make();
    } catch (error) {
      return this.#parts.failed(error);
    }
    for (const bytes of frames) this.raw(bytes);
  }

  /** Already encoded. */
  raw(bytes: Bytes): void {
    if (this.#waiting.push(bytes) === 1) this.#parts.soon(this.#flush);
    this.#bytes += bytes.length;
    if (this.#bytes >= MESSAGE_BYTES) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const { ws, codec, clock } = this.#parts;
    const message = codec.join(this.#waiting);
    this.#waiting = [];
    this.#bytes = 0;
    if (ws.readyState !== ws.OPEN) return;
    this.saidAt = clock.now();
    if (ws.bufferedAmount >= LAGGING_BYTES) this.#lag();
    ws.send(message, this.#laggingSince === 0 ? ignore : () => this.#progress());
  }

  /** Signals are not worth queueing for. */
  get thick(): boolean {
    return this.#bytes + this.#parts.ws.bufferedAmount > THICK_BYTES;
  }

  /** Events are not pushed any more. */
  get lagging(): boolean {
    const { ws } = this.#parts;
    if (this.#laggingSince === 0 && ws.bufferedAmount > LAGGING_BYTES) {
      this.#lag();
      // An empty write's callback comes when everything before it has left.
      ws.ping(undefined, undefined, () => this.#progress());
    }
    return this.#laggingSince !== 0;
  }

  /** Whether nothing has drained for so long that the socket is better closed; the client resumes. */
  stuck(now: number): boolean {
    return this.#laggingSince !== 0 && now - this.#laggingSince > STUCK_MS;
  }

  #lag(): void {
    if (this.#laggingSince !== 0) return;
    this.#laggingSince = this.#parts.clock.now();
    this.#parts.lagged();
  }

  #progress(): void {
    const { ws, clock, drained } = this.#parts;
    if (this.#laggingSince === 0 || ws.readyState !== ws.OPEN) return;
    if (ws.bufferedAmount < THICK_BYTES) {
      this.#laggingSince = 0;
      drained();
    } else {
      this.#laggingSince = clock.now();
    }
  }
}

/** A failed write is followed by the socket's close, which is where it is handled. */
const ignore = (): void => undefined;
