/**
 * A client as a good SDK would be: it keeps what it wrote until that is acknowledged, in order; sends it again, under the
 * same ids, wherever it finds a node; and holds a copy of its conversations that it can prove to be whole.
 */
import type { Who } from '../../machines/actor.ts';
import type { Entry, Said, Told } from '../../sdk/protocol/frames.ts';
import type { History } from './history.ts';
import { Place, type World } from './world.ts';

/** One connection. What is said over it arrives in order, or not at all. */
export interface Wire {
  node: string;
  say(frame: Said): void;
  drop(): void;
}

export interface ClientParts {
  world: World;
  history: History;
  name: string;
  who: Who;
  /** Tries some node; `up` tells the wire when it is welcome, or undefined. */
  dial(client: Client, up: (wire: Wire | undefined) => void): void;
}

interface Written {
  cmid: string;
  text: string;
  kind: 'message' | 'note';
}

/** What it has of one conversation. */
interface Copy {
  conversation: string;
  epoch: number;
  seq: number;
  lines: Map<number, string>;
  outbox: Written[];
  written: number;
  /** The newest sequence that it has been told of, be it by an acknowledgement alone. */
  had: number;
  /** What the node that it is connected to has told it of, be it by an acknowledgement alone. */
  toldHere: number;
  alias: number | undefined;
  /** Pages are to come up to here; what comes meanwhile waits in `ahead`. */
  replayTo: number;
  ahead: Entry[];
  asked: boolean;
  fresh: boolean;
  /** Nothing more is sent until it is time to send all again. */
  resting: boolean;
}

