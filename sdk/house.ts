/** All parts of one client, each known to the others by its name. */
// First, with the names of all frames: gzip looks back no more than 32 kB, and all of the client is full of them.
import { createWire, type Wire } from './wire.ts';
import { createClaims, type Claims } from './claims.ts';
import type { ClientOptions } from './client.ts';
import { systemClock, type Clock } from './clock.ts';
import { createTalk, type Talk } from './conversation.ts';
import { createCredentials, type Credentials } from './credentials.ts';
import type { More } from './encoding.ts';
import { errorOf, type ParleyError } from './error.ts';
import { createIds, systemRandom, type Ids } from './ids.ts';
import { indexedDb } from './indexeddb.ts';
import { createList, type List } from './list.ts';
import type { Me } from './me.ts';
import { createOutbox, type Draft, type Outbox } from './outbox.ts';
import type { Entry, Summary } from './protocol/entry.ts';
import type { Said, Told } from './protocol/frames.ts';
import { createReads, type Reads } from './reads.ts';
import { createRequests, type Requests } from './requests.ts';
import { memory, read, type Storage } from './storage.ts';
import { Trace } from './trace.ts';
import { cell, type Cell } from './value.ts';

/** A storage that does not answer must not keep anybody from talking. */
const STORAGE_MS = 3_000;

/** What an entry beyond the core adds: frames of its own, and a word where the core knows nothing. */
export interface Extension {
  readonly frames: More;
  /** Every frame, after the core has heard it. */
  heard(frame: Told): void;
  /** Another connection is live, or none is. */
  moved(live: boolean): void;
  /** What is known of a conversation has changed. */
  changed(id: string): void;
  /** What an entry tells beyond what everybody knows of a conversation. */
  says(known: Summary, entry: Entry): Partial<Summary>;
  /** The newest entry on the screen, on which a message is based; null for none. */
  seen(draft: Draft): number | null;
  errorOf(code: number, detail: string): ParleyError;
}

export interface House {
  readonly options: ClientOptions;
  /** Where the gateway answers HTTP. */
  readonly base: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly storage: Storage;
  readonly ids: Ids;
  readonly trace: Trace;
  readonly claims: Claims;
  readonly me: Cell<Me | null>;
  /** How often a gateway has said who this is. */
  readonly greeted: Cell<number>;
  readonly talks: Map<string, Talk>;
  /** The live connection's numbers for conversations. */
  readonly named: Map<number, string>;
  readonly credentials: Credentials;
  readonly requests: Requests;
  readonly reads: Reads;
  readonly list: List;
  readonly outbox: Outbox;
  readonly wire: Wire;
  readonly loaded: Promise<unknown>;
  /** Set by another entry before the client opens. */
  extension: Extension | null;
  talk(id: string): Talk;
  /** What is known of a conversation, or is on its way there, has changed. */
  changed(id: string): void;
  /** False when there is no live connection; then nothing is kept. */
  send(frame: Said): boolean;
  after: Clock['after'];
  errorOf(code: number, detail: string): ParleyError;
  /** Keeps a value, or takes it away; where that fails, this page goes on without. */
  keep(key: string, value: unknown): Promise<void>;
}

export function createHouse(options: ClientOptions): House {
  const { url, workspace, clock = systemClock, random = systemRandom } = options;
  const ownStorage = (): Storage =>
    typeof indexedDB === 'undefined' ? memory() : indexedDb(workspace && `parley/${workspace}`);
  const storage = options.storage ?? ownStorage();
  const ids = createIds(clock, random);
  const talks = new Map<string, Talk>();
  const house = {
    options, clock, random, storage, ids, talks, extension: null,
    base: url.replace(/^ws/, 'http').replace(/\/+$/, ''),
    trace: new Trace(clock),
    claims: createClaims(ids.next()),
    me: cell<Me | null>(null),
    greeted: cell(0),
    named: new Map<number, string>(),
    after: (ms, work) => clock.after(ms, work),
    talk(id) {
      let talk = talks.get(id);
      if (talk === undefined) talks.set(id, (talk = createTalk(id, house)));
      return talk;
    },
    changed(id) {
      talks.get(id)?.changed();
      house.extension?.changed(id);
    },
    errorOf: (code, detail) => (house.extension?.errorOf ?? errorOf)(code, detail),
    send: (frame) => house.wire.send(frame),
    keep: (key, value) =>
      (value === null ? storage.delete(key) : storage.set(key, JSON.stringify(value))).catch(() => {}),
  } as House;
  const parts: { -readonly [K in keyof House]: House[K] } = house;
  // In the order in which they need each other from the beginning.
  parts.credentials = createCredentials(house);
  parts.requests = createRequests(house);
  parts.reads = createReads(house);
  parts.list = createList(house);
  parts.wire = createWire(house);
  parts.outbox = createOutbox(house);
  parts.loaded = Promise.race([load(house), new Promise<void>((resolve) => clock.after(STORAGE_MS, resolve))]);
  return house;
}

/** Whoever this is now. */
export function meet({ me, list, keep, talks }: House, who: Me): void {
  const old = me.get();
  if (JSON.stringify(old) === JSON.stringify(who)) return;
  // Another person, and not a visitor who has become one: nothing that is known is theirs.
  if (old?.identified && old.id !== who.id) list.forget();
  me.set(who);
  void keep('me', who);
  list.retell();
  for (const talk of talks.values()) talk.changed();
}

async function load(house: House): Promise<void> {
  const { credentials, storage, me, outbox, reads } = house;
  await credentials.load();
  const known = await read(storage, 'me');
  if (known !== undefined && me.get() === null) meet(house, known as Me);
  await Promise.all([outbox.load(), reads.load()]).catch(() => {});
}
