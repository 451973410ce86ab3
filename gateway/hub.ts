/**
 * Who on this node listens to what, and who is here, or there with the neighbours. What passes through is already durable,
 * or never will be.
 */
import type { Who } from '../machines/actor.ts';
import type { CodeName } from '../sdk/protocol/codes.ts';
import { Bulletin, type BulletinParts, type Reader } from './bulletin.ts';
import type { Bus } from './bus.ts';
import { Fed } from './fed.ts';
import type { Members } from './members.ts';
import { Neighbours, type Person } from './neighbours.ts';
import type { Committed } from './shard.ts';
import type { MovedRow } from './store.ts';
import type { Soon } from './turn.ts';

export interface HubParts extends Omit<BulletinParts, 'make'> {
  /** The other nodes; undefined on a node that is alone. */
  cluster?: { bus: Bus; members: Members; soon: Soon } | undefined;
}

export interface Listener extends Reader {
  readonly who: Who;
  readonly workspace: string;
  /** A durable change of an actor that it follows. */
  committed(fact: Committed): void;
  /** Something passing: typing, presence. */
  signalled(actor: string, from: Person, kind: SignalKind, value: string): void;
  /** New rows of the workspace's list, in feed order. */
  fed(rows: readonly Fed[]): void;
  /** How this agent stands at the desk may have changed. */
  seated(): void;
  /** The workspace's settings have. */
  configured(rev: number): void;
  close(code: CodeName, detail?: string): void;
}

export type SignalKind = 'typing' | 'viewing' | 'online' | 'draft';

/** Everybody of a workspace who is here, by person. Agents are told of each other. */
interface Room {
  agents: Map<string, Set<Listener>>;
  customers: Map<string, Set<Listener>>;
  online: Bulletin;
}
const PEOPLE_MAX = 500;
/** How neighbours call the agents of a workspace; else a place is an actor. */
const ROOM = 'room/';

export class Hub {
  readonly #parts: HubParts;
  readonly #neighbours: Neighbours | undefined;
  readonly #followers = new Map<string, Set<Listener>>();
  readonly #rooms = new Map<string, Room>();
  readonly #attending = new Map<string, (fact: Committed) => void>();
  #attendingFeed: (workspace: string, rows: readonly Fed[]) => void = () => undefined;

