/** The crash test of a cluster by hand, and its judge alone. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readLine } from '../../../gateway/arguments.ts';
import { killAll } from '../child.ts';
import { breachesOf, type Verdict } from './judge.ts';
import { checkHistory, keepHistory, tempest } from './tempest.ts';

const HELP = `The crash test of a cluster: people on every node talk while everything beneath them dies and comes back.

  npm run chaos -- --nodes 3 [options]
  npm run chaos -- check DIR [--json]    Holds a kept history against the promises once more.

  --nodes N        Gateways, 2 or more.
  --nats 1|3       nats-servers; three need 2.10.23 or later. Default 1.
  --sends N        Messages that shall be acknowledged. Default 20000.
  --kills K        kill -9 of a node. Default 8.
  --freezes Z      A node stands still for 3 to 6 s (SIGSTOP), and wakes. Default 4.
  --nats-kills Q   A nats-server is killed, stopped or frozen. Default 2.
  --partitions P   A node cannot reach NATS, or in one direction only. Default 1.
  --clients N      Customers, besides four agents. Default 40.
  --seed S         Repeats the plan of a run. Default: by chance, and printed.
  --deadline S     Seconds until a run without an end fails. Default 3600.
  --keep DIR       Where the history is kept; after a fault it is kept anyway.
  --json           One line of JSON on stdout, nothing else.

In the middle every node is stopped gently and started again, one after the other.
`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

export async function tempestByHand(flags: readonly string[]): Promise<void> {
  const number = (fallback: string) => ({ type: 'string', default: fallback }) as const;
  const { values } = readLine(flags, {
    nodes: { type: 'string' }, nats: number('1'), sends: number('20000'), kills: number('8'), freezes: number('4'), 'nats-kills': number('2'),
    partitions: number('1'), clients: number('40'), seed: { type: 'string' }, deadline: number('3600'), keep: { type: 'string' },
    json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false },
  }, false);
  if (values.help) return void process.stdout.write(HELP);
  const nodes = whole('nodes', values.nodes ?? '');
  if (nodes < 2) throw new Error('--nodes takes 2 or more: somebody must live while another dies.');
  if (values.nats !== '1' && values.nats !== '3') throw new Error(`--nats takes 1 or 3, not "${values.nats}".`);
  const keep = values.keep === undefined ? undefined : resolve(values.keep);
  if (keep !== undefined && existsSync(join(keep, 'log.ndjson'))) throw new Error(`There is a history in ${keep} already: name another folder.`);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : whole('seed', values.seed);
  const folder = mkdtempSync(join(tmpdir(), 'parley-cluster-'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void killAll().finally(() => {
      say(`What happened until then is in ${folder}.`);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }));
  }
  say(`Seed ${seed}. Everything is in ${folder}.`);
  const verdict = await tempest({
    folder, nodes, nats: values.nats === '3' ? 3 : 1, seed, say, sends: whole('sends', values.sends), customers: whole('clients', values.clients),
    kills: whole('kills', values.kills), freezes: whole('freezes', values.freezes), natsKills: whole('nats-kills', values['nats-kills']),
    partitions: whole('partitions', values.partitions), deadlineMs: whole('deadline', values.deadline) * 1000,
  }).catch((error: unknown) => {
    say(`Everything is kept in ${folder}.`);
    throw error;
  });
  if (keep !== undefined) {
    keepHistory(folder, keep);
    say(`The history is kept in ${keep}: npm run chaos -- check ${keep}`);
  }
  if (breachesOf(verdict) === 0) rmSync(folder, { recursive: true, force: true });
  else say(`Everything is kept in ${folder}.`);
  print(verdict, values.json);
}

export async function checkByHand(flags: readonly string[]): Promise<void> {
  const { values: { json }, positionals: [folder] } = readLine(flags, { json: { type: 'boolean', default: false } }, true);
  if (folder === undefined) throw new Error('Name the folder of the history: npm run chaos -- check DIR.');
  print(await checkHistory(resolve(folder)), json);
}

/** Exit code 1 when anything is not as promised. */
function print({ findings, ...figures }: Verdict, json: boolean): void {
  for (const line of findings) say(line);
  const table = Object.entries(figures).map(([name, value]) => `${name.padEnd(18)}${typeof value === 'object' ? JSON.stringify(value) : value}`);
  process.stdout.write(`${json ? JSON.stringify(figures) : table.join('\n')}\n`);
  process.exitCode = breachesOf({ findings, ...figures }) > 0 ? 1 : 0;
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not "${text}".`);
  return value;
}
