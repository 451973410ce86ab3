/**
 * Who on this node listens to what, and who is here. What passes through is already durable, or never will be.
 */
import type { Who } from '../machines/actor.ts';
import type { CodeName } from '../sdk/protocol/codes.ts';
import { glance } from '../machines/snapshot.ts';
import type { ConversationState } from '../machines/step.ts';
import type { Committed } from './shard.ts';
import type { FeedRow } from './store.ts';

export interface Listener {
  readonly who: Who;
  readonly workspace: string;
  /** A durable change of an actor that it follows. */
  committed(fact: Committed): void;
  /** Something passing: typing, presence. */
  signalled(actor: string, from: Who, kind: SignalKind, value: string): void;
  /** New rows of the workspace's list, in feed order. */
  fed(rows: readonly Fed[]): void;
  close(code: CodeName, detail?: string): void;
  /** The agents who are here changed. */
  present(people: readonly { id: string; name: string }[]): void;
}

/** A row of a workspace's list. Its state is parsed when somebody first looks at it, once for all who do. */
export class Fed {
  readonly n: number;
  readonly actor: string;
  readonly #text: string;
  #state: ConversationState | undefined;

  constructor({ n, actor, state }: FeedRow) {
    this.n = n;
    this.actor = actor;
    this.#text = state;
  }

  get state(): ConversationState {
    return this.#state ??= glance(this.#text);
  }
}

export type SignalKind = 'typing' | 'viewing' | 'online' | 'draft';

export class Hub {
  readonly #followers = new Map<string, Set<Listener>>();
  readonly #here = new Map<string, Set<Listener>>();

  /** A listener is here until it leaves. */
  enter(listener: Listener): void {
    const here = this.#here.get(listener.workspace) ?? new Set();
    this.#here.set(listener.workspace, here.add(listener));
    if (listener.who.role === 'agent') this.#tellPresence(listener.workspace);
  }

  leave(listener: Listener): void {
    const here = this.#here.get(listener.workspace);
    if (here?.delete(listener) !== true) return;
    if (here.size === 0) this.#here.delete(listener.workspace);
    if (listener.who.role === 'agent') this.#tellPresence(listener.workspace);
  }

  /** Every connection of one person. */
  of(workspace: string, person: string): Listener[] {
    return [...this.#here.get(workspace) ?? []].filter(({ who }) => who.id === person);
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

  publish(fact: Committed): void {
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

  feed(rows: readonly FeedRow[]): void {
    const byWorkspace = new Map<string, Fed[]>();
    for (const row of rows) {
      const workspace = row.actor.split('/')[1] ?? '';
      if (!this.#here.has(workspace)) continue;
      const list = byWorkspace.get(workspace);
      if (list === undefined) byWorkspace.set(workspace, [new Fed(row)]);
      else list.push(new Fed(row));
    }
    for (const [workspace, list] of byWorkspace) {
      for (const listener of this.#here.get(workspace) ?? []) listener.fed(list);
    }
  }

  people(workspace: string): { id: string; name: string }[] {
    const people = new Map<string, string>();
    for (const { who } of this.#here.get(workspace) ?? []) if (who.role === 'agent') people.set(who.id, who.name);
    return [...people].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
  }

  #tellPresence(workspace: string): void {
    const people = this.people(workspace);
    for (const listener of this.#here.get(workspace) ?? []) if (listener.who.role === 'agent') listener.present(people);
  }
}

function some(listeners: Iterable<Listener>, test: (listener: Listener) => boolean): boolean {
  for (const listener of listeners) if (test(listener)) return true;
  return false;
}
