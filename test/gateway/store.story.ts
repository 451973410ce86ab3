/** Conversations made up from a number, as a log in memory: the same for everybody who asks for the same. */
import Database from 'libsql';
import { entriesIn } from '../../gateway/chunk.ts';
import { memoryLog, type MemoryLog } from '../../gateway/log.memory.ts';
import type { Stored } from '../../gateway/log.ts';
import { encodeRecord, hashOf, NO_HASH, partId, type Change } from '../../gateway/record.ts';
import { encodeEntry } from '../../sdk/protocol/codec.ts';
import type { Entry } from '../../sdk/protocol/entry.ts';

export const START = 1_760_000_000_000;
export const conversation = (i: number): string => `c/demo/01ARZ3NDEKTSV4RRFFQ69${String(i).padStart(5, '0')}`;
export const cmid = (i: number): string => `01BX5ZZKBKACTAV9WE${String(i).padStart(8, '0')}`;

export function line(seq: number, at: number, text: string, id: string | null, kind: 'message' | 'note' = 'message'): Uint8Array {
  const author = { role: kind === 'note' ? 'agent' : 'customer', id: 'p1', name: 'Ada' } as const;
  const entry: Entry = { seq, prev: seq - 1, n: seq, kind, at, author, cmid: id, body: { text } };
  return encodeEntry(entry);
}

/** Of an open conversation that nobody has, unless more is said. */
export function state(contact: string, at: number, more: object = {}): Uint8Array {
  return Buffer.from(JSON.stringify({ workspace: 'demo', contact: { id: contact }, at, ticket: { value: 'open' }, ...more }));
}

/** Appends records of changes and gives each back as it stands in the log. */
export class Scribe {
  readonly log: MemoryLog;
  readonly #ends: { seq: number; hash: Uint8Array }[];

  constructor(shards: number) {
    this.log = memoryLog({ shards });
    this.#ends = Array.from({ length: shards }, () => ({ seq: 0, hash: NO_HASH }));
  }

  async write(shard: number, changes: Change[]): Promise<Stored> {
    const end = this.#ends[shard];
    if (!end) throw new Error(`There is no shard ${shard}.`);
    const bytes = encodeRecord(end.hash, { epoch: 1, counter: end.seq, node: 'story', at: START, changes });
    const seq = await this.log.append(shard, end.seq, bytes);
    this.#ends[shard] = { seq, hash: hashOf(bytes) };
    return { shard, seq, bytes };
  }
}

export interface Story { log: MemoryLog; records: Stored[] }

const STATUSES = ['new', 'open', 'pending', 'onHold', 'solved', 'closed'];

/** A ticket that every change moves to other lists. */
function ticketOf(i: number): object {
  return {
    ticket: { value: STATUSES[i % 6], context: { agent: i % 6 === 0 ? null : { id: `a_${i % 4}` } } }, team: i % 2 === 0 ? 'sales' : 'support',
    waitingSince: i % 3 === 0 ? START + i : 0, snoozed: i % 8 === 0 ? { until: START * 2 } : null, mentions: i % 5 === 0 ? ['a_1', `a_${i % 3}`] : [],
  };
}

/** Messages spread over conversations, every seventh a note for agents, every tenth with a timer, some with effects; and a desk in parts. */
export async function story({ messages = 600, conversations = 20, shards = 4, perRecord = 3, padding = 0 }): Promise<Story> {
  const scribe = new Scribe(shards);
  const lengths = new Map<number, number>();
  const records: Stored[] = [];
  const filler = 'x'.repeat(padding);
  for (let i = 0, r = 0; i < messages; r++) {
    const shard = r % shards;
    const changes: Change[] = [];
    for (let k = 0; k < perRecord && i < messages; k++, i++) {
      // Conversations stay on their shard, and take turns in an order that is not that of their names.
      const c = ((i * 7) % conversations) - (((i * 7) % conversations) % shards) + shard;
      const seq = (lengths.get(c) ?? 0) + 1;
      lengths.set(c, seq);
      const kind = i % 7 === 0 ? 'note' : 'message';
      changes.push({
        actor: conversation(c), state: state(`p${c % 5}`, START + i, { seq, filler, ...ticketOf(i) }), due: i % 10 === 0 ? START + 1000 * i : 0,
        pending: i % 11 === 0,
        entries: [{ audience: kind === 'note' ? 'agents' : 'everyone', bytes: line(seq, START + i, `line ${i}`, cmid(i), kind) }],
      });
    }
    if (shard === 0) {
      const bare = { due: 0, pending: false, entries: [] };
      changes.push({ actor: 'd/demo', state: Buffer.from(`{"r":${r}}`), ...bare });
      changes.push({ actor: partId('d/demo', `t/${r % 7}`), state: Buffer.from(r % 3 === 0 ? '' : `{"r":${r}}`), ...bare });
    }
    records.push(await scribe.write(shard, changes));
  }
  return { log: scribe.log, records };
}

/**
 * Everything that the tables say, but for what depends on what shared a transaction: the feed's numbers, and which
 * lines are one chunk.
 */
export function tablesOf(file: string): Record<string, unknown[]> {
  const db = new Database(file);
  const all = <Row>(sql: string): Row[] => db.prepare(sql).raw().all() as Row[];
  const chunks = all<[string, number, Uint8Array]>('select actor, first, bytes from chunk order by actor, first');
  const tables = {
    position: all('select * from position order by shard'),
    actor: all('select id, state, due, pending, workspace, contact, at, shelf, agent, team, mentions, waiting from actor order by id'),
    tally: all('select * from tally where count <> 0 order by workspace, list'),
    entry: chunks.flatMap(([actor, first, bytes]) => entriesIn({ first, bytes }).map((entry) =>
      [actor, entry.seq, entry.audience, Buffer.from(entry.bytes).toString('hex')])),
  };
  db.close();
  return tables;
}
