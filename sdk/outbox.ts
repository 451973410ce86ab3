/**
 * What was said here and is not yet durable there. Every message is in storage before it is sent for the first time,
 * and leaves storage when the server has it: so it survives a reload, and may be sent twice but never stands twice.
 */
import { ParleyError } from './error.ts';
import type { House } from './house.ts';
import { createLine, type Line } from './line.ts';
import { createSending, type Kept, type Sending } from './outgoing.ts';
import { wellFormed } from './pack.ts';
import { actionOf } from './protocol/codes.ts';
import type { Entry } from './protocol/entry.ts';
import { read } from './storage.ts';

export type Draft = Pick<Kept, 'conversation' | 'kind' | 'text' | 'channel' | 'seen'>;

/** Where a message stands, if it is one of ours. */
type Standing = Pick<Entry, 'cmid' | 'seq' | 'at'>;

export interface Outbox {
  /** Takes over what earlier pages, and tabs that are gone, have left. May be repeated. */
  load(): Promise<void>;
  /** Keeps the message and sends it in its turn. */
  add(draft: Draft): Sending;
  /** Those of a conversation that are not to be seen in it yet, in order. */
  of(conversation: string): Sending[];
  /** There is a new live connection: all that is unanswered goes again. Or there is none. */
  restart(): void;
  /** It is durable. Returns its conversation, if it was ours. */
  acked(it: Standing): string | undefined;
  /** It was seen where it stands: as good as an acknowledgement, and nothing of it is left here. */
  seen(it: Standing): void;
  refused(ref: string | number, code: number, retryAfterMs: number, detail: string): void;
  /** Takes everything back; what is kept of other tabs' messages stays. */
  forget(): void;
}

const PREFIX = 'outbox/';
/** Characters of one message. */
const TEXT = 8_000;
/** Messages that may wait at a time. */
const LIMIT = 1_000;
/** Sent messages that are remembered until they are seen in their conversation. */
const SENT_LIMIT = 100;
/** Without any answer to a send for so long, the path is dead. */
const ANSWER_MS = 10_000;

const byId = (a: Sending, b: Sending): number => (a.id < b.id ? -1 : 1);

export function createOutbox(house: House): Outbox {
  const { storage, claims, ids, clock, me, keep, changed, errorOf } = house;
  const lines = new Map<string, Line>();
  const messages = new Map<string, Sending>();
  /** Durable, but not yet seen where it stands. */
  const sent = new Map<string, Sending>();
  let unwatch: (() => void) | null = null;

  /** Whose messages these are: an identified person's, or anybody's. */
  function person(): string {
    const who = me.get();
    return who?.identified ? who.id : '';
  }

  function lineOf(conversation: string): Line {
    let line = lines.get(conversation);
    if (line === undefined) {
      line = createLine(house, ({ kept }) => {
        if (kept.by !== '' && kept.by !== person()) return null;
        const gone = house.send({ t: 'send', ...kept, seen: kept.seen ?? null });
        if (gone) watch();
        return gone;
      });
      lines.set(conversation, line);
    }
    return line;
  }

  function enter(kept: Kept): Sending {
    const message = createSending(kept, retry, drop, errorOf);
    const { waiting } = lineOf(kept.conversation);
    messages.set(message.id, message);
    waiting.push(message);
    waiting.sort(byId);
    return message;
  }

  /** What an agent looked at when writing: nobody wants to send what a colleague has answered meanwhile. */
  const view = (draft: Draft): { seen?: number | null } => ({ seen: house.extension?.seen(draft) });

  async function store(message: Sending): Promise<void> {
    const { id, kept } = message;
    // Where storage is full or forbidden, a message is still better off sent from memory than not sent at all.
    await keep(PREFIX + id, kept);
    // It may have been taken back meanwhile.
    if (!messages.has(id)) return keep(PREFIX + id, null);
    message.safe = true;
    lineOf(kept.conversation).pump();
  }

  /** `gone`: a tab whose messages are ours from now on. */
  async function load(gone?: string): Promise<void> {
    const tabs = new Set<string>();
    for (const key of await storage.keys(PREFIX)) {
      const id = key.slice(PREFIX.length);
      if (messages.has(id)) continue;
      ids.seen(id);
      const kept = (await read(storage, key)) as Kept | undefined;
      if (!kept || kept.tab === claims.tab) continue;
      if (kept.tab === gone) {
        await store(enter({ ...kept, tab: claims.tab, left: true }));
        changed(kept.conversation);
      } else tabs.add(kept.tab);
    }
    for (const tab of tabs) await claims.whenGone(tab, () => load(tab));
  }

  function retry(message: Sending): void {
    message.rewind();
    message.safe = false;
    message.kept = { ...message.kept, ...view(message.kept), failed: null };
    void store(message);
    changed(message.kept.conversation);
  }

  function drop(message: Sending): void {
    remove(message);
    message.fail(new ParleyError('discarded'));
    changed(message.kept.conversation);
  }

  function remove(message: Sending): void {
    messages.delete(message.id);
    lineOf(message.kept.conversation).take(message);
    void keep(PREFIX + message.id, null);
  }

  /** A send is unanswered. */
  function watch(): void {
    unwatch ??= house.after(ANSWER_MS, () => {
      unwatch = null;
      house.wire.dead();
    });
  }

  /** There was an answer, or nothing is waited for any more. */
  function answered(): void {
    unwatch?.();
    unwatch = null;
    for (const { sentAt } of messages.values()) if (sentAt !== 0) return watch();
  }

  function acked({ cmid, seq, at }: Standing): string | undefined {
    const message = messages.get(cmid!);
    if (message === undefined) return undefined;
    const { conversation } = message.kept;
    remove(message);
    answered();
    sent.set(message.id, message);
    for (const old of sent.keys()) if (sent.size > SENT_LIMIT) sent.delete(old);
    message.sent(seq, at);
    lineOf(conversation).pump();
    changed(conversation);
    return conversation;
  }

  return {
    load,
    add(draft) {
      const text = wellFormed(draft.text);
      const own = { cmid: ids.next(), at: clock.now(), by: person(), tab: claims.tab, failed: null };
      const message = enter({ ...draft, ...view(draft), text, ...own });
      if (messages.size > LIMIT) message.fail(new ParleyError('outboxFull'));
      else if (text.length > TEXT) message.fail(new ParleyError('tooLarge'));
      else void store(message);
      return message;
    },
    of(conversation) {
      const all = [...sent.values(), ...messages.values()];
      return all.filter(({ kept }) => kept.conversation === conversation).sort(byId);
    },
    restart() {
      lines.forEach((line) => line.restart());
      answered();
    },
    acked,
    seen(it) {
      acked(it);
      sent.delete(it.cmid!);
    },
    refused(ref, code, retryAfterMs, detail) {
      const message = messages.get(ref as string);
      if (message === undefined) return;
      const { conversation } = message.kept;
      if (actionOf(code) === 'drop') {
        message.kept = { ...message.kept, failed: { code, detail } };
        message.fail(errorOf(code, detail));
        void store(message);
        changed(conversation);
      } else lineOf(conversation).hold(message, retryAfterMs);
      answered();
    },
    forget: () => messages.forEach(drop),
  };
}
