/** A process of clients: each member with an SDK of its own over a real socket. Orders come from the storm over IPC. */
import { join } from 'node:path';
import { createClient, file } from '../../sdk/node.ts';
import { chanceOf } from './chance.ts';
import { agentToken } from './gateway.ts';
import { Journal, readJournal } from './journal.ts';
import { Member, type MemberPlan } from './member.ts';

export interface CrewPlan {
  url: string;
  /** Where it writes down what happens. */
  journal: string;
  /** Where its members keep their outboxes; null: in memory, so this process is not killed. */
  storage: string | null;
  members: MemberPlan[];
  seed: number;
}

/** What the storm says. */
export type Order = { do: 'dump'; heads: Record<string, number>; deadlineMs: number } | { do: 'tell' };
/** What a crew says. */
export type News = { t: 'progress'; acked: number; drained: boolean } | { t: 'dumped' };

const REPORT_MS = 20;

const plan = JSON.parse(process.argv[2] ?? '') as CrewPlan;
const past = readJournal(plan.journal);
const journal = new Journal(plan.journal);
journal.write({ t: 'begun', clients: plan.members.map(({ name }) => name) });
const chance = chanceOf(plan.seed + past.length);

const folderOf = (name: string): string | undefined => (plan.storage === null ? undefined : join(plan.storage, name));
const tell = (news: News): void => void process.send?.(news);

let planned: NodeJS.Timeout | undefined;
const report = (): void => {
  planned ??= setTimeout(() => {
    planned = undefined;
    void outboxesEmpty().then((drained) => {
      tell({ t: 'progress', acked: members.reduce((sum, { acked }) => sum + acked, 0), drained });
      // An outbox is emptied a moment after the acknowledgement.
      if (!drained && members.every((member) => member.drained)) report();
    });
  }, REPORT_MS);
};

const members = plan.members.map((member) => {
  const folder = folderOf(member.name);
  const token = member.role === 'agent' ? { getToken: () => agentToken(member.name) } : {};
  const client = createClient({ url: plan.url, ...token, ...(folder === undefined ? {} : { folder }) });
  return new Member(member, client, journal, past, chance, report);
});

/** Nothing is on its way, and nothing is left in storage that would be sent again. */
async function outboxesEmpty(): Promise<boolean> {
  if (!members.every((member) => member.drained)) return false;
  const left = await Promise.all(plan.members.map(async ({ name }) => {
    const folder = folderOf(name);
    return folder === undefined ? [] : file(folder).keys('outbox/');
  }));
  return left.every((keys) => keys.length === 0);
}

process.on('message', (order: Order) => {
  if (order.do === 'tell') {
    for (const member of members) process.stderr.write(`${member.standing}\n`);
    for (const member of members) if (!member.drained) process.stderr.write(`${member.plan.name} ${JSON.stringify(member.diagnostics)}\n`);
    return;
  }
  void Promise.all(members.map((member) => member.dump(order.heads, order.deadlineMs))).then(() => tell({ t: 'dumped' }));
});
process.on('disconnect', () => process.exit());
