/** Builds the gateway and its pages into dist/: under a second, so every start may ask for it. */
import { readdir, stat, writeFile, readFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildSdk } from '../sdk/build.mjs';
import { buildWeb } from '../sdk/web.mjs';

const ROOT = join(import.meta.dirname, '..');

/** Newest change of any source file, to know whether dist is stale. */
async function newest(folder) {
  let time = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue;
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? await newest(path) : (await stat(path)).mtimeMs);
  }
  return time;
}

export async function buildAll({ force = false } = {}) {
  const stamp = join(ROOT, 'dist', 'built');
  const sources = await Promise.all(['machines', 'sdk', 'gateway'].map((folder) => newest(join(ROOT, folder))));
  const state = String(Math.max(...sources));
  if (!force && await readFile(stamp, 'utf8').catch(() => '') === state) return false;
  await Promise.all([
    build({
      entryPoints: Object.fromEntries(['main', 'flow', 'cluster', 'store.worker'].map((name) => [name, join(ROOT, `gateway/${name}.ts`)])),
      outdir: join(ROOT, 'dist/gateway'), bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external',
      sourcemap: true, logLevel: 'warning',
    }),
    buildSdk(),
    buildWeb({ outdir: join(ROOT, 'dist/web'), minify: true, sourcemap: false }),
  ]);
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  await writeFile(stamp, state);
  return true;
}

if (process.argv[1] === import.meta.filename) await buildAll({ force: true });
