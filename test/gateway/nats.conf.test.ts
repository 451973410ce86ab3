/**
 * nats.conf on real servers, with the very environment that docker-compose.yml gives them: what its one user may do suffices
 * for the whole life of a gateway, none of it is more than that, and nobody else comes in.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../gateway/clock.ts';
import { inboxOf, openNats, type Nats } from '../../gateway/nats.ts';
import { optionsOf, speak } from '../../gateway/settings.options.ts';
import { parseSettings, settings as schema } from '../../gateway/settings.ts';
import { compose, SECRETS } from './compose.ts';
import { fill } from './log.folders.ts';
import { CONF, shippedNats, type ShippedNats } from './nats.conf.ts';

const ends: (() => Promise<unknown> | void)[] = [];
let nats: ShippedNats;
beforeAll(async () => {
  nats = await shippedNats();
  ends.push(() => nats.end());
}, 60_000);
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What the user may publish to and listen on, as nats.conf has it. */
const granted = (kind: 'publish' | 'subscribe'): string[] =>
  [...new RegExp(`${kind}: \\[([^\\]]*)\\]`).exec(CONF)?.[1]?.replace(/#.*/g, '').matchAll(/"([^"]+)"/g) ?? []].map((found) => found[1] ?? '');

async function gateway(name: string, said: string[]): Promise<Nats> {
  const spoken = speak({}, compose().services[name]?.environment ?? {}, {}, optionsOf(schema));
  const { nats: settings } = parseSettings(spoken.json, spoken);
  const opened = await openNats({ ...settings, servers: nats.urls, replicas: nats.replicas, shards: 4, monitor: nats.monitors[0] }, {
    node: name, clock: systemClock, report: (level, what, facts) => { if (level !== 'info') said.push(`${level}: ${what} ${JSON.stringify(facts ?? {})}`); },
  });
  ends.push(() => opened.close());
  return opened;
}

async function user(more: object = { user: 'gateway', pass: SECRETS['NATS_PASSWORD'] }): Promise<{ nc: NatsConnection; refused: string[] }> {
  const nc = await connect({ servers: nats.urls[0] ?? '', reconnect: false, inboxPrefix: inboxOf('parley', 'stranger'), ...more });
  ends.push(() => nc.close());
  const refused: string[] = [];
  void (async () => {
    for await (const status of nc.status()) if (status.type === 'error') refused.push(status.error.message);
  })();
  return { nc, refused };
}

it('the whole life of gateways: a cluster is made, appended to, followed, asked, copied, fetched and trimmed', async () => {
  const said: string[] = [];
  const [a, b] = [await gateway('gateway-1', said), await gateway('gateway-2', said)];
  expect(b.secret).toEqual(a.secret);
  const followed = new Promise<void>((resolve, reject) => {
    let count = 0;
    ends.push(b.log.follow(new Map([0, 1, 2, 3].map((shard) => [shard, 0])), (records) => { if ((count += records.length) >= 8) resolve(); }, reject));
  });
  for (const shard of [0, 1, 2, 3]) await fill(a.log, shard, 2, 1_000);
  await followed;
  const read = [];
  for await (const { seq } of b.log.read(new Map([[2, 0]]))) read.push(seq);
  expect(read).toEqual([1, 2]);
  expect(await b.log.last(3)).toMatchObject({ seq: 2 });

  ends.push(await b.bus.listen('cmd.1', (bytes, answer) => { answer(bytes); }));
  const answer = await new Promise<Uint8Array | undefined>((resolve) => { ends.push(a.bus.ask('cmd.1', Buffer.from('who'), resolve)); });
  // A listener at another server is known there a moment later; then the answer is that nobody listens.
  if (answer !== undefined) expect(Buffer.from(answer).toString()).toBe('who');

  const file = join(nats.folder, 'copy');
  writeFileSync(file, Buffer.alloc(300_000, 'x'));
  for (const seq of [1, 2, 2]) await a.backups.keep(file, [seq, seq, seq, seq]);
  const [newest] = await b.backups.list();
  if (newest === undefined) throw new Error('no backup');
  await b.backups.fetch(newest, join(nats.folder, 'fetched'));
  await fill(a.log, 0, 2, 1_000);
  const before = await a.backups.logBytes();
  await a.backups.trim();
  expect(await a.backups.logBytes()).toBeLessThan(before);
  await a.close();
  await b.close();
  expect(said).toEqual([]);
  expect(nats.logs()).not.toMatch(/Permissions Violation/);
});

it('none of what they may do is more than that', () => {
  const text = nats.logs();
  const used = (kind: RegExp): string[] => [...text.matchAll(kind)].map((found) => found[1] ?? '');
  const fits = (pattern: string, subject: string): boolean => new RegExp(`^${pattern.replace(/[.$]/g, '\\$&').replace(/>$/, '.+')}$`).test(subject);
  const published = used(/<<- \[H?PUB (\S+)/g);
  expect(granted('publish').filter((pattern) => !published.some((subject) => fits(pattern, subject)))).toEqual([]);
  const heard = used(/<<- \[SUB (\S+)/g);
  expect(granted('subscribe').filter((pattern) => !heard.some((subject) => fits(pattern, subject)))).toEqual([]);
});

it('they cannot delete or change a stream, nor read the system or what is not theirs', async () => {
  const { nc, refused } = await user();
  for (const what of ['DELETE', 'UPDATE', 'SNAPSHOT', 'MSG.DELETE']) {
    await nc.request(`$JS.API.STREAM.${what}.PARLEY_parley`, '{"seq":1}', { timeout: 300 }).catch(() => undefined);
    await expect.poll(() => refused.join('\n')).toContain(`$JS.API.STREAM.${what}.PARLEY_parley`);
  }
  for (const subject of ['$JS.API.STREAM.PURGE.PARLEY_parley_META', '$JS.API.STREAM.LIST', '$SYS.REQ.SERVER.PING', 'foreign.word']) {
    nc.publish(subject, '');
    await nc.flush();
    await expect.poll(() => refused.join('\n')).toContain(`"${subject}"`);
  }
  for (const subject of ['$SYS.>', '>', '$JS.>', '_INBOX.>', 'parley.other.>', 'foreign']) {
    nc.subscribe(subject, { callback: () => undefined });
    await nc.flush();
    await expect.poll(() => refused.join('\n')).toMatch(new RegExp(`Subscription to "${subject.replace(/[.$]/g, '\\$&')}"`, 'i'));
  }
  const stands = await nc.request('$JS.API.STREAM.INFO.PARLEY_parley', '');
  expect((stands.json() as { state: { messages: number } }).state.messages).toBeGreaterThan(0);
});

it('nobody comes in without a name, with a wrong password, or as the system', async () => {
  for (const who of [{}, { user: 'gateway', pass: 'wrong' }, { user: 'routes', pass: SECRETS['NATS_ROUTES_PASSWORD'] }, { user: 'sys', pass: '' }]) {
    await expect(user(who), JSON.stringify(who)).rejects.toThrow(/authori[sz]ation/i);
  }
});
