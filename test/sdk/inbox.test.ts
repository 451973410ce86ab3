/** Lists of the inbox: exact and in order, whatever happens to the connection, and cheap however many are known. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAgent } from '../../sdk/agent.ts';
import { memory, type ClientOptions } from '../../sdk/index.ts';
import type { Summary } from '../../sdk/protocol/entry.ts';
import { handClock } from './clock.ts';
import { FakeInbox, summaryOf } from './inbox.ts';
import { FakeServer } from './server.ts';
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
