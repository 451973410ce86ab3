/** Brings every frame to whom it concerns, and everybody to the new connection when there is one. */
import { Talk } from './conversation.ts';
import type { House } from './house.ts';
import type { Me } from './me.ts';
import type { Said, Told } from './protocol/frames.ts';
import { markOf } from './summary.ts';
import type { Cell } from './value.ts';

/** Cursors in HELLO. */
const CURSORS = 50;
const SDK = 'parley-js/0.1.0';

export class Switchboard {
  readonly #house: House;
  readonly #me: Cell<Me | null>;
  readonly #people: Cell<readonly { id: string; name: string }[]>;
  readonly #talks = new Map<string, Talk>();
  /** By the live connection's number. */
  readonly #named = new Map<number, Talk>();

  constructor(house: House, me: Cell<Me | null>, people: Cell<readonly { id: string; name: string }[]>) {
    this.#house = house;
    this.#me = me;
    this.#people = people;
  }

  talk(id: string): Talk {
    let talk = this.#talks.get(id);
    if (talk === undefined) this.#talks.set(id, (talk = new Talk(id, this.#house)));
    return talk;
  }

  changed(id: string): void {
    this.#talks.get(id)?.changed();
  }

  target(id: string): string | number {
    return this.#talks.get(id)?.follow.target ?? id;
  }

  named(talk: Talk, alias: number | null, before: number | null): void {
    if (before !== null && this.#named.get(before) === talk) this.#named.delete(before);
    if (alias !== null) this.#named.set(alias, talk);
  }

  /** Whoever this is now: true when it is news. */
  meet(me: Me): boolean {
    const old = this.#me.get();
    if (JSON.stringify(old) === JSON.stringify(me)) return false;
    const { list } = this.#house;
    // Another person, and not a visitor who has become one: nothing that is known is theirs.
    if (old !== null && old.id !== me.id && old.identified) list.forget();
    this.#me.set(me);
    list.retell();
    for (const talk of this.#talks.values()) {
      talk.follow.thread.role = me.role;
      talk.changed();
    }
    return true;
  }

  hello(device: string, token: string): Said {
    const cursors = this.#known().map(({ id, follow: { thread } }) => ({ conversation: id, epoch: thread.epoch, seq: thread.to }));
    return { t: 'hello', version: 0, sdk: SDK, device, token, cursors, feed: this.#house.list.cursor ?? { store: '', n: 0 } };
  }

  /** Another connection is live, or none is. */
  moved(live: boolean): void {
    const { requests, reads, outbox } = this.#house;
    const greeted = live ? this.#known() : [];
    this.#named.clear();
    requests.restart();
    for (const talk of this.#talks.values()) talk.lost();
    if (live) {
      for (const { follow } of greeted) follow.greeted();
      for (const { follow } of this.#talks.values()) follow.subscribe();
      reads.restart();
    }
    outbox.restart();
  }

  heard(frame: Told): void {
    const { list, requests, outbox } = this.#house;
    switch (frame.t) {
      case 'subscribed':
        this.#learn(frame.conversation, () => list.row(frame.summary));
        requests.answered(frame.rid, frame);
        return this.talk(frame.conversation).follow.subscribed(frame);
      case 'event':
        return this.#named.get(frame.alias)?.follow.event(frame.entry);
      case 'page': {
        const { rid, conversation } = frame;
        if (rid !== 0) return requests.answered(rid, frame);
        return (typeof conversation === 'number' ? this.#named : this.#talks as ReadonlyMap<unknown, Talk>).get(conversation as never)?.follow.page(frame);
      }
      case 'head':
        return this.#named.get(frame.alias)?.follow.head(frame.seq, frame.epoch);
      case 'mark': {
        const id = this.#named.get(frame.alias)?.id;
        return id === undefined ? undefined : this.#learn(id, () => list.mark(id, frame.mark));
      }
      case 'signalled':
        return this.#named.get(frame.alias)?.signalled(frame);
      case 'ack':
        return this.#talks.get(outbox.acked(frame.cmid, frame.seq, frame.at) ?? '')?.follow.stands(frame.seq);
      case 'nack':
        return this.#refused(frame);
      case 'result':
        return requests.answered(frame.id, frame);
      case 'feed':
        list.feed(frame);
        return frame.rows.forEach(({ conversation }) => this.#learn(conversation, () => {}));
      case 'presence':
        return this.#people.set(frame.people);
      case 'ping':
        return frame.heads.forEach(([alias, seq]) => this.#named.get(alias)?.follow.head(seq));
      default:
    }
  }

  #refused({ ref, code, retryAfterMs, detail }: Extract<Told, { t: 'nack' }>): void {
    const { outbox, requests } = this.#house;
    if (typeof ref === 'string' && outbox.refused(ref, code, retryAfterMs, detail)) return;
    requests.refused(ref, code, retryAfterMs, detail);
    // A conversation that HELLO named and this person may not follow.
    if (typeof ref === 'string') this.#talks.get(ref)?.follow.refused(false);
  }

  /** Conversations that are open and of which something is known already. */
  #known(): Talk[] {
    return [...this.#talks.values()].filter(({ follow }) => follow.wanted && follow.thread.from > 0).slice(0, CURSORS);
  }

  /** Takes the news in; by it the server may have shown that it knows what was read here. */
  #learn(conversation: string, news: () => void): void {
    const { me, list, reads } = this.#house;
    news();
    const summary = list.summary(conversation);
    const who = me.get();
    if (who !== null && summary !== undefined) reads.confirmed(conversation, markOf(summary, who)?.read ?? 0);
  }
}
