/**
 * What flows cost: messages of customers with no flow on their conversations, with one and with three, that rest and so
 * only hear each message, or that begin again with it as the nudge does.
 */
import { TEMPLATES } from '../../machines/flows/templates.ts';
import { LONGEST_WAIT_MS, type Flow } from '../../machines/flows/flow.ts';
import type { Children } from './children.ts';
import { LOADS, median } from './figures.ts';
import { measure, WORK } from './measure.ts';
import { buildGateway, startGateway } from './peers/parley.ts';
import { publish } from './publish.ts';

const LOADS_USED = ['K=1', 'K=16'] as const satisfies readonly (keyof typeof LOADS)[];
const WINDOW_MS = 3_500;
const ADMIN = { id: 'agent0', name: 'Agent 0', right: 'admin', teams: ['support'] };

/** Waits for a word of an agent, and none comes. */
const RESTS: Flow = {
  name: 'Rests', start: [{ on: 'opened' }], onAgent: 'goOn', steps: [{ id: 'rest', do: 'wait', untilReply: 'agent', forMs: LONGEST_WAIT_MS }],
};
const nudge = (): Flow => {
  const template = TEMPLATES.find(({ id }) => id === 'nudge');
  if (template === undefined) throw new Error('There is no template nudge.');
  return template.make({ alsoWhenOurTurn: true, outsideHours: true });
};
const VARIANTS: readonly { name: string; flows: number; flow(): Flow }[] = [
  { name: 'none', flows: 0, flow: () => RESTS }, { name: 'rests', flows: 1, flow: () => RESTS }, { name: 'rests', flows: 3, flow: () => RESTS },
  { name: 'nudge', flows: 1, flow: nudge }, { name: 'nudge', flows: 3, flow: nudge },
];

interface Round { load: string; flow: string; flows: number; messagesPerSecond: number; cpuUsPerMessage: number; ackP50Ms: number }

export async function flows(children: Children, rounds: number, json: boolean): Promise<void> {
  await buildGateway(children);
  const measured: Round[] = [];
  for (let nth = 1; nth <= rounds; nth++) {
    for (const load of LOADS_USED) {
      for (const variant of nth % 2 === 1 ? VARIANTS : VARIANTS.toReversed()) {
        const one = await round(children, load, variant);
        measured.push(one);
        process.stderr.write(`${load} round ${nth}/${rounds}, ${variant.flows} x ${variant.name}: ${Math.round(one.messagesPerSecond)} messages/s\n`);
      }
    }
  }
  const results = LOADS_USED.flatMap((load) => {
    const rows = VARIANTS.map(({ name, flows: count }) => {
      const of = measured.filter((one) => one.load === load && one.flow === name && one.flows === count);
      const middle = (key: 'messagesPerSecond' | 'cpuUsPerMessage' | 'ackP50Ms'): number => median(of.map((one) => one[key]));
      return { load, flow: name, flows: count, messagesPerSecond: middle('messagesPerSecond'), cpuUsPerMessage: middle('cpuUsPerMessage'), ackP50Ms: middle('ackP50Ms') };
    });
    const [none] = rows;
    return rows.map((row) => ({
      ...row, speedOfNone: row.messagesPerSecond / (none?.messagesPerSecond ?? 1), cpuOfNone: row.cpuUsPerMessage / (none?.cpuUsPerMessage ?? 1),
    }));
  });
  if (json) process.stdout.write(`${JSON.stringify({ work: WORK, windowMs: WINDOW_MS, rounds, results })}\n`);
  else console.table(results.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? Number(value.toPrecision(3)) : value]))));
}

async function round(children: Children, load: (typeof LOADS_USED)[number], { name, flows: count, flow }: (typeof VARIANTS)[number]): Promise<Round> {
  const { child, port, extra } = await startGateway(children, WORK.agents, [], { agents: [ADMIN] });
  try {
    for (let nth = 0; nth < count; nth++) await publish(`http://127.0.0.1:${port}`, extra.agent0 ?? '', `${name}${nth}`, flow());
    const server = { port, pids: [child.pid], extra };
    const { round: { ackedPerSecond, serverCpuPer100k, ackP50Ms } } = await measure(children, server, 'parley', LOADS[load], WINDOW_MS);
    return { load, flow: name, flows: count, messagesPerSecond: ackedPerSecond, cpuUsPerMessage: serverCpuPer100k * 10, ackP50Ms };
  } finally {
    await child.stop();
  }
}
