/** A client's connection as its node has it, beyond greeting and bytes: what it asks, what it follows, what it is told. */
import type { Who } from '../../machines/actor.ts';
import { Asking } from '../../gateway/asking.ts';
import { Following } from '../../gateway/following.ts';
import type { Host } from '../../gateway/host.ts';
import type { Hub, Listener } from '../../gateway/hub.ts';
import type { Intake } from '../../gateway/intake.ts';
import type { Outgoing } from '../../gateway/outgoing.ts';
import type { Presence } from '../../gateway/presence.ts';
import { tellRefusal } from '../../gateway/tell.ts';
import { refOf } from '../../gateway/hear.ts';
import type { Soon } from '../../gateway/turn.ts';
import { NO_FLOWS } from '../../machines/flows/run.ts';
import { msgpack } from '../../sdk/protocol/codec.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import { WORKSPACE } from './workspace.ts';

export interface EdgeParts {
  host: Host;
  hub: Hub;
  presence: Presence;
  soon: Soon;
  who: Who;
  /** Towards the client, in order. */
  tell(frames: readonly Told[]): void;
}

export class Edge implements Listener {
  readonly who: Who;
  readonly workspace = WORKSPACE;
  readonly codec = msgpack;
  readonly #parts: EdgeParts;
  readonly #following: Following;
  readonly #asking: Asking;
  #waiting: Told[] = [];
  #ended = false;

  constructor(parts: EdgeParts) {
    const { host, hub, who } = parts;
    this.#parts = parts;
    this.who = who;
    const out = {
      lagging: false, thick: false, saidAt: 0, say: (frame: Told) => this.#say(frame),
      raw: (bytes: Uint8Array) => { for (const frame of msgpack.decodeTold(bytes)) this.#say(frame); },
    } as unknown as Outgoing;
    this.#following = new Following(host, hub, out, msgpack, this, () => NO_FLOWS);
    const intake = { stop: () => undefined, goOn: () => undefined } as unknown as Intake;
    this.#asking = new Asking({ intake, host, following: this.#following, out, refuse: (ref, refusal) => this.#say(tellRefusal(ref, refusal)) });
    hub.enter(this);
    if (who.role === 'agent') parts.presence.come(WORKSPACE, who);
  }

  hear(frame: Said): void {
    if (this.#ended) return;
    try {
      switch (frame.t) {
        case 'send':
          this.#asking.check(frame);
          return this.#asking.send(frame, this.who, this.who.id);
        case 'command': return this.#asking.command(frame, this.who, this.who.id);
        case 'subscribe': return this.#following.subscribe(frame);
        case 'ping': return this.#say({ t: 'pong', at: frame.at });
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (frame.t === 'send') this.#asking.hold(frame, error);
      this.#say(tellRefusal(refOf(frame), error));
    }
  }

  /** The connection is gone. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#following.close();
    this.#parts.hub.leave(this);
    if (this.who.role === 'agent') this.#parts.presence.leave(WORKSPACE, this.who);
  }

  committed(...facts: Parameters<Listener['committed']>): void {
    this.#following.committed(...facts);
  }

  signalled(): void {}
  fed(): void {}
  seated(): void {}
  configured(): void {}
  shown(): void {}
  close(): void {}

  #say(frame: Told): void {
    if (this.#ended || this.#waiting.push(frame) > 1) return;
    this.#parts.soon(() => {
      const frames = this.#waiting;
      this.#waiting = [];
      if (!this.#ended) this.#parts.tell(frames);
    });
  }
}
