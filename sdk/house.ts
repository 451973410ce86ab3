/** All parts of one client, each known to the others by its name. */
import { createClaims, type Claims } from './claims.ts';
import type { ClientOptions } from './client.ts';
import { systemClock, type Clock } from './clock.ts';
import { Talk } from './conversation.ts';
import { Credentials } from './credentials.ts';
import { createIds, systemRandom, type Ids } from './ids.ts';
import { indexedDb } from './indexeddb.ts';
import { List } from './list.ts';
import type { Me } from './me.ts';
import { Outbox } from './outbox.ts';
import type { Said } from './protocol/frames.ts';
import { Reads } from './reads.ts';
import { Requests } from './requests.ts';
import { memory, read, type Storage } from './storage.ts';
import { Trace } from './trace.ts';
import { cell } from './value.ts';
import { Wire } from './wire.ts';

/** A storage that does not answer must not keep anybody from talking. */
const STORAGE_MS = 3_000;

export class House {
  readonly options: ClientOptions;
  /** Where the gateway answers HTTP. */
  readonly base: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly storage: Storage;
  readonly ids: Ids;
  readonly trace = new Trace();
  readonly me = cell<Me | null>(null);
  readonly people = cell<readonly { id: string; name: string }[]>([]);
  readonly talks = new Map<string, Talk>();
  /** By the live connection's number. */
  readonly named = new Map<number, Talk>();
  readonly claims: Claims;
  readonly credentials: Credentials;
  readonly requests: Requests;
  readonly reads: Reads;
  readonly list: List;
  readonly outbox: Outbox;
  readonly wire: Wire;
  readonly loaded: Promise<unknown>;

  constructor(options: ClientOptions) {
    const { url, clock = systemClock, random = systemRandom, storage } = options;
    this.options = options;
    this.base = url.replace(/^ws/, 'http').replace(/\/+$/, '');
    this.clock = clock;
    this.random = random;
    this.storage = storage ?? (typeof indexedDB === 'undefined' ? memory() : indexedDb());
    this.ids = createIds(clock, random);
    this.claims = createClaims(this.ids.next());
    this.credentials = new Credentials(this);
    this.requests = new Requests(this);
    this.reads = new Reads(this);
    this.list = new List(this);
    this.outbox = new Outbox(this);
    this.wire = new Wire(this);
    this.loaded = Promise.race([this.#load(), new Promise<void>((resolve) => clock.after(STORAGE_MS, resolve))]);
  }

  talk(id: string): Talk {
    let talk = this.talks.get(id);
    if (talk === undefined) this.talks.set(id, (talk = new Talk(id, this)));
    return talk;
  }

  /** What is known of a conversation, or is on its way there, has changed. */
  changed(id: string): void {
    this.talks.get(id)?.changed();
  }

  /** False when there is no live connection; then nothing is kept. */
  send(frame: Said): boolean {
    return this.wire.send(frame);
  }

  after(ms: number, work: () => void): () => void {
    return this.clock.after(ms, work);
  }

  /** Keeps a value, or takes it away; where that fails, this page goes on without. */
  keep(key: string, value: unknown): Promise<void> {
    const { storage } = this;
    return (value === null ? storage.delete(key) : storage.set(key, typeof value === 'string' ? value : JSON.stringify(value))).catch(() => {});
  }

  /** Whoever this is now. */
  meet(me: Me): void {
    const old = this.me.get();
    if (JSON.stringify(old) === JSON.stringify(me)) return;
    // Another person, and not a visitor who has become one: nothing that is known is theirs.
    if (old?.identified && old.id !== me.id) this.list.forget();
    this.me.set(me);
    void this.keep('me', me);
    this.list.retell();
    for (const talk of this.talks.values()) talk.changed();
  }

  async #load(): Promise<void> {
    await this.credentials.load();
    const known = await read(this.storage, 'me');
    if (known !== undefined && this.me.get() === null) this.meet(known as Me);
    await Promise.all([this.outbox.load(), this.reads.load()]).catch(() => {});
  }
}
