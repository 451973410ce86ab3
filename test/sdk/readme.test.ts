/** What the README shows is run, and what a client has is in the README. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createClient } from '../../sdk/index.ts';
import { createAgent } from '../../sdk/agent.ts';
import { FakeInbox, summaryOf } from './inbox.ts';
import { FakeServer } from './server.ts';
import { ADA, CONVERSATION } from './world.ts';

const sdk = new URL('../../sdk/', import.meta.url).pathname;
const readme = await readFile(join(sdk, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```(tsx?)( no-run)?\n([\s\S]*?)```/g)].map(([, loader = 'ts', skipped, code = '']) => ({ loader, run: skipped === undefined, code }));
const VISITOR = { id: 'v_1', name: 'Visitor', role: 'customer' } as const;
/** What the gateway answers over HTTP. */
const ANSWERS: Readonly<Record<string, object>> = {
  '/api/templates/nudge': { definition: { name: 'Nudge' } },
  '/api/flows/trial': { lines: [{ at: 0, kind: 'message', author: { role: 'system', name: 'Assistant' }, text: 'Are you still there?', choices: [] }] },
  '/api/flows/nudge': { rev: 1, problems: [] }, '/api/flows/nudge/publish': { version: 1 },
};
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-readme-'));
});
afterEach(() => vi.unstubAllGlobals());
afterAll(() => rm(folder, { recursive: true }));

test.each(blocks.filter(({ run }) => run).map(({ loader, code }, index) => [index, loader, code] as const))('block %i', async (index, loader, code) => {
  const server = new FakeServer();
  server.people.set('the token of an agent', ADA);
  server.say(CONVERSATION, { text: 'where is it?', author: VISITOR });
  new FakeInbox(server).set(summaryOf(CONVERSATION, { desk: ['support', 1, server.now(), 0, [], []] }));
  vi.stubGlobal('WebSocket', server.WebSocket);
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(new URL(url).pathname);
    return new Response(JSON.stringify({ token: 'visitor', ...ANSWERS[asked.at(-1)!] }));
  });
  const said: unknown[][] = [];
  vi.spyOn(console, 'log').mockImplementation((...line) => void said.push(line));
  const { outputFiles } = await build({
    stdin: { contents: code.replaceAll("'./bot'", JSON.stringify(join(folder, 'bot'))), loader: loader as 'ts' | 'tsx', resolveDir: sdk }, bundle: true, write: false, format: 'esm', platform: 'node', target: 'es2022', jsx: 'automatic',
    alias: { '@parley/sdk': join(sdk, 'index.ts'), '@parley/sdk/agent': join(sdk, 'agent.ts'), '@parley/sdk/node': join(sdk, 'node.ts'), '@parley/sdk/react': join(sdk, 'react.ts') },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
  });
  const path = join(folder, `${index}.mjs`);
  await writeFile(path, outputFiles[0]!.text);
  await import(/* @vite-ignore */ pathToFileURL(path).href);
  if (code.includes('inbox.list')) await vi.waitFor(() => expect(said).toContainEqual(['Visitor', 'waits for', expect.any(Number), 'ms, priority', 1, '- one of', 1]));
  if (code.includes('talk.accept')) expect(server.saidOf('send')).toMatchObject([{ text: 'It arrives tomorrow.' }]);
  if (code.includes('setFields')) {
    expect(asked).toContain('/api/me');
    await vi.waitFor(() => expect(server.socket.aliases.size).toBe(1));
    server.put(CONVERSATION, { kind: 'message', n: 1, author: { role: 'system', id: 'parley', name: 'Assistant' }, cmid: null, body: { text: 'Which team?', choices: ['Sales', 'Support'] } });
    await vi.waitFor(() => expect(server.saidOf('send')).toMatchObject([{ text: 'Sales' }]));
    expect(server.saidOf('hello')).toMatchObject([{ language: 'pt-BR' }]);
  }
  if (code.includes('flows.trial')) {
    expect(said).toContainEqual(['Are you still there?']);
    expect(asked).toEqual(Object.keys(ANSWERS));
    server.socket.tell({ t: 'runs', alias: 1, runs: [{ run: 1, flow: 'nudge', name: 'Nudge', version: 1, step: 'silence', stepName: 'Silence', waits: 'time', until: server.now(), next: 'Nudge' }] });
    expect(said).toContainEqual(['Nudge', 'in', expect.any(Number), 'ms']);
  }
  if (index > 0) return;
  expect(said).toContainEqual([{ seq: 1, at: expect.any(Number) }]);
  await vi.waitFor(() => expect(said).toContainEqual(['Visitor', 'Where is my order?', 1]));
});

test('every option, every member of a client and of a conversation has its place', () => {
  const client = createClient({ url: 'http://gateway.test', WebSocket: new FakeServer().WebSocket, getToken: async () => 'visitor' });
  const agent = createAgent({ url: 'http://gateway.test', WebSocket: new FakeServer().WebSocket, getToken: async () => 'visitor' });
  const inside = ['follow', 'changed', 'lost', 'seen', 'followed', 'told', 'showed', 'moved', 'forget', 'listed', 'counted', 'refresh', 'desk', 'inbox', 'settings', 'flows', 'ran'];
  const { desk, inbox, settings, flows } = agent;
  const members = [client, agent, client.conversation(), agent.conversation(), desk, inbox, settings, flows].flatMap((of) => Object.keys(of)).filter((name) => !inside.includes(name));
  for (const { close } of [client, agent]) close();
  for (const name of [...members, 'url', 'getToken', 'workspace', 'channel', 'language', 'WebSocket', 'encoding', 'watch', 'clock', 'random']) {
    expect(readme, name).toMatch(new RegExp(`\`(\\w+\\.)?${name}\\b`));
  }
});
