/**
 * Where Parley's time goes under one load: the functions with the most self time in each thread, by V8's sampling.
 * `node --import tsx test/bench/profile.ts --help` lists the options.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Children } from './children.ts';
import { LOADS, type LoadName } from './figures.ts';
import { measure, WORK } from './measure.ts';
import { buildGateway, startGateway } from './peers/parley.ts';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
  /** Microseconds of the monotonic clock. */
  startTime: number;
}

const maps = new Map<string, SourceMap | undefined>();
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HELP = `node --import tsx test/bench/profile.ts [options]

  --load L       ${Object.keys(LOADS).join(', ')} (default K=16)
  --seconds S    length of the profiled window (default 5)
  --top N        functions shown for each thread (default 30)
  --by file      sums by file or package instead of by function
`;

const { values } = parseArgs({
  options: {
    load: { type: 'string', default: 'K=16' }, seconds: { type: 'string', default: '5' },
    top: { type: 'string', default: '30' }, by: { type: 'string', default: 'function' },
    help: { type: 'boolean', default: false },
  },
});
const children = new Children();
try {
  if (values.help) process.stdout.write(HELP);
  else await profile(values.load, Number(values.seconds) * 1000);
} catch (error) {
  if (children.interrupted === undefined) process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  await children.stop();
}

async function profile(name: string, windowMs: number): Promise<void> {
  const load = LOADS[name as LoadName];
  if (load === undefined) throw new Error(`--load ${name}: choose from ${Object.keys(LOADS).join(', ')}.`);
  await buildGateway(children);
  const folder = children.folder('profile');
  const { child, port, extra } = await startGateway(children, WORK.agents, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  const { round, fromUs, toUs } = await measure(children, { port, pids: [child.pid], extra }, 'parley', load, windowMs);
  await child.stop('SIGINT');

  const perMessage = Math.round(round.serverCpuPer100k * 10);
  process.stdout.write(`${name}: ${Math.round(round.ackedPerSecond)} acked/s, ${round.serverCores.toFixed(2)} cores, `
    + `${perMessage} microseconds of CPU a message (sampling included); `
    + `others used ${round.otherCores.toFixed(2)} cores\n`);
  for (const file of readdirSync(folder).filter((path) => path.endsWith('.cpuprofile')).sort()) {
    const threads = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
    process.stdout.write(`\n${threadOf(file)}\n${lines(threads, fromUs, toUs).join('\n')}\n`);
  }
}

/** Node names profiles CPU.date.time.pid.thread.number. */
function threadOf(file: string): string {
  const thread = Number(file.split('.')[4]);
  return thread === 0 ? 'Main thread' : `Worker thread ${thread}`;
}

function lines({ nodes, samples, timeDeltas, startTime }: Profile, fromUs: number, toUs: number): string[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const self = new Map<string, number>();
  let busy = 0;
  let at = startTime;
  samples.forEach((node, i) => {
    const took = timeDeltas[i] ?? 0;
    at += took;
    const name = names.get(node) ?? '(unknown)';
    if (at < fromUs || at > toUs || name === '(idle)') return;
    busy += took;
    self.set(name, (self.get(name) ?? 0) + took);
  });
  const top = [...self].sort(([, a], [, b]) => b - a).slice(0, Number(values.top));
  return [
    `  busy ${((busy / (toUs - fromUs)) * 100).toFixed(0)} % of the window; of that:`,
    ...top.map(([name, took]) => `  ${((took / busy) * 100).toFixed(1).padStart(5)} %  ${name}`),
  ];
}

/** Where the function stands in the source, seen through the build's source map. */
function nameOf({ functionName, url, lineNumber, columnNumber }: Profile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const found = sourceMapOf(path)?.findEntry(lineNumber, columnNumber);
  const line = found !== undefined && 'originalLine' in found ? found.originalLine : lineNumber;
  const file = found !== undefined && 'originalSource' in found
    ? relative(ROOT, join(path, '..', found.originalSource))
    : path.replace(/^.*node_modules\//, '');
  if (values.by === 'file') return /node_modules/.test(path) ? (file.split('/')[0] ?? file) : file;
  return `${name}  ${file}:${line + 1}`;
}

function sourceMapOf(path: string): SourceMap | undefined {
  if (!maps.has(path)) maps.set(path, read(path));
  return maps.get(path);
}

function read(path: string): SourceMap | undefined {
  if (!path.includes(join('dist', 'gateway'))) return undefined;
  const folder = readdirSync(join(path, '..'));
  const map = `${basename(path)}.map`;
  return folder.includes(map) ? new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8'))) : undefined;
}
