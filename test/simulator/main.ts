/** `npm run simulate`: many runs of a small cluster in which everything goes wrong, each from one seed. */
import { availableParallelism } from 'node:os';
import { readLine } from '../../gateway/arguments.ts';
import { bundled } from './bundle.ts';
import { runAll } from './crew.ts';
import type { Fact } from './history.ts';
import type { Outcome } from './run.ts';
import { Tally } from './tally.ts';
import { writeTable } from './table.ts';
import { BEGIN } from './world.ts';

const HELP = `Small clusters in which nearly everything goes wrong, each made from its number alone (docs/simulator.md).

  npm run simulate -- [options]

  --seeds N      How many. Default 2000.
  --from N       The first of them. Default 1.
  --seed N       That one alone, with all that happened.
  --workers N    Processes. Default: one for each core.
  --bugs         Puts each planted fault into the house, and writes docs/simulator.md with what caught it.
  --only A,B     Of these faults alone.
  --json         One line of JSON.
  --help         This text.
`;

const tell = (text: string): void => { process.stdout.write(`${text}\n`); };

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}

const { values } = ((): ReturnType<typeof read> => {
  try {
    return read();
  } catch (error) {
    return fail(error);
  }
})();
if (values.help) {
  tell(HELP.trimEnd());
  process.exit(0);
}
const workers = count('workers', values.workers);

function read() {
  return readLine(process.argv.slice(2), {
    seeds: { type: 'string', default: '2000' }, from: { type: 'string', default: '1' }, seed: { type: 'string' }, json: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(availableParallelism()) }, bugs: { type: 'boolean', default: false }, only: { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h', default: false },
  }, false);
}

/** None would be no violations, and say nothing. */
function count(name: string, text: string): number {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : fail(`--${name} takes a whole number from 1 on, not "${text}".`);
}

function traced({ at, t, ...rest }: Fact): string {
  return `${String(at - BEGIN).padStart(7)} ms  ${t.padEnd(8)} ${Object.entries(rest).map(([key, value]) => `${key}=${String(value)}`).join(' ')}`;
}

function judged({ seed, violations }: Outcome): string[] {
  return [...violations.map(({ promise, what }) => `${promise}: ${what}`), `  again: npm run simulate -- --seed ${seed}`];
}

if (values.bugs) await writeTable({ workers, tell, only: values.only.split(',').filter((name) => name !== '') });
else {
  const only = values.seed === undefined ? undefined : count('seed', values.seed);
  const first = only ?? count('from', values.from);
  const many = only === undefined ? count('seeds', values.seeds) : 1;
  const tally = new Tally();
  await runAll({
    file: await bundled('house'), workers: Math.min(workers, many), seeds: Array.from({ length: many }, (_, i) => first + i),
    told: only === undefined ? undefined : (fact) => tell(traced(fact)),
    done: (outcome) => {
      tally.add(outcome);
      if (outcome.violations.length > 0) for (const line of judged(outcome)) process.stderr.write(`${line}\n`);
      return true;
    },
  });
  tell(values.json ? JSON.stringify(tally.figures) : tally.text);
  process.exitCode = tally.figures.violations === 0 ? 0 : 1;
}
