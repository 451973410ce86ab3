/**
 * NATS fails: restarted, killed, frozen, its disk full, unreachable from one node only. Clients see that something is not
 * sent yet and never that it is when it is not; when all is well again everything drains by itself. Meanwhile nodes do not grow.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicFactory } from 'ulid';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { systemClock } from '../../gateway/clock.ts';
import { findNats } from '../../gateway/cluster.nats.ts';
import { Api } from '../../gateway/nats.api.ts';
import { connectNats } from '../../gateway/nats.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { createClient } from '../../sdk/node.ts';
import { Peer } from '../bench/peer.ts';
import { Turn } from '../bench/wire.ts';
import { chanceOf } from './chance.ts';
import { killAll } from './child.ts';
import { Cluster } from './cluster/cluster.ts';
import { isReady } from './cluster/doors.ts';
import { Pen, readHistory, type ClientLine, type LogLine, type ReadLine } from './cluster/history.ts';
import { BREACHES, Judge } from './cluster/judge.ts';
import type { Node } from './cluster/node.ts';
import { Person } from './cluster/person.ts';
import { readAll } from './cluster/reading.ts';
import { Witness } from './cluster/witness.ts';
import { customerToken } from './gateway.ts';

const DISK = 'size=64m';
const BLOCK = 64 * 1024;
const HOARD = 'HOARD';
const WORDS = 12;
/** Frames of a flood, from each of so many sockets: far more than a node may hold. */
const FLOOD = { sockets: 8, frames: 1_000, text: 'x'.repeat(2_000) };
const GROWTH_MB = 200;

