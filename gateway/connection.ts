/**
 * One socket: bytes in, frames heard, answers out. It greets, authorises, and keeps a client's sends in their order.
 *
 * Whatever bytes arrive, the outcome is a frame, a code of the table, or silence; never an exception.
 */
import { ulid } from 'ulid';
import type { RawData, WebSocket } from 'ws';
import type { Who } from '../machines/actor.ts';
import type { Codec } from '../sdk/protocol/codec.ts';
import { CODES, Refusal, type CodeName } from '../sdk/protocol/codes.ts';
import type { Said } from '../sdk/protocol/frames.ts';
import { Asking } from './asking.ts';
import type { Buckets } from './bucket.ts';
import type { Clock } from './clock.ts';
import { Feeding } from './feeding.ts';
import { Following } from './following.ts';
import { admit, welcome, type Upgraded } from './greeting.ts';
import { contactOf, hearGone, refOf } from './hear.ts';
import type { Host } from './host.ts';
import type { Fed, Hub, Listener, SignalKind } from './hub.ts';
import type { Identities, Identity } from './identity.ts';
import { Intake } from './intake.ts';
import type { Origins } from './origins.ts';
import { Outgoing } from './outgoing.ts';
import { permit } from './permit.ts';
import { handOver, hasSignedIn } from './renewal.ts';
import type { Report } from './report.ts';
import type { Settings } from './settings.ts';
import type { Committed } from './shard.ts';
import type { Store } from './store.ts';
import type { Soon } from './turn.ts';

export interface ConnectionParts {
  host: Host;
  hub: Hub;
  store: Store;
  identities: Identities;
  origins: Origins;
  settings: Settings;
  clock: Clock;
  report: Report;
  soon: Soon;
  /** Buckets of persons, shared by all their connections. */
  persons: Buckets;
  closed(connection: Connection): void;
}

const HELLO_MS = 5_000;
const REAUTH_MS = 60_000;
/** How long a customer may be away before the conversation hears that they left. */
const GONE_GRACE_MS = 30_000;
const REFUSED_MAX = 1_000;
const FIRST = 'the first frame is HELLO';

type Standing =
  | { at: 'greeting' }
  | { at: 'verifying' }
  | { at: 'live'; device: string; identity: Identity; reauthAsked: boolean }
  | { at: 'closed' };

export class Connection implements Listener {
  readonly #ws: WebSocket;
  readonly #codec: Codec;
  readonly #origin: string | undefined;
  readonly #parts: ConnectionParts;
  readonly #id = ulid();
  readonly #intake: Intake;
  readonly #out: Outgoing;
  readonly #following: Following;
  readonly #feeding: Feeding;
  readonly #asking: Asking;
  #standing: Standing = { at: 'greeting' };
  /** Frames that came while a token was being verified. */
  #early: Said[] = [];
  #refused = 0;
  readonly #openedAt: number;
  #heardAt: number;
  #leftBy: 'left' | 'offline' = 'offline';

