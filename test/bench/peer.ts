/** A client of Parley's own protocol with nothing to spare, through its own codec: one greeted socket. */
import { msgpack } from '../../sdk/protocol/codec.ts';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import { Wire, type Turn } from './wire.ts';

export interface At {
  port: number;
  turn: Turn;
  /** Who is told when it ends, or is refused what it did not expect to be. */
  ear: { failed(why: string): void };
}

export class Peer {
  hear: (told: Told) => void = () => {};
  refused: (nack: Extract<Told, { t: 'nack' }>) => void = ({ code, detail }) => this.#ear.failed(`Refused with ${code}: ${detail}`);
  /** Bytes of what it was told. */
  bytes = 0;
  readonly #wire: Wire;
  readonly #ear: At['ear'];

  private constructor(wire: Wire, ear: At['ear']) {
    this.#wire = wire;
    this.#ear = ear;
    wire.onEnd = (why) => ear.failed(why);
    wire.onMessage = (bytes) => {
      this.bytes += bytes.length;
      for (const told of msgpack.decodeTold(bytes)) this.#told(told);
    };
  }

  /** @param feed a position in the changes of all conversations, to follow them all. */
  static async open({ port, turn, ear }: At, device: string, token: string, feed: { store: string; n: number } | null = null): Promise<Peer> {
    const wire = await Wire.open(turn, { port, path: '/connect', protocol: msgpack.subprotocol, form: 'binary' });
    const peer = new Peer(wire, ear);
    peer.say({ t: 'hello', version: 0, sdk: 'bench', device, token, cursors: [], feed, language: null });
    await peer.next('welcome');
    return peer;
  }

  readonly say = (said: Said): void => this.#wire.say(msgpack.encodeSaid(said));

  /** Resolves with the next frame of this kind. */
  next<T extends Told['t']>(kind: T): Promise<Extract<Told, { t: T }>> {
    return new Promise((resolve) => {
      this.hear = (told) => {
        if (told.t === kind) resolve(told as Extract<Told, { t: T }>);
      };
    });
  }

  close(): void {
    this.#wire.close();
  }

  #told(told: Told): void {
    if (told.t === 'nack') this.refused(told);
    else if (told.t === 'ping') this.say({ t: 'pong', at: told.at });
    else this.hear(told);
  }
}

export async function visitorToken(port: number, device: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/auth/visitor`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ device }),
  });
  const body = await answer.json() as { token?: string };
  if (body.token === undefined) throw new Error(`No visitor's token: ${answer.status} ${JSON.stringify(body)}`);
  return body.token;
}
