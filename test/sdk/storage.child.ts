/** Writes without end, and says what was promised, until it is killed. */
import { file } from '../../sdk/file.ts';

const [, , path = '', run = ''] = process.argv;
const storage = file(path);
for (let i = 0; ; i += 4) {
  await Promise.all([0, 1, 2, 3].map(async (k) => {
    const key = `key/${run}/${i + k}`;
    await storage.set(key, key.repeat(50));
    process.stdout.write(`${key}\n`);
  }));
}
