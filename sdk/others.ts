/** The other people of a conversation: who is there, who types, how far each has read. */
import type { House } from './house.ts';
import type { Author, Role } from './protocol/entry.ts';
import type { Told } from './protocol/frames.ts';
import { derived, type Derived } from './value.ts';

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

export interface Others {
  readonly value: Derived<readonly Other[]>;
  signalled(frame: Signalled): void;
  /** Somebody said something: so they type no more. */
  spoke(author: Author): void;
  /** Without a connection nothing is known about the moment. */
  lost(): void;
}

export function createOthers({ me, list, after }: House, conversation: string): Others {
  /** Those who were heard of here, by id. */
  const met = new Map<string, Person>();
  /** By person and kind; each with the way to take its end back. */
  const signals = new Map<string, { value: string; cancel(): void }>();
  let last: readonly Other[] = [];

  const value = derived((): readonly Other[] => {
    const { marks = [], contact, assignee } = list.summary(conversation) ?? {};
    const people = new Map<string, Person>(marks.map(({ person, role }) => [person, { id: person, role, name: '' }]));
    if (contact) people.set(contact.id, { ...contact, role: 'customer' });
    if (assignee) people.set(assignee.id, { ...assignee, role: 'agent' });
    for (const [id, person] of met) people.set(id, person);
    if (me.get() !== null) people.delete(me.get()!.id);
    const others = [...people.values()].filter(({ role }) => role !== 'system').map(({ id, name, role }): Other => {
      const is = (kind: Signalled['kind']): boolean => signals.has(id + kind);
      const draft = signals.get(`${id}draft`)?.value ?? '';
      const { delivered = 0, read = 0 } = marks.find(({ person }) => person === id) ?? {};
      const signs = { online: is('online'), typing: is('typing'), viewing: is('viewing') };
      return { id, name, role, ...signs, draft, delivered, read };
    });
    // Whoever watches is only woken when something is different.
    if (JSON.stringify(others) !== JSON.stringify(last)) last = others;
    return last;
  });

  function end(key: string): void {
    signals.get(key)?.cancel();
    signals.delete(key);
    value.stale();
  }

  return {
    value,
    signalled({ person, kind, value: said, ttlMs }) {
      const key = person.id + kind;
      met.set(person.id, person);
      end(key);
      if (said === '') return;
      signals.set(key, { value: said, cancel: ttlMs === 0 ? () => {} : after(ttlMs, () => end(key)) });
    },
    spoke(author) {
      met.set(author.id, author);
      for (const kind of ['typing', 'draft']) end(author.id + kind);
    },
    lost: () => [...signals.keys()].forEach(end),
  };
}
