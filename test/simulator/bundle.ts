/** The simulator and the house in one file, as they are or with one fault put into the house on purpose. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/** A change of the source as somebody might make it by mistake. */
export interface Patch {
  file: string;
  /** Stands there exactly once. */
  find: string;
  replace: string;
}

/** @returns the file. @throws Error when a patch does not fit the source any more */
export async function bundled(name: string, patches: readonly Patch[] = []): Promise<string> {
  const outfile = join(ROOT, 'dist/simulator', `${name}.mjs`);
  const wrong: string[] = [];
  const left = new Set(patches);
  await build({
    entryPoints: [join(import.meta.dirname, 'child.ts')], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20',
    packages: 'external', logLevel: 'error',
    plugins: [{
      name: 'patches',
      setup({ onLoad }) {
        onLoad({ filter: /\.ts$/ }, async ({ path }) => {
          const own = patches.filter(({ file }) => file === relative(ROOT, path));
          if (own.length === 0) return undefined;
          let contents = await readFile(path, 'utf8');
          for (const patch of own) {
            left.delete(patch);
            if (contents.split(patch.find).length !== 2) wrong.push(`${patch.file} does not have this once: ${patch.find}`);
            contents = contents.replace(patch.find, () => patch.replace);
          }
          return { contents, loader: 'ts' };
        });
      },
    }],
  });
  for (const { file } of left) wrong.push(`${file} is not part of the simulator`);
  if (wrong.length > 0) throw new Error(`The fault "${name}" does not fit the source:\n${wrong.join('\n')}`);
  return outfile;
}
