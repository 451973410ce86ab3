/** `npm start`, `npm run flow` and `npm run cluster`: installs what is missing, builds what is stale, and becomes what was asked for. */
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
const program = (name) => import(pathToFileURL(join(import.meta.dirname, '..', 'dist', 'gateway', name)).href);
if (process.argv[2] === 'flow') {
  const { flow } = await program('flow.js');
  const right = await flow(process.argv.slice(3), process.env, (text) => process.stdout.write(text)).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    return false;
  });
  process.exitCode = right ? 0 : 1;
} else if (process.argv[2] === 'cluster') {
  const { cluster, ownTerminal } = await program('cluster.js');
  await cluster(process.argv.slice(3), ownTerminal()).then(() => process.exit(0), (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
} else {
  await program('main.js');
}
