/**
 * What was said here and is not yet durable there. Every message is in storage before it is sent for the first time,
 * and leaves storage when the server has it: so it survives a reload, and may be sent twice but never stands twice.
 */
import { errorOf, ParleyError } from './error.ts';
import type { House } from './house.ts';
import { Line } from './line.ts';
import { Sending, type Kept } from './outgoing.ts';
import { wellFormed } from './pack.ts';
import { actionOf } from './protocol/codes.ts';
import { read } from './storage.ts';

const PREFIX = 'outbox/';
/** Characters of one message. */
const TEXT = 8_000;
/** Messages that may wait at a time. */
const LIMIT = 1_000;
/** Sent messages that are remembered until they are seen in their conversation. */
const SENT_LIMIT = 100;
/** Without any answer to a send for so long, the path is dead. */
const ANSWER_MS = 10_000;

export class Outbox {
  readonly #house: House;
  readonly #lines = new Map<string, Line>();
  readonly #messages = new Map<string, Sending>();
  /** Durable, but not yet seen where it stands. */
  readonly #sent = new Map<string, Sending>();
  #unwatch: (() => void) | null = null;
  #answeredAt = 0;

  constructor(house: House) {
    this.#house = house;
  }

  /** Takes over what earlier pages, and tabs that are gone, have left. May be repeated. */
  async load(): Promise<void> {
    const { storage, claims, ids } = this.#house;
    const tabs = new Set<string>();
    for (const key of await storage.keys(PREFIX)) {
      if (this.#messages.has(key.slice(PREFIX.length))) continue;
      ids.seen(key.slice(PREFIX.length));
      const kept = (await read(storage, key)) as Kept | undefined;
      if (kept !== undefined && kept.tab !== claims.tab) tabs.add(kept.tab);
    }
    for (const tab of tabs) await claims.whenGone(tab, () => this.#adopt(tab));
  }

  /** Keeps the message and sends it in its turn. */
  add(draft: Pick<Kept, 'conversation' | 'kind' | 'text' | 'channel'>): Sending {
    const { ids, clock, claims } = this.#house;
    const text = wellFormed(draft.text);
    const kept: Kept = { ...draft, text, cmid: ids.next(), at: clock.now(), by: this.#person, tab: claims.tab, failed: null };
    const message = this.#enter(kept);
    if (this.#messages.size > LIMIT) message.fail(new ParleyError('outboxFull'));
    else if (draft.text.length > TEXT) message.fail(new ParleyError('tooLarge'));
    else void this.#keep(message);
    return message;
  }

  /** Those of a conversation that are not to be seen in it yet, in order. */
  of(conversation: string): Sending[] {
    const all = [...this.#sent.values(), ...this.#messages.values()].filter(({ kept }) => kept.conversation === conversation);
    return all.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** There is a new live connection: all that is unanswered goes again. Or there is none. */
  restart(): void {
    for (const line of this.#lines.values()) {
      line.restart();
      line.pump();
    }
  }

  /** It is durable. Returns its conversation, if it was ours. */
  acked(cmid: string, seq: number, at: number): string | undefined {
    const message = this.#messages.get(cmid);
    if (message === undefined) return undefined;
    const { conversation } = message.kept;
    this.#answeredAt = this.#house.clock.now();
    this.#remove(message);
    this.#sent.set(cmid, message);
    for (const old of this.#sent.keys()) if (this.#sent.size > SENT_LIMIT) this.#sent.delete(old);
    message.sent(seq, at);
    this.#lineOf(conversation).pump();
    this.#house.changed(conversation);
    return conversation;
  }

  /** It was seen where it stands: as good as an acknowledgement, and nothing of it is left here. */
  seen(cmid: string, seq: number, at: number): void {
    this.acked(cmid, seq, at);
    this.#sent.delete(cmid);
  }

  refused(ref: string | number, code: number, retryAfterMs: number, detail: string): void {
    const message = this.#messages.get(ref as string);
    if (message === undefined) return;
    this.#answeredAt = this.#house.clock.now();
    const { conversation } = message.kept;
    if (actionOf(code) !== 'drop') return this.#lineOf(conversation).hold(message, retryAfterMs);
    message.kept = { ...message.kept, failed: { code, detail } };
    message.fail(errorOf(code, detail));
    void this.#keep(message);
    this.#house.changed(conversation);
  }

  /** Forgets everything, in storage too. */
  async forget(): Promise<void> {
    for (const message of [...this.#messages.values()]) this.#drop(message);
    for (const key of await this.#house.storage.keys(PREFIX)) await this.#house.keep(key, null);
  }

  async #adopt(tab: string): Promise<void> {
    const { storage, claims } = this.#house;
    for (const key of await storage.keys(PREFIX)) {
      const kept = (await read(storage, key)) as Kept | undefined;
      if (kept?.tab !== tab || this.#messages.has(kept.cmid)) continue;
      await this.#keep(this.#enter({ ...kept, tab: claims.tab }));
      this.#house.changed(kept.conversation);
    }
  }

  #enter(kept: Kept): Sending {
    const message = new Sending(kept, (it, act) => (act === 'retry' ? this.#retry(it) : this.#drop(it)));
    this.#messages.set(message.id, message);
    const { waiting } = this.#lineOf(kept.conversation);
    waiting.push(message);
    waiting.sort((a, b) => (a.id < b.id ? -1 : 1));
    return message;
  }

  async #keep(message: Sending): Promise<void> {
    // Where storage is full or forbidden, a message is still better off sent from memory than not sent at all.
    await this.#house.keep(PREFIX + message.id, message.kept);
    // It may have been taken back meanwhile.
    if (!this.#messages.has(message.id)) return this.#house.keep(PREFIX + message.id, null);
    message.safe = true;
    this.#lineOf(message.kept.conversation).pump();
  }

  /** Whose messages these are: an identified person's, or anybody's. */
  get #person(): string {
    const me = this.#house.me.get();
    return me?.identified ? me.id : '';
  }

  #lineOf(conversation: string): Line {
    let line = this.#lines.get(conversation);
    if (line === undefined) {
      const transmit = ({ kept: { cmid, kind, text, channel, by } }: Sending): boolean | null => {
        if (by !== '' && by !== this.#person) return null;
        this.#watch(ANSWER_MS);
        return this.#house.send({ t: 'send', cmid, conversation, kind, text, channel });
      };
      this.#lines.set(conversation, (line = new Line(this.#house, transmit)));
    }
    return line;
  }

  #retry(message: Sending): void {
    message.rewind();
    message.safe = false;
    message.kept = { ...message.kept, failed: null };
    void this.#keep(message);
    this.#house.changed(message.kept.conversation);
  }

  #drop(message: Sending): void {
    this.#remove(message);
    message.fail(new ParleyError('discarded'));
    this.#house.changed(message.kept.conversation);
  }

  #remove(message: Sending): void {
    this.#messages.delete(message.id);
    this.#lineOf(message.kept.conversation).take(message);
    void this.#house.keep(PREFIX + message.id, null);
  }

  #watch(ms: number): void {
    const { clock, wire } = this.#house;
    this.#unwatch ??= clock.after(ms, () => {
      this.#unwatch = null;
      const flying = [...this.#messages.values()].filter((message) => message.sentAt !== 0);
      if (flying.length === 0) return;
      const since = Math.max(this.#answeredAt, Math.min(...flying.map((message) => message.sentAt)));
      const left = since + ANSWER_MS - clock.now();
      if (left > 0) this.#watch(left);
      else wire.dispatch({ type: 'dead' });
    });
  }
}
