/** The handle of one conversation: what it says, who is in it, and what one can do. */
import { Follow } from './follow.ts';
import type { House } from './house.ts';
import { Others, type Other } from './others.ts';
import type { Outgoing, Sending } from './outgoing.ts';
import type { Bodies, Kind } from './protocol/entry.ts';
import type { Author, Entry, Status } from './protocol/entry.ts';
import { markOf, said, type ConversationSummary } from './summary.ts';
import { Typing } from './typing.ts';
import { derived, type Value } from './value.ts';

interface ItemOf<K extends Kind> {
  /** Stays the same when a message that is being sent becomes durable. */
  readonly key: string;
  /** Its place in the conversation; null for a message that is still on its way. */
  readonly seq: number | null;
  /** Milliseconds since 1970: the gateway's clock, or this device's while it is on its way. */
  readonly at: number;
  readonly author: Author;
  readonly kind: K;
  readonly body: Bodies[K];
  /** Only while it is on its way. */
  readonly outgoing?: Outgoing;
}
export type Item = { [K in Kind]: ItemOf<K> }[Kind];

export interface MessageWindow {
  /** Oldest first, without gaps; messages on their way stand at the end. */
  readonly items: readonly Item[];
  /** Nothing is missing between the first item and the newest that the server has told of. */
  readonly complete: boolean;
  /** The first item is the conversation's first. */
  readonly atStart: boolean;
  readonly loading: boolean;
}

export interface Conversation {
  readonly id: string;
  /** Follows it live until the returned function is called; as often as one likes. */
  open(): () => void;
  /** Status, style, ticket, assignee, contact; null until it is known. */
  readonly state: Value<ConversationSummary | null>;
  readonly messages: Value<MessageWindow>;
  /** Loads earlier entries, 50 by default and 200 at most. Rejects with `ParleyError` without a live connection. */
  older(count?: number): Promise<void>;
  /** Keeps the message and sends it as soon as that is possible, in order. `note`: for agents only. */
  send(message: { text: string; note?: boolean }): Outgoing;
  /** Everything in the window is read. */
  read(): void;
  /** Messages of the other side that were not read. */
  readonly unread: Value<number>;
  /** Call it at each keystroke. `draft`: what stands in the composer, shown to agents. */
  typing(on?: boolean, draft?: string): void;
  readonly others: Value<readonly Other[]>;
  /** These reject with `ParleyError`: refused, or unanswered for 30 s. */
  accept(): Promise<void>;
  setStatus(status: 'open' | 'pending' | 'onHold' | 'solved'): Promise<void>;
  end(): Promise<void>;
}

const OLDER = 50;

