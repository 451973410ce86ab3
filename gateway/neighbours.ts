/**
 * The hubs of other nodes: who is where there, and what passes between people of different nodes. Whoever comes to a place
 * says so to all nodes and asks them, so that those who look at the same place know of each other, and only they hear more.
 */
import type { Who } from '../machines/actor.ts';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
import type { SignalKind } from './hub.ts';
import type { Members } from './members.ts';
import { messageOf, type Report } from './report.ts';
import type { Soon } from './turn.ts';

export type Person = Pick<Who, 'role' | 'id' | 'name'>;

export interface NeighboursParts {
  bus: Bus;
  members: Members;
  clock: Clock;
  soon: Soon;
  report: Report;
  /** Who is at a place on this node: those who follow an actor, the agents of a workspace. */
  here(place: string): readonly Person[];
  /** Somebody has come to a place on some other node, or has left the last one. */
  moved(place: string, person: Person, there: boolean): void;
  signalled(place: string, from: Person, kind: SignalKind, value: string): void;
  /** Whether a person is connected to this node. */
  has(workspace: string, person: string): boolean;
  /** A visitor has signed in elsewhere: their old name opens nothing any more. */
  signedIn(workspace: string, person: string): void;
}

/** What a node says to all others, about itself. */
type Word =
  /** All who are at a place there. `asks`: whoever has somebody there says so, too. */
  | { at: string; is: readonly Person[]; asks: boolean }
  | { at: string; from: Person; kind: SignalKind; value: string }
  /** Whatever it had said before: it comes back, and says everything again. */
  | 'forget';

interface Whom {
  workspace: string;
  person: string;
  /** Whoever has them sends them away; else only answers. */
  signedIn: boolean;
}

const WORD_BYTES_MAX = 256 * 1024;
/** Whoever does not answer within this time does not have the person. */
const FIND_MS = 1_000;

export class Neighbours {
  readonly #parts: NeighboursParts;
  /** By places where somebody is here: who is there on which other node. */
  readonly #there = new Map<string, Map<string, ReadonlyMap<string, Person>>>();
  /** What is said at the end of this turn: places, with whether to ask; and what passes. */
  readonly #places = new Map<string, boolean>();
  #passing: Word[] = [];
  #comesBack = false;
  #planned = false;
  #alive: readonly string[];
  #stops: (() => void)[] = [];

  constructor(parts: NeighboursParts) {
    this.#parts = parts;
    this.#alive = parts.members.alive;
  }

