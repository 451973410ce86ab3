/** How far this person has read, and what reached this device: told once a second at most, and kept while offline. */
import type { House } from './house.ts';
import { read as stored } from './storage.ts';

export interface Read {
  seq: number;
  n: number;
  /** Told on this connection. */
  sent?: boolean;
}

export interface Reads {
  load(): Promise<void>;
  /** What was read here and is not yet known to be known there. */
  of(conversation: string): Read;
  read(conversation: string, read: Read): void;
  /** The server knows. */
  confirmed(conversation: string, seq: number): void;
  delivered(conversation: string, seq: number): void;
  /** A new connection: what was not confirmed is told again. */
  restart(): void;
  forget(): void;
}

const PREFIX = 'read/';
const PACE_MS = 1_000;
const AT_ONCE = 50;
const NOTHING: Read = { seq: 0, n: 0 };

export function createReads(house: House): Reads {
  const { storage, keep, send, after } = house;
  const reads = new Map<string, Read>();
  const reached = new Map<string, number>();
  let paused = false;

  const of = (conversation: string): Read => reads.get(conversation) ?? NOTHING;

  function flush(): void {
    if (paused) return;
    const marks = [...reached].slice(0, AT_ONCE);
    let busy = marks.length > 0 && send({ t: 'delivered', marks });
    if (busy) for (const [id] of marks) reached.delete(id);
    for (const [conversation, read] of reads) {
      if (read.sent) continue;
      read.sent = send({ t: 'read', conversation, seq: read.seq, n: read.n });
      busy ||= read.sent;
    }
    if (!busy) return;
    paused = true;
    after(PACE_MS, () => {
      paused = false;
      flush();
    });
  }

  return {
    async load() {
      for (const key of await storage.keys(PREFIX)) {
        const [seq, n] = ((await stored(storage, key)) ?? [0, 0]) as [number, number];
        const id = key.slice(PREFIX.length);
        if (seq > of(id).seq) reads.set(id, { seq, n });
        house.list.touch(id);
      }
    },
    of,
    read(conversation, read) {
      if (read.seq <= of(conversation).seq) return;
      reads.set(conversation, read);
      void keep(PREFIX + conversation, [read.seq, read.n]);
      flush();
      house.list.touch(conversation);
    },
    confirmed(conversation, seq) {
      if (!reads.has(conversation) || seq < of(conversation).seq) return;
      reads.delete(conversation);
      void keep(PREFIX + conversation, null);
    },
    delivered(conversation, seq) {
      reached.set(conversation, seq);
      flush();
    },
    restart() {
      for (const read of reads.values()) read.sent = false;
      flush();
    },
    forget() {
      reads.clear();
      reached.clear();
    },
  };
}
