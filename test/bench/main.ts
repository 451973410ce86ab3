/** `npm run bench`: Parley beside its peers, interleaved, on this machine. `--help` lists the options. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { CANDIDATES, Shared, type CandidateName } from './candidates.ts';
import { Children } from './children.ts';
import { cluster } from './cluster.ts';
import { desk } from './desk.ts';
import { flows } from './flows.ts';
import { inbox } from './inbox.ts';
import { aims, LOADS, results, type LoadName } from './figures.ts';
import type { Round } from './load.ts';
import { measure, WORK } from './measure.ts';
import { table } from './table.ts';

const HELP = `npm run bench -- [topic] [options]

  Without a topic: messages, beside the peers. Topics: desk (assignment), inbox (lists), flows, cluster (many nodes).

  --rounds N     interleaved rounds, their order reversed every second time (default 3)
  --seconds S    length of a round's measured window (default 3.5)
  --only A,B     candidates: ${Object.keys(CANDIDATES).join(', ')}
  --loads A,B    loads: ${Object.keys(LOADS).join(', ')}
  --json         one JSON object on stdout instead of the table
`;

/** What else is measured, each in a file of its own: prints its figures itself. */
const TOPICS: Readonly<Record<string, (children: Children, rounds: number, json: boolean) => Promise<void>>> = { desk, inbox, flows, cluster };

const { values, positionals: [topic] } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3.5' },
    only: { type: 'string', default: Object.keys(CANDIDATES).join(',') },
    loads: { type: 'string', default: Object.keys(LOADS).join(',') },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const children = new Children();
try {
  if (values.help) process.stdout.write(HELP);
  else if (topic === undefined) await bench();
  else await (TOPICS[chosen('topic', topic, TOPICS)[0] ?? ''] ?? bench)(children, positive('rounds', values.rounds), values.json);
} catch (error) {
  if (children.interrupted === undefined) process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  await children.stop();
}

async function bench(): Promise<void> {
  const rounds = positive('rounds', values.rounds);
  const windowMs = positive('seconds', values.seconds) * 1000;
  const candidates = chosen('only', values.only, CANDIDATES);
  const loads = chosen('loads', values.loads, LOADS);
  const shared = new Shared(children);
  const measured = new Map(loads.map((load) => [load, new Map(candidates.map((name) => [name, [] as Round[]]))]));
  for (const load of loads) {
    for (let nth = 1; nth <= rounds; nth++) {
      for (const name of nth % 2 === 1 ? candidates : candidates.toReversed()) {
        const one = await round(shared, name, load, windowMs);
        measured.get(load)?.get(name)?.push(one);
        process.stderr.write(`${load} round ${nth}/${rounds} ${name}: ${Math.round(one.ackedPerSecond)} acked/s\n`);
      }
    }
  }
  const figures = results(measured);
  const judged = aims(figures);
  const versions = await versionsOf(shared, candidates);
  const all = { machine: machine(), versions, work: { ...WORK, windowMs, rounds }, results: figures, aims: judged };
  process.stdout.write(`${values.json ? JSON.stringify(all) : table(figures, judged)}\n`);
}

async function round(shared: Shared, name: CandidateName, load: LoadName, windowMs: number): Promise<Round> {
  const candidate = CANDIDATES[name];
  const server = await candidate.start(shared, WORK.agents);
  try {
    return (await measure(children, server, candidate.dial, LOADS[load], windowMs)).round;
  } catch (error) {
    throw new Error(`${name}, ${load}: ${error instanceof Error ? error.message : error}`, { cause: error });
  } finally {
    await server.stop();
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} ${text}: give a number above 0.`);
  return name === 'rounds' ? Math.ceil(value) : value;
}

function chosen<K extends string>(option: string, list: string, of: Record<K, unknown>): K[] {
  const known = Object.keys(of) as K[];
  const names = list.split(',').filter((name) => name !== '');
  const strange = names.find((name) => !known.includes(name as K));
  if (strange !== undefined) throw new Error(`--${option} ${strange}: choose from ${known.join(', ')}.`);
  return known.filter((name) => names.includes(name));
}

function machine(): Record<string, string | number> {
  const cores = cpus();
  return {
    cpu: cores[0]?.model ?? 'unknown', cores: cores.length, memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(), node: process.version,
  };
}

async function versionsOf(shared: Shared, candidates: readonly CandidateName[]): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  const require = createRequire(import.meta.url);
  for (const name of ['ws', 'msgpackr', 'socket.io', 'pg', 'xstate', 'libsql']) {
    const path = require.resolve.paths(name)?.map((folder) => `${folder}/${name}/package.json`).find(exists);
    if (path !== undefined) versions[name] = String(JSON.parse(readFileSync(path, 'utf8')).version);
  }
  if (candidates.includes('socketio-postgres')) versions['postgresql'] = (await shared.postgres()).version;
  try {
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' });
    versions['parley'] = commit.trim();
  } catch {
    versions['parley'] = 'not a git checkout';
  }
  return versions;
}

function exists(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}
