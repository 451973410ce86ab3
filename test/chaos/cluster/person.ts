/**
 * One person with the SDK, on whichever node lets them in: says numbered messages, writes down what becomes of each, and
 * looks at everything that is shown, which may only ever become more.
 */
import type { Client, Conversation, Outgoing } from '../../../sdk/index.ts';
import { between, type Chance } from '../chance.ts';
import { saidIn, wordsOf, type ClientLine, type Pen } from './history.ts';

export interface PersonPlan {
  name: string;
  role: 'customer' | 'agent';
  /** Of so many agents this is that one: each speaks in conversations of its own. */
  agents: number;
  share: number;
  /** A customer begins another conversation after so many words. */
  words: number;
}

export interface PersonParts {
  plan: PersonPlan;
  client: Client;
  pen: Pen<ClientLine>;
  chance: Chance;
  /** A send was acknowledged, or refused for good. */
  settled(message: Kept): void;
}

/** A message as it stands. */
export interface Kept {
  who: string;
  conversation: string;
  id: string;
  n: number;
  seq: number;
}

/** Conversations that a customer has at once, and an agent looks at. */
const AT_ONCE = { customer: 2, agent: 12 } as const;
const FLYING_MAX = 40;
/** Between two looks at the list, which changes with every word. */
const FIND_MS = 500;
/** Between two lines of how far a client sees, at most. */
const SAW_MS = 500;

interface Talk {
  conversation: Conversation;
  close(): void;
  said: number;
  /** Newest entry that was shown, and the key under which. */
  newest: number;
  key: string;
  toldAt: number;
  told: number;
}

export class Person {
  readonly #parts: PersonParts;
  readonly #talks = new Map<string, Talk>();
  readonly #flying = new Map<string, Outgoing>();
  readonly #numbers = new Map<string, number>();
  #live: boolean | undefined;
  #foundAt = 0;

