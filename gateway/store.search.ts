/** Search, read from the tables: the index names chunks, newest first; their lines are looked at one by one. */
import { decodeEntry } from '../sdk/protocol/codec.ts';
import { entriesIn } from './chunk.ts';
import { scopeOf } from './store.index.ts';
import type { Ask } from './store.lists.ts';
import type { Found, FoundPage } from './store.ts';
import { found, termsOf, type Term } from './words.ts';

/** No page looks at more chunks than this; it may then have few lines, or none, and go on. */
const CHUNKS_MAX = 500;
const CHUNKS = 50;
const LIMIT = 100;

type Row = [id: number, actor: string, first: number, bytes: Uint8Array];

/** Where a page ends: nothing of this chunk from this line on is behind it. */
type Edge = [chunk: number, seq: number];
const ALL = Number.MAX_SAFE_INTEGER;

/** @param before the `next` of an earlier page; one that is none finds nothing. */
export function search(ask: Ask, workspace: string, query: string, before: string | null, limit: number): Omit<FoundPage, 'whole'> {
  const terms = termsOf(query);
  const most = Math.min(Math.max(limit, 1), LIMIT);
  const lines: Found[] = [];
  let edge = before === null ? [ALL, ALL] as Edge : edgeOf(before);
  if (terms.length === 0 || edge === undefined) return { found: lines, next: null };
  const wanted = expressionOf(workspace, terms);
  const contacts = new Map<string, Found['contact']>();
  for (let seen = 0; seen < CHUNKS_MAX; seen += CHUNKS) {
    const rows: Row[] = ask<Row>(`select chunk.id, actor, first, bytes from word join chunk on chunk.id = word.rowid
      where word match ? and word.rowid <= ? order by word.rowid desc limit ?`, wanted, edge[0], CHUNKS);
    for (const [id, actor, first, bytes] of rows) {
      const end: number = id === edge[0] ? edge[1] : ALL;
      for (const entry of entriesIn({ first, bytes }).reverse()) {
        const line = entry.seq < end ? lineOf(terms, actor, entry.bytes) : undefined;
        if (line === undefined) continue;
        if (lines.length === most) return { found: lines, next: edge.join('.') };
        lines.push({ ...line, contact: contactOf(ask, actor, contacts) });
        edge = [id, entry.seq];
      }
      edge = [id - 1, ALL];
    }
    if (rows.length < CHUNKS) return { found: lines, next: null };
  }
  return { found: lines, next: edge.join('.') };
}

function edgeOf(next: string): Edge | undefined {
  const [, chunk, seq] = /^(\d{1,16})\.(\d{1,16})$/.exec(next) ?? [];
  return chunk === undefined || seq === undefined ? undefined : [Number(chunk), Number(seq)];
}

/** As FTS5 has it: all terms, in this workspace. Words are letters and digits, so nothing in them has a meaning there. */
function expressionOf(workspace: string, terms: readonly Term[]): string {
  const each = terms.map(({ words, prefix }) => `"${words.join(' ')}"${prefix ? '*' : ''}`);
  return `scope : "${scopeOf(workspace)}" AND said : (${each.join(' AND ')})`;
}

function lineOf(terms: readonly Term[], actor: string, bytes: Uint8Array): Omit<Found, 'contact'> | undefined {
  const { seq, kind, at, author, body } = decodeEntry(bytes);
  if (kind !== 'message' && kind !== 'note') return undefined;
  const pieces = found(terms, body.text, author.name);
  return pieces && { conversation: actor.slice(actor.lastIndexOf('/') + 1), seq, at, author, kind, pieces };
}

/** The contact as they are called now. */
function contactOf(ask: Ask, actor: string, known: Map<string, Found['contact']>): Found['contact'] {
  let contact = known.get(actor);
  if (contact === undefined) {
    const [row] = ask<[string]>('select state from actor where id = ?', actor);
    const state = JSON.parse(row?.[0] ?? '{}') as { contact?: Found['contact'] };
    contact = { id: state.contact?.id ?? '', name: state.contact?.name ?? '' };
    known.set(actor, contact);
  }
  return contact;
}
