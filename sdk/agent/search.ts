/** Full-text search over everything that this agent may see, and the contacts behind it. */
import type { FieldType } from './fields.ts';
import type { Ask } from './http.ts';

export interface Found {
  readonly conversation: string;
  readonly seq: number;
  readonly at: number;
  readonly author: { readonly role: string; readonly id: string; readonly name: string };
  readonly kind: 'message' | 'note';
  /** A part of the text around the words, in pieces; every second piece is a match. */
  readonly pieces: readonly string[];
  readonly contact: { readonly id: string; readonly name: string };
}
/** Newest first, at most 20. `next` goes on from here; null at the end. A page may be short before the end. */
export interface FoundPage {
  readonly found: readonly Found[];
  readonly next: string | null;
  /** False while the gateway's index follows what was said, after it was made anew: later there may be more. */
  readonly whole: boolean;
}

/** A contact, and how many conversations they have had; those are the list `contact:<id>`. */
export interface ContactView {
  readonly id: string;
  readonly name: string;
  readonly identified: boolean;
  readonly since: number;
  readonly fields: Readonly<Record<string, string>>;
  /** Ids of fields that the contact's own token says: customers and flows do not change them. */
  readonly verified: readonly string[];
  /** Of all fields that there are, in the order in which they are shown. */
  readonly types: readonly FieldType[];
}

/** Each rejects with `ParleyError`. */
export interface Search {
  /** `next`: of the page before. */
  search(words: string, next?: string): Promise<FoundPage>;
  contact(id: string): Promise<ContactView>;
  setContactField(id: string, field: string, value: string): Promise<void>;
}

export function createSearch(ask: Ask): Search {
  const at = (id: string): string => `/api/contacts/${encodeURIComponent(id)}`;
  return {
    async search(words, next) {
      const query = new URLSearchParams(next === undefined ? { q: words } : { q: words, next });
      return (await ask('GET', `/api/search?${query}`)) as FoundPage;
    },
    contact: async (id) => (await ask('GET', at(id))) as ContactView,
    async setContactField(id, field, value) {
      await ask('PUT', `${at(id)}/fields/${encodeURIComponent(field)}`, { value });
    },
  };
}
