/** `npm start`: installs what is missing, builds what is stale, and becomes the gateway. Plain JavaScript, no dependencies. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '..');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Parley needs Node 20.19 or later; this is ${process.versions.node}. Install a current Node and try again.\n`);
  process.exit(1);
}

// Installed is what this lock file says; a complete install for the tests holds all of it too.
const stamp = join(ROOT, 'node_modules', '.parley-installed');
const lock = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json'))).digest('hex');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  if (!existsSync(join(ROOT, 'node_modules', 'libsql'))) process.stdout.write('Installing …\n');
  const dev = process.env.PARLEY_INSTALL_DEV === '1';
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(dev ? [] : ['--omit=dev'])];
  const { status } = spawnSync('npm', args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  if (status !== 0) {
    process.stderr.write('Installing failed: see above. Check that the npm registry can be reached and try again.\n');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const { buildAll } = await import('./build.mjs');
await buildAll();
await import(pathToFileURL(join(ROOT, 'dist', 'gateway', 'main.js')).href);
