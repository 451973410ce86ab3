/**
 * Who on this node listens to what, and who is here. What passes through is already durable, or never will be.
 */
import type { Who } from '../machines/actor.ts';
import { glance } from '../machines/snapshot.ts';
import type { ConversationState } from '../machines/state.ts';
import type { CodeName } from '../sdk/protocol/codes.ts';
import { Bulletin, type BulletinParts, type Reader } from './bulletin.ts';
import type { Committed } from './shard.ts';
import type { FeedRow, MovedRow } from './store.ts';

export interface Listener extends Reader {
  readonly who: Who;
  readonly workspace: string;
  /** A durable change of an actor that it follows. */
  committed(fact: Committed): void;
  /** Something passing: typing, presence. */
  signalled(actor: string, from: Who, kind: SignalKind, value: string): void;
  /** New rows of the workspace's list, in feed order. */
  fed(rows: readonly Fed[]): void;
  /** How this agent stands at the desk may have changed. */
  seated(): void;
  /** The workspace's settings have. */
  configured(rev: number): void;
  close(code: CodeName, detail?: string): void;
}

/** A row of a workspace's list. Its state is parsed when somebody first looks at it, once for all who do. */
export class Fed {
  readonly n: number;
  readonly actor: string;
  /** Lists that it joined and left by its change, where that is known. */
  readonly joined: readonly string[];
  readonly left: readonly string[];
  readonly #text: string;
  #state: ConversationState | undefined;

  constructor({ n, actor, state, joined = [], left = [] }: FeedRow & Partial<MovedRow>) {
    this.n = n;
    this.actor = actor;
    this.joined = joined;
    this.left = left;
    this.#text = state;
  }

  get state(): ConversationState {
    return this.#state ??= glance(this.#text);
  }
}

export type SignalKind = 'typing' | 'viewing' | 'online' | 'draft';

/** Everybody of a workspace who is here, by person. Agents are told of each other. */
interface Room {
  agents: Map<string, Set<Listener>>;
  customers: Map<string, Set<Listener>>;
  online: Bulletin;
}
const PEOPLE_MAX = 500;

export class Hub {
  readonly #forBulletins: Omit<BulletinParts, 'make'>;
  readonly #followers = new Map<string, Set<Listener>>();
  readonly #rooms = new Map<string, Room>();
  readonly #attending = new Map<string, (fact: Committed) => void>();
  #attendingFeed: (workspace: string, rows: readonly Fed[]) => void = () => undefined;

  constructor(forBulletins: Omit<BulletinParts, 'make'>) {
    this.#forBulletins = forBulletins;
  }

  /** A listener is here until it leaves. */
  enter(listener: Listener): void {
    const { workspace, who } = listener;
    let room = this.#rooms.get(workspace);
    if (room === undefined) this.#rooms.set(workspace, room = this.#open());
    const people = peopleOf(room, who);
    const own = people.get(who.id);
    if (own !== undefined) own.add(listener);
    else people.set(who.id, new Set([listener]));
    if (who.role !== 'agent') return;
    if (own === undefined) room.online.changed();
    room.online.add(listener);
  }

  leave(listener: Listener): void {
    const { workspace, who } = listener;
    const room = this.#rooms.get(workspace);
    if (room === undefined) return;
    const people = peopleOf(room, who);
    const own = people.get(who.id);
    if (own?.delete(listener) !== true) return;
    room.online.remove(listener);
    if (own.size > 0) return;
    people.delete(who.id);
    if (who.role === 'agent') room.online.changed();
    if (room.agents.size + room.customers.size === 0) this.#rooms.delete(workspace);
  }

  /** Every connection of one person. */
  of(workspace: string, person: string): Listener[] {
    const room = this.#rooms.get(workspace);
    return [...room?.agents.get(person) ?? room?.customers.get(person) ?? []];
  }

  *agents(workspace: string): Iterable<Listener> {
    for (const own of this.#rooms.get(workspace)?.agents.values() ?? []) yield* own;
  }

  follow(actor: string, listener: Listener): void {
    const followers = this.#followers.get(actor) ?? new Set();
    const first = !some(followers, (other) => other.who.id === listener.who.id);
    for (const other of followers) {
      if (other.who.id !== listener.who.id) listener.signalled(actor, other.who, 'online', '1');
    }
    this.#followers.set(actor, followers.add(listener));
    if (first) this.signal(actor, listener, 'online', '1');
  }

  unfollow(actor: string, listener: Listener): void {
    const followers = this.#followers.get(actor);
    if (followers?.delete(listener) !== true) return;
    if (!some(followers, (other) => other.who.id === listener.who.id)) this.signal(actor, listener, 'online', '');
    if (followers.size === 0) this.#followers.delete(actor);
  }

  /** Hears of every durable change of the actors of one kind, by the first part of their ids. */
  attend(kind: string, call: (fact: Committed) => void): void {
    this.#attending.set(kind, call);
  }

  publish(fact: Committed): void {
    this.#attending.get(fact.actor.slice(0, fact.actor.indexOf('/')))?.(fact);
    for (const listener of this.#followers.get(fact.actor) ?? []) listener.committed(fact);
  }

  /** Customers learn who is there and who types; what agents look at or have half written stays among agents. */
  signal(actor: string, from: Listener, kind: SignalKind, value: string): void {
    for (const listener of this.#followers.get(actor) ?? []) {
      if (listener.who.id === from.who.id) continue;
      const among = kind === 'viewing' || kind === 'draft';
      if (among && listener.who.role !== 'agent') continue;
      listener.signalled(actor, from.who, kind, value);
    }
  }

  /** Hears of the new rows of every workspace that somebody is in, in feed order. */
  attendFeed(call: (workspace: string, rows: readonly Fed[]) => void): void {
    this.#attendingFeed = call;
  }

  feed(rows: readonly MovedRow[]): void {
    const byWorkspace = new Map<string, Fed[]>();
    for (const row of rows) {
      const workspace = row.actor.split('/')[1] ?? '';
      if (!this.#rooms.has(workspace)) continue;
      const list = byWorkspace.get(workspace);
      if (list === undefined) byWorkspace.set(workspace, [new Fed(row)]);
      else list.push(new Fed(row));
    }
    for (const [workspace, list] of byWorkspace) {
      this.#attendingFeed(workspace, list);
      const room = this.#rooms.get(workspace);
      for (const people of [room?.agents, room?.customers]) {
        for (const own of people?.values() ?? []) for (const listener of own) listener.fed(list);
      }
    }
  }

  #open(): Room {
    const agents: Room['agents'] = new Map();
    const people = (): { id: string; name: string }[] => Array.from(agents, ([id, [listener]]) => ({ id, name: listener?.who.name ?? '' }))
      .sort((a, b) => a.name.localeCompare(b.name)).slice(0, PEOPLE_MAX);
    return { agents, customers: new Map(), online: new Bulletin({ ...this.#forBulletins, make: () => ({ t: 'presence', people: people() }) }) };
  }
}

function peopleOf({ agents, customers }: Room, who: Who): Map<string, Set<Listener>> {
  return who.role === 'agent' ? agents : customers;
}

function some(listeners: Iterable<Listener>, test: (listener: Listener) => boolean): boolean {
  for (const listener of listeners) if (test(listener)) return true;
  return false;
}
