/** Lists of the inbox: exact and in order, whatever happens to the connection, and cheap however many are known. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAgent } from '../../sdk/agent.ts';
import { memory, type ClientOptions } from '../../sdk/index.ts';
import type { msgpack } from '../../sdk/protocol/codec.ts';
import type { Summary } from '../../sdk/protocol/entry.ts';
import type { Told } from '../../sdk/protocol/frames.ts';
import { handClock } from './clock.ts';
import { FakeInbox, summaryOf } from './inbox.ts';
import { FakeServer, type FakeSocket } from './server.ts';
import { ADA } from './world.ts';

const idOf = (i: number): string => `01JD${String(i).padStart(22, '0')}`;

function setUp(options: Partial<ClientOptions> = {}) {
  const clock = handClock();
  const server = new FakeServer();
  server.people.set('ada', ADA);
  server.now = clock.now;
  const inbox = new FakeInbox(server);
  const agent = createAgent({ url: 'http://gateway.test', WebSocket: server.WebSocket, clock, random: () => 0.5, storage: memory(), getToken: async () => 'ada', ...options });
  return { clock, server, inbox, agent };
}
/** As a frame comes from the socket. */
const message = (socket: FakeSocket, frame: Told): { data: unknown } => ({ data: (socket.codec as typeof msgpack).encodeTold(frame).slice().buffer });

const idsOf = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);

test('whatever comes and goes, also with the connection, a watched list ends as the gateway has it', async () => {
  const row = fc.record({
    i: fc.nat(79), status: fc.constantFrom('new' as const, 'open' as const, 'solved' as const), at: fc.nat(20), waitingSince: fc.constantFrom(0, 0, 3, 4, 5),
    mine: fc.boolean(),
  });
  const turn = fc.oneof(
    { weight: 6, arbitrary: fc.record({ set: fc.array(row, { minLength: 1, maxLength: 12 }) }) },
    { weight: 1, arbitrary: fc.constantFrom('drop' as const, 'unreachable' as const, 'more' as const, 'cut' as const, 'leave' as const, 'look' as const, 'time' as const) },
  );
  const server = fc.record({ remembers: fc.boolean(), namesPushed: fc.boolean(), perFrame: fc.constantFrom(3, 200) });
  const list = fc.constantFrom('open' as const, 'mine' as const, 'unassigned' as const, 'waiting' as const);
  await fc.assert(fc.asyncProperty(list, fc.constantFrom('newest' as const, 'waiting' as const), server, fc.array(turn, { maxLength: 40 }), async (name, sort, how, way) => {
    const { clock, server, inbox, agent } = setUp();
    Object.assign(inbox, how);
    const seq = new Map<string, number>();
    const rowOf = ({ i, status, at, waitingSince, mine }: { i: number; status: Summary['status']; at: number; waitingSince: number; mine: boolean }): Summary => {
      seq.set(idOf(i), (seq.get(idOf(i)) ?? 0) + 1);
      return summaryOf(idOf(i), { status, at, seq: seq.get(idOf(i))!, desk: ['support', 2, waitingSince, 0, [], []], assignee: mine ? { id: ADA.id, name: ADA.name } : null });
    };
    inbox.set(...Array.from({ length: 70 }, (_, i) => rowOf({ i, status: 'open', at: i % 20, waitingSince: i % 3, mine: true })));
    const watched = agent.inbox.list(name, sort);
    let stop: (() => void) | null = watched.value.subscribe(() => {});
    for (const what of way) {
      if (typeof what === 'object') inbox.set(...what.set.map(rowOf));
      if (what === 'drop' && server.sockets.size > 0) server.socket.drop();
      if (what === 'unreachable') server.reachable = !server.reachable;
      if (what === 'more' || what === 'cut') watched.more();
      // What was asked for is on its way when the connection ends.
      if (what === 'cut' && server.sockets.size > 0) server.socket.drop();
      if (what === 'time') await clock.move(1_500);
      if (what === 'leave') {
        stop?.();
        stop = null;
      }
      if (what === 'look') stop ??= watched.value.subscribe(() => {});
      await clock.move(0);
      // At any time: what is shown is in order, and once.
      const { items } = watched.value.get();
      expect(new Set(idsOf(items)).size).toBe(items.length);
    }
    server.reachable = true;
    stop ??= watched.value.subscribe(() => {});
    await clock.move(60_000);
    const { items, total, more, live } = watched.value.get();
    const there = inbox.listed(name, sort, ADA.id);
    const asked = way.some((what) => what === 'more' || what === 'cut');
    const limit = asked && items.length > 50 ? 100 : 50;
    expect(live).toBe(true);
    expect(idsOf(items)).toEqual(there.slice(0, limit).map(({ conversation }) => conversation));
    expect(items.map(({ status, at }) => [status, at])).toEqual(there.slice(0, limit).map(({ status, at }) => [status, at]));
    expect({ total, more }).toEqual({ total: there.length, more: there.length > items.length });
    agent.close();
  }), { numRuns: 150 });
});

/** Microseconds of CPU for one change of a row, when so many are known and 50 are shown. */
async function changeCost(known: number): Promise<number> {
  const { clock, server, agent } = setUp();
  const list = agent.inbox.list('mine');
  let heard = 0;
  list.value.subscribe(({ items }) => (heard += items.length));
  agent.unread.subscribe(() => {});
  await clock.move(0);
  const { socket } = server;
  const { wid } = server.saidOf('watch')[0]!;
  const rows = Array.from({ length: known }, (_, i) => summaryOf(idOf(i), { at: i }));
  const same = { t: 'listed', wid, store: 's1', total: known, more: true, gone: [] } as const;
  // Through all of them, 50 at a time: they are known from then on.
  for (let at = 0; at < known; at += 50) socket.tell({ ...same, n: 1, gone: [], reset: true, rows: rows.slice(at, at + 50) });
  expect([agent.conversations.get().items.length, list.value.get().items.length]).toEqual([known, 50]);
  const changes = Array.from({ length: 1_000 }, (_, k) => message(socket, {
    ...same, n: k + 2, gone: [], reset: false, rows: [summaryOf(idOf(known - 1 - (k % 40)), { at: known + k, seq: k + 2, customerMessages: k + 1 })],
  }));
  const hear = socket.onmessage as (message: { data: unknown }) => void;
  const before = heard;
  const begun = process.cpuUsage();
  changes.forEach(hear);
  const { user, system } = process.cpuUsage(begun);
  expect(heard - before).toBe(50 * changes.length);
  agent.close();
  return (user + system) / changes.length;
}

test('a change costs the same with 5,000 conversations known as with 50', async () => {
  await changeCost(50);
  const costs: [few: number, many: number][] = [];
  for (let turn = 0; turn < 3; turn++) costs.push([await changeCost(50), await changeCost(5_000)]);
  const least = (which: 0 | 1): number => Math.min(...costs.map((cost) => cost[which]));
  // Measured: 60 us each. Were it done for all of them, it would be more than ten times as much.
  expect(least(1)).toBeLessThan(least(0) * 3);
});