function mount(path: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', DISK, 'parley-nats', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const found = await findNats();
const why = found === undefined ? ' (skipped: no nats-server can be had)' : '';

describe.skipIf(found === undefined)(`NATS fails${why}`, { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-nats-'));
  const history = join(folder, 'history');
  const disk = join(folder, 'nats');
  const hasDisk = mount(disk);
  const crashes: string[] = [];
  const people: Person[] = [];
  let cluster: Cluster;
  let witness: Witness;
  let closeNats = (): Promise<void> => Promise.resolve();
  let acked = 0;

  beforeAll(async () => {
    cluster = await Cluster.make({ folder, nodes: 2, nats: 1, workspace: {}, crashed: (how) => void crashes.push(how) });
    await cluster.start();
    [witness, closeNats] = await Witness.open(cluster.settings, new Pen<LogLine>(join(history, 'log.ndjson')), (line) => void crashes.push(line));
    for (const [nth, node] of [...cluster.nodes, ...cluster.nodes].entries()) people.push(person(`customer${nth}`, node));
  }, 120_000);

  afterAll(async () => {
    await closeNats();
    await cluster.close();
    await killAll();
    if (hasDisk) execFileSync('umount', ['--lazy', disk], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** A customer who always comes in at the same node: two of each. */
  function person(name: string, { port }: Node): Person {
    const client = createClient({ url: `http://127.0.0.1:${port}`, getToken: () => customerToken(name) });
    const pen = new Pen<ClientLine>(join(history, 'clients', `${name}.ndjson`));
    const plan = { name, role: 'customer', agents: 0, share: 0, words: 1_000 } as const;
    return new Person({ plan, client, pen, chance: chanceOf(people.length), settled: () => { acked += 1; } });
  }

  const at = (node: number): Person[] => people.filter((_, nth) => nth % 2 === node);
  const say = (who: readonly Person[]): void => { for (const one of who) one.say(WORDS); };
  const flying = (who: readonly Person[] = people): number => who.reduce((sum, one) => sum + one.flying, 0);
  const everythingSent = (who: readonly Person[] = people): Promise<void> => until(() => flying(who) === 0);
  const notReady = async (node: Node): Promise<void> => { while (await isReady(node.port, 500)) await turn(); };
  const ready = async (): Promise<void> => { await Promise.all(cluster.nodes.map((node) => node.recovered())); };

  /** Said while it is hurt, not sent until it is healed, and then sent by itself. @param most words that may be sent all the same */
  async function survives(hurt: () => unknown, noticed: () => Promise<unknown>, heal: () => unknown, most = 0): Promise<void> {
    onTestFailed(() => {
      process.stderr.write(`${crashes.join('\n')}\n${people.map(({ standing }) => standing).join('\n')}\n`);
    });
    await ready();
    say(people);
    await everythingSent();
    await hurt();
    const before = acked;
    say(people);
    await noticed();
    const sent = acked - before;
    expect([sent <= most, flying()]).toEqual([true, people.length * WORDS - sent]);
    await heal();
    await everythingSent();
    expect(acked - before).toBe(people.length * WORDS);
    expect(crashes).toEqual([]);
  }
  const everyNode = (): Promise<unknown> => Promise.all(cluster.nodes.map(notReady));

  it('restarted: what is said meanwhile is sent when it is back', async () => {
    await survives(() => cluster.nats.stop(0), everyNode, () => cluster.nats.start(0));
  });

  it('killed: what is said meanwhile is sent when it is back', async () => {
    await survives(() => cluster.nats.kill(0), everyNode, () => cluster.nats.start(0));
  });

  it('frozen: what is said meanwhile is sent when it wakes, and nodes do not grow, whatever is poured into them', async () => {
    let grown = 0;
    await survives(() => cluster.nats.freeze(0), async () => {
      const before = cluster.nodes.map(({ rss }) => rss);
      const flood = await Promise.all(cluster.nodes.map(pour));
      await everyNode();
      grown = Math.max(...cluster.nodes.map(({ rss }, nth) => rss - (before[nth] ?? 0))) / 2 ** 20;
      for (const peer of flood.flat()) peer.close();
    }, () => cluster.nats.thaw(0));
    expect(grown).toBeLessThan(GROWTH_MB);
  });

  it.each(['up', 'down'] as const)('unreachable from one node only, %swards: nothing is sent there, everything elsewhere', async (way) => {
    const [node] = cluster.nodes as [Node];
    await ready();
    say(people);
    await everythingSent();
    cluster.part(node, way);
    await notReady(node);
    say(people);
    // The other node takes over what that one had.
    await everythingSent(at(1));
    expect(flying(at(0))).toBe(at(0).length * WORDS);
    cluster.heal(node);
    await everythingSent();
    expect(crashes).toEqual([]);
  });

  it.skipIf(!hasDisk)('it holds as much as it may: what is said meanwhile is sent once there is room, by itself', async () => {
    const before = said();
    await survives(async () => { await hoard(); }, () => until(() => said() > before), async () => { await letGo(); });
  });

  /** A server that met a full disk takes nothing until it is started again, whatever room there is: that is its operator's part. */
  it.skipIf(!hasDisk)('its disk is full: what is said meanwhile is sent when there is room and it is started again', async () => {
    const filler = join(disk, 'filler');
    let before = 0;
    await survives(async () => {
      before = said();
      await fill(filler);
    }, () => until(() => said() > before), async () => {
      rmSync(filler);
      await cluster.nats.kill(0);
      await cluster.nats.start(0);
      // The last page of a file may have room for some.
    }, (people.length - 1) * WORDS);
  });

  it('in the end everything stands once, in order, on every node', async () => {
    await everythingSent();
    for (const one of people) one.end();
    await ready();
    await witness.level();
    for (const node of cluster.nodes) {
      const pen = new Pen<ReadLine>(join(history, 'reads', `${node.name}.ndjson`));
      await readAll(node, [...witness.conversations], new Turn(), pen);
      pen.close();
    }
    witness.end();
    const judge = new Judge();
    await readHistory(history, judge);
    const verdict = judge.verdict();
    expect(verdict.findings).toEqual([]);
    expect(BREACHES.filter((breach) => verdict[breach] > 0)).toEqual([]);
    expect([verdict.acked, verdict.sends]).toEqual([acked, acked]);
  });

  /** How often nodes have said that the log takes nothing. */
  function said(): number {
    return cluster.nodes.reduce((sum, { log }) => sum + readFileSync(log, 'utf8').split('takes no records now').length, 0);
  }

  /** Somebody else's stream takes what JetStream may keep: three quarters of the disk, unless its configuration says less. */
  async function hoard(): Promise<void> {
    await asked(async (api) => {
      await api.ask(`STREAM.CREATE.${HOARD}`, { name: HOARD, subjects: [HOARD], storage: 'file', retention: 'limits', discard: 'new', num_replicas: 1 });
      for (let size = BLOCK; size > 0;) {
        const answer = JSON.parse(Buffer.from(await api.send(HOARD, Buffer.alloc(size, 1))).toString()) as { error?: object };
        if (answer.error !== undefined) size = Math.floor(size / 2);
      }
    });
  }

  function letGo(): Promise<void> {
    return asked(async (api) => { await api.ask(`STREAM.DELETE.${HOARD}`); });
  }

  async function asked(ask: (api: Api) => Promise<void>): Promise<void> {
    const connection = await connectNats(parseSettings({ nats: cluster.settings }).nats, { node: 'hoarder', clock: systemClock, report: () => undefined });
    await ask(new Api(connection, systemClock)).finally(() => connection.close());
  }

  /** Many sockets that say far too much, each as somebody else, in conversations of their own. */
  function pour({ port }: Node): Promise<Peer[]> {
    const turns = new Turn();
    const ear = { failed: () => undefined };
    return Promise.all(Array.from({ length: FLOOD.sockets }, async () => {
      const nextId = monotonicFactory();
      const peer = await Peer.open({ port, turn: turns, ear }, nextId(), await customerToken(`flood${nextId()}`));
      peer.refused = () => undefined;
      for (let nth = 0; nth < FLOOD.frames; nth++) {
        peer.say({ t: 'send', cmid: nextId(), conversation: nextId(), kind: 'message', text: FLOOD.text, channel: 'web', seen: null });
      }
      return peer;
    }));
  }
});

/** Writes until nothing more fits. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let size = BLOCK; size > 0;) await file.appendFile(Buffer.alloc(size, 1)).catch(() => (size = Math.floor(size / 2)));
  } finally {
    await file.close();
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
