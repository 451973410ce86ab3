/**
 * One socket: bytes in, frames out, and how it stands: greeting, verifying, live, closed.
 *
 * Whatever bytes arrive, the outcome is a frame, a code of the table, or silence; never an exception.
 */
import { ulid } from 'ulid';
import type { RawData, WebSocket } from 'ws';
import type { Codec } from '../sdk/protocol/codec.ts';
import { CODES, Refusal, type CodeName } from '../sdk/protocol/codes.ts';
import type { Said } from '../sdk/protocol/frames.ts';
import type { Buckets } from './bucket.ts';
import type { Clock } from './clock.ts';
import type { Desks } from './desks.ts';
import { Dialogue } from './dialogue.ts';
import { admit, welcome, type Upgraded } from './greeting.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Host } from './host.ts';
import type { Hub } from './hub.ts';
import type { Identities, Identity } from './identity.ts';
import type { Inboxes } from './inbox.ts';
import { Intake } from './intake.ts';
import type { Measures } from './measures.ts';
import { Outgoing } from './outgoing.ts';
import type { Presence } from './presence.ts';
import { hasSignedIn } from './renewal.ts';
import type { Report } from './report.ts';
import type { Settings } from './settings.ts';
import type { Store } from './store.ts';
import { tellRefusal } from './tell.ts';
import type { Soon } from './turn.ts';

export interface ConnectionParts {
  host: Host;
  hub: Hub;
  store: Store;
  identities: Identities;
  desks: Desks;
  presence: Presence;
  inboxes: Inboxes;
  settings: Settings;
  clock: Clock;
  report: Report;
  measures: Pick<Measures, 'slowClient'>;
  soon: Soon;
  /** Buckets of persons, shared by all their connections. */
  persons: Buckets;
  closed(connection: Connection): void;
}

const REFUSED_MAX = 1_000;
const FIRST = 'the first frame is HELLO';

type Standing =
  | { at: 'greeting' }
  | { at: 'verifying' }
  | { at: 'live'; dialogue: Dialogue }
  | { at: 'closed' };

export class Connection {
  readonly #ws: WebSocket;
  readonly #codec: Codec;
  readonly #upgraded: Pick<Upgraded, 'origin' | 'language'>;
  readonly #parts: ConnectionParts;
  readonly #id = ulid();
  readonly #intake: Intake;
  readonly #out: Outgoing;
  readonly #heartbeat: Heartbeat;
  #standing: Standing = { at: 'greeting' };
  /** Frames that came while a token was being verified. */
  #early: Said[] = [];
  #refused = 0;
  #leftBy: 'left' | 'offline' = 'offline';