export class Talk implements Conversation {
  readonly id: string;
  readonly follow: Follow;
  readonly state = derived<ConversationSummary | null>(() => this.#house.list.show(this.id));
  readonly unread = derived(() => this.state.get()?.unread ?? 0);
  readonly messages = derived<MessageWindow>(() => this.#window());
  readonly people: Others;
  readonly others: Value<readonly Other[]>;
  readonly #house: House;
  readonly #typing: Typing;
  readonly #items = new WeakMap<Entry | Sending, Item>();
  #viewing = false;

  constructor(id: string, house: House) {
    this.id = id;
    this.#house = house;
    this.people = new Others(house, id);
    this.others = this.people.value;
    this.#typing = new Typing(house, id);
    this.follow = new Follow(house, this);
    this.changed();
  }

  open(): () => void {
    const release = this.follow.open();
    this.#view();
    return release;
  }

  older(count = OLDER): Promise<void> {
    return this.follow.older(count);
  }

  send({ text, note = false }: { text: string; note?: boolean }): Outgoing {
    const { outbox, options: { channel = 'web' } } = this.#house;
    this.#typing.quiet();
    const kind = note ? 'note' : 'message';
    const message = outbox.add({ conversation: this.id, kind, text, channel: this.follow.thread.to > 0 ? null : channel });
    this.messages.stale();
    return message;
  }

  read(): void {
    const { reads, list, me: who } = this.#house;
    const me = who.get();
    const summary = list.summary(this.id);
    const { entries, complete } = this.follow.thread;
    const last = entries.at(-1);
    if (me === null || summary === undefined || last === undefined) return;
    const theirs = entries.filter(({ kind, author }) => kind === 'message' && (author.role === 'customer') === (me.role === 'agent'));
    // When the window reaches the end, all that was ever said is read, also what lies before the window.
    const n = complete ? said(summary, me) : (theirs.at(-1)?.n ?? 0);
    if (last.seq > (markOf(summary, me)?.read ?? 0)) reads.read(this.id, { seq: last.seq, n });
  }

  typing(on = true, draft = ''): void {
    if (this.follow.live) this.#typing.set(on, draft);
  }

  accept(): Promise<void> {
    return this.#act('accept', {});
  }

  setStatus(status: Exclude<Status, 'new' | 'closed'>): Promise<void> {
    return this.#act('status', { status });
  }

  end(): Promise<void> {
    return this.#act('end', {});
  }

  /** What is known of it, or what is on its way, has changed. */
  changed(): void {
    this.follow.thread.role = this.#house.me.get()?.role ?? 'customer';
    this.state.stale();
    this.unread.stale();
    this.people.value.stale();
    this.messages.stale();
  }

  lost(): void {
    this.follow.lost();
    this.people.lost();
    this.#typing.quiet();
  }

  async #act(name: string, args: Record<string, string>): Promise<void> {
    const id = this.#house.ids.next();
    await this.#house.requests.insist(id, { t: 'command', id, conversation: this.id, name, args });
  }

  /** Entries that were not known, oldest first; or, with none, what is known about the thread changed. */
  grew(fresh: readonly Entry[]): void {
    const { outbox, list, reads, me } = this.#house;
    for (const entry of fresh) {
      if (entry.cmid !== null) outbox.seen(entry.cmid, entry.seq, entry.at);
      list.entry(this.id, entry);
      this.people.spoke(entry.author);
    }
    const last = fresh.at(-1);
    if (last !== undefined && last.seq === this.follow.thread.entries.at(-1)?.seq && last.author.id !== me.get()?.id) reads.delivered(this.id, last.seq);
    this.messages.stale();
  }

  /** Colleagues see who else looks at it, as long as that is said again and again. */
  #view(): void {
    const { me, wire } = this.#house;
    if (this.#viewing || me.get()?.role === 'customer') return;
    this.#viewing = this.follow.wanted;
    if (!this.#viewing) return;
    if (this.follow.live && me.get()?.role === 'agent') this.#house.send({ t: 'signal', conversation: this.id, kind: 'viewing', value: '1' });
    this.#house.after(wire.settings.typingMs / 2, () => {
      this.#viewing = false;
      this.#view();
    });
  }

  #window(): MessageWindow {
    const { entries, complete, atStart } = this.follow.thread;
    const standing = new Set(entries.map(({ cmid }) => cmid));
    const pending = this.#house.outbox.of(this.id).filter(({ id }) => !standing.has(id));
    const items = [...entries.map((entry) => this.#item(entry)), ...pending.map((message) => this.#onItsWay(message))];
    return { items, complete, atStart, loading: this.follow.loading };
  }

  #item(entry: Entry): Item {
    const known = this.#items.get(entry);
    if (known !== undefined) return known;
    const { prev: _, n: __, cmid, ...rest } = entry;
    const item: Item = { ...rest, key: cmid ?? String(entry.seq) };
    this.#items.set(entry, item);
    return item;
  }

  #onItsWay(message: Sending): Item {
    const known = this.#items.get(message);
    if (known !== undefined) return known;
    const me = this.#house.me.get();
    const author: Author = { role: me?.role ?? 'customer', id: me?.id ?? '', name: me?.name ?? '' };
    const { kept: { kind, text, at }, id } = message;
    const item: Item = { key: id, seq: null, at, author, kind, body: { text }, outgoing: message };
    if (me !== null) this.#items.set(message, item);
    return item;
  }
}
