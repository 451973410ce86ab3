/** A client on a bad way: whatever is lost, doubled or cut off, its window and its counts end as the server has them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClient, memory } from '../../sdk/index.ts';
import { handClock } from './clock.ts';
import { FakeServer } from './server.ts';

const CONVERSATION = '01JD1111111111111111111111';
const ADA = { id: 'a_ada', name: 'Ada', role: 'agent', identified: true, workspace: 'demo' } as const;
const VISITOR = { id: 'v_1', name: 'Visitor', role: 'customer', identified: false, workspace: 'demo' } as const;

type Turn = 'theirs' | 'mine' | 'note' | 'read' | 'drop' | 'heartbeat' | 'time';

for (const me of [VISITOR, ADA]) {
  test(`nothing lost, nothing twice, in order, and the count is exact (${me.role})`, async () => {
    const turns = fc.array(fc.tuple(fc.constantFrom<Turn>('theirs', 'theirs', 'mine', 'mine', 'note', 'read', 'drop', 'heartbeat', 'time'), fc.constantFrom('pass', 'pass', 'lose', 'twice', 'late')), { maxLength: 40 });
    await fc.assert(fc.asyncProperty(turns, async (way) => {
      const clock = handClock();
      const server = new FakeServer();
      server.now = clock.now;
      server.people.set('me', me);
      const other = me.role === 'agent' ? VISITOR : ADA;
      server.say(CONVERSATION, { text: 'first', author: other });
      const client = createClient({ url: 'http://gateway.test', WebSocket: server.WebSocket, clock, random: () => 0.5, storage: memory(), getToken: async () => 'me' });
      const talk = client.conversation(CONVERSATION);
      talk.open();
      await clock.move(0);

      let fate = 'pass';
      let late: (() => void)[] = [];
      // Events, marks and acknowledgements may fare badly; answers to questions come or the socket goes.
      server.pass = (frame, socket) => {
        if (fate === 'pass' || !['event', 'ack', 'mark'].includes(frame.t)) return [frame];
        if (fate === 'late') late.push(() => socket.tell(frame));
        return fate === 'twice' ? [frame, frame] : [];
      };
      const mine: string[] = [];
      for (const [turn, how] of way) {
        fate = how;
        if (turn === 'theirs') server.say(CONVERSATION, { text: 'theirs', author: other });
        if (turn === 'note') server.say(CONVERSATION, { kind: 'note', text: 'note', author: ADA });
        if (turn === 'mine') mine.push(talk.send({ text: `mine ${mine.length}` }).id);
        if (turn === 'read') talk.read();
        if (turn === 'drop' && server.sockets.size > 0) server.socket.drop();
        if (turn === 'time') await clock.move(1_500);
        fate = 'pass';
        if (turn === 'heartbeat') {
          for (const again of late.reverse()) again();
          late = [];
        }
        await clock.move(0);
      }
      await clock.move(60_000);
      const [socket] = server.sockets;
      socket!.tell({ t: 'ping', at: 1, heads: [[1, server.visible(CONVERSATION, me.role).at(-1)!.seq]] });
      await clock.move(10_000);

      const { items, complete } = talk.messages.get();
      const there = server.visible(CONVERSATION, me.role);
      expect(complete).toBe(true);
      expect(items.map(({ seq }) => seq)).toEqual(there.map(({ seq }) => seq));
      expect(items.every(({ outgoing }) => outgoing === undefined)).toBe(true);
      expect(there.filter(({ cmid }) => cmid !== null).map(({ cmid }) => cmid)).toEqual(mine);
      const theirs = there.filter(({ kind, author }) => kind === 'message' && author.role === other.role).length;
      const read = server.room(CONVERSATION).marks.find(({ person }) => person === me.id)?.n ?? 0;
      expect(talk.unread.get()).toBe(theirs - read);
      expect(client.unread.get()).toBe(talk.unread.get());
      talk.read();
      expect(talk.unread.get()).toBe(0);
      await clock.move(2_000);
      expect(server.room(CONVERSATION).marks.find(({ person }) => person === me.id)?.n ?? 0).toBe(theirs);
      client.close();
    }), { numRuns: 60 });
  }, 60_000);
}
