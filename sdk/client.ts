/** Puts the parts together: one client for one person on one gateway. */
import { createClaims, type Claims } from './claims.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Conversation } from './conversation.ts';
import { Credentials, type GetToken } from './credentials.ts';
import { json, msgpack } from './encoding.ts';
import { ParleyError } from './error.ts';
import type { House } from './house.ts';
import { createIds, systemRandom, type Ids } from './ids.ts';
import { indexedDb } from './indexeddb.ts';
import { List, type ConversationList } from './list.ts';
import type { Me } from './me.ts';
import { Outbox } from './outbox.ts';
import { watchPage, type Watch } from './page.ts';
import type { Said } from './protocol/frames.ts';
import { Reads } from './reads.ts';
import { Requests } from './requests.ts';
import type { WebSocketConstructor } from './socket.ts';
import { memory, read, type Storage } from './storage.ts';
import { Switchboard } from './switchboard.ts';
import { Trace, type DiagnosticLine } from './trace.ts';
import { cell, type Value } from './value.ts';
import { Wire, type ConnectionState } from './wire.ts';

export interface ClientOptions {
  /** Where the gateway is: 'https://support.example.com' or ws(s)://…. The socket is at `<url>/connect`. */
  url: string;
  /** Which channel new conversations open on. Default: 'web'. */
  channel?: string;
  /** A token from your own server. Without it this is an anonymous visitor, whom the gateway gives one. */
  getToken?: GetToken;
  /** Default: IndexedDB where there is one, else memory. */
  storage?: Storage;
  /** Default: `globalThis.WebSocket`. */
  WebSocket?: WebSocketConstructor;
  /** Default: 'msgpack'. 'json' is easier to read in developer tools. */
  encoding?: 'msgpack' | 'json';
  /** How to hear of network and screen. Default: by the browser's page; elsewhere there is nothing to hear. */
  watch?: Watch;
  /** For tests. */
  clock?: Clock;
  /** From 0 up to 1. Default: `crypto` where there is one, else `Math.random`. */
  random?: () => number;
}

export interface Client {
  readonly connection: Value<ConnectionState>;
  /** Null until the gateway has said who this is. */
  readonly me: Value<Me | null>;
  readonly conversations: Value<ConversationList>;
  /** Agents who are online now; only agents learn that. */
  readonly people: Value<readonly { id: string; name: string }[]>;
  /** Unread messages of all conversations. */
  readonly unread: Value<number>;
  /** Where this client keeps things; keys that begin with 'app/' are yours. */
  readonly storage: Storage;
  /** The same id gives the same object; without one a new conversation, made on the first send. */
  conversation(id?: string): Conversation;
  /** A visitor becomes a person of yours and keeps conversations and outbox. Rejects when the token is refused. */
  identify(getToken: GetToken): Promise<void>;
  /** Forgets token, device and whatever was not sent, and closes. */
  signOut(): Promise<void>;
  /** Says goodbye. The outbox stays for the next time; `resume` opens again. */
  close(): void;
  /** Into the background: closes at once. */
  pause(): void;
  /** Into the foreground: connects, or looks at once whether the connection still lives. */
  resume(): void;
  /** What passed lately, without what anybody said. */
  diagnostics(): readonly DiagnosticLine[];
}

const IDENTIFY_MS = 30_000;
/** A storage that does not answer must not keep anybody from talking. */
const STORAGE_MS = 3_000;

export function createClient(options: ClientOptions): Client {
  return new Parley(options);
}

class Parley implements Client {
  readonly connection: Value<ConnectionState>;
  readonly me = cell<Me | null>(null);
  readonly people = cell<readonly { id: string; name: string }[]>([]);
  readonly conversations: Value<ConversationList>;
  readonly unread: Value<number>;
  readonly storage: Storage;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #watch: Watch;
  readonly #trace = new Trace();
  readonly #credentials: Credentials;
  readonly #claims: Claims;
  readonly #wire: Wire;
  readonly #house: House;
  readonly #switchboard: Switchboard;
  readonly #loaded: Promise<void>;
  #unwatch: (() => void) | null = null;

