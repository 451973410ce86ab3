/** A process of clients: people with the SDK, and their other tabs that say some of it again. Orders come over IPC. */
import { join } from 'node:path';
import type { Client } from '../../../sdk/index.ts';
import { createClient } from '../../../sdk/node.ts';
import { Turn } from '../../bench/wire.ts';
import { between, chanceOf } from '../chance.ts';
import { agentToken, customerToken } from '../gateway.ts';
import { Line } from '../line.ts';
import { Doors, socketThrough } from './doors.ts';
import { Pen, wordsOf, type ClientLine } from './history.ts';
import { Person, type Kept, type PersonPlan } from './person.ts';

export interface CrowdPlan {
  /** Of the nodes. */
  ports: readonly number[];
  /** Of the history. */
  folder: string;
  people: readonly PersonPlan[];
  /** Sends of them all. */
  quota: number;
  seed: number;
}

/** `pace`: sends a second. `end`: they say how far they see, and leave. */
export type Order = { do: 'pace'; perSecond: number } | { do: 'tell' } | { do: 'end' };
export type News = { t: 'progress'; acked: number; drained: boolean } | { t: 'ended' };

const STEP_MS = 20;
const BURST_MAX = 5;
/** Of acknowledged sends so many are said again, so long after. */
const REPEATED = 0.03;
const LATER_MS = 8_000;
const AGAIN_MS = 50;

const plan = JSON.parse(process.argv[2] ?? '') as CrowdPlan;
const chance = chanceOf(plan.seed);
const doors = new Doors(plan.ports, chance);
const turn = new Turn();
const tell = (news: News): void => void process.send?.(news);
let left = plan.quota;
let acked = 0;
let perSecond = 0;
let owed = 0;
let repeats = 0;
const tabs = new Map<string, Line>();

const people = plan.people.map((one) => {
  const pen = new Pen<ClientLine>(join(plan.folder, 'clients', `${one.name}.ndjson`));
  const client = createClient({
    url: `http://127.0.0.1:${plan.ports[0]}`, WebSocket: socketThrough(doors),
    getToken: () => (one.role === 'agent' ? agentToken(one.name) : customerToken(one.name)),
  });
  const settled = (kept: Kept): void => {
    acked += 1;
    if (one.role === 'customer' && kept.seq > 0 && chance() < REPEATED) void repeat(kept, client, pen);
  };
  return new Person({ plan: one, client, pen, chance, settled });
});

/** From another tab of the same device, through any door. */
async function repeat({ who, conversation, id, n }: Kept, client: Client, pen: Pen<ClientLine>): Promise<void> {
  repeats += 1;
  pen.write({ at: Date.now(), who, op: 'invoke', kind: 'repeat', id });
  await passing(between(chance, 0, LATER_MS));
  const device = JSON.parse(await client.storage.get('device') ?? '""') as string;
  const station = { get port() { return doors.pick(); }, turn, up: () => passing(AGAIN_MS), failed: (error: unknown) => { throw error; } };
  const tab = tabs.get(who) ?? new Line(station, () => customerToken(who), device);
  tabs.set(who, tab);
  const text = wordsOf(who, n, conversation);
  const answer = await tab.ask({ t: 'send', cmid: id, conversation, kind: 'message', text, channel: 'web', seen: null });
  repeats -= 1;
  if (answer.done) pen.write({ at: Date.now(), who, op: 'ok', kind: 'repeat', id, seq: answer.seq });
  else pen.write({ at: Date.now(), who, op: 'info', kind: 'repeat', id });
}

const talking = setInterval(() => {
  owed = Math.min(owed + (perSecond * STEP_MS) / 1000, perSecond);
  // Whoever has too much unanswered is passed over.
  for (let tries = people.length; tries > 0 && owed >= 1 && left > 0; tries--) {
    const person = people[between(chance, 0, people.length - 1)];
    const said = person?.say(Math.min(between(chance, 1, BURST_MAX), Math.floor(owed), left)) ?? 0;
    owed -= said;
    left -= said;
  }
}, STEP_MS);

const reporting = setInterval(() => {
  const drained = left === 0 && repeats === 0 && people.every(({ flying }) => flying === 0);
  tell({ t: 'progress', acked, drained });
}, 100);

process.on('message', (order: Order) => {
  if (order.do === 'pace') perSecond = order.perSecond;
  if (order.do === 'tell') {
    for (const person of people) if (person.flying > 0) process.stderr.write(`${person.standing} ${JSON.stringify(person.client.diagnostics().slice(-30))}\n`);
    process.stderr.write(`${left} to say, ${repeats} repeats open.\n`);
  }
  if (order.do === 'end') {
    clearInterval(talking);
    clearInterval(reporting);
    for (const person of people) person.end();
    for (const line of tabs.values()) line.close();
    doors.close();
    tell({ t: 'ended' });
  }
});
process.on('disconnect', () => process.exit());

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
