/** A node that slept through what the log has let go of: it says so and ends, for whoever watches it to start it again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startNats, type NatsServers } from '../../gateway/cluster.nats.ts';
import { message } from './house.ts';
import { build, startNode, visit, type Node } from './node.stage.ts';

let base = '';
let nats: NatsServers;
let nodes: Node[] = [];
beforeAll(async () => {
  build();
  base = await mkdtemp(join(tmpdir(), 'parley-lost-'));
  nats = await startNats({ folder: join(base, 'nats') });
  const env = { PARLEY_NATS_SERVERS: nats.urls.join(','), PARLEY_NATS_SHARDS: '4' };
  nodes = ['a', 'b'].map((name) => startNode(['--node-name', name, '--data', join(base, name)], env));
  await Promise.all(nodes.map(({ url }) => url));
}, 120_000);
afterAll(async () => {
  for (const node of nodes) node.kill('SIGKILL');
  await Promise.all(nodes.map(({ exit }) => exit));
  await nats.close();
  await rm(base, { recursive: true });
});

/** As two backups would have it: of each shard, the newest record alone. */
async function trim(): Promise<void> {
  const connection = await connect({ servers: [...nats.urls] });
  const { streams } = await jetstreamManager(connection);
  const { state: { subjects = {} } } = await streams.info('PARLEY_parley', { subjects_filter: '>' });
  for (const filter of Object.keys(subjects)) await streams.purge('PARLEY_parley', { filter, keep: 1 });
  await connection.close();
}

it('ends with 75, having given up what it owned; the other one goes on', async () => {
  const [a, b] = nodes as [Node, Node];
  b.kill('SIGSTOP');
  // What a server had already sent to it would reach it when it wakes.
  await nats.kill(0);
  await nats.start(0);
  const peer = await visit(await a.url);
  const conversation = ulid();
  for (let i = 0; i < 20; i++) {
    peer.say(message(conversation, `${i}`));
    await peer.hear('ack');
  }
  await trim();
  b.kill('SIGCONT');
  expect(await b.exit).toBe(75);
  expect(b.lines()).toContainEqual(expect.objectContaining({ level: 'error', what: 'this node cannot go on behind what it knows of the log: it must start again' }));
  peer.say(message(conversation, 'and on'));
  await peer.hear('ack');
  peer.ws.terminate();
}, 60_000);
