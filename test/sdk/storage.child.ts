/** Writes the same few keys again and again, and says what was promised, until it is killed. */
import { file } from '../../sdk/file.ts';

const [, , path = '', run = ''] = process.argv;
const storage = file(path);
for (let turn = 0; ; turn++) {
  const said = `${run}.${turn};`;
  await Promise.all([0, 1, 2, 3].map(async (k) => {
    await storage.set(`key/${k}`, said.repeat(20_000));
    process.stdout.write(`key/${k} ${turn}\n`);
  }));
}
