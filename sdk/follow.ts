/** Keeps one conversation's thread as the server has it: follows it while it is open, and asks for what is missing. */
import type { Talk } from './conversation.ts';
import type { House } from './house.ts';
import type { Entry, Told } from './protocol/frames.ts';
import { Thread, type Page } from './thread.ts';

/** Another component may look at it again at once, so following ends a little later. */
const LINGER_MS = 1_000;
const AGAIN_MS = 5_000;
/** The event behind an acknowledgement comes in the same breath; later than that it was lost. */
const EVENT_MS = 1_000;
const NEWEST = 50;
const RANGE = 200;
/** What is kept of a conversation that nobody looks at. */
const KEPT = 50;

export class Follow {
  readonly thread = new Thread();
  readonly #house: House;
  readonly #talk: Talk;
  #alias: number | null = null;
  #open = 0;
  #linger: (() => void) | null = null;
  #subscribing = false;
  #healing = false;
  #older: Promise<void> | null = null;
  /** Counts connections: an answer that belonged to an earlier one changes nothing. */
  #turn = 0;

  constructor(house: House, talk: Talk) {
    this.#house = house;
    this.#talk = talk;
  }

  get wanted(): boolean {
    return this.#open > 0 || this.#linger !== null;
  }

  /** Whether the live connection carries it. */
  get live(): boolean {
    return this.#alias !== null;
  }

  /** Something is on its way that will change the thread. */
  get loading(): boolean {
    return this.#older !== null || (this.#open > 0 && !this.thread.complete && (this.#subscribing || this.#healing));
  }

  open(): () => void {
    this.#open++;
    this.#linger?.();
    this.#linger = null;
    this.subscribe();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      if (--this.#open === 0) this.#linger = this.#house.after(LINGER_MS, () => this.#leave());
    };
  }

  /** Asks to follow, if that is wanted and not so yet. */
  subscribe(): void {
    if (this.#open === 0 || this.#alias !== null || this.#subscribing) return;
    const { requests } = this.#house;
    const conversation = this.#talk.id;
    const { epoch, to } = this.thread;
    const turn = this.#turn;
    this.#subscribing = true;
    requests.ask((rid) => ({ t: 'subscribe', rid, conversation, epoch, seq: to })).catch((error: { name: string }) => {
      // One that is not there begins with its first message, and is asked for again then.
      if (turn === this.#turn) this.refused(error.name !== 'notFound');
    });
  }

  /** It cannot be followed now; `again`: but perhaps later. */
  refused(again: boolean): void {
    this.#subscribing = false;
    this.#talk.grew([]);
    if (again) this.#house.after(AGAIN_MS, () => this.subscribe());
  }

  /** HELLO has named it, so the answer comes by itself; if it does not, it is asked for. */
  greeted(): void {
    this.#subscribing = true;
    const turn = this.#turn;
    this.#house.after(AGAIN_MS * 2, () => {
      if (turn !== this.#turn || !this.#subscribing) return;
      this.#subscribing = false;
      this.subscribe();
    });
  }

  subscribed({ alias, epoch, head, verdict }: Extract<Told, { t: 'subscribed' }>): void {
    this.#subscribing = false;
    this.#alias = alias;
    this.#house.named.set(alias, this.#talk);
    this.thread.begin(epoch, head, verdict === 'reset');
    this.#talk.grew([]);
    // The pages of a replay follow at once; what they leave open is asked for.
    if (verdict === 'current') this.heal();
    else this.#house.after(EVENT_MS, () => this.heal());
  }

  /** There is no live connection any more, or another one. */
  lost(): void {
    if (this.#alias !== null) this.#house.named.delete(this.#alias);
    this.#alias = null;
    this.#turn++;
    this.#subscribing = this.#healing = false;
    this.#talk.grew([]);
  }

  add(entries: readonly Entry[]): void {
    for (const entry of entries) this.#talk.grew(this.thread.add(entry));
    this.heal();
  }

  page(page: Page): void {
    this.#talk.grew(this.thread.fill(page));
    this.heal();
  }

  /** The newest sequence, as a heartbeat or a puller hears it. */
  head(seq: number, epoch = this.thread.epoch): void {
    if (epoch !== this.thread.epoch) {
      this.lost();
      return this.subscribe();
    }
    this.thread.raise(seq);
    this.#talk.grew([]);
    this.heal();
  }

  /** A send of ours stands at `seq`: it exists now, and its event is on the way. */
  stands(seq: number): void {
    this.subscribe();
    if (this.#alias !== null && seq > this.thread.to) this.#house.after(EVENT_MS, () => this.head(seq));
  }

  older(count: number): Promise<void> {
    const { from, atStart } = this.thread;
    if (from === 0 || atStart) return Promise.resolve();
    this.#older ??= this.#house.requests
      .ask((rid) => ({ t: 'history', rid, conversation: this.#talk.id, after: 0, before: from, limit: count, newest: true }))
      .then((page) => this.#filled(page))
      .finally(() => {
        this.#older = null;
        this.#talk.grew([]);
      });
    this.#talk.grew([]);
    return this.#older;
  }

  /** Asks for what is missing, one range at a time. */
  heal(): void {
    const missing = this.thread.missing();
    if (missing === null || this.#healing || this.#alias === null) return;
    const turn = this.#turn;
    const done = (page: Told | null): void => {
      if (turn !== this.#turn) return;
      this.#healing = false;
      const { to } = this.thread;
      if (page !== null) this.#filled(page);
      // An answer that brings nothing is not asked for again in a hurry.
      if (this.thread.to > to) this.heal();
      else if (this.thread.missing() !== null) this.#house.after(AGAIN_MS, () => this.heal());
    };
    this.#healing = true;
    const limit = missing.newest ? NEWEST : RANGE;
    this.#house.requests.ask((rid) => ({ t: 'history', rid, conversation: this.#talk.id, limit, ...missing })).then(done, () => done(null));
  }

  #filled(page: Told): void {
    if (page.t === 'page') this.#talk.grew(this.thread.fill(page));
  }

  #leave(): void {
    this.#linger = null;
    if (this.live) this.#house.send({ t: 'unsubscribe', conversation: this.#talk.id });
    this.lost();
    this.thread.trim(KEPT);
  }
}
