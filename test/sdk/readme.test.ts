/** What the README shows is run, and what a client has is in the README. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createClient } from '../../sdk/index.ts';
import { FakeServer } from './server.ts';

const sdk = new URL('../../sdk/', import.meta.url).pathname;
const readme = await readFile(join(sdk, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```(tsx?)( no-run)?\n([\s\S]*?)```/g)].map(([, loader = 'ts', skipped, code = '']) => ({ loader, run: skipped === undefined, code }));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-readme-'));
});
afterEach(() => vi.unstubAllGlobals());
afterAll(() => rm(folder, { recursive: true }));

test.each(blocks.filter(({ run }) => run).map(({ loader, code }, index) => [index, loader, code] as const))('block %i', async (index, loader, code) => {
  const server = new FakeServer();
  vi.stubGlobal('WebSocket', server.WebSocket);
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ token: 'visitor' })));
  const said: unknown[][] = [];
  vi.spyOn(console, 'log').mockImplementation((...line) => void said.push(line));
  const { outputFiles } = await build({
    stdin: { contents: code.replaceAll("'./bot'", JSON.stringify(join(folder, 'bot'))), loader: loader as 'ts' | 'tsx', resolveDir: sdk }, bundle: true, write: false, format: 'esm', platform: 'node', target: 'es2022', jsx: 'automatic',
    alias: { '@parley/sdk': join(sdk, 'index.ts'), '@parley/sdk/node': join(sdk, 'node.ts'), '@parley/sdk/react': join(sdk, 'react.ts') },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
  });
  const path = join(folder, `${index}.mjs`);
  await writeFile(path, outputFiles[0]!.text);
  await import(/* @vite-ignore */ pathToFileURL(path).href);
  if (index > 0) return;
  expect(said).toContainEqual([{ seq: 1, at: expect.any(Number) }]);
  await vi.waitFor(() => expect(said).toContainEqual(['Visitor', 'Where is my order?', 1]));
});

test('every option, every member of a client and of a conversation has its place', () => {
  const client = createClient({ url: 'http://gateway.test', WebSocket: new FakeServer().WebSocket, getToken: async () => 'visitor' });
  const inside = ['follow', 'people', 'changed', 'lost'];
  const members = [...Object.keys(client), ...Object.keys(client.conversation()).filter((name) => !inside.includes(name))];
  client.close();
  for (const name of [...members, 'url', 'getToken', 'channel', 'WebSocket', 'encoding', 'watch', 'clock', 'random']) {
    expect(readme, name).toMatch(new RegExp(`\`${name}\\b`));
  }
});
