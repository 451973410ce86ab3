/** The SDK where there is nothing but the language: no crypto, no TextDecoder, no WebSocket, no fetch, no navigator. */
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import type { Client } from '../../sdk/index.ts';
import type { NativeClientOptions } from '../../sdk/react-native.ts';
import { handClock, settle } from './clock.ts';
import { FakeServer } from './server.ts';

/** The entry with the core inside, as Metro would bundle it, run in a bare context. */
async function bare(): Promise<{ createClient(options: NativeClientOptions): Client }> {
  const entry = new URL('../../sdk/react-native.ts', import.meta.url).pathname;
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife', globalName: 'sdk', target: 'es2022', minify: true });
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  expect(runInContext('[typeof crypto, typeof TextDecoder, typeof WebSocket, typeof fetch, typeof navigator, typeof setTimeout, typeof URL]', context)).toEqual(Array(7).fill('undefined'));
  return runInContext(`${outputFiles[0]!.text}; sdk`, context) as { createClient(options: NativeClientOptions): Client };
}

function platform() {
  let state: (state: string) => void = () => {};
  let net: (state: { isConnected: boolean | null }) => void = () => {};
  const values = new Map<string, string>();
  let listening = 0;
  return {
    values,
    state: (next: string) => state(next),
    net: (isConnected: boolean) => net({ isConnected }),
    listening: () => listening,
    AppState: {
      addEventListener(_: 'change', listener: typeof state) {
        state = listener;
        listening++;
        return { remove: () => void listening-- };
      },
    },
    NetInfo: {
      addEventListener(listener: typeof net) {
        net = listener;
        listening++;
        return () => void listening--;
      },
    },
    storage: {
      getItem: async (key: string) => values.get(key) ?? null,
      setItem: async (key: string, value: string) => void values.set(key, value),
      removeItem: async (key: string) => void values.delete(key),
      getAllKeys: async () => [...values.keys()],
    },
  };
}

async function setUp() {
  const clock = handClock();
  const server = new FakeServer();
  const { AppState, NetInfo, storage, ...device } = platform();
  const sdk = await bare();
  const client = sdk.createClient({ url: 'https://gateway.test', WebSocket: server.WebSocket, clock, getToken: async () => 'visitor', AppState, NetInfo, storage });
  await settle();
  return { clock, server, device, client };
}

test('it talks, with every kind of text, and keeps what it must', async () => {
  const { server, client, device } = await setUp();
  expect(client.connection.get().status).toBe('live');
  const talk = client.conversation();
  talk.open();
  const text = 'Grüße, 你好 👋🏽 100 %';
  await talk.send({ text }).committed;
  await settle();
  expect(talk.messages.get().items).toMatchObject([{ seq: 1, body: { text } }]);
  expect(server.room(talk.id).entries[0]?.body).toEqual({ text });
  expect([...device.values.keys()]).toEqual(expect.arrayContaining(['parley/device', 'parley/me']));
  expect([...device.values.keys()].filter((key) => key.includes('outbox'))).toEqual([]);
});

test('into the background it closes at once with a goodbye; back again it connects and probes', async () => {
  const { clock, server, client, device } = await setUp();
  device.state('inactive');
  expect(server.sockets.size).toBe(1);
  device.state('background');
  expect(server.saidOf('bye')).toEqual([{ t: 'bye', reason: 'background' }]);
  expect(server.sockets.size).toBe(0);
  device.state('active');
  await settle();
  expect(client.connection.get().status).toBe('live');
  server.instead = () => true;
  device.state('active');
  await clock.move(2_400);
  expect(server.saidOf('ping')).toHaveLength(1);
  server.instead = () => false;
  await clock.move(1_000);
  expect(server.made).toBe(3);
});

test('without a network it waits for one', async () => {
  const { clock, server, client, device } = await setUp();
  server.reachable = false;
  server.socket.drop();
  device.net(false);
  await clock.move(1_000);
  expect(client.connection.get().status).toBe('offline');
  const tried = server.made;
  await clock.move(20_000);
  expect(server.made).toBe(tried);
  server.reachable = true;
  device.net(true);
  await settle();
  expect(client.connection.get().status).toBe('live');
});

test('close lets go of the platform', async () => {
  const { client, device } = await setUp();
  expect(device.listening()).toBe(2);
  client.close();
  expect(device.listening()).toBe(0);
  client.resume();
  expect(device.listening()).toBe(2);
});
