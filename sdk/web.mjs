/**
 * Builds the pages: the widget, the console and the demo, from source to `outdir`, in one pass of esbuild.
 * The gateway serves what lies there; nothing here runs at run time.
 */
import { build } from 'esbuild';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
/** The demo's shop stands once per channel, each with the script tag that a real shop would have. */
const SHOPS = { shop: 'web', repeat: 'repeat', social: 'social' };

/**
 * @param {{ outdir: string, minify?: boolean, sourcemap?: boolean }} options
 * @returns {Promise<void>}
 */
export async function buildWeb({ outdir, minify = true, sourcemap = false }) {
  const shared = {
    bundle: true, minify, sourcemap, target: ['es2022'], format: 'iife', platform: 'browser',
    jsx: 'automatic', jsxImportSource: 'preact', outdir, absWorkingDir: here, logLevel: 'error',
    legalComments: 'none', charset: 'utf8',
  };
  await mkdir(join(outdir, 'demo'), { recursive: true });
  await Promise.all([
    // The widget carries its style sheet as text for the shadow root; the pages link theirs.
    build({ ...shared, entryPoints: { widget: 'widget/widget.tsx' }, plugins: [styleText(minify)] }),
    build({ ...shared, entryPoints: { demo: 'demo/demo.tsx' } }),
    consolePage(shared, outdir),
    build({
      ...shared,
      entryPoints: { console: 'console/console.css', demo: 'demo/demo.css', 'demo/shop': 'demo/shop.css' },
    }),
    copyFile(join(here, 'demo/demo.html'), join(outdir, 'demo.html')),
    shops(outdir),
  ]);
}

/** The console in parts: what few open, its flows, is loaded when somebody does. The page names the parts that it starts with. */
async function consolePage(shared, outdir) {
  await rm(join(outdir, 'console'), { recursive: true, force: true });
  const { metafile } = await build({
    ...shared, format: 'esm', splitting: true, metafile: true, chunkNames: 'console/[name]-[hash]', entryPoints: { console: 'console/console.tsx' },
  });
  const [, start] = Object.entries(metafile.outputs).find(([path]) => path.endsWith('console.js'));
  const parts = start.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => `console/${basename(path)}`);
  const page = await readFile(join(here, 'console/console.html'), 'utf8');
  const links = parts.map((path) => `<link rel="modulepreload" href="/${path}">\n`).join('');
  await writeFile(join(outdir, 'console.html'), page.replace('<script', `${links}<script`));
}

async function shops(outdir) {
  const page = await readFile(join(here, 'demo/shop.html'), 'utf8');
  for (const [name, channel] of Object.entries(SHOPS)) {
    const own = page.replace('data-channel="web"', `data-channel="${channel}"`);
    await writeFile(join(outdir, 'demo', `${name}.html`), own);
  }
}

/** A style sheet that is carried as text would otherwise keep its comments and indents. */
function styleText(minify) {
  return {
    name: 'style-text',
    setup(building) {
      building.onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const sheet = { entryPoints: [path], bundle: true, minify, write: false, logLevel: 'error' };
        const result = await building.esbuild.build(sheet);
        return { contents: result.outputFiles[0].text, loader: 'text' };
      });
    },
  };
}
