/** `npm run chaos -- --sends 20000 --kills 20 --json`: the crash tests by hand. Exit code 1 when anything is not as promised. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLine } from '../../gateway/arguments.ts';
import { killAll } from './child.ts';
import { checkByHand, tempestByHand } from './cluster/command.ts';
import { rush } from './rush.ts';
import { faultsIn, storm } from './storm.ts';

const HELP = `The crash test: clients send while the gateway is killed with kill -9 and started again.

  npm run chaos -- [options]
  npm run chaos -- flows [options]   Customers go through a nudge and a VIP flow, with a CRM beside them.
  npm run chaos -- --nodes 3 [options]   A cluster: nodes and NATS servers killed, frozen and cut off; --nodes 3 --help.
  npm run chaos -- check DIR [--json]    Holds the history of a cluster's run against the promises once more.

  --conversations N  Of flows. Default 1000.

  --sends N        Messages that clients shall have acknowledged. Default 20000.
  --kills N        kill -9 of the gateway. Default 20.
  --crew-kills N   kill -9 of processes of clients, started again on their outboxes. Default a quarter of --kills.
  --clients N      Customers, besides two agents. Default 40.
  --seed N         Repeats the plan of a run. Default: by chance, and printed.
  --deadline S     Seconds until a run without an end fails. Default 900.
  --json           One line of JSON on stdout, nothing else.
  --keep           Keep the folder with log, journals and outboxes; after a fault it is kept anyway.
`;

async function main(): Promise<void> {
  const own = process.argv.slice(2);
  if (own[0] === 'check') return checkByHand(own.slice(1));
  if (own.some((flag) => /^--nodes(=|$)/.test(flag))) return tempestByHand(own);
  const { values, positionals: [topic] } = readLine(own, {
    conversations: { type: 'string', default: '1000' },
    sends: { type: 'string', default: '20000' }, kills: { type: 'string', default: '20' }, 'crew-kills': { type: 'string' },
    clients: { type: 'string', default: '40' }, seed: { type: 'string' }, deadline: { type: 'string', default: '900' },
    json: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  }, true);
  if (values.help) return void process.stdout.write(HELP);
  const kills = whole('kills', values.kills);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : whole('seed', values.seed);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'parley-chaos-'));
  const clear = (): void => {
    if (values.keep) say(`Log, journals and outboxes are in ${folder}.`);
    else rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void killAll().finally(() => {
      clear();
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }));
  }
  say(`Seed ${seed}. What happens is written down in ${folder}.`);
  const deadlineMs = whole('deadline', values.deadline) * 1000;
  if (topic === 'flows') {
    const { faults, damage, pending, ...figures } = await rush({ folder, kills, seed, deadlineMs, say, conversations: whole('conversations', values.conversations) });
    return end({ ...figures, faults: faults.length, damage: damage.length, pending: pending.length }, [...faults, ...damage, ...pending]);
  }
  if (topic !== undefined) throw new Error(`There is no crash test "${topic}"; there is flows, and the one without a name.`);
  const outcome = await storm({
    folder,
    sends: whole('sends', values.sends), kills, clients: whole('clients', values.clients), seed, say,
    crewKills: values['crew-kills'] === undefined ? Math.ceil(kills / 4) : whole('crew-kills', values['crew-kills']),
    deadlineMs,
  });

  const { findings, damage, acked, lost, duplicated, reordered, ...more } = outcome;
  const figures = { acked, lost, duplicated, reordered, ...more, damage: damage.length };
  end(figures, [...findings, ...damage], faultsIn(outcome));

  function end(figures: object, wrong: readonly string[], faults = wrong.length): void {
    for (const line of wrong) say(line);
    if (faults === 0) clear();
    else say(`Log, journals and outboxes are kept in ${folder}.`);
    const table = Object.entries(figures).map(([name, value]) => `${name.padEnd(14)}${value}`).join('\n');
    process.stdout.write(`${values.json ? JSON.stringify(figures) : table}\n`);
    process.exitCode = faults > 0 ? 1 : 0;
  }
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not "${text}".`);
  return value;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
