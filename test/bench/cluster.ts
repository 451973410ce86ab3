/**
 * Several nodes over a real nats-server, as processes of this machine: messages a second and CPU for each message with 1, 2
 * and 3 of them, beside one process on its own file, and beside what JetStream alone takes of records of the same sizes.
 * Then what a message costs as conversations grow (`growth.ts`).
 */
import { fileURLToPath } from 'node:url';
import type { Children } from './children.ts';
import { LOADS, median, type LoadName } from './figures.ts';
import { growth } from './growth.ts';
import type { Round } from './load.ts';
import { measure, WORK } from './measure.ts';
import type { Raw } from './peers/jetstream.ts';
import { startServer } from './peers/nats.ts';
import { startCluster } from './peers/cluster.ts';
import { buildGateway, startGateway } from './peers/parley.ts';

const LOADS_USED = ['K=16', '1000/s'] as const satisfies readonly LoadName[];
const NODES = [1, 2, 3];
const SHARDS = 64;
const WINDOW_MS = 3_500;
const RAW_MS = 60_000;

/** 0 nodes: one process on its own file. */
interface Measured { load: LoadName; nodes: number; round: Round; messagesPerRecord: number; recordBytes: number }
interface RawMeasured extends Raw { records: 'single' | 'packed'; recordBytes: number; messagesPerSecond: number }
interface Sizes { single: number; packed: number; messagesPerPacked: number }

export async function cluster(children: Children, rounds: number, json: boolean): Promise<void> {
  await buildGateway(children);
  const measured: Measured[] = [];
  const raw: RawMeasured[] = [];
  // How large records are is seen in a round that does not count.
  const sizes = await sizesOf(children);
  let version = '';
  for (let nth = 1; nth <= rounds; nth++) {
    for (const load of LOADS_USED) {
      for (const nodes of ordered([0, ...NODES], nth)) {
        const one = await round(children, nodes, load);
        measured.push(one);
        process.stderr.write(`round ${nth}/${rounds}, ${load}, ${nameOf(nodes)}: ${Math.round(one.round.ackedPerSecond)} acked/s\n`);
      }
    }
    for (const records of ordered(['single', 'packed'] as const, nth)) {
      const one = await rawRound(children, records, sizes);
      version = one.version;
      raw.push(one.measured);
      process.stderr.write(`round ${nth}/${rounds}, JetStream alone, ${records}: ${Math.round(one.measured.messagesPerSecond)} messages/s\n`);
    }
  }
  const alone = (['single', 'packed'] as const).map((records) => {
    const of = raw.filter((one) => one.records === records);
    return { records, ...medians(of, 'recordBytes', 'recordsPerSecond', 'messagesPerSecond', 'clientCpuUs', 'serverCpuUs') };
  });
  const results = LOADS_USED.flatMap((load) => tableOf(measured.filter((one) => one.load === load), alone));
  const grown = await growth(children, rounds);
  if (json) {
    const work = { ...WORK, windowMs: WINDOW_MS, shards: SHARDS, rounds, nats: version };
    return void process.stdout.write(`${JSON.stringify({ work, jetStream: alone, results, growth: grown })}\n`);
  }
  for (const rows of [alone, results, grown]) console.table(rows.map(rounded));
}

