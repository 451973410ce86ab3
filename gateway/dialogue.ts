/**
 * What is said on a live connection, in both directions: who may say it, which part of the house answers, and what of
 * all that happens this person is told.
 */
import type { Who } from '../machines/actor.ts';
import type { Codec } from '../sdk/protocol/codec.ts';
import { Refusal, type CodeName } from '../sdk/protocol/codes.ts';
import type { Said } from '../sdk/protocol/frames.ts';
import { Asking } from './asking.ts';
import { keepClaims } from './claims.ts';
import type { Desks } from './desks.ts';
import { Feeding } from './feeding.ts';
import { Following } from './following.ts';
import { contactOf, refOf } from './hear.ts';
import type { Host } from './host.ts';
import type { Fed } from './fed.ts';
import type { Hub, Listener, SignalKind } from './hub.ts';
import { employed, type Identity } from './identity.ts';
import type { Inboxes } from './inbox.ts';
import type { Intake } from './intake.ts';
import type { Bytes, Outgoing } from './outgoing.ts';
import { permit } from './permit.ts';
import type { Presence } from './presence.ts';
import { handOver } from './renewal.ts';
import type { Person } from './neighbours.ts';
import { Seat } from './seat.ts';
import type { Committed } from './shard.ts';
import type { Store } from './store.ts';
import { Watching } from './watching.ts';

export interface DialogueParts {
  host: Host;
  hub: Hub;
  store: Store;
  desks: Desks;
  presence: Presence;
  inboxes: Inboxes;
  codec: Codec;
  intake: Intake;
  out: Outgoing;
  /** Answers a frame with a refusal. */
  refuse(ref: string | number, refusal: Refusal): void;
  /** What concerns the connection itself. */
  renew(token: string): void;
  bye(reason: string): void;
  broke(error: unknown): void;
  close(code: CodeName, detail?: string): void;
}

export class Dialogue implements Listener {
  readonly codec: Codec;
  readonly device: string;
  readonly following: Following;
  readonly #parts: DialogueParts;
  readonly #feeding: Feeding;
  readonly #asking: Asking;
  /** Of an agent. */
  readonly #seat: Seat | undefined;
  readonly #watching: Watching | undefined;
  #identity: Identity;

  constructor(identity: Identity, device: string, parts: DialogueParts) {
    const { host, hub, store, desks, presence, inboxes, codec, intake, out, refuse } = parts;
    this.#identity = identity;
    this.device = device;
    this.codec = codec;
    this.#parts = parts;
    this.following = new Following(host, hub, out, codec, this, () => desks.worldOf(this.workspace).shelf);
    this.#feeding = new Feeding(store, out, this);
    this.#asking = new Asking({ intake, host, following: this.following, out, refuse });
    const desk = desks.of(identity.workspace);
    if (identity.who.role === 'agent' && desk !== undefined) {
      this.#seat = new Seat({ desk, presence, asking: this.#asking, out, listener: this });
    }
    if (identity.who.role === 'agent') {
      this.#watching = new Watching({ inboxes, store, out, codec, workspace: identity.workspace, agent: identity.who.id });
    }
    hub.enter(this);
  }

  get identity(): Identity {
    return this.#identity;
  }

  get who(): Who {
    return this.#identity.who;
  }

  get workspace(): string {
    return this.#identity.workspace;
  }

  /** What the client has of conversations and of its list is brought up to date. */
  begin({ cursors, feed }: Extract<Said, { t: 'hello' }>): void {
    for (const cursor of cursors) this.following.subscribe({ rid: 0, ...cursor });
    void this.#feeding.begin(feed);
    // Whoever does not follow all conversations wants to know how many there are.
    if (feed === null) this.#watching?.begin();
  }

  answer(frame: Exclude<Said, { t: 'hello' }>): void {
    const { intake, out, refuse, renew, bye, broke } = this.#parts;
    const { who, device } = this;
    try {
      const wait = intake.take(contactOf(this.workspace, who.id));
      if (frame.t === 'send') this.#asking.check(frame);
      if (wait > 0) throw new Refusal('rateLimited', '', wait);
      permit(who, frame);
      switch (frame.t) {
        case 'send': return this.#asking.send(frame, who, device);
        case 'command': return this.#asking.command(frame, who, device);
        case 'read': return this.#asking.read(frame, who, device);
        case 'delivered': return this.#asking.delivered(frame, who);
        case 'subscribe': return this.following.subscribe(frame);
        case 'unsubscribe': return this.following.unsubscribe(frame.conversation);
        case 'history': return this.following.history(frame);
        case 'signal': return this.following.signal(frame);
        case 'act': return this.#seat?.act(frame);
        case 'watch': return this.#watching?.watch(frame);
        case 'ping': return out.say({ t: 'pong', at: frame.at });
        case 'pong': return;
        case 'auth': return renew(frame.token);
        case 'bye': return bye(frame.reason);
        default: frame satisfies never;
      }
    } catch (error) {
      if (!(error instanceof Refusal)) return broke(error);
      if (frame.t === 'send') this.#asking.hold(frame, error);
      refuse(refOf(frame), error);
    }
  }

  /** The same person with a new token. */
  renew(identity: Identity): void {
    identity.who.formerly = this.who.formerly ?? [];
    identity.who.language = this.who.language;
    this.#identity = identity;
    void keepClaims(this.#parts.host, identity);
  }

  /** The visitor has signed in. Resolves when their conversations know it. */
  async become(identity: Identity): Promise<void> {
    const { host, hub } = this.#parts;
    const { who: old, workspace } = this.#identity;
    // From here on both names open the visitor's conversations, so none is lost while they change hands.
    identity.who.formerly = [old.id, ...old.formerly ?? []];
    identity.who.language = old.language;
    hub.leave(this);
    this.#identity = identity;
    hub.enter(this);
    // What is proven of the person stands before what was known of the visitor.
    await keepClaims(host, identity);
    await handOver(host, workspace, old.id, identity.who);
    hub.signedIn(workspace, old.id);
  }

  committed(fact: Committed): void {
    this.following.committed(fact);
  }

  signalled(actor: string, from: Person, kind: SignalKind, value: string): void {
    this.following.signalled(actor, from, kind, value);
  }

  fed(rows: readonly Fed[]): void {
    this.#feeding.fed(rows);
  }

  seated(): void {
    this.#seat?.moved();
  }

  configured(rev: number): void {
    try {
      employed(this.#identity, (workspace, agent) => this.#parts.desks.employs(workspace, agent));
      this.#seat?.configured(rev);
    } catch (error) {
      this.#parts.broke(error);
    }
  }

  shown(kind: string, bytes: Bytes): void {
    this.#seat?.shown(kind, bytes);
  }

  close(code: CodeName, detail?: string): void {
    this.#parts.close(code, detail);
  }

  /** The client has read everything. */
  drained(): void {
    this.following.drained();
    this.#feeding.drained();
    this.#seat?.drained();
    this.#watching?.drained();
  }

  end(reason: 'left' | 'offline'): void {
    const { hub, presence } = this.#parts;
    const { actors } = this.following;
    this.following.close();
    hub.leave(this);
    this.#seat?.leave();
    this.#watching?.end();
    if (this.who.role === 'customer') presence.left(this.workspace, this.who, reason, actors);
  }
}
