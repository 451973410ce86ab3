/** A process that applies a story until it is killed. It says when each transaction stands. */
import { openStore } from '../../gateway/store.sqlite.ts';
import { story } from './store.story.ts';

const [folder = '', messages = '0'] = process.argv.slice(2);
const { log, records } = await story({ messages: Number(messages) });
const store = await openStore({ folder, log, report: () => {} });
store.onApplied(() => process.stdout.write(`${store.positions.join(' ')}\n`));
for (const record of records) {
  if (record.seq <= (store.positions[record.shard] ?? 0)) continue;
  store.apply([record]);
  await store.settled();
}
process.stdout.write('done\n');
setInterval(() => {}, 1000);
