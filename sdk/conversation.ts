/** The handle of one conversation: what it says, who is in it, and what one can do. */
import { createFollow, type Follow } from './follow.ts';
import type { House } from './house.ts';
import { createOthers, type Other, type Others } from './others.ts';
import type { Outgoing, Sending } from './outgoing.ts';
import type { Bodies, Kind } from './protocol/entry.ts';
import type { Author, Entry } from './protocol/entry.ts';
import { markOf, said, type ConversationSummary } from './summary.ts';
import { createTyping } from './typing.ts';
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
  /** Answers to the newest message that the customer may tap: then `send` the label. Empty for what is typed freely. */
  readonly choices: readonly string[];
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
  /** The session is over for this side. Rejects with `ParleyError`: refused, or unanswered for 30 s. */
  end(): Promise<void>;
}

const OLDER = 50;
const NONE: readonly string[] = [];

export interface Talk extends Conversation {
  readonly follow: Follow;
  readonly people: Others;
  /** What is known of it, or what is on its way, has changed. */
  changed(): void;
  lost(): void;
}

export function createTalk(id: string, house: House): Talk {
  const { me, list, outbox, reads, requests } = house;
  const people = createOthers(house, id);
  const typing = createTyping(house, id);
  const follow = createFollow(house, id, grew);
  const { thread } = follow;
  const items = new WeakMap<Entry, Item>();

  const state = derived(() => list.show(id));
  const unread = derived(() => state.get()?.unread ?? 0);
  const messages = derived((): MessageWindow => {
    const { entries, complete, from, to } = thread;
    const standing = new Set(entries.map(({ cmid }) => cmid));
    // One that stands before the window is not on its way; it comes with the page that holds it.
    const pending = outbox.of(id).filter(({ id: cmid, seq }) => !standing.has(cmid) && (seq === 0 || seq > to));
    const items = [...entries.map(asItem), ...pending.map(onItsWay)];
    const asked = items.filter(({ kind, body }) => kind === 'message' || ('status' in body && body.status === 'closed')).at(-1);
    return { items, complete, atStart: from === 1, loading: follow.loading(), choices: (asked?.body as Bodies['message'])?.choices ?? NONE };
  });

  function asItem(entry: Entry): Item {
    const known = items.get(entry);
    if (known !== undefined) return known;
    const { prev: _, n: __, cmid, ...rest } = entry;
    const item: Item = { ...rest, key: cmid ?? String(entry.seq) };
    items.set(entry, item);
    return item;
  }

  function onItsWay(message: Sending): Item {
    const { role = 'customer', id: person = '', name = '' } = me.get() ?? {};
    const { kept: { kind, text, at }, id: key } = message;
    return { key, seq: null, at, author: { role, id: person, name }, kind, body: { text }, outgoing: message };
  }

  function grew(fresh: readonly Entry[]): void {
    for (const entry of fresh) {
      outbox.seen(entry);
      list.entry(id, entry);
      people.spoke(entry.author);
    }
    const last = fresh.at(-1);
    const newest = last !== undefined && last === thread.entries.at(-1);
    if (newest && last.author.id !== me.get()?.id) reads.delivered(id, last.seq);
    messages.stale();
  }

  function changed(): void {
    thread.role = me.get()?.role ?? 'customer';
    for (const value of [state, unread, people.value, messages]) value.stale();
  }
  changed();

  return {
    id,
    follow,
    people,
    state,
    messages,
    unread,
    others: people.value,
    open: follow.open,
    older: (count = OLDER) => follow.older(count),
    send({ text, note = false }) {
      const { channel = 'web' } = house.options;
      typing.quiet();
      const kind = note ? 'note' : 'message';
      const message = outbox.add({ conversation: id, kind, text, channel: thread.to > 0 ? null : channel });
      messages.stale();
      return message;
    },
    read() {
      const who = me.get();
      const summary = list.summary(id);
      const { entries, complete } = thread;
      const last = entries.at(-1);
      if (who === null || summary === undefined || last === undefined) return;
      const agent = who.role === 'agent';
      const theirs = entries.filter(({ kind, author }) => kind === 'message' && (author.role === 'customer') === agent);
      // When the window reaches the end, all that was ever said is read, also what lies before the window.
      const n = complete ? said(summary, who) : (theirs.at(-1)?.n ?? 0);
      if (last.seq > (markOf(summary, who)?.read ?? 0)) reads.read(id, { seq: last.seq, n });
    },
    typing: (on = true, draft = '') => void (follow.live() && typing.set(on, draft)),
    end: () => requests.command(id, 'end', {}),
    changed,
    lost() {
      follow.lost();
      people.lost();
      typing.quiet();
    },
  };
}
