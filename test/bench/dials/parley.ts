/**
 * Speaks Parley's own protocol through its own codec. A customer signs in as a visitor, begins a conversation, follows
 * it and sends under its alias, as the SDK does; an agent brings a token and follows its quarter of the conversations.
 */
import { ulid } from 'ulid';
import { actionOf } from '../../../sdk/protocol/codes.ts';
import type { Entry, Told } from '../../../sdk/protocol/frames.ts';
import type { Dial, Ear, Parties } from '../dial.ts';
import { Peer, visitorToken, type At as Anywhere } from '../peer.ts';
import { Turn } from '../wire.ts';

const PAGE = 200;
/** The first message of each conversation is no part of the measured work. */
const GREETING = 'Good morning!';
/** Ids of one device grow: those of the greetings are older than any of the run. */
const BEFORE_MS = 60_000;

export const dialParley: Dial = async (port, parties, ear) => {
  const turn = new Turn();
  // Of several nodes each has its part of the customers, and of the agents; no agent has all of theirs on its own node.
  const ports = [port, ...(parties.extra.ports ?? '').split(',').filter((one) => one !== '').map(Number)];
  const at = (nth: number): At => ({ port: ports[nth % ports.length] ?? port, turn, ear });
  const customers = await Promise.all(Array.from({ length: parties.customers }, (_, nth) => customer(at(nth), parties.text)));
  const conversations = customers.map(({ conversation }) => conversation);
  const agents = await Promise.all(Array.from({ length: parties.agents }, (_, nth) => {
    const mine = conversations.filter((_, i) => i % parties.agents === nth);
    return agent(at(nth), parties, nth, mine);
  }));
  return {
    say: (nth, cmid) => customers[nth]?.say(cmid),
    close: () => {
      for (const { peer } of [...agents, ...customers]) peer.close();
    },
  };
};

interface At extends Anywhere {
  ear: Ear;
}

async function customer(at: At, text: string) {
  const device = ulid();
  const peer = await Peer.open(at, device, await visitorToken(at.port, device));
  const conversation = ulid();
  const cmid = ulid(Date.now() - BEFORE_MS);
  peer.say({ t: 'send', cmid, conversation, kind: 'message', text: GREETING, channel: 'web', seen: null });
  const { seq } = await peer.next('ack');
  peer.say({ t: 'subscribe', rid: 1, conversation, epoch: 1, seq });
  const { alias } = await peer.next('subscribed');
  peer.hear = (told) => {
    if (told.t === 'ack') at.ear.acked(told.cmid);
  };
  const say = (cmid: string): void =>
    peer.say({ t: 'send', cmid, conversation: alias, kind: 'message', text, channel: null, seen: null });
  const { refused } = peer;
  peer.refused = (nack) => {
    // What is refused for now is said again, as the SDK does: in the order in which it was refused.
    if (actionOf(nack.code) !== 'retry' || typeof nack.ref !== 'string') return refused(nack);
    const cmid = nack.ref;
    setTimeout(() => say(cmid), nack.retryAfterMs);
  };
  return { peer, conversation, say };
}

async function agent(at: At, { extra }: Parties, nth: number, conversations: readonly string[]) {
  const peer = await Peer.open(at, ulid(), extra[`agent${nth}`] ?? '');
  const copies = new Map<number, Copy>();
  await new Promise<void>((all) => {
    peer.hear = (told) => {
      if (told.t === 'subscribed') copies.set(told.alias, new Copy(peer, told.alias, told.head, at.ear));
      else if (told.t === 'event') copies.get(told.alias)?.event(told.entry as Entry);
      else if (told.t === 'head') copies.get(told.alias)?.pull();
      else if (told.t === 'page' && told.rid > 0) copies.get(told.rid)?.page(told);
      if (copies.size === conversations.length) all();
    };
    for (const conversation of conversations) peer.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  });
  return { peer };
}

/** An agent's copy of one conversation: complete up to `#seq`; what does not join on is fetched, as the SDK does. */
class Copy {
  readonly #peer: Peer;
  readonly #alias: number;
  readonly #ear: Ear;
  #seq: number;
  #pulling = false;
  #missed = false;

  constructor(peer: Peer, alias: number, seq: number, ear: Ear) {
    this.#peer = peer;
    this.#alias = alias;
    this.#seq = seq;
    this.#ear = ear;
  }

  event(entry: Entry): void {
    if (this.#pulling || entry.seq > this.#seq + 1) this.pull();
    else this.#take(entry);
  }

  pull(): void {
    this.#missed = this.#pulling;
    if (this.#pulling) return;
    this.#pulling = true;
    const alias = this.#alias;
    const range = { after: this.#seq, before: 0, limit: PAGE, newest: false };
    this.#peer.say({ t: 'history', rid: alias, conversation: alias, ...range });
  }

  page({ entries, more }: Extract<Told, { t: 'page' }>): void {
    for (const entry of entries) this.#take(entry as Entry);
    this.#pulling = false;
    if (more || this.#missed) this.pull();
  }

  #take(entry: Entry): void {
    if (entry.kind === 'message' && entry.cmid !== null && entry.seq > this.#seq) this.#ear.delivered(entry.cmid);
    this.#seq = Math.max(this.#seq, entry.seq);
  }
}