  constructor(parts: PersonParts) {
    this.#parts = parts;
    const { client, plan, pen } = parts;
    client.connection.subscribe(({ status }) => {
      const live = status === 'live';
      if (live === this.#live) return;
      this.#live = live;
      pen.write({ at: Date.now(), who: plan.name, op: 'info', kind: 'connection', live });
    });
    if (plan.role === 'agent') client.conversations.subscribe(() => this.#find());
  }

  get name(): string {
    return this.#parts.plan.name;
  }

  get flying(): number {
    return this.#flying.size;
  }

  /** What it is at, for whoever wonders why a run does not end. */
  get standing(): string {
    const { client } = this.#parts;
    const open = [...this.#flying.values()].map(({ id, status }) => `${id} ${status.get()}`).slice(0, 5).join(', ');
    return `${this.name}: ${this.#flying.size} unanswered (${open}); ${JSON.stringify(client.connection.get())}`;
  }

  get client(): Client {
    return this.#parts.client;
  }

  /** @returns how many it has said: none when too much is unanswered, or there is nobody to talk to */
  say(count: number): number {
    const { plan, chance } = this.#parts;
    if (plan.role === 'customer') {
      for (const [id, talk] of this.#talks) if (talk.said >= plan.words && this.#isQuiet(id)) this.#leave(id);
      while (this.#talks.size < AT_ONCE.customer) this.#follow(this.#parts.client.conversation().id);
    }
    const open = [...this.#talks].filter(([, { said }]) => plan.role === 'agent' || said < plan.words);
    const [id] = open[between(chance, 0, open.length - 1)] ?? [];
    if (id === undefined) return 0;
    let done = 0;
    while (done < count && this.#flying.size < FLYING_MAX) {
      this.#sayIn(id);
      done += 1;
    }
    return done;
  }

  /** How far it sees in the end, and what has no answer. */
  end(): void {
    const { pen } = this.#parts;
    for (const [id, talk] of this.#talks) this.#tell(id, talk);
    for (const id of this.#flying.keys()) pen.write({ at: Date.now(), who: this.name, op: 'info', kind: 'send', id, why: 'no answer' });
    this.#parts.client.close();
  }

  #isQuiet(id: string): boolean {
    return this.#parts.client.conversation(id).messages.get().items.every(({ seq }) => seq !== null);
  }

  #find(): void {
    const { client, plan } = this.#parts;
    if (Date.now() - this.#foundAt < FIND_MS) return;
    this.#foundAt = Date.now();
    const mine = client.conversations.get().items.map(({ id }) => id).filter((id) => id.charCodeAt(id.length - 1) % plan.agents === plan.share);
    for (const id of mine.slice(0, AT_ONCE.agent)) if (!this.#talks.has(id)) this.#follow(id);
    for (const id of [...this.#talks.keys()]) if (this.#talks.size > AT_ONCE.agent && this.#isQuiet(id)) this.#leave(id);
  }

  #follow(id: string): void {
    const conversation = this.#parts.client.conversation(id);
    const talk: Talk = { conversation, close: conversation.open(), said: 0, newest: 0, key: '', toldAt: 0, told: 0 };
    this.#talks.set(id, talk);
    const stop = conversation.messages.subscribe(() => this.#look(id, talk));
    const close = talk.close;
    talk.close = () => { stop(); close(); };
    this.#look(id, talk);
  }

  #leave(id: string): void {
    const talk = this.#talks.get(id);
    if (talk === undefined) return;
    this.#tell(id, talk);
    talk.close();
    this.#talks.delete(id);
  }

  /** From the newest back to what was seen before: all of it belongs here, and what was seen before is still there. */
  #look(id: string, talk: Talk): void {
    const { items, complete } = talk.conversation.messages.get();
    if (!complete) return;
    const { newest: before, key } = talk;
    let kept = before === 0;
    for (let nth = items.length - 1; nth >= 0; nth--) {
      const item = items[nth];
      if (item === undefined || item.seq === null) continue;
      if (item.seq <= before) {
        kept = item.seq === before && item.key === key;
        break;
      }
      if (item.seq > talk.newest) [talk.newest, talk.key] = [item.seq, item.key];
      const { kind, author, body } = item;
      if (kind === 'message' && author.role !== 'system' && saidIn(body.text, id) === undefined) this.#fault(id, `${item.seq} belongs elsewhere`);
    }
    if (!kept) this.#fault(id, `what it saw at ${before} is not there any more`);
    if (Date.now() - talk.toldAt >= SAW_MS) this.#tell(id, talk);
  }

  #tell(conversation: string, talk: Talk): void {
    if (talk.newest === talk.told) return;
    talk.told = talk.newest;
    talk.toldAt = Date.now();
    this.#parts.pen.write({ at: talk.toldAt, who: this.name, op: 'ok', kind: 'saw', conversation, seq: talk.newest });
  }

  #fault(conversation: string, why: string): void {
    this.#parts.pen.write({ at: Date.now(), who: this.name, op: 'fail', kind: 'saw', conversation, why });
  }

  #sayIn(conversation: string): void {
    const { client, pen, settled } = this.#parts;
    const talk = this.#talks.get(conversation);
    const who = this.name;
    const n = this.#next(conversation);
    if (talk !== undefined) talk.said += 1;
    const message = client.conversation(conversation).send({ text: wordsOf(who, n, conversation) });
    const { id } = message;
    pen.write({ at: Date.now(), who, op: 'invoke', kind: 'send', conversation, id, n });
    this.#flying.set(id, message);
    message.committed.then(({ seq }) => {
      pen.write({ at: Date.now(), who, op: 'ok', kind: 'send', id, seq });
      this.#flying.delete(id);
      settled({ who, conversation, id, n, seq });
    }, (error: unknown) => {
      pen.write({ at: Date.now(), who, op: 'fail', kind: 'send', id, why: String(error) });
      this.#flying.delete(id);
      settled({ who, conversation, id, n, seq: 0 });
    });
  }

  #next(conversation: string): number {
    const n = (this.#numbers.get(conversation) ?? 0) + 1;
    this.#numbers.set(conversation, n);
    return n;
  }
}
