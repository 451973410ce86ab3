/**
 * JetStream alone, as a log uses it: records of one size, a subject for each shard, one append in flight on each, with the
 * sequence that is expected. `node --import tsx jetstream.ts '<Job as JSON>'`; sends its `Raw` to the parent.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { cpuTimes } from '../cpu.ts';

export interface Job {
  url: string;
  pid: number;
  subjects: number;
  recordBytes: number;
  warmupMs: number;
  windowMs: number;
}

export interface Raw {
  recordsPerSecond: number;
  /** Of this process, and of the server, for each record. */
  clientCpuUs: number;
  serverCpuUs: number;
}

const STREAM = 'RAW';

async function run(job: Job): Promise<Raw> {
  const nc = await connect({ servers: job.url });
  await (await jetstreamManager(nc)).streams.add({ name: STREAM, subjects: [`${STREAM}.*`] });
  const js = jetstream(nc);
  const record = new Uint8Array(job.recordBytes).map((_, i) => i * 31);
  let records = 0;
  let going = true;
  const publish = async (nth: number): Promise<void> => {
    for (let lastSubjectSequence = 0; going; records++) {
      ({ seq: lastSubjectSequence } = await js.publish(`${STREAM}.${nth}`, record, { expect: { lastSubjectSequence } }));
    }
  };
  const all = Array.from({ length: job.subjects }, (_, nth) => publish(nth));
  await pause(job.warmupMs);
  const [before, from, count] = [cpuTimes([job.pid]), performance.now(), records];
  await pause(job.windowMs);
  const [after, to, done] = [cpuTimes([job.pid]), performance.now(), records - count];
  going = false;
  await Promise.all(all);
  await nc.close();
  return {
    recordsPerSecond: (done * 1_000) / (to - from),
    clientCpuUs: ((after.load - before.load) * 1e6) / done, serverCpuUs: ((after.servers - before.servers) * 1e6) / done,
  };
}

process.once('disconnect', () => process.exit(0));
try {
  process.send?.(await run(JSON.parse(process.argv[2] ?? '') as Job));
} catch (error) {
  process.send?.({ error: error instanceof Error ? error.message : String(error) });
}
process.disconnect?.();
