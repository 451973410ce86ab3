/** Brings every frame to whom it concerns, and everybody to the new connection when there is one. */
import type { Talk } from './conversation.ts';
import { nameOf } from './error.ts';
import { meet, type House } from './house.ts';
import type { Said, Told } from './protocol/frames.ts';
import { markOf } from './summary.ts';

/** Cursors in HELLO. */
const CURSORS = 50;
/** Characters of a language tag. */
const LANGUAGE = 35;
const SDK = 'parley-js/0.1.0';

/** Conversations that are open and of which something is known already. */
const known = ({ talks }: House): Talk[] =>
  [...talks.values()].filter(({ follow }) => follow.wanted() && follow.thread.from > 0).slice(0, CURSORS);

export function hello(house: House, token: string): Said {
  const { credentials, list, options } = house;
  const { language = globalThis.navigator?.language } = options;
  return {
    t: 'hello', version: 0, sdk: SDK, device: credentials.device(), token,
    cursors: known(house).map(({ id, follow: { thread } }) => ({ conversation: id, epoch: thread.epoch, seq: thread.to })),
    feed: house.extension ? null : list.cursor(), language: language?.slice(0, LANGUAGE) || null,
  };
}

/** Another connection is live, or none is. */
export function moved(house: House, live: boolean): void {
  const { talks, named, requests, reads, outbox } = house;
  const greeted = live ? known(house) : [];
  named.clear();
  requests.restart();
  for (const talk of talks.values()) talk.lost();
  if (live) {
    for (const { follow } of greeted) follow.greeted();
    for (const { follow } of talks.values()) follow.subscribe();
    // Tabs that are gone by now may have left something to send.
    void outbox.load().catch(() => {});
    reads.restart();
  }
  outbox.restart();
  house.extension?.moved(live);
}

export function heard(house: House, frame: Told): void {
  bring(house, frame);
  house.extension?.heard(frame);
}

function bring(house: House, frame: Told): void {
  const { list, requests, outbox, talks } = house;
  /** By the connection's number for it, or by its id. */
  const by = (target: number | string): Talk | undefined => talks.get(house.named.get(target as number) ?? (target as string));
  switch (frame.t) {
    case 'welcome':
      meet(house, frame.me);
      return house.greeted.set(house.greeted.get() + 1);
    case 'subscribed':
      list.row(frame.summary);
      confirm(house, frame.conversation);
      requests.answered(frame.rid);
      return house.talk(frame.conversation).follow.subscribed(frame);
    case 'event':
      return by(frame.alias)?.follow.fill({ from: 0, to: 0, entries: [frame.entry] });
    case 'page':
      by(frame.conversation)?.follow.fill(frame);
      return requests.answered(frame.rid);
    case 'head':
      return by(frame.alias)?.follow.head(frame.seq, frame.epoch);
    case 'ping':
      return frame.heads.forEach(([alias, seq]) => by(alias)?.follow.head(seq));
    case 'mark': {
      const talk = by(frame.alias);
      if (talk === undefined) return;
      list.mark(talk.id, frame.mark);
      return confirm(house, talk.id);
    }
    case 'signalled':
      return by(frame.alias)?.people.signalled(frame);
    case 'ack':
      return talks.get(outbox.acked(frame) ?? '')?.follow.stands(frame.seq);
    case 'nack': {
      const { ref, code, retryAfterMs, detail } = frame;
      outbox.refused(ref, code, retryAfterMs, detail);
      requests.refused(ref, code, retryAfterMs, detail);
      // A conversation that HELLO named and this person may not follow.
      return (talks as ReadonlyMap<string | number, Talk>).get(ref)?.follow.refused(nameOf(code), retryAfterMs);
    }
    case 'result':
      return requests.answered(frame.id, frame.value);
    case 'feed':
      list.feed(frame);
      return frame.rows.forEach(({ conversation }) => confirm(house, conversation));
    default:
  }
}

/** By what it has just told, the server may have shown that it knows what was read here. */
export function confirm({ me, list, reads }: House, conversation: string): void {
  const summary = list.summary(conversation);
  const who = me.get();
  if (who !== null && summary !== undefined) reads.confirmed(conversation, markOf(summary, who)?.read ?? 0);
}