  constructor(options: ClientOptions) {
    const { url, channel = 'web', getToken, storage = defaultStorage(), clock = systemClock, random = systemRandom } = options;
    const base = url.replace(/^ws/, 'http').replace(/\/+$/, '');
    const ids = createIds(clock, random);
    const send = (frame: Said): boolean => this.#wire.send(frame);
    const changed = (id: string): void => this.#switchboard.changed(id);
    const target = (id: string): string | number => this.#switchboard.target(id);
    this.#clock = clock;
    this.#ids = ids;
    this.#watch = options.watch ?? watchPage;
    this.storage = storage;
    this.#claims = createClaims(ids.next());
    this.#credentials = new Credentials({ base, storage, ids, getToken });
    this.#wire = new Wire({
      url: `${base.replace(/^http/, 'ws')}/connect`, make: options.WebSocket ?? globalThis.WebSocket,
      encoding: options.encoding === 'json' ? json : msgpack, clock, random, trace: this.#trace,
      fetchToken: (reason) => this.#loaded.then(() => this.#credentials.token(reason)),
      hello: (token) => this.#switchboard.hello(this.#credentials.device, token),
      heard: (frame) => (frame.t === 'welcome' ? this.#meet(frame.me) : this.#switchboard.heard(frame)),
      moved: (live) => this.#switchboard.moved(live),
    });
    const reads: Reads = new Reads({ storage, clock, send, target, changed: (id) => list.touch(id) });
    const list: List = new List({ me: this.me, readHere: (id) => reads.of(id).n, changed });
    this.#house = {
      clock, ids, me: this.me, list, reads, channel, send, requests: new Requests(clock, send),
      outbox: new Outbox({
        storage, claims: this.#claims, clock, random, ids, changed,
        window: () => this.#wire.settings.window,
        person: () => (this.me.get()?.identified === true ? this.me.get()!.id : ''),
        transmit: ({ cmid, conversation, kind, text, channel: on }) =>
          send({ t: 'send', cmid, conversation: target(conversation), kind, text, channel: on }),
        dead: () => this.#wire.dispatch({ type: 'dead' }),
      }),
      live: () => this.#wire.live,
      typingMs: () => this.#wire.settings.typingMs,
      named: (talk, alias, before) => this.#switchboard.named(talk, alias, before),
    };
    this.#switchboard = new Switchboard(this.#house, this.me, this.people);
    this.connection = this.#wire.connection;
    this.conversations = list.value;
    this.unread = list.unread;
    this.#loaded = Promise.race([this.#load(), new Promise<void>((resolve) => clock.after(STORAGE_MS, resolve))]);
    this.resume();
  }

  conversation(id: string = this.#ids.next()): Conversation {
    return this.#switchboard.talk(id);
  }

  async identify(getToken: GetToken): Promise<void> {
    await this.#loaded;
    const token = await getToken({ reason: 'first' });
    await new Promise<void>((resolve, reject) => {
      const end = (error?: Error): void => {
        for (const stop of stops) stop();
        if (error === undefined) resolve();
        else reject(error);
      };
      const stops = [
        this.me.subscribe((me) => me?.identified === true && end()),
        this.connection.subscribe(({ status }) => status === 'stopped' && end(new ParleyError('tokenInvalid'))),
        this.#clock.after(IDENTIFY_MS, () => end(new ParleyError('unanswered'))),
      ];
      this.#credentials.identified(getToken);
      this.#wire.dispatch({ type: 'identify', token });
    });
  }

  async signOut(): Promise<void> {
    this.close();
    await this.#loaded;
    const { outbox, reads, list } = this.#house;
    await Promise.all([outbox.forget(), reads.forget(), this.#credentials.forget()]);
    list.forget();
    this.me.set(null);
  }

  close(): void {
    this.#unwatch?.();
    this.#unwatch = null;
    this.#claims.end();
    this.#wire.dispatch({ type: 'pause', because: 'closed' });
  }

  pause(): void {
    this.#wire.dispatch({ type: 'pause', because: 'background' });
  }

  resume(): void {
    this.#claims.hold();
    this.#unwatch ??= this.#watch({
      network: (online) => this.#wire.dispatch({ type: 'network', online }),
      shown: () => this.resume(),
      hidden: () => this.pause(),
    });
    this.#wire.dispatch({ type: 'resume' });
  }

  diagnostics(): readonly DiagnosticLine[] {
    return this.#trace.lines();
  }

  async #load(): Promise<void> {
    const { outbox, reads } = this.#house;
    await this.#credentials.load();
    const known = await read(this.storage, 'me');
    if (known !== undefined && this.me.get() === null) this.#switchboard.meet(known as Me);
    await Promise.all([outbox.load(), reads.load()]).catch(() => {});
  }

  #meet(me: Me): void {
    if (this.#switchboard.meet(me)) void this.storage.set('me', JSON.stringify(me)).catch(() => {});
    // Of tabs that are gone by now, something may be left to send.
    void this.#house.outbox.load().catch(() => {});
  }
}

function defaultStorage(): Storage {
  return typeof indexedDB === 'undefined' ? memory() : indexedDb();
}
