/**
 * `npm run simulate`: many runs of a small cluster in which everything goes wrong, each from one seed.
 *
 *   --seeds 2000   how many; --from 1 the first of them; --workers how many processes (default: one for each core)
 *   --seed 17      that one alone, with all that happened
 *   --bugs         puts each planted fault into the house, and writes docs/simulator.md with what caught it;
 *                  --only name,name for these alone
 *   --json         one line of JSON
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { bundled } from './bundle.ts';
import { runAll } from './crew.ts';
import type { Fact } from './history.ts';
import type { Outcome } from './run.ts';
import { Tally } from './tally.ts';
import { writeTable } from './table.ts';
import { BEGIN } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' }, from: { type: 'string', default: '1' }, seed: { type: 'string' }, json: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(availableParallelism()) }, bugs: { type: 'boolean', default: false }, only: { type: 'string', default: '' },
  },
});
const workers = Number(values.workers);
const tell = (text: string): void => { process.stdout.write(`${text}\n`); };

function traced({ at, t, ...rest }: Fact): string {
  return `${String(at - BEGIN).padStart(7)} ms  ${t.padEnd(8)} ${Object.entries(rest).map(([key, value]) => `${key}=${String(value)}`).join(' ')}`;
}

function judged({ seed, violations }: Outcome): string[] {
  return [...violations.map(({ promise, what }) => `${promise}: ${what}`), `  again: npm run simulate -- --seed ${seed}`];
}

if (values.bugs) await writeTable({ workers, tell, only: values.only.split(',').filter((name) => name !== '') });
else {
  const only = values.seed === undefined ? undefined : Number(values.seed);
  const first = only ?? Number(values.from);
  const count = only === undefined ? Number(values.seeds) : 1;
  const tally = new Tally();
  await runAll({
    file: await bundled('house'), workers: Math.min(workers, count), seeds: Array.from({ length: count }, (_, i) => first + i),
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
