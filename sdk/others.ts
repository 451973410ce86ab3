/** The other people of a conversation: who is there, who types, how far each has read. */
import type { House } from './house.ts';
import type { Author, Role } from './protocol/entry.ts';
import type { Told } from './protocol/frames.ts';
import { derived } from './value.ts';

export interface Other {
  readonly id: string;
  /** Empty until it is known. */
  readonly name: string;
  readonly role: Role;
  readonly online: boolean;
  readonly typing: boolean;
  /** Has this conversation on the screen; only agents learn that, of agents. */
  readonly viewing: boolean;
  /** What stands in their composer, as far as agents may see it; else empty. */
  readonly draft: string;
  /** Newest sequence that reached a device of theirs, and that they have read. */
  readonly delivered: number;
  readonly read: number;
}
type Signalled = Extract<Told, { t: 'signalled' }>;
type Person = Pick<Other, 'id' | 'name' | 'role'>;

const keyOf = ({ id, role }: Pick<Other, 'id' | 'role'>): string => `${role}/${id}`;

export class Others {
  readonly value = derived(() => this.#list());
  readonly #house: House;
  readonly #id: string;
  readonly #people = new Map<string, Person>();
  /** By person and kind; each with the way to take its end back. */
  readonly #signals = new Map<string, { value: string; cancel(): void }>();
  #last: readonly Other[] = [];

  constructor(house: House, id: string) {
    this.#house = house;
    this.#id = id;
  }

  signalled({ person, kind, value, ttlMs }: Signalled): void {
    this.#meet(person);
    const key = `${keyOf(person)}/${kind}`;
    this.#end(key);
    if (value !== '') this.#signals.set(key, { value, cancel: ttlMs === 0 ? () => {} : this.#house.after(ttlMs, () => this.#end(key)) });
    this.value.stale();
  }

  /** Somebody said something: so they type no more. */
  spoke(author: Author): void {
    this.#meet(author);
    for (const kind of ['typing', 'draft']) this.#end(`${keyOf(author)}/${kind}`);
  }

  /** Without a connection nothing is known about the moment. */
  lost(): void {
    for (const key of [...this.#signals.keys()]) this.#end(key);
  }

  #meet(person: Person): void {
    if (this.#people.get(keyOf(person))?.name !== person.name) this.#people.set(keyOf(person), person);
    this.value.stale();
  }

  #end(key: string): void {
    this.#signals.get(key)?.cancel();
    if (this.#signals.delete(key)) this.value.stale();
  }

  #list(): readonly Other[] {
    const me = this.#house.me.get();
    const summary = this.#house.list.summary(this.#id);
    const people = new Map<string, Person>();
    for (const { person, role } of summary?.marks ?? []) people.set(keyOf({ id: person, role }), { id: person, role, name: '' });
    if (summary !== undefined) {
      const { contact, assignee } = summary;
      people.set(`customer/${contact.id}`, { ...contact, role: 'customer' });
      if (assignee !== null) people.set(`agent/${assignee.id}`, { ...assignee, role: 'agent' });
    }
    for (const [key, person] of this.#people) people.set(key, person);
    if (me !== null) people.delete(keyOf(me));
    people.delete('system/parley');
    const list = [...people].map(([key, { id, name, role }]): Other => {
      const mark = summary?.marks.find((other) => other.person === id && other.role === role);
      const is = (kind: Signalled['kind']): boolean => this.#signals.has(`${key}/${kind}`);
      const draft = this.#signals.get(`${key}/draft`)?.value ?? '';
      return { id, name, role, online: is('online'), typing: is('typing'), viewing: is('viewing'), draft, delivered: mark?.delivered ?? 0, read: mark?.read ?? 0 };
    });
    // Whoever watches is only woken when something is different.
    if (JSON.stringify(list) !== JSON.stringify(this.#last)) this.#last = list;
    return this.#last;
  }
}
