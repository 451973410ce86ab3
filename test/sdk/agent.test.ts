/** An agent's app against a server in the same process: lists, the desk, and what agents do with tickets. */
import { expect, test } from 'vitest';
import { createAgent, factsOf } from '../../sdk/agent.ts';
import { settle } from './clock.ts';
import { CONVERSATION, setUp as setUpWorld } from './world.ts';

const VISITOR = { id: 'v_1', name: 'Visitor', role: 'customer' } as const;

function setUp() {
  const world = setUpWorld();
  const { server, clock, storage } = world;
  const agent = createAgent({ url: 'http://gateway.test', WebSocket: server.WebSocket, clock, random: () => 0.5, storage, getToken: async () => 'ada' });
  return { ...world, agent };
}

test('a watched list is live, and its conversations are known by it', async () => {
  const { server, agent } = setUp();
  server.say(CONVERSATION, { text: 'hi', author: VISITOR });
  const list = agent.inbox.list('open');
  expect(list.value.get().live).toBe(false);
  list.value.subscribe(() => {});
  await settle();
  const { wid } = server.saidOf('watch')[0]!;
  expect(server.saidOf('hello')[0]?.feed).toBe(null);
  const row = { ...server.summary(CONVERSATION, 'agent'), desk: ['support', 1, 5, 0, ['vip'], []] as [string, number, number, number, string[], string[]] };
  server.socket.tell({ t: 'listed', wid, store: 's', n: 1, total: 1, reset: true, more: false, rows: [row], gone: [] });
  expect(list.value.get()).toMatchObject({ total: 1, more: false, live: true, items: [{ id: CONVERSATION, unread: 1 }] });
  expect(factsOf(agent.conversation(CONVERSATION).state.get()!)).toMatchObject({ team: 'support', priority: 1, tags: ['vip'] });
});