const BEAT_MS = 1_000;
const SILENCE_MS = 3_000;
/** Refusals that are not for now. */
const FOR_GOOD = 1_100;
const ULID = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export class Client {
  readonly place: Place;
  readonly copies = new Map<string, Copy>();
  readonly who: Who;
  readonly #parts: ClientParts;
  readonly #byAlias = new Map<number, Copy>();
  /** Commands that nobody has answered. */
  readonly #commands = new Map<string, Extract<Said, { t: 'command' }>>();
  #wire: Wire | undefined;
  #heardAt = 0;
  #ids = 0;
  #stopped = false;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.who = parts.who;
    this.place = new Place(parts.name);
  }

  start(): void {
    this.#dial();
    const beat = (): void => {
      if (this.#wire !== undefined) {
        if (this.#parts.world.now - this.#heardAt > SILENCE_MS) this.lost();
        else this.#wire.say({ t: 'ping', at: 0 });
      }
      if (!this.#stopped) this.#parts.world.after(BEAT_MS, this.place, beat);
    };
    this.#parts.world.after(BEAT_MS, this.place, beat);
  }

  /** Whether all that it wrote has been answered. */
  get settled(): boolean {
    return this.#commands.size === 0 && [...this.copies.values()].every(({ outbox }) => outbox.length === 0);
  }

  get connected(): boolean {
    return this.#wire !== undefined;
  }

  /** The node that it is connected to, '' for none. */
  get at(): string {
    return this.#wire?.node ?? '';
  }

  write(conversation: string, text: string, kind: 'message' | 'note' = 'message'): void {
    const copy = this.#copy(conversation);
    const written = { cmid: this.#ulid(), text, kind };
    copy.outbox.push(written);
    this.#parts.history.add({ t: 'send', client: this.place.name, conversation, cmid: written.cmid, n: ++copy.written });
    if (!copy.resting) this.#send(copy, written);
  }

  command(conversation: string, name: string, args: Record<string, string | number>): void {
    const frame = { t: 'command', id: this.#ulid(), conversation, name, args } as const;
    this.#commands.set(frame.id, frame);
    this.#wire?.say(frame);
  }

  /** Follows a conversation from what it has. */
  follow(conversation: string): void {
    const copy = this.#copy(conversation);
    if (copy.alias === undefined) this.#subscribe(copy);
  }

  /** Whether it has seen anything of it: nobody writes into what they have not found. */
  knows(conversation: string): boolean {
    return (this.copies.get(conversation)?.seq ?? 0) > 0;
  }

  /** The connection is gone, as this side sees it. */
  lost(): void {
    if (this.#wire === undefined) return;
    this.#wire.drop();
    this.#wire = undefined;
    this.#byAlias.clear();
    for (const copy of this.copies.values()) {
      Object.assign(copy, { alias: undefined, toldHere: 0, replayTo: 0, ahead: [], asked: false, resting: false });
    }
    this.#parts.world.after(this.#parts.world.pick(20, 300), this.place, () => this.#dial());
  }

  /** This side notices that the wire is gone. */
  lostWire(wire: Wire): void {
    if (wire === this.#wire) this.lost();
  }

  hear(wire: Wire, frames: readonly Told[]): void {
    if (wire !== this.#wire) return;
    this.#heardAt = this.#parts.world.now;
    for (const frame of frames) this.#hear(frame);
  }

  #hear(frame: Told): void {
    switch (frame.t) {
      case 'ack': return this.#acknowledged(frame.cmid, frame.seq);
      case 'nack': return this.#refused(frame.ref, frame.code, frame.retryAfterMs);
      case 'result': this.#commands.delete(frame.id); return;
      case 'subscribed': return this.#subscribed(frame);
      case 'event': {
        const copy = this.#byAlias.get(frame.alias);
        if (copy === undefined) return;
        if (copy.seq < copy.replayTo) copy.ahead.push(frame.entry);
        else this.#take(copy, frame.entry, 'event');
        return;
      }
      case 'page': {
        const copy = this.#byAlias.get(Number(frame.conversation));
        if (copy === undefined) return;
        for (const entry of frame.entries) this.#take(copy, entry, 'page');
        if (copy.seq >= copy.replayTo) for (const entry of copy.ahead.splice(0)) this.#take(copy, entry, 'event');
        return;
      }
    }
  }

  #subscribed({ conversation, alias, epoch, head, verdict }: Extract<Told, { t: 'subscribed' }>): void {
    const copy = this.#copy(conversation);
    const { history } = this.#parts;
    copy.asked = false;
    const had = Math.max(copy.epoch === epoch ? copy.seq : 0, copy.toldHere);
    if (head < had) {
      history.add({ t: 'back', client: this.place.name, node: this.#wire?.node ?? '', conversation, had, got: head });
    }
    copy.alias = alias;
    this.#byAlias.set(alias, copy);
    copy.epoch = epoch;
    copy.replayTo = head;
    copy.ahead = [];
    // Of a long one it gets the newest page alone, and begins there.
    copy.fresh = verdict === 'reset' && copy.seq === 0;
  }

  #take(copy: Copy, entry: Entry, how: 'event' | 'page'): void {
    const { history } = this.#parts;
    const { conversation } = copy;
    const client = this.place.name;
    const node = this.#wire?.node ?? '';
    const digest = `${entry.kind} ${entry.author.id} ${entry.cmid} ${JSON.stringify(entry.body)}`;
    const text = 'text' in entry.body ? String(entry.body.text) : '';
    const whose = /~(\w+)~/.exec(text)?.[1] ?? conversation;
    if (whose !== conversation) history.add({ t: 'foreign', client, conversation, whose });
    if (entry.seq <= copy.seq) {
      const known = copy.lines.get(entry.seq);
      if (known !== undefined && known !== digest) history.add({ t: 'broken', client, node, conversation, seq: entry.seq, why: 'it was another line' });
      return;
    }
    const previous = this.who.role === 'agent' ? entry.seq - 1 : entry.prev;
    if (previous !== copy.seq && !copy.fresh) {
      history.add({ t: 'broken', client, node, conversation, seq: entry.seq, why: `it came as ${how} after ${copy.seq}, not after ${previous}` });
      return this.#subscribe(copy);
    }
    copy.fresh = false;
    copy.seq = entry.seq;
    copy.had = Math.max(copy.had, entry.seq);
    copy.lines.set(entry.seq, digest);
    history.add({ t: 'line', client, conversation, seq: entry.seq, digest, how });
  }

  #acknowledged(cmid: string, seq: number): void {
    for (const copy of this.copies.values()) {
      const i = copy.outbox.findIndex((written) => written.cmid === cmid);
      if (i < 0) continue;
      copy.outbox.splice(i, 1);
      copy.had = Math.max(copy.had, seq);
      copy.toldHere = Math.max(copy.toldHere, seq);
      const { conversation } = copy;
      this.#parts.history.add({ t: 'ack', client: this.place.name, node: this.#wire?.node ?? '', conversation, cmid, seq });
      // It exists now: from here on this client follows it.
      if (copy.alias === undefined) this.#subscribe(copy);
    }
  }

  #refused(ref: string | number, code: number, retryAfterMs: number): void {
    const copy = [...this.copies.values()].find(({ conversation, outbox }) => ref === conversation || outbox.some(({ cmid }) => cmid === ref));
    const again = Math.max(retryAfterMs, 50);
    if (code < FOR_GOOD) this.#parts.history.add({ t: 'nack', client: this.place.name, node: this.#wire?.node ?? '', ref: String(ref), code });
    const command = this.#commands.get(String(ref));
    if (command !== undefined) {
      if (code < FOR_GOOD) this.#parts.world.after(again, this.place, () => { if (this.#commands.has(command.id)) this.#wire?.say(command); });
      else this.#commands.delete(command.id);
    }
    if (copy === undefined) return;
    const { conversation } = copy;
    const client = this.place.name;
    if (ref === conversation) {
      copy.asked = false;
      if (code < FOR_GOOD) this.#parts.world.after(again, this.place, () => this.#subscribe(copy));
      // Who has been told of it must find it.
      else if (copy.had > 0) this.#parts.history.add({ t: 'back', client, node: this.#wire?.node ?? '', conversation, had: copy.had, got: 0 });
      return;
    }
    if (code >= FOR_GOOD) {
      copy.outbox = copy.outbox.filter(({ cmid }) => cmid !== ref);
      this.#parts.history.add({ t: 'refused', client, conversation, cmid: String(ref), code });
    } else if (!copy.resting) {
      copy.resting = true;
      const wire = this.#wire;
      this.#parts.world.after(again, this.place, () => {
        if (wire !== this.#wire) return;
        copy.resting = false;
        for (const written of copy.outbox) this.#send(copy, written);
      });
    }
  }

  #dial(): void {
    this.#parts.dial(this, (wire) => {
      if (wire === undefined) {
        this.#parts.world.after(this.#parts.world.pick(50, 300), this.place, () => this.#dial());
        return;
      }
      this.#wire = wire;
      this.#heardAt = this.#parts.world.now;
      this.#parts.history.add({ t: 'up', client: this.place.name, node: wire.node });
      for (const copy of this.copies.values()) {
        // An agent has heard of all; a customer's exist from the first answer on.
        if (copy.had > 0 || this.who.role === 'agent') this.#subscribe(copy);
        for (const written of copy.outbox) this.#send(copy, written);
      }
      for (const command of this.#commands.values()) wire.say(command);
    });
  }

  #send({ conversation }: Copy, { cmid, text, kind }: Written): void {
    this.#wire?.say({ t: 'send', cmid, conversation, kind, text, channel: null, seen: null });
  }

  #subscribe(copy: Copy): void {
    if (this.#wire === undefined || copy.asked) return;
    copy.asked = true;
    // rid 0: a refusal then names the conversation.
    this.#wire.say({ t: 'subscribe', rid: 0, conversation: copy.conversation, epoch: copy.epoch, seq: copy.seq });
  }

  #copy(conversation: string): Copy {
    let copy = this.copies.get(conversation);
    if (copy === undefined) {
      copy = {
        conversation, epoch: 0, seq: 0, lines: new Map(), outbox: [], written: 0, had: 0, toldHere: 0, alias: undefined, replayTo: 0, ahead: [], asked: false, fresh: false, resting: false,
      };
      this.copies.set(conversation, copy);
    }
    return copy;
  }

  #ulid(): string {
    return ulidAt(this.#parts.world.now, ++this.#ids, this.place.name);
  }
}

/** An id that grows with time, and within a moment with `count`; another for each name. */
export function ulidAt(now: number, count: number, name: string): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = (ULID[rest % 32] ?? '0') + time;
  const own = [...name].map((letter) => ULID[letter.charCodeAt(0) % 32]).join('').slice(-6).padStart(6, '0');
  let counted = '';
  for (let rest = count, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) counted = (ULID[rest % 32] ?? '0') + counted;
  return time + counted + own;
}
