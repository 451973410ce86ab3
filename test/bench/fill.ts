/**
 * A node's tables with conversations by the million, as a backup brings them: one that really took place, by the gateway's own
 * code, and then rows like it under ever new ids, made by SQLite alone. The log holds only the first, as a trimmed one would.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { ulid } from 'ulid';
import type { Log } from '../../gateway/log.ts';
import { decodeRecord, encodeRecord, NO_HASH, type Change } from '../../gateway/record.ts';
import { shardOf } from '../../gateway/sharding.ts';
import { openStore, STORE_FILE } from '../../gateway/store.sqlite.ts';
import { openHouse } from '../gateway/house.ts';

const WORKSPACE = 'demo';
const CONVERSATION = '01C0NVERSAT10N000000000000';
const DEVICE = '01DEV1CE000000000000000000';
const BEFORE_MS = 1_000;

/** The id of the so many-th conversation, from 1 on. */
export function filledId(nth: number): string {
  return `01JGR0WTH0${String(nth).padStart(16, '0')}`;
}

/** @param log an empty one @returns how far the tables are, shard by shard */
export async function fill(log: Log, folder: string, count: number): Promise<number[]> {
  const changes = await aConversation();
  for (const change of changes) {
    await log.append(shardOf(change.actor, log.shards), 0, encodeRecord(NO_HASH, { epoch: 1, counter: 0, node: 'fill', at: Date.now(), changes: [change] }));
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = await openStore({ folder, log, report: () => undefined });
  for await (const record of log.read(new Map(store.positions.map((seq, shard) => [shard, seq])))) store.apply([record]);
  await store.settled();
  while (!(await store.search(WORKSPACE, 'parcel', null, 1)).whole);
  const positions = [...store.positions];
  await store.close();
  multiply(join(folder, STORE_FILE), changes.find(({ actor }) => actor.startsWith('p/'))?.actor.split('/')[2] ?? '', count);
  return positions;
}

/** Each row that the first conversation has, so many times. */
function multiply(file: string, person: string, count: number): void {
  const db = new Database(file);
  db.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -512000');
  const id = `('01JGR0WTH0' || printf('%016d', i))`;
  const renamed = (column: string): string => `replace(replace(${column}, '${CONVERSATION}', ${id}), '${person}', 'v_' || ${id})`;
  db.exec(`
    begin;
    create temp table nth as with recursive nth(i) as (select 1 union all select i + 1 from nth where i < ${count}) select i from nth;
    create temp table one as select *, rowid as at_rowid from actor;
    insert into actor
      select ${renamed('id')}, ${renamed('state')}, due, pending, workspace, ${renamed('contact')}, at - i * ${BEFORE_MS}, n + i,
        shelf, agent, team, mentions, waiting
      from nth, one order by i;
    create temp table piece as select * from chunk;
    insert into chunk(actor, first, least, greatest, bytes)
      select ${renamed('actor')}, first, least, greatest, bytes from nth, piece order by i;
    insert into word(rowid, scope, said)
      select id, 'w${Buffer.from(WORKSPACE).toString('hex')}', 'good morning where is my parcel it arrives tomorrow before noon ada visitor'
      from chunk where id > (select max(id) from piece);
    update meta set value = (select max(id) from chunk) where key = 'words';
    update meta set value = (select max(n) from actor) where key = 'feed';
    update tally set count = count * ${count + 1};
    drop table nth; drop table one; drop table piece;
    commit;
  `);
  db.close();
}

/** A message, an agent's answer, and the end: as the actors wrote it. */
async function aConversation(): Promise<Change[]> {
  const house = await openHouse();
  const customer = await house.customer(DEVICE);
  const say = { t: 'send', conversation: CONVERSATION, kind: 'message', channel: 'web', seen: null } as const;
  customer.say({ ...say, cmid: ulid(), text: 'Good morning, where is my parcel? I have waited for it since Monday.' });
  await customer.hear('ack');
  const agent = await house.agent();
  const act = async (name: string, args: object): Promise<void> => {
    agent.say({ t: 'command', id: ulid(), conversation: CONVERSATION, name, args: { ...args } });
    await agent.hear('result');
  };
  await act('accept', {});
  agent.say({ ...say, cmid: ulid(), text: 'Good morning! It arrives tomorrow before noon.' });
  await agent.hear('ack');
  await act('status', { status: 'solved' });
  await act('end', {});
  await house.gateway.host.quiet(`c/${WORKSPACE}/${CONVERSATION}`);
  const made = new Map<string, Change>();
  for await (const { bytes } of house.log.read(new Map(Array.from({ length: house.log.shards }, (_, n) => [n, 0])))) {
    for (const change of decodeRecord(bytes).changes) {
      if (/^[cp]\//.test(change.actor)) made.set(change.actor, { ...change, entries: [...made.get(change.actor)?.entries ?? [], ...change.entries] });
    }
  }
  await house.close();
  return [...made.values()];
}
