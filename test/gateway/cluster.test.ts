/** `npm run cluster` at a real terminal: its keys kill, freeze and wake real processes, and each thing that happens is one line. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts } from '../../gateway/cluster.nats.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const START = join(ROOT, 'gateway', 'start.mjs');
const folder = mkdtempSync(join(tmpdir(), 'parley-terminal-'));
let terminal: ChildProcess;
let shown = '';
let changed = (): void => {};

beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  // `script` gives it a terminal of its own.
  terminal = spawn('script', ['-qfec', `${process.execPath} ${START} cluster --port ${port} --data ${folder}`, '/dev/null'], { cwd: ROOT });
  process.once('exit', () => terminal.kill('SIGKILL'));
  terminal.stdout?.on('data', (text: Buffer) => {
    shown += text.toString();
    changed();
  });
  await shows(/^Keys .*$/m);
}, 120_000);
afterAll(async () => {
  if (terminal.exitCode === null) {
    terminal.kill('SIGTERM');
    await once(terminal, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves with the line, once it is shown; each is looked for behind the one before. */
function shows(line: RegExp): Promise<string> {
  return new Promise((resolve) => {
    changed = () => {
      const found = line.exec(shown);
      if (found === null) return;
      shown = shown.slice(found.index + found[0].length);
      changed = () => {};
      resolve(found[0]);
    };
    changed();
  });
}
const press = (key: string): void => void terminal.stdin?.write(key);

it('kills a node and says how long its shards had no owner; the same key brings it back', async () => {
  press('2');
  await shows(/node-2 is dead \(kill -9\).* starts again in 8 s, or with 2\./);
  const line = await shows(/All 64 shards have an owner again, [\d.]+ s after node-2 was lost\./);
  expect(Number(/, ([\d.]+) s after/.exec(line)?.[1])).toBeLessThan(5);
  press('2');
  await shows(/node-2 is back \(pid \d+\), ready after [\d.]+ s\./);
}, 60_000);

it('freezes the node that owns most, and wakes it', async () => {
  press('f');
  const frozen = await shows(/node-\d is frozen \(SIGSTOP\), the owner of \d+ of 64 shards\./);
  await shows(/All 64 shards have an owner again/);
  press('f');
  await shows(new RegExp(`${frozen.slice(0, 6)} wakes after [\\d.]+ s\\.`));
}, 60_000);

it('kills NATS and starts it again', async () => {
  press('n');
  await shows(/nats-1 is killed \(kill -9\)\. Until it is back nothing can be written/);
  await shows(/nats-1 runs again/);
  await shows(/Every node has NATS again/);
}, 60_000);

it('the folder is nobody else\'s meanwhile; on q everything ends well and nothing is left running', async () => {
  const second = spawnSync(process.execPath, [START, 'cluster', '--data', folder], { cwd: ROOT, encoding: 'utf8' });
  expect(second.stderr).toMatch(/^The folder .* is in use by process \d+\./);
  expect(second.status).toBe(1);
  const exited = once(terminal, 'exit');
  press('q');
  await shows(/Ending …/);
  expect(await exited).toEqual([0, null]);
  expect(spawnSync('pgrep', ['-f', folder], { encoding: 'utf8' }).stdout).toBe('');
}, 60_000);

it('says what it takes', () => {
  const said = (...args: string[]): string => spawnSync(process.execPath, [START, 'cluster', ...args], { cwd: ROOT, encoding: 'utf8' }).stderr;
  expect(said('--nats', '2')).toBe('--nats takes 1 or 3, not "2".\n');
  expect(said('--prot', '1')).toMatch(/Did you mean --port\?/);
});
