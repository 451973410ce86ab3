/** What each entry of the SDK adds to a page: bytes, minified, gzipped. `npm run size -- --json` for machines. */
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
/**
 * Name -> entry. The entries for frameworks stand on the core, which a page has once: `core` is what they add to.
 * `agent` is whole, with the core in it.
 */
const ENTRIES = {
  core: 'index.ts', agent: 'agent.ts', node: 'node.ts', react: 'react.ts', reactNative: 'react-native.ts',
  widget: 'widget/widget.tsx', console: 'console/console.tsx',
};
const ON_CORE = ['node', 'react', 'reactNative'];

/** The bundle of an entry as text: what a browser would load at the start. What it loads later is not in it. */
export async function bundle(name) {
  const { outputFiles, metafile } = await build({
    entryPoints: [here + ENTRIES[name]], bundle: true, minify: true, write: false, outdir: here, logLevel: 'error',
    splitting: true, metafile: true, absWorkingDir: here,
    target: ['es2022'], format: 'esm', platform: name === 'node' ? 'node' : 'browser',
    charset: 'utf8', legalComments: 'none',
    jsx: 'automatic', jsxImportSource: 'preact', loader: { '.css': 'text' },
    external: ['react', 'ws', ...(ON_CORE.includes(name) ? ['./index.ts'] : [])],
  });
  const first = Object.entries(metafile.outputs).filter(([, { entryPoint }]) => entryPoint === ENTRIES[name]);
  const start = first.flatMap(([path, { imports }]) => [path, ...imports.filter(({ kind }) => kind === 'import-statement').map((one) => one.path)]);
  return outputFiles.filter(({ path }) => start.includes(relative(here, path)) && !path.endsWith('.css')).map(({ text }) => text).join('');
}

export async function sizes() {
  const sizes = {};
  for (const [name, entry] of Object.entries(ENTRIES)) {
    if (existsSync(here + entry)) sizes[name] = gzipSync(await bundle(name), { level: 9 }).length;
  }
  return sizes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = await sizes();
  if (process.argv.includes('--json')) console.log(JSON.stringify(all));
  else for (const [name, bytes] of Object.entries(all)) console.log(name.padEnd(12), String(bytes).padStart(7), 'bytes gzip');
}
