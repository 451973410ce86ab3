/** `npm start`: installs what is missing, builds what is stale, and becomes the gateway. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install } from './install.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Parley needs Node 20.19 or later; this is ${process.versions.node}. Install a current Node and try again.\n`);
  process.exit(1);
}

install({ dev: false });
const { buildAll } = await import('./build.mjs');
await buildAll();
await import(pathToFileURL(join(import.meta.dirname, '..', 'dist', 'gateway', 'main.js')).href);
