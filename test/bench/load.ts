/**
 * The load process: `node --import tsx load.ts '<Job as JSON>'`. It plays all customers and agents of one round and
 * sends its `Round` to the parent.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { cmidOf, customerOf, runTag } from './cmid.ts';
import { cpuTimes } from './cpu.ts';
import type { Dial, Line } from './dial.ts';
import { dialParley } from './dials/parley.ts';
import { dialSocketio } from './dials/socketio.ts';
import { dialWs } from './dials/ws.ts';
import { Ledger, type Verdict } from './ledger.ts';

const DIALS = { ws: dialWs, socketio: dialSocketio, parley: dialParley } satisfies Record<string, Dial>;
const DRAIN_MS = 20_000;
/** How long after the last acknowledgement of a repeat a doubled delivery may still show up. */
const QUIET_MS = 300;

export type DialName = keyof typeof DIALS;
/** Closed loop with so many unacknowledged messages per customer, or open loop with so many a second in all. */
export type Load = { inFlight: number } | { perSecond: number };

export interface Job {
  dial: DialName;
  port: number;
  /** The candidate's processes; their descendants count too. */
  pids: number[];
  /** Of these, whatever it stands on: is counted by itself as well. */
  beside?: number[];
  load: Load;
  customers: number;
  agents: number;
  textBytes: number;
  warmupMs: number;
  windowMs: number;
  extra: Record<string, string>;
}

export interface Round extends Verdict {
  ackedPerSecond: number;
  ackP50Ms: number;
  ackP99Ms: number;
  deliveryP50Ms: number;
  deliveryP99Ms: number;
  serverCpuPer100k: number;
  /** Of that, what the candidate stands on. */
  besideCpuPer100k: number;
  /** Cores in use in the window: by the candidate, by this process, by anybody else, and stolen by the hypervisor. */
  serverCores: number;
  loadCores: number;
  otherCores: number;
  stealCores: number;
  /** Deliveries of messages that were sent once more, under the same id, after their acknowledgement. */
  repeatsDelivered: number;
}

/** What the load process says at its end; the window's bounds are microseconds of the monotonic clock. */
export interface Report {
  round: Round;
  fromUs: number;
  toUs: number;
}

async function run(job: Job): Promise<Report> {
  const ledger = new Ledger(job.customers);
  const tag = runTag(Date.now(), Math.random);
  let failure: string | undefined;
  let sending = true;
  let repeats = 0;
  const fail = (why: string): void => void (failure ??= why);
  const line: Line = await DIALS[job.dial](job.port, { ...job, text: 'x'.repeat(job.textBytes) }, {
    acked(cmid) {
      const first = ledger.ack(cmid, performance.now());
      if (!first) repeats++;
      else if (sending && 'inFlight' in job.load) say(customerOf(cmid));
    },
    delivered: (cmid) => ledger.deliver(cmid, performance.now()),
    failed: fail,
  });
  const say = (customer: number): void =>
    line.say(customer, cmidOf(tag, customer, ledger.send(customer, performance.now())));
  const until = async (done: () => boolean, ms: number): Promise<void> => {
    const end = performance.now() + ms;
    while (!done() && failure === undefined && performance.now() < end) await pause(5);
    if (failure !== undefined) throw new Error(failure);
  };

  if ('inFlight' in job.load) {
    for (let nth = 0; nth < job.load.inFlight * job.customers; nth++) say(nth % job.customers);
  } else {
    pace(job.load.perSecond, () => sending, (nth) => say(nth % job.customers));
  }
  await until(() => false, job.warmupMs);

  const beside = (): number => cpuTimes(job.beside ?? []).servers;
  const [before, besideBefore] = [cpuTimes(job.pids), beside()];
  const fromUs = monotonicUs();
  ledger.measuring = true;
  await until(() => false, job.windowMs);
  ledger.measuring = false;
  const toUs = monotonicUs();
  const seconds = (toUs - fromUs) / 1e6;
  const [after, besideAfter] = [cpuTimes(job.pids), beside()];

  sending = false;
  await until(() => ledger.acked >= ledger.sent && ledger.delivered >= ledger.sent, DRAIN_MS);
  const verdict = ledger.verdict();
  for (let customer = 0; customer < job.customers; customer++) {
    const newest = ledger.newest(customer);
    if (newest >= 0) line.say(customer, cmidOf(tag, customer, newest));
  }
  await until(() => repeats >= job.customers, QUIET_MS * 10);
  await pause(QUIET_MS);
  line.close();

  const acked = ledger.acks.count;
  if (acked === 0) throw new Error('Not one message was acknowledged in the window.');
  const [ackP50Ms = 0, ackP99Ms = 0] = ledger.acks.at(0.5, 0.99);
  const [deliveryP50Ms = 0, deliveryP99Ms = 0] = ledger.deliveries.at(0.5, 0.99);
  const servers = after.servers - before.servers;
  const load = after.load - before.load;
  const round: Round = {
    ...verdict, ackP50Ms, ackP99Ms, deliveryP50Ms, deliveryP99Ms,
    ackedPerSecond: acked / seconds,
    serverCpuPer100k: (servers / acked) * 100_000,
    besideCpuPer100k: ((besideAfter - besideBefore) / acked) * 100_000,
    serverCores: servers / seconds,
    loadCores: load / seconds,
    otherCores: Math.max(0, after.busy - before.busy - servers - load) / seconds,
    stealCores: (after.steal - before.steal) / seconds,
    repeatsDelivered: ledger.duplicates - verdict.duplicates,
  };
  return { round, fromUs, toUs };
}

function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Calls `each` with 0, 1, 2 … so many times a second, catching up after a late timer. */
function pace(perSecond: number, going: () => boolean, each: (nth: number) => void): void {
  const from = performance.now();
  let nth = 0;
  const timer = setInterval(() => {
    if (!going()) return clearInterval(timer);
    for (const due = ((performance.now() - from) / 1000) * perSecond; nth < due;) each(nth++);
  }, 1);
}

process.once('disconnect', () => process.exit(0));
try {
  process.send?.(await run(JSON.parse(process.argv[2] ?? '') as Job));
} catch (error) {
  process.send?.({ error: error instanceof Error ? error.message : String(error) });
}
process.disconnect?.();
