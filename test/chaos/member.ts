/** One person with the SDK: says numbered messages, and writes down what becomes of each. */
import type { Client, Conversation, MessageWindow, Outgoing } from '../../sdk/index.ts';
import { between, type Chance } from './chance.ts';
import { textOf, type Journal, type JournalLine } from './journal.ts';

export interface MemberPlan {
  name: string;
  role: 'customer' | 'agent';
  /** Acknowledged sends that it shall reach. */
  quota: number;
  /** Its conversations: a customer's own to be, or how many shares agents have, and which is this one's. */
  conversations: number;
  share: number;
}

/** Unanswered sends at most, over all conversations. */
const FLYING_MAX = 24;
const BURST_MAX = 6;

export class Member {
  readonly plan: MemberPlan;
  readonly #client: Client;
  readonly #journal: Journal;
  readonly #chance: Chance;
  readonly #progressed: () => void;
  readonly #talks = new Map<string, Conversation>();
  /** Newest number said in each conversation. */
  readonly #numbers = new Map<string, number>();
  readonly #acked = new Set<string>();
  readonly #flying = new Set<string>();
  readonly #watched = new Set<string>();
  /** Conversations in which a customer has spoken since this agent did. */
  readonly #unanswered = new Set<string>();
  #begun = false;
  #saying = false;

  /** @param past what this person's earlier process wrote down. */
  constructor(
    plan: MemberPlan, client: Client, journal: Journal, past: readonly JournalLine[], chance: Chance, progressed: () => void,
  ) {
    this.plan = plan;
    this.#client = client;
    this.#journal = journal;
    this.#chance = chance;
    this.#progressed = progressed;
    const mine = new Set<string>();
    for (const line of past) {
      if (line.t === 'said' && line.client === plan.name) {
        mine.add(line.cmid);
        this.#numbers.set(line.conversation, Math.max(line.n, this.#numbers.get(line.conversation) ?? 0));
      }
      if (line.t === 'acked' && mine.has(line.cmid)) this.#acked.add(line.cmid);
    }
    for (const id of this.#numbers.keys()) this.#follow(id);
    if (plan.role === 'customer') while (this.#talks.size < plan.conversations) this.#follow(client.conversation().id);
    else client.conversations.subscribe(() => this.#findTalks());
    // What an earlier process left in the outbox is known once the connection lives.
    client.connection.subscribe(({ status }) => status === 'live' && this.#begin());
  }

  get acked(): number {
    return this.#acked.size;
  }

  get drained(): boolean {
    return this.#begun && this.#acked.size >= this.plan.quota && this.#flying.size === 0;
  }

  /** What it is at, for whoever wonders why a run does not end. */
  get standing(): string {
    const { name, quota } = this.plan;
    const windows = [...this.#talks.values()].map(({ messages }) => {
      const { items, complete, loading } = messages.get();
      const pending = items.filter(({ seq }) => seq === null).length;
      return `${items.length - pending}+${pending}${complete ? '' : ' incomplete'}${loading ? ' loading' : ''}`;
    });
    const connection = JSON.stringify(this.#client.connection.get());
    return `${name}: ${this.acked} of ${quota}, ${this.#flying.size} flying; ${connection}; windows ${windows.join(', ')}`;
  }

  get diagnostics(): readonly unknown[] {
    return this.#client.diagnostics();
  }

  /** Writes down every conversation once it reaches `heads` and its beginning. Resolves late rather than never. */
  async dump(heads: Readonly<Record<string, number>>, deadlineMs: number): Promise<void> {
    // One that has no head never began.
    const begun = [...this.#talks.values()].filter(({ id }) => heads[id] !== undefined);
    await Promise.all(begun.map(async (talk) => {
      const whole = await reach(talk, heads[talk.id] ?? 0, deadlineMs);
      const items = whole.items.map(({ seq, kind, at, author, key, body }) =>
        ({ seq: seq ?? 0, kind, at, author: author.id, key, text: 'text' in body ? body.text : '' }));
      const { name: client, role } = this.plan;
      this.#journal.write({ t: 'window', client, role, conversation: talk.id, complete: whole.complete && whole.atStart, items });
    }));
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    // Perhaps there is nothing left to do.
    this.#progressed();
    this.#say();
  }

  #findTalks(): void {
    const { conversations, share } = this.plan;
    for (const { id } of this.#client.conversations.get().items) {
      const mine = id.charCodeAt(id.length - 1) % conversations === share;
      if (mine && !this.#talks.has(id)) this.#follow(id);
    }
  }

  #follow(id: string): void {
    const talk = this.#client.conversation(id);
    this.#talks.set(id, talk);
    talk.open();
    const look = ({ items }: MessageWindow): void => {
      for (const { outgoing } of items) if (outgoing !== undefined) this.#watch(outgoing);
      if (this.plan.role === 'agent' && items.at(-1)?.author.role === 'customer') this.#unanswered.add(id);
      if (this.#begun) this.#say();
    };
    talk.messages.subscribe(look);
    look(talk.messages.get());
  }

  /** Says more, as long as there is more to say and not too much is unanswered. */
  #say(): void {
    // A send is shown at once, and what is shown leads here.
    if (this.#saying) return;
    this.#saying = true;
    while (this.#acked.size + this.#flying.size < this.plan.quota && this.#flying.size < FLYING_MAX) {
      const id = this.#next();
      if (id === undefined) break;
      for (let left = between(this.#chance, 1, BURST_MAX); left > 0; left--) this.#sayIn(id);
    }
    this.#saying = false;
  }

  /** An agent answers those who wait first. */
  #next(): string | undefined {
    const ids = this.#unanswered.size > 0 ? [...this.#unanswered] : [...this.#talks.keys()];
    const id = ids[between(this.#chance, 0, ids.length - 1)];
    if (id !== undefined) this.#unanswered.delete(id);
    return id;
  }

  #sayIn(id: string): void {
    const { name: client, quota } = this.plan;
    if (this.#acked.size + this.#flying.size >= quota) return;
    const n = (this.#numbers.get(id) ?? 0) + 1;
    this.#numbers.set(id, n);
    const message = this.#client.conversation(id).send({ text: textOf(client, n) });
    this.#journal.write({ t: 'said', client, conversation: id, n, cmid: message.id });
    this.#watch(message);
  }

  #watch(message: Outgoing): void {
    const { id: cmid, status } = message;
    if (this.#watched.has(cmid)) return;
    this.#watched.add(cmid);
    this.#flying.add(cmid);
    const left = (now: string): void => {
      if (now === 'sending') this.#journal.write({ t: 'left', cmid });
    };
    left(status.get());
    status.subscribe(left);
    message.committed.then(({ seq }) => {
      this.#journal.write({ t: 'acked', cmid, seq, when: Date.now() });
      this.#acked.add(cmid);
    }, (error: unknown) => {
      this.#journal.write({ t: 'refused', cmid, why: String(error) });
    }).finally(() => {
      this.#flying.delete(cmid);
      this.#progressed();
      if (this.#begun) this.#say();
    });
  }
}

/** Pages back to the beginning and waits for the end. */
async function reach(talk: Conversation, head: number, deadlineMs: number): Promise<MessageWindow> {
  const late = Date.now() + deadlineMs;
  for (;;) {
    const window = talk.messages.get();
    const newest = window.items.findLast(({ seq }) => seq !== null)?.seq ?? 0;
    const there = window.complete && !window.loading && newest >= head && window.items.every(({ seq }) => seq !== null);
    if ((there && window.atStart) || Date.now() > late) return window;
    if (there) await talk.older(200).catch(() => {});
    await new Promise((next) => setTimeout(next, 50));
  }
}
