/** A process that appends until it is killed, and prints what was acknowledged: the other half of log.crash.test.ts. */
import { writeSync } from 'node:fs';
import { openFileLog } from '../../gateway/log.file.ts';
import { recordAfter } from './log.folders.ts';

const [folder = '', shards = '8'] = process.argv.slice(2);
const log = await openFileLog(folder, { shards: Number(shards), segmentBytes: 64 * 1024 });

async function appendForEver(shard: number): Promise<never> {
  let last = await log.last(shard);
  for (;;) {
    const seq: number = (last?.seq ?? 0) + 1;
    const bytes = recordAfter(last?.bytes, `${shard}:${seq}:${'x'.repeat((seq * 37 + shard * 101) % 900)}`);
    await log.append(shard, seq - 1, bytes);
    last = { shard, seq, bytes };
    writeSync(1, `${shard} ${seq} ${Buffer.from(bytes).toString('base64')}\n`);
  }
}
await Promise.all(Array.from({ length: Number(shards) }, (_, shard) => appendForEver(shard)));