function tableOf(of: readonly Measured[], alone: readonly { records: string; messagesPerSecond: number }[]) {
  const rows = [0, ...NODES].map((nodes) => {
    const these = of.filter((one) => one.nodes === nodes);
    const rounds = these.map(({ round: { ackedPerSecond, ackP50Ms, ackP99Ms, serverCpuPer100k, besideCpuPer100k, otherCores } }) => ({
      ackedPerSecond, ackP50Ms, ackP99Ms, nodesCpuUs: (serverCpuPer100k - besideCpuPer100k) * 10, natsCpuUs: besideCpuPer100k * 10, otherCores,
    }));
    const wrong = these.reduce((sum, { round: r }) => sum + r.unacked + r.lost + r.duplicates + r.orderBreaks + r.repeatsDelivered, 0);
    return {
      load: of[0]?.load, what: nameOf(nodes), wrong, ...medians(these, 'messagesPerRecord', 'recordBytes'),
      ...medians(rounds, 'ackedPerSecond', 'ackP50Ms', 'ackP99Ms', 'nodesCpuUs', 'natsCpuUs', 'otherCores'),
    };
  });
  const [file, one] = rows;
  const raw = (records: string): number => alone.find((row) => row.records === records)?.messagesPerSecond ?? 1;
  return rows.map((row) => ({
    ...row, cpuUs: row.nodesCpuUs + row.natsCpuUs,
    speedOfFile: row.ackedPerSecond / (file?.ackedPerSecond ?? 1), speedOfOneNode: row.ackedPerSecond / (one?.ackedPerSecond ?? 1),
    cpuOfFile: (row.nodesCpuUs + row.natsCpuUs) / (file?.nodesCpuUs ?? 1),
    speedOfRawSingle: row.ackedPerSecond / raw('single'), speedOfRawPacked: row.ackedPerSecond / raw('packed'),
  }));
}

async function round(children: Children, nodes: number, load: LoadName): Promise<Measured> {
  if (nodes === 0) {
    const { child, port, extra } = await startGateway(children, WORK.agents);
    try {
      const { round } = await measure(children, { port, pids: [child.pid], extra }, 'parley', LOADS[load], WINDOW_MS);
      return { load, nodes, round, messagesPerRecord: 0, recordBytes: 0 };
    } finally {
      await child.stop();
    }
  }
  const nats = await startServer(children);
  try {
    const cluster = await startCluster(children, nats, nodes, WORK.agents, SHARDS);
    try {
      const before = await nats.state(cluster.stream);
      const { round } = await measure(children, { ...cluster, pids: [...cluster.pids, nats.pid], beside: [nats.pid] }, 'parley', LOADS[load], WINDOW_MS);
      const after = await nats.state(cluster.stream);
      const records = after.messages - before.messages;
      return { load, nodes, round, messagesPerRecord: round.sent / records, recordBytes: (after.bytes - before.bytes) / records };
    } finally {
      await cluster.stop();
    }
  } finally {
    await nats.stop();
  }
}

/** With one message in flight a second most records hold one; under load they are packed. */
async function sizesOf(children: Children): Promise<Sizes> {
  const slow = await round(children, 1, '1000/s');
  const fast = await round(children, 1, 'K=16');
  return {
    single: Math.round(slow.recordBytes / Math.max(1, slow.messagesPerRecord)), packed: Math.round(fast.recordBytes),
    messagesPerPacked: fast.messagesPerRecord,
  };
}

async function rawRound(children: Children, records: 'single' | 'packed', sizes: Sizes): Promise<{ measured: RawMeasured; version: string }> {
  const nats = await startServer(children);
  try {
    const job = { url: nats.url, pid: nats.pid, subjects: SHARDS, recordBytes: sizes[records], warmupMs: WORK.warmupMs, windowMs: WINDOW_MS };
    const child = children.node('JetStream\'s client', fileURLToPath(new URL('peers/jetstream.ts', import.meta.url)), [JSON.stringify(job)]);
    const said = await child.says(RAW_MS) as Raw | { error: string };
    await child.stop();
    if ('error' in said) throw new Error(said.error);
    const messages = records === 'single' ? 1 : sizes.messagesPerPacked;
    const measured = { records, recordBytes: job.recordBytes, ...said, messagesPerSecond: said.recordsPerSecond * messages };
    return { measured, version: nats.version };
  } finally {
    await nats.stop();
  }
}

function nameOf(nodes: number): string {
  return nodes === 0 ? 'one process, file' : `${nodes} node${nodes === 1 ? '' : 's'}, NATS`;
}

/** The other way round every second time. */
export function ordered<T>(all: readonly T[], nth: number): readonly T[] {
  return nth % 2 === 1 ? all : all.toReversed();
}

export function medians<K extends string>(of: readonly { [key in K]: number }[], ...keys: K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, median(of.map((one) => one[key]))])) as Record<K, number>;
}

function rounded(row: object): object {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? Number(value.toPrecision(3)) : value]));
}
