/** `npm test`: installs what the tests need, builds, checks the types, runs every test, and ends with one line of counts. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from '../gateway/install.mjs';

const ROOT = join(import.meta.dirname, '..');
const run = (command, args, options = {}) => spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });

install({ dev: true });
/** What tests use of the system, by Debian's name: where it is, and what to do where apt-get may not. */
const tools = [
  ['chromium', '/usr/bin/chromium', 'run "apt-get install chromium" as root, or put a browser at /usr/bin/chromium.'],
  ['nats-server', '/usr/sbin/nats-server', 'run "apt-get install nats-server" as root, or put it at /usr/sbin/nats-server.'],
].filter(([, path]) => !existsSync(path));
if (tools.length > 0) {
  process.stdout.write(`Installing ${tools.map(([name]) => name).join(' and ')} for the tests …\n`);
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  run('apt-get', ['update', '-q'], quiet);
  for (const [name, , otherwise] of tools) {
    if (run('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], quiet).status === 0) continue;
    process.stderr.write(`${name} could not be installed: ${otherwise}\n`);
    process.exit(1);
  }
}

const { buildAll } = await import('../gateway/build.mjs');
await buildAll({ force: true });

let passed = 0;
let failed = 0;
const types = run('npx', ['tsc', '-p', '.']);
if (types.status === 0) passed += 1; else failed += 1;

/** They fill the machine with processes and measure what these do: one after the other, when nothing else runs. */
const ALONE = ['test/chaos/cluster.test.ts', 'test/chaos/nats.test.ts', 'test/simulator/simulator.test.ts'];

function vitest(...args) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const report = join(folder, 'report.json');
  const tests = run('npx', ['vitest', 'run', '--config', 'test/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args]);
  if (existsSync(report)) {
    const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(readFileSync(report, 'utf8'));
    passed += numPassedTests;
    // A file that could not be loaded has no tests to fail.
    failed += numFailedTests || (success && tests.status === 0 ? 0 : Math.max(numFailedTestSuites, 1));
  } else {
    failed += 1;
  }
  rmSync(folder, { recursive: true, force: true });
}

const chosen = process.argv.slice(2);
if (chosen.length > 0) {
  vitest(...chosen);
} else {
  vitest(...ALONE.flatMap((path) => ['--exclude', path]));
  vitest(...ALONE, '--maxWorkers=1');
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