  constructor({ ws, codec, origin, language }: Upgraded, parts: ConnectionParts) {
    this.#ws = ws;
    this.#codec = codec;
    this.#upgraded = { origin, language };
    this.#parts = parts;
    const { clock, settings: { heartbeatMs, limits } } = parts;
    this.#intake = new Intake({ ws, clock, limits, persons: parts.persons });
    this.#out = new Outgoing({
      ws, codec, clock, soon: parts.soon,
      lagged: () => this.#intake.stop('unread'),
      drained: () => {
        this.#intake.goOn('unread');
        this.#dialogue?.drained();
      },
      failed: (error) => this.#broke(new Error(`a frame could not be encoded: ${String(error)}`)),
    });
    this.#heartbeat = new Heartbeat({ clock, heartbeatMs, intake: this.#intake, out: this.#out });
    ws.on('message', (data, binary) => this.#message(data, binary));
    ws.on('close', () => this.#closed());
    // An error is always followed by close, which is where it is handled.
    ws.on('error', () => undefined);
  }

  /** Who is at the other end; `greeting` until that is proven. */
  get role(): 'agent' | 'customer' | 'greeting' {
    const role = this.#dialogue?.identity.who.role;
    return role === undefined ? 'greeting' : role === 'agent' ? 'agent' : 'customer';
  }

  /** Called about once a second by the node's one wheel. */
  beat(now: number): void {
    const reason = this.#standing.at === 'greeting' ? this.#heartbeat.greeting(now) : this.#heartbeat.beat(now, this.#dialogue);
    if (reason !== undefined) this.close(reason);
  }

  /** Asks the client to go to another node. */
  goAway(deadlineMs: number, spreadMs: number): void {
    this.#out.say({ t: 'goaway', code: CODES.goingAway.code, deadlineMs, spreadMs });
    this.#out.flush();
  }

  close(code: CodeName, detail = ''): void {
    if (this.#standing.at === 'closed') return;
    if (code === 'tooSlow') this.#parts.measures.slowClient();
    this.#out.flush();
    // 123 bytes is what a close frame can carry; the reason never holds what a client sent.
    this.#ws.close(CODES[code].code, `${code}${detail === '' ? '' : `: ${detail}`}`.slice(0, 120));
    this.#intake.release();
    this.#parts.clock.after(2_000, () => this.#ws.terminate());
    this.#closed();
  }

  #message(data: RawData, binary: boolean): void {
    this.#heartbeat.heard();
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
        this.#standing.dialogue.answer(frame);
    }
  }

  #greet(hello: Extract<Said, { t: 'hello' }>): void {
    admit(hello, this.#upgraded, this.#parts).then((identity) => {
      if (this.#standing.at !== 'verifying') return;
      this.#welcome(identity);
      const dialogue = this.#begin(identity, hello.device);
      this.#standing = { at: 'live', dialogue };
      dialogue.begin(hello);
      for (const frame of this.#early.splice(0)) this.#hear(frame);
    }).catch((error: unknown) => this.#broke(error));
  }

  #begin(identity: Identity, device: string): Dialogue {
    return new Dialogue(identity, device, {
      ...this.#parts, codec: this.#codec, intake: this.#intake, out: this.#out,
      refuse: (ref, refusal) => this.#refuse(ref, refusal),
      renew: (token) => this.#renew(token),
      bye: (reason) => {
        this.#leftBy = reason === 'background' ? 'offline' : 'left';
        this.#ws.close(1000);
      },
      broke: (error) => this.#broke(error),
      close: (code, detail) => this.close(code, detail),
    });
  }

  get #dialogue(): Dialogue | undefined {
    return this.#standing.at === 'live' ? this.#standing.dialogue : undefined;
  }

  #welcome(identity: Identity): void {
    const { clock, settings: { heartbeatMs }, store } = this.#parts;
    this.#out.say(welcome({ connection: this.#id, now: clock.now(), heartbeatMs, epoch: store.id }, identity));
  }

  #refuse(ref: string | number, refusal: Refusal): void {
    if (this.#standing.at === 'closed') return;
    if (refusal.code >= 4000) return this.close(refusal.name, refusal.detail);
    if (refusal.code >= 1100 && ++this.#refused > REFUSED_MAX) return this.close('tooManyBadFrames');
    this.#out.say(tellRefusal(ref, refusal));
  }

  #renew(token: string): void {
    const dialogue = this.#dialogue;
    if (dialogue === undefined) return;
    this.#parts.identities.verify(token, dialogue.device).then(async (identity) => {
      const signedIn = hasSignedIn(dialogue.identity, identity);
      if (this.#dialogue !== dialogue) return;
      if (signedIn) await dialogue.become(identity);
      else dialogue.renew(identity);
      this.#welcome(identity);
    }).catch((error: unknown) => this.#broke(error));
  }

  #broke(error: unknown): void {
    if (error instanceof Refusal) return this.close(error.code >= 4000 ? error.name : 'replaced', error.detail);
    this.#parts.report('error', 'a connection failed', { error: error instanceof Error ? (error.stack ?? error.message) : 'unknown' });
    this.close('replaced');
  }

  #closed(): void {
    if (this.#standing.at === 'closed') return;
    const dialogue = this.#dialogue;
    this.#standing = { at: 'closed' };
    dialogue?.end(this.#leftBy);
    this.#parts.closed(this);
  }
}