  /** Resolves once nothing is missed that others say. */
  async open(): Promise<void> {
    const { bus, members } = this.#parts;
    this.#stops = [
      members.onChange(() => this.#counted()),
      members.onReturn(() => this.#returned()),
      await bus.listen('signal', (bytes) => this.#read(bytes, (said) => this.#hear(said as { node: string; words: readonly Word[] }))),
      await bus.listen('person', (bytes, answer) => this.#read(bytes, (said) => this.#asked(said as Whom, answer))),
    ];
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** The people at a place here are others now. `anybody`: whether there still are any; the first asks who is there elsewhere. */
  changed(place: string, anybody: boolean): void {
    const known = this.#there.has(place);
    if (!known) this.#there.set(place, new Map());
    if (!known || this.#looked(place)) this.#say(place, !known);
    if (!anybody) this.#there.delete(place);
  }

  /** Who is at a place on other nodes: one in whom somebody here is interested. */
  *at(place: string): Iterable<Person> {
    const said = new Set<string>();
    for (const people of this.#there.get(place)?.values() ?? []) {
      for (const [id, person] of people) if (!said.has(id)) { said.add(id); yield person; }
    }
  }

  has(place: string, person: string): boolean {
    for (const people of this.#there.get(place)?.values() ?? []) if (people.has(person)) return true;
    return false;
  }

  signal(place: string, { role, id, name }: Person, kind: SignalKind, value: string): void {
    if (!this.#looked(place)) return;
    this.#passing.push({ at: place, from: { role, id, name }, kind, value });
    this.#plan();
  }

  /** `then` is called once: whether a person is connected to another node. A node that is cut off asks until it is not. */
  find(workspace: string, person: string, then: (found: boolean) => void): void {
    const { bus, clock, members } = this.#parts;
    if (members.alive.length < 2) return then(false);
    let answered = false;
    const stop = bus.ask('person', encoded({ workspace, person, signedIn: false }), (answer) => {
      if (answered || answer === undefined) return;
      answered = true;
      then(true);
    });
    const { connected } = bus;
    clock.after(FIND_MS, () => {
      stop();
      if (answered) return;
      if (connected && bus.connected) then(false);
      else this.find(workspace, person, then);
    });
  }

  /** Everywhere else the visitor's other tabs carry a name that opens nothing any more. */
  signedIn(workspace: string, person: string): void {
    this.#parts.bus.publish('person', encoded({ workspace, person, signedIn: true } satisfies Whom));
  }

  #looked(place: string): boolean {
    return (this.#there.get(place)?.size ?? 0) > 0;
  }

  #say(place: string, asks: boolean): void {
    this.#places.set(place, asks || this.#places.get(place) === true);
    this.#plan();
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    this.#parts.soon(() => this.#flush());
  }

  /** Nodes come one after the other; those who go take their people along. */
  #counted(): void {
    const { alive } = this.#parts.members;
    const lost = this.#alive.filter((node) => !alive.includes(node));
    this.#alive = alive;
    for (const node of lost) this.#forget(node);
  }

  /** Others may have forgotten who is here, and this node may not have heard who has gone there: everything anew. */
  #returned(): void {
    for (const node of new Set([...this.#there.values()].flatMap((nodes) => [...nodes.keys()]))) this.#forget(node);
    this.#comesBack = true;
    for (const place of this.#there.keys()) this.#say(place, true);
    this.#plan();
  }

  #flush(): void {
    const words: Word[] = this.#comesBack ? ['forget'] : [];
    for (const [at, asks] of this.#places) words.push({ at, is: this.#parts.here(at).map(({ role, id, name }) => ({ role, id, name })), asks });
    words.push(...this.#passing);
    this.#places.clear();
    this.#passing = [];
    this.#planned = this.#comesBack = false;
    const { bus, members } = this.#parts;
    let said: string[] = [];
    let length = 0;
    const publish = (): void => bus.publish('signal', Buffer.from(`{"node":${JSON.stringify(members.self)},"words":[${said.join()}]}`));
    for (const word of words) {
      const json = JSON.stringify(word);
      if (length > 0 && length + json.length > WORD_BYTES_MAX) {
        publish();
        [said, length] = [[], 0];
      }
      said.push(json);
      length += json.length;
    }
    publish();
  }

  #read(bytes: Uint8Array, take: (said: unknown) => void): void {
    try {
      take(JSON.parse(Buffer.from(bytes).toString()));
    } catch (error) {
      // Nothing durable rests on it, and a bad word must not end this node.
      this.#parts.report('error', 'a word of another node was not understood', { why: messageOf(error) });
    }
  }

  #hear({ node, words }: { node: string; words: readonly Word[] }): void {
    if (node === this.#parts.members.self) return;
    for (const word of words) {
      if (word === 'forget') this.#forget(node);
      else if ('is' in word) this.#take(node, word);
      else if (this.#there.has(word.at)) this.#parts.signalled(word.at, word.from, word.kind, word.value);
    }
  }

  #take(node: string, { at, is, asks }: Extract<Word, { is: readonly Person[] }>): void {
    const nodes = this.#there.get(at);
    if (nodes === undefined) return;
    if (asks) this.#say(at, false);
    this.#put(at, nodes, node, new Map(is.map((person) => [person.id, person])));
  }

  #forget(node: string): void {
    for (const [place, nodes] of this.#there) if (nodes.has(node)) this.#put(place, nodes, node, new Map());
  }

  #put(place: string, nodes: Map<string, ReadonlyMap<string, Person>>, node: string, after: ReadonlyMap<string, Person>): void {
    const before = nodes.get(node) ?? new Map<string, Person>();
    nodes.delete(node);
    const elsewhere = (id: string): boolean => this.has(place, id);
    const came = [...after.values()].filter(({ id }) => !before.has(id) && !elsewhere(id));
    const went = [...before.values()].filter(({ id }) => !after.has(id) && !elsewhere(id));
    if (after.size > 0) nodes.set(node, after);
    for (const person of came) this.#parts.moved(place, person, true);
    for (const person of went) this.#parts.moved(place, person, false);
  }

  #asked({ workspace, person, signedIn }: Whom, answer: (bytes: Uint8Array) => void): void {
    if (signedIn) this.#parts.signedIn(workspace, person);
    else if (this.#parts.has(workspace, person)) answer(new Uint8Array([1]));
  }
}

function encoded(whom: Whom): Uint8Array {
  return Buffer.from(JSON.stringify(whom));
}
