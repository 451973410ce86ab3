/** One server and any number of clients on it, with one clock, for tests of what an app sees. */
import { createClient, memory, type Client, type ClientOptions, type Conversation } from '../../sdk/index.ts';
import { handClock, settle } from './clock.ts';
import { FakeServer } from './server.ts';

export const ADA = { id: 'a_ada', name: 'Ada', role: 'agent', identified: true, workspace: 'demo' } as const;
export const CONVERSATION = '01JD1111111111111111111111';

/** Every client draws its own numbers, and waits about half of what it may. */
const chance = (client: number) => () => 0.5 + client / 100;

export function setUp(options: Partial<ClientOptions> = {}) {
  let clients = 0;
  const clock = handClock();
  const server = new FakeServer();
  server.people.set('ada', ADA);
  server.now = clock.now;
  const storage = options.storage ?? memory();
  const client = (more: Partial<ClientOptions> = {}): Client => createClient({
    url: 'http://gateway.test', WebSocket: server.WebSocket, clock, random: chance(++clients), storage, getToken: async () => 'visitor', ...options, ...more,
  });
  return { clock, server, storage, client };
}

export const texts = (talk: Conversation): string[] => talk.messages.get().items.map(({ body }) => ('text' in body ? body.text : ''));

/** A client that has opened a conversation with one message, and all that its connection says of itself. */
export async function opened() {
  const { clock, server, client } = setUp();
  server.say(CONVERSATION, { text: 'first', author: ADA });
  const it = client();
  const states: string[] = [];
  it.connection.subscribe(({ status }) => states.push(status));
  const talk = it.conversation(CONVERSATION);
  talk.open();
  await settle();
  return { clock, server, talk, states, old: server.socket };
}