  constructor({ ws, codec, origin }: Upgraded, parts: ConnectionParts) {
    this.#ws = ws;
    this.#codec = codec;
    this.#origin = origin;
    this.#parts = parts;
    const { clock, settings: { limits } } = parts;
    this.#openedAt = this.#heardAt = clock.now();
    this.#intake = new Intake({ ws, clock, limits, persons: parts.persons });
    this.#out = new Outgoing({
      ws, codec, clock, soon: parts.soon,
      lagged: () => this.#intake.stop('unread'),
      drained: () => { this.#intake.goOn('unread'); this.#following.drained(); this.#feeding.drained(); },
      failed: (error) => this.#broke(new Error(`a frame could not be encoded: ${String(error)}`)),
    });
    this.#following = new Following(parts.host, parts.hub, this.#out, codec, this);
    this.#feeding = new Feeding(parts.store, this.#out, this);
    const refuse = (ref: string | number, refusal: Refusal): void => this.#refuse(ref, refusal);
    this.#asking = new Asking({ intake: this.#intake, host: parts.host, following: this.#following, out: this.#out, refuse });
    ws.on('message', (data, binary) => this.#message(data, binary));
    ws.on('close', () => this.#closed());
    // An error is always followed by close, which is where it is handled.
    ws.on('error', () => undefined);
  }

  get who(): Who {
    if (this.#standing.at === 'live') return this.#standing.identity.who;
    return { role: 'system', id: '', name: '', identified: false };
  }

  get workspace(): string {
    return this.#standing.at === 'live' ? this.#standing.identity.workspace : '';
  }

  committed(fact: Committed): void {
    this.#following.committed(fact);
  }

  signalled(actor: string, from: Who, kind: SignalKind, value: string): void {
    this.#following.signalled(actor, from, kind, value);
  }

  fed(rows: readonly Fed[]): void {
    this.#feeding.fed(rows);
  }

  present(people: readonly { id: string; name: string }[]): void {
    this.#out.say({ t: 'presence', people: people.slice(0, 500) });
  }

  /** Called about once a second by the node's one wheel. */
  beat(now: number): void {
    const { heartbeatMs } = this.#parts.settings;
    if (this.#standing.at === 'greeting' && now - this.#openedAt >= HELLO_MS) return this.close('helloTimeout');
    // Whom we do not read we cannot hear.
    if (!this.#intake.open) this.#heardAt = now;
    if (now - this.#heardAt > 2 * heartbeatMs) return this.close('noHeartbeat');
    if (this.#out.stuck(now)) return this.close('tooSlow');
    if (this.#standing.at !== 'live') return;
    const { identity: { expires }, reauthAsked } = this.#standing;
    if (now >= expires) return this.close('tokenExpired');
    if (!reauthAsked && now >= expires - REAUTH_MS) {
      this.#standing.reauthAsked = true;
      this.#out.say({ t: 'reauth', deadlineMs: expires - now });
    }
    if (now - this.#out.saidAt >= heartbeatMs - 1_000) {
      this.#out.say({ t: 'ping', at: now, heads: this.#following.heads(now - 4 * heartbeatMs) });
    }
  }

  /** Asks the client to go to another node. */
  goAway(deadlineMs: number, spreadMs: number): void {
    this.#out.say({ t: 'goaway', code: CODES.goingAway.code, deadlineMs, spreadMs });
    this.#out.flush();
  }

  close(code: CodeName, detail = ''): void {
    if (this.#standing.at === 'closed') return;
    this.#out.flush();
    // 123 bytes is what a close frame can carry; the reason never holds what a client sent.
    this.#ws.close(CODES[code].code, `${code}${detail === '' ? '' : `: ${detail}`}`.slice(0, 120));
    this.#intake.release();
    this.#parts.clock.after(2_000, () => this.#ws.terminate());
    this.#closed();
  }

  #message(data: RawData, binary: boolean): void {
    this.#heardAt = this.#parts.clock.now();
    const bytes = data as Buffer;
    // React Native on Android sends an empty binary frame for a ping.
    if (this.#standing.at === 'closed' || bytes.length === 0) return;
    try {
      if (binary !== this.#codec.binary) throw new Refusal('badFrame', `${this.#codec.subprotocol} messages are ${this.#codec.binary ? 'binary' : 'text'}`);
      const frames = this.#codec.decodeSaid(binary ? bytes : bytes.toString('utf8'), (ref, refusal) => {
        if (this.#standing.at === 'greeting') throw new Refusal('outOfOrder', FIRST);
        this.#refuse(ref, refusal);
      });
      for (const frame of frames) this.#hear(frame);
    } catch (error) {
      if (error instanceof Refusal) return this.close(error.code >= 4000 ? error.name : 'badFrame', error.detail);
      this.#broke(error);
    }
  }

  #hear(frame: Said): void {
    switch (this.#standing.at) {
      case 'closed': return;
      case 'verifying':
        if (this.#early.push(frame) > 200) this.close('outOfOrder', 'too many frames before WELCOME');
        return;
      case 'greeting':
        if (frame.t !== 'hello') return this.close('outOfOrder', FIRST);
        if (frame.version > 1_000) return this.close('versionUnsupported');
        this.#standing = { at: 'verifying' };
        return this.#greet(frame);
      case 'live':
        if (frame.t === 'hello') return this.close('outOfOrder', 'HELLO is said once');
        this.#answer(frame, this.#standing.identity.who, this.#standing.device);
    }
  }

  #greet(hello: Extract<Said, { t: 'hello' }>): void {
    admit(hello, this.#origin, this.#parts).then((identity) => {
      if (this.#standing.at !== 'verifying') return;
      this.#standing = { at: 'live', device: hello.device, identity, reauthAsked: false };
      this.#welcome(identity);
      this.#parts.hub.enter(this);
      for (const cursor of hello.cursors) this.#following.subscribe({ rid: 0, ...cursor });
      void this.#feeding.begin(hello.feed);
      for (const frame of this.#early.splice(0)) this.#hear(frame);
    }).catch((error: unknown) => this.#broke(error));
  }

  #welcome(identity: Identity): void {
    const { clock, settings: { heartbeatMs }, store } = this.#parts;
    this.#out.say(welcome({ connection: this.#id, now: clock.now(), heartbeatMs, epoch: store.id }, identity));
  }

  #answer(frame: Exclude<Said, { t: 'hello' }>, who: Who, device: string): void {
    const ref = refOf(frame);
    try {
      const wait = this.#intake.take(contactOf(this.workspace, who.id));
      if (frame.t === 'send') this.#asking.check(frame);
      if (wait > 0) throw new Refusal('rateLimited', '', wait);
      permit(who, frame);
      switch (frame.t) {
        case 'send': return this.#asking.send(frame, who, device);
        case 'command': return this.#asking.command(frame, who, device);
        case 'read': return this.#asking.read(frame, who, device);
        case 'delivered': return this.#asking.delivered(frame, who);
        case 'subscribe': return this.#following.subscribe(frame);
        case 'unsubscribe': return this.#following.unsubscribe(frame.conversation);
        case 'history': return this.#following.history(frame);
        case 'signal': return this.#following.signal(frame);
        case 'watch': case 'act': throw new Refusal('unknownCommand');
        case 'ping': return this.#out.say({ t: 'pong', at: frame.at });
        case 'pong': return;
        case 'auth': return this.#renew(frame.token);
        case 'bye':
          this.#leftBy = frame.reason === 'background' ? 'offline' : 'left';
          return this.#ws.close(1000);
        default: frame satisfies never;
      }
    } catch (error) {
      if (!(error instanceof Refusal)) return this.#broke(error);
      if (frame.t === 'send') this.#asking.hold(frame, error);
      this.#refuse(ref, error);
    }
  }

  #refuse(ref: string | number, refusal: Refusal): void {
    if (this.#standing.at === 'closed') return;
    const { code, retryAfterMs, detail } = refusal;
    if (code >= 4000) return this.close(refusal.name, detail);
    if (code >= 1100 && ++this.#refused > REFUSED_MAX) return this.close('tooManyBadFrames');
    this.#out.say({ t: 'nack', ref, code, retryAfterMs, detail });
  }

  #renew(token: string): void {
    const standing = this.#standing;
    if (standing.at !== 'live') return;
    const { host, hub, identities } = this.#parts;
    identities.verify(token, standing.device).then(async (identity) => {
      const { who: old, workspace } = standing.identity;
      const signedIn = hasSignedIn(standing.identity, identity);
      if (this.#standing !== standing) return;
      // From here on both names open the visitor's conversations, so none is lost while they change hands.
      identity.who.formerly = signedIn ? [old.id, ...old.formerly ?? []] : old.formerly ?? [];
      hub.leave(this);
      this.#standing = { ...standing, identity, reauthAsked: false };
      hub.enter(this);
      if (signedIn) {
        await handOver(host, workspace, old.id, identity.who);
        // The visitor's other tabs and devices carry a name that opens nothing any more.
        for (const other of hub.of(workspace, old.id)) other.close('tokenInvalid', 'this visitor has signed in');
      }
      this.#welcome(identity);
    }).catch((error: unknown) => this.#broke(error));
  }

  #broke(error: unknown): void {
    if (error instanceof Refusal) return this.close(error.code >= 4000 ? error.name : 'replaced', error.detail);
    this.#parts.report('error', 'a connection failed', { error: error instanceof Error ? (error.stack ?? error.message) : 'unknown' });
    this.close('replaced');
  }

  #closed(): void {
    const standing = this.#standing;
    if (standing.at === 'closed') return;
    const { host, hub, clock } = this.#parts;
    const actors = this.#following.actors;
    this.#following.close();
    hub.leave(this);
    this.#standing = { at: 'closed' };
    this.#parts.closed(this);
    if (standing.at !== 'live' || standing.identity.who.role !== 'customer') return;
    const { who, workspace } = standing.identity;
    clock.after(GONE_GRACE_MS, () => {
      if (hub.of(workspace, who.id).length > 0) return;
      for (const actor of actors) host.tell(actor, hearGone(this.#leftBy, who), () => undefined);
    });
  }
}
