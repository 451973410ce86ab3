/**
 * What a message costs as conversations grow: a node of a cluster whose tables hold from a thousand to a million of them.
 * `talk`: 200 customers talk, each with one message in flight. `wake`: each message goes to another conversation, which must
 * first be woken from the tables. What does grow with them is left out: the backup of the tables every few minutes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ulid } from 'ulid';
import { systemClock } from '../../gateway/clock.ts';
import { openFolder } from '../../gateway/folder.ts';
import { openNats } from '../../gateway/nats.ts';
import { parseSettings } from '../../gateway/settings.ts';
import type { Children } from './children.ts';
import { medians, ordered } from './cluster.ts';
import { cpuTimes } from './cpu.ts';
import { LOADS } from './figures.ts';
import { fill, filledId } from './fill.ts';
import { measure, WORK } from './measure.ts';
import { Peer } from './peer.ts';
import { NAME, startCluster, type Cluster } from './peers/cluster.ts';
import { startServer, type Nats } from './peers/nats.ts';
import { Turn } from './wire.ts';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const SHARDS = 64;
const WINDOW_MS = 3_500;
const WARM_MS = 1_500;
const WAKES_MAX = 3_000;
const IN_FLIGHT = 16;

interface Grown { conversations: number; fillS: number; nats: Nats; cluster: Cluster; woken: number }
export interface GrowthRow {
  conversations: number;
  /** Seconds to make the tables. */
  fillS: number;
  talkCpuUs: number;
  talkP50Ms: number;
  talkP99Ms: number;
  wakeCpuUs: number;
  talkOfSmallest: number;
  wakeOfSmallest: number;
}

export async function growth(children: Children, rounds: number): Promise<GrowthRow[]> {
  const all: Grown[] = [];
  for (const conversations of SIZES) all.push(await grow(children, conversations));
  // A round that does not count: until now these nodes have run none of this.
  for (const { cluster } of all) await measure(children, cluster, 'parley', LOADS['K=1'], WARM_MS);
  const measured: { conversations: number; talkCpuUs: number; talkP50Ms: number; talkP99Ms: number; wakeCpuUs: number }[] = [];
  for (let nth = 1; nth <= rounds; nth++) {
    for (const grown of ordered(all, nth)) {
      const { conversations, cluster, nats } = grown;
      const pids = [...cluster.pids, nats.pid];
      const { round: { serverCpuPer100k, ackP50Ms, ackP99Ms } } = await measure(children, { ...cluster, pids }, 'parley', LOADS['K=1'], WINDOW_MS);
      const wakes = Math.min(WAKES_MAX, Math.floor(conversations / rounds));
      const wakeCpuUs = await wake(cluster, pids, Array.from({ length: wakes }, () => filledId(1 + (grown.woken++ * 7_919) % conversations)));
      measured.push({ conversations, talkCpuUs: serverCpuPer100k * 10, talkP50Ms: ackP50Ms, talkP99Ms: ackP99Ms, wakeCpuUs });
      process.stderr.write(`round ${nth}/${rounds}, ${conversations} conversations: ${Math.round(serverCpuPer100k * 10)} µs a message, ${Math.round(wakeCpuUs)} µs when it wakes one\n`);
    }
  }
  for (const { cluster, nats } of all) {
    await cluster.stop();
    await nats.stop();
  }
  const rows = all.map(({ conversations, fillS }) => {
    const of = measured.filter((one) => one.conversations === conversations);
    return { conversations, fillS, ...medians(of, 'talkCpuUs', 'talkP50Ms', 'talkP99Ms', 'wakeCpuUs') };
  });
  const [least] = rows;
  return rows.map((row) => ({
    ...row, talkOfSmallest: row.talkCpuUs / (least?.talkCpuUs ?? 1), wakeOfSmallest: row.wakeCpuUs / (least?.wakeCpuUs ?? 1),
  }));
}

async function grow(children: Children, conversations: number): Promise<Grown> {
  const begun = performance.now();
  const nats = await startServer(children);
  const data = children.folder('growth');
  const { nats: settings } = parseSettings({ nats: { servers: [nats.url], name: NAME, shards: SHARDS } });
  const cluster = await openNats(settings, { node: 'fill', clock: systemClock, report: () => undefined });
  const { store } = await openFolder(join(data, 'n1'), { cluster: NAME });
  const positions = await fill(cluster.log, store, conversations);
  // Without a backup the node would make one in its first minute. Nobody needs what is in this one.
  const file = join(data, 'backup');
  writeFileSync(file, 'backup');
  await cluster.backups.keep(file, positions);
  await cluster.close();
  const fillS = (performance.now() - begun) / 1_000;
  process.stderr.write(`${conversations} conversations are there after ${fillS.toFixed(1)} s\n`);
  return { conversations, fillS, nats, cluster: await startCluster(children, nats, 1, WORK.agents, SHARDS, { data }), woken: 0 };
}

/** An agent writes a note in one conversation after another. @returns CPU of the processes, in µs for each */
async function wake({ port, extra }: Cluster, pids: readonly number[], conversations: readonly string[]): Promise<number> {
  let failed: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => { failed = reject; });
  failure.catch(() => undefined);
  const peer = await Peer.open({ port, turn: new Turn(), ear: { failed: (why) => failed(new Error(why)) } }, ulid(), extra.agent0 ?? '');
  const before = cpuTimes(pids).servers;
  let next = 0;
  let left = conversations.length;
  const say = (): void => {
    const conversation = conversations[next++];
    if (conversation !== undefined) peer.say({ t: 'send', cmid: ulid(), conversation, kind: 'note', text: 'x'.repeat(WORK.textBytes), channel: null, seen: null });
  };
  await Promise.race([failure, new Promise<void>((resolve) => {
    peer.hear = ({ t }) => {
      if (t !== 'ack') return;
      say();
      if (--left === 0) resolve();
    };
    for (let nth = 0; nth < IN_FLIGHT; nth++) say();
  })]);
  const spent = cpuTimes(pids).servers - before;
  peer.close();
  return (spent * 1e6) / conversations.length;
}
