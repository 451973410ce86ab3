/** Installs what package-lock.json names and node_modules lacks. Plain JavaScript: it runs before anything is there. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** The packages that a lock file pins, by folder. npm writes the same list of what it has installed. */
function packages(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages;
  } catch {
    return {};
  }
}

/** @param {{ dev: boolean }} options whether the tests' tools are wanted too. */
export function install({ dev }) {
  const wanted = packages('package-lock.json');
  const here = packages('node_modules/.package-lock.json');
  const missing = Object.entries(wanted).some(([folder, { version, dev: forTests, devOptional, optional, link }]) =>
    folder.startsWith('node_modules/') && !link && !optional && !devOptional && (dev || !forTests) && here[folder]?.version !== version);
  if (!missing) return;
  process.stdout.write('Installing …\n');
  // An install that already had the tests' tools keeps them.
  const all = dev || Object.values(here).some((found) => found.dev);
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(all ? [] : ['--omit=dev'])];
  const { status } = spawnSync('npm', args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  if (status === 0) return;
  process.stderr.write('Installing failed: see above. Check that the npm registry can be reached and try again.\n');
  process.exit(1);
}