  constructor(parts: HubParts) {
    this.#parts = parts;
    const { cluster, clock, report } = parts;
    if (cluster === undefined) return;
    this.#neighbours = new Neighbours({
      ...cluster, clock, report,
      here: (place) => this.#at(place),
      moved: (place, person, there) => this.#moved(place, person, there),
      signalled: (actor, from, kind, value) => this.#signal(actor, from, kind, value),
      has: (workspace, person) => this.of(workspace, person).length > 0,
      signedIn: (workspace, person) => this.#signedIn(workspace, person),
    });
  }

  /** Resolves once nothing is missed that other nodes say. */
  async open(): Promise<void> {
    await this.#neighbours?.open();
  }

  close(): void {
    this.#neighbours?.close();
  }

  /** A listener is here until it leaves. */
  enter(listener: Listener): void {
    const { workspace, who } = listener;
    let room = this.#rooms.get(workspace);
    if (room === undefined) this.#rooms.set(workspace, room = this.#open(workspace));
    const people = peopleOf(room, who);
    const own = people.get(who.id);
    if (own !== undefined) own.add(listener);
    else people.set(who.id, new Set([listener]));
    if (who.role !== 'agent') return;
    if (own === undefined) {
      room.online.changed();
      this.#neighbours?.changed(ROOM + workspace, true);
    }
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
    if (who.role === 'agent') {
      room.online.changed();
      this.#neighbours?.changed(ROOM + workspace, room.agents.size > 0);
    }
    if (room.agents.size + room.customers.size === 0) this.#rooms.delete(workspace);
  }

  /** Every connection of one person to this node. */
  of(workspace: string, person: string): Listener[] {
    const room = this.#rooms.get(workspace);
    return [...room?.agents.get(person) ?? room?.customers.get(person) ?? []];
  }

  /** `then` is called once: whether this person is connected to any node. */
  find(workspace: string, person: string, then: (found: boolean) => void): void {
    if (this.of(workspace, person).length > 0) return then(true);
    if (this.#neighbours === undefined) return then(false);
    this.#neighbours.find(workspace, person, then);
  }

  /** A visitor has signed in: their other tabs and devices carry a name that opens nothing any more. */
  signedIn(workspace: string, person: string): void {
    this.#signedIn(workspace, person);
    this.#neighbours?.signedIn(workspace, person);
  }

  *agents(workspace: string): Iterable<Listener> {
    for (const own of this.#rooms.get(workspace)?.agents.values() ?? []) yield* own;
  }

  follow(actor: string, listener: Listener): void {
    const followers = this.#followers.get(actor) ?? new Set();
    const first = !some(followers, (other) => other.who.id === listener.who.id);
    for (const { id, role, name } of [...Array.from(followers, ({ who }) => who), ...this.#neighbours?.at(actor) ?? []]) {
      if (id !== listener.who.id) listener.signalled(actor, { id, role, name }, 'online', '1');
    }
    this.#followers.set(actor, followers.add(listener));
    if (!first) return;
    this.#signal(actor, listener.who, 'online', '1');
    this.#neighbours?.changed(actor, true);
  }

  unfollow(actor: string, listener: Listener): void {
    const followers = this.#followers.get(actor);
    if (followers?.delete(listener) !== true) return;
    if (followers.size === 0) this.#followers.delete(actor);
    if (some(followers, (other) => other.who.id === listener.who.id)) return;
    if (this.#neighbours?.has(actor, listener.who.id) !== true) this.#signal(actor, listener.who, 'online', '');
    this.#neighbours?.changed(actor, followers.size > 0);
  }

  /** Hears of every durable change of the actors of one kind, by the first part of their ids. */
  attend(kind: string, call: (fact: Committed) => void): void {
    this.#attending.set(kind, call);
  }

  /** Whether somebody on this node hears of every change of this actor. */
  attends(actor: string): boolean {
    return this.#followers.has(actor) || this.#attending.has(actor.slice(0, actor.indexOf('/')));
  }

  publish(fact: Committed): void {
    this.#attending.get(fact.actor.slice(0, fact.actor.indexOf('/')))?.(fact);
    for (const listener of this.#followers.get(fact.actor) ?? []) listener.committed(fact);
  }

  signal(actor: string, { who }: Listener, kind: SignalKind, value: string): void {
    this.#signal(actor, who, kind, value);
    this.#neighbours?.signal(actor, who, kind, value);
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

  /** Customers learn who is there and who types; what agents look at or have half written stays among agents. */
  #signal(actor: string, from: Person, kind: SignalKind, value: string): void {
    for (const listener of this.#followers.get(actor) ?? []) {
      if (listener.who.id === from.id) continue;
      const among = kind === 'viewing' || kind === 'draft';
      if (among && listener.who.role !== 'agent') continue;
      listener.signalled(actor, from, kind, value);
    }
  }

  #signedIn(workspace: string, person: string): void {
    for (const listener of this.of(workspace, person)) listener.close('tokenInvalid', 'this visitor has signed in');
  }

  #at(place: string): Person[] {
    const listeners = place.startsWith(ROOM) ? this.agents(place.slice(ROOM.length)) : this.#followers.get(place) ?? [];
    return [...new Map(Array.from(listeners, ({ who }) => [who.id, who])).values()];
  }

  #moved(place: string, person: Person, there: boolean): void {
    if (place.startsWith(ROOM)) this.#rooms.get(place.slice(ROOM.length))?.online.changed();
    else if (!some(this.#followers.get(place) ?? [], ({ who }) => who.id === person.id)) {
      this.#signal(place, person, 'online', there ? '1' : '');
    }
  }

  #open(workspace: string): Room {
    const people = (): { id: string; name: string }[] => {
      const all = [...this.#at(ROOM + workspace), ...this.#neighbours?.at(ROOM + workspace) ?? []];
      return Array.from(new Map(all.map(({ id, name }) => [id, { id, name }])).values())
        .sort((a, b) => a.name.localeCompare(b.name)).slice(0, PEOPLE_MAX);
    };
    return {
      agents: new Map(), customers: new Map(), online: new Bulletin({ ...this.#parts, make: () => ({ t: 'presence', people: people() }) }),
    };
  }
}

function peopleOf({ agents, customers }: Room, who: Who): Map<string, Set<Listener>> {
  return who.role === 'agent' ? agents : customers;
}

function some(listeners: Iterable<Listener>, test: (listener: Listener) => boolean): boolean {
  for (const listener of listeners) if (test(listener)) return true;
  return false;
}
