/** Reads every conversation whole from one node, as an agent who has never been there. */
import type { Told } from '../../../sdk/protocol/frames.ts';
import { monotonicFactory } from 'ulid';
import { Peer } from '../../bench/peer.ts';
import type { Turn } from '../../bench/wire.ts';
import { agentToken } from '../gateway.ts';
import { digestOf, type Entry, type Pen, type ReadLine } from './history.ts';
import type { Node } from './node.ts';

/** Pages asked for at once, and entries of each. */
const AT_ONCE = 8;
const PAGE = 200;

/** @throws Error when the node refuses, or ends the connection */
export async function readAll(node: Node, conversations: readonly string[], turn: Turn, pen: Pen<ReadLine>): Promise<void> {
  let fail: (error: Error) => void = () => {};
  const broken = new Promise<never>((_, reject) => { fail = reject; });
  broken.catch(() => {});
  const ear = { failed: (why: string) => fail(new Error(`Reading from ${node.name}: ${why}`)) };
  const peer = await Peer.open({ port: node.port, turn, ear }, monotonicFactory()(), await agentToken('reader'));
  const pages = new Map<number, (page: Extract<Told, { t: 'page' }>) => void>();
  peer.hear = (told) => {
    if (told.t === 'page') pages.get(told.rid)?.(told);
  };
  let rid = 0;
  const page = (conversation: string, after: number): Promise<Extract<Told, { t: 'page' }>> => new Promise((resolve) => {
    const mine = ++rid;
    pages.set(mine, (told) => { pages.delete(mine); resolve(told); });
    peer.say({ t: 'history', rid: mine, conversation, after, before: 0, limit: PAGE, newest: false });
  });
  const waiting = [...conversations];
  const read = async (): Promise<void> => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      const at = Date.now();
      const entries: Entry[] = [];
      for (let more = true; more;) {
        const told = await page(one, entries.at(-1)?.seq ?? 0);
        entries.push(...told.entries as Entry[]);
        more = told.more;
      }
      pen.write({ node: node.name, at, conversation: one, lines: entries.map((entry) => [entry.seq, digestOf(entry)] as const) });
    }
  };
  await Promise.race([broken, Promise.all(Array.from({ length: AT_ONCE }, read))]).finally(() => peer.close());
}
