// @vitest-environment happy-dom
/** The hooks, in a real React tree under StrictMode. */
import { act, createElement as h, StrictMode, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClient, memory, type Client, type Storage } from '../../sdk/index.ts';
import {
  ParleyProvider, useComposer, useConnection, useConversation, useConversations, useMe, useMessages, useOthers, useSummary, useUnread, type Composer,
} from '../../sdk/react.ts';
import { handClock, settle } from './clock.ts';
import { FakeServer } from './server.ts';

const CONVERSATION = '01JD1111111111111111111111';
const ADA = { id: 'a_ada', name: 'Ada', role: 'agent', identified: true, workspace: 'demo' } as const;
let root: Root;
let page: HTMLElement;

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  page = document.createElement('main');
  root = createRoot(page);
});
afterEach(() => act(() => root.unmount()));

function setUp(storage: Storage = memory()) {
  const clock = handClock();
  const server = new FakeServer();
  const client = createClient({ url: 'http://gateway.test', WebSocket: server.WebSocket, clock, random: () => 0.5, storage, getToken: async () => 'visitor' });
  return { clock, server, client, storage };
}
const show = (client: Client, node: ReactNode) => act(async () => {
  root.render(h(StrictMode, null, h(ParleyProvider, { client }, node)));
  await settle();
});

test('a thread follows the conversation while it is mounted, and every value is drawn', async () => {
  const { clock, server, client } = setUp();
  server.say(CONVERSATION, { text: 'hello', author: ADA });
  function Thread() {
    const { items, complete } = useMessages(CONVERSATION);
    const unread = useUnread();
    const { status } = useConnection();
    const { items: list } = useConversations();
    const name = useMe()?.name;
    const others = useOthers(CONVERSATION).map((other) => other.name);
    const summary = useSummary(CONVERSATION);
    return h('p', null, JSON.stringify([items.map(({ body }) => body), complete, unread, useUnread(CONVERSATION), status, list.length, name, others, summary?.status]));
  }
  await show(client, h(Thread));
  expect(page.textContent).toBe('[[{"text":"hello"}],true,1,1,"live",1,"Visitor",["Ada"],"open"]');
  expect(server.saidOf('subscribe')).toHaveLength(1);
  await act(async () => {
    server.say(CONVERSATION, { text: 'again', author: ADA });
    await settle();
  });
  expect(page.textContent).toContain('"again"');
  await show(client, null);
  await clock.move(2_000);
  expect(server.saidOf('unsubscribe')).toHaveLength(1);
});

test('a composer keeps its draft across reloads, says that somebody types, and sends', async () => {
  const { server, client, storage } = setUp();
  server.say(CONVERSATION, { text: 'hello', author: ADA });
  let composer!: Composer;
  function Writer() {
    useConversation(CONVERSATION);
    composer = useComposer(CONVERSATION);
    return h('input', { value: composer.text, readOnly: true });
  }
  const value = () => page.querySelector('input')?.value;
  await show(client, h(Writer));
  await act(async () => composer.setText('half a thou'));
  expect(value()).toBe('half a thou');
  expect(server.saidOf('signal').map(({ kind, value: said }) => [kind, said])).toEqual([['typing', '1'], ['draft', 'half a thou']]);
  act(() => root.unmount());
  client.close();

  root = createRoot(page);
  const { client: next, server: other } = setUp(storage);
  await show(next, h(Writer));
  expect(value()).toBe('half a thou');
  await act(async () => {
    composer.send();
    await settle();
  });
  expect(value()).toBe('');
  expect(other.saidOf('send')).toMatchObject([{ text: 'half a thou' }]);
  expect(composer.send({ text: '   ' })).toBeNull();
  expect(await storage.keys('app/')).toEqual([]);
});

test('a new conversation stays the same one while it is drawn', async () => {
  const { client } = setUp();
  const ids = new Set<string>();
  function New({ turn }: { turn: number }) {
    const { id } = useConversation();
    ids.add(id);
    return h('p', null, `${turn}${id}`);
  }
  await show(client, h(New, { turn: 1 }));
  const drawn = page.textContent?.slice(1);
  await show(client, h(New, { turn: 2 }));
  expect(page.textContent).toBe(`2${drawn}`);
});

test('without a provider it says what to do', () => {
  const lost = () => {
    useConnection();
    return null;
  };
  const bare = createRoot(document.createElement('div'));
  expect(() => act(() => bare.render(h(lost)))).toThrow('ParleyProvider');
});
