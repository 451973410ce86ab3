/** Builds what is published: a JavaScript file for each entry of the SDK; with `types`, the declarations beside it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';

const HERE = import.meta.dirname;
const ENTRIES = ['index', 'agent', 'node', 'react', 'react-native'];

/** @param {{ types?: boolean }} options declarations need the TypeScript compiler and a few seconds. */
export async function buildSdk({ types = false } = {}) {
  await build({
    entryPoints: ENTRIES.map((name) => join(HERE, `${name}.ts`)), outdir: join(HERE, 'dist'), bundle: true, splitting: true,
    format: 'esm', target: 'es2022', packages: 'external', logLevel: 'error', legalComments: 'none',
  });
  if (!types) return;
  const { status } = spawnSync('npx', ['tsc', '-p', join(HERE, 'tsconfig.json')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The declarations of the SDK could not be made.');
}

if (process.argv[1] === import.meta.filename) await buildSdk({ types: true });
