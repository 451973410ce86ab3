/** The picture in ARCHITECTURE.md, kept true: who may import whom, how long a file may be, and what has no place here. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** What each folder may import besides itself. The longest folder that fits a file decides. Knowledge only flows downwards. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  machines: ['xstate', 'zod', 'libphonenumber-js'],
  'sdk/protocol': [],
  sdk: ['sdk/protocol', 'react', 'ws', 'esbuild', 'node:'],
  'sdk/ui': ['preact', '@dagrejs/dagre', 'sdk/index.ts'],
  'sdk/widget': ['preact', 'sdk/index.ts', 'sdk/ui'],
  'sdk/console': ['preact', 'sdk/index.ts', 'sdk/agent.ts', 'sdk/ui'],
  'sdk/demo': ['preact', 'sdk/index.ts', 'sdk/ui'],
  gateway: ['machines', 'sdk/protocol', 'sdk/web.mjs', 'sdk/build.mjs', 'xstate', 'ws', 'libsql', 'jose', 'ulid', 'zod', 'json-p3', 'ipaddr.js', 'yaml', 'esbuild', '@nats-io', 'prom-client', 'node:'],
};
/** Only these files of a folder may import these. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  'node:': ['gateway/', 'sdk/node.ts', 'sdk/file.ts', 'sdk/web.mjs', 'sdk/size.mjs', 'sdk/build.mjs'],
  ws: ['gateway/', 'sdk/node.ts'],
  '@dagrejs/dagre': ['sdk/ui/graph.ts'],
  'sdk/ui/graph.ts': ['sdk/demo/layout.ts', 'sdk/console/flows/'],
  // What is loaded with the page's first picture of it, not with the console: everything but the door to it.
  'sdk/console/flows': ['sdk/console/flows/', 'sdk/console/desk.tsx'],
  // NATS stands behind the ports: whoever uses them does not know it.
  '@nats-io': ['gateway/nats.', 'gateway/bus.nats.', 'gateway/log.nats.'],
  'prom-client': ['gateway/metrics.ts'],
  react: ['sdk/react.ts', 'sdk/react.tsx'],
  esbuild: ['gateway/build.mjs', 'gateway/flow.file.ts', 'sdk/web.mjs', 'sdk/size.mjs', 'sdk/build.mjs'],
  libsql: ['gateway/store.worker.ts', 'gateway/store.file.ts', 'gateway/tables.ts', 'gateway/store.queries.ts'],
};
/** Of a source, and of a test. At 250 ask which two things a file is. */
const LONGEST_FILE = { source: 300, test: 330 };
/** Tables may be wider than what is read as text. */
const LONGEST_LINE = { source: 160, test: 260 };
const TABLES = ['sdk/protocol/codes.ts', 'sdk/protocol/frames.ts', 'sdk/causes.ts', 'sdk/encoding.ts'];

const files = ['machines', 'sdk', 'gateway', 'test'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .map((path) => `${folder}/${path}`)).filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !/node_modules|\/dist\//.test(path));
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function importsOf(path: string): string[] {
  const found = [...textOf(path).matchAll(/(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[^.\w])import\(\s*['"]([^'"]+)['"]/g)];
  return found.map((match) => match[1] ?? match[2] ?? '').filter((name) => name !== '')
    .map((name) => (name.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(path), name)) : name));
}

function allowed(path: string, name: string): boolean {
  const folder = Object.keys(MAY_IMPORT).filter((f) => path.startsWith(`${f}/`)).sort((a, b) => b.length - a.length)[0];
  if (folder === undefined) return true;
  const inside = name.startsWith(`${folder}/`) && !Object.keys(MAY_IMPORT).some((f) => f.startsWith(`${folder}/`) && name.startsWith(`${f}/`));
  return inside || (MAY_IMPORT[folder] ?? []).some((rule) => name === rule || name.startsWith(rule.endsWith(':') ? rule : `${rule}/`));
}

const sources = files.filter((path) => !path.startsWith('test/'));
const code = (path: string): string => textOf(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

it('knowledge only flows downwards: each folder imports what it may, and nothing sees test', () => {
  const wrong = sources.flatMap((path) => importsOf(path).filter((name) => !allowed(path, name))
    .map((name) => `${path} imports ${name}, which its folder may not know`));
  expect(wrong).toEqual([]);
});

it('what only some files may know, only they import', () => {
  const wrong = sources.flatMap((path) => importsOf(path).flatMap((name) => Object.entries(ONLY)
    .filter(([rule, homes]) => (name === rule || name.startsWith(rule.endsWith(':') ? rule : `${rule}/`)) && !homes.some((home) => path.startsWith(home)))
    .map(([, homes]) => `${path} imports ${name}, which belongs to ${homes.join(', ')}`)));
  expect(wrong).toEqual([]);
});

it('machines know no time, no chance and no world, and use nothing that cannot be replayed', () => {
  const told = /\b(Date\.now|new Date\(\)|Math\.random|(?<!clock: \{ )setTimeout\(|setInterval|fetch\(|process\.|console\.|invoke:|spawnChild|sendTo\(|emit\()/;
  expect(sources.filter((path) => path.startsWith('machines/') && told.test(code(path)))).toEqual([]);
});

it('files are short, and lines fit', () => {
  const bound = (limit: typeof LONGEST_FILE, path: string): number => limit[path.startsWith('test/') ? 'test' : 'source'];
  const long = files.filter((path) => textOf(path).trimEnd().split('\n').length > bound(LONGEST_FILE, path));
  expect(long.map((path) => `${path}: which two things is it?`)).toEqual([]);
  const wide = files.filter((path) => !TABLES.includes(path)).flatMap((path) => textOf(path).split('\n')
    .flatMap((line, i) => (line.length > bound(LONGEST_LINE, path) ? [`${path}:${i + 1}`] : [])));
  expect(wide).toEqual([]);
});

it.each([
  ['any', /[:<]\s*any\b|\bas any\b/, 'unknown, then a check'],
  ['barrels', /^export \*/m, 'name what it gives'],
  ['looking away', /@ts-(ignore|nocheck)|\b(it|test|describe)\.(only|skip)\(/, 'mend it'],
  ['eval', /\beval\(|new Function\(/, 'strangers\' pages forbid it'],
])('no %s', (_, pattern, instead) => {
  expect(files.filter((path) => path !== 'test/tidy.test.ts' && pattern.test(code(path)) && !(path.startsWith('test/') && instead.startsWith('strangers'))).map((path) => `${path}: ${instead}`)).toEqual([]);
});

it('files are named for nouns of the domain and begin by saying what they are', () => {
  expect(files.filter((path) => /(^|\/)(utils?|helpers?|common|types|manager|service)\.(ts|tsx|mjs)$/.test(path))).toEqual([]);
  expect(sources.filter((path) => !/^(#!.*\n)?(\/\*\*|\/\/)/.test(textOf(path)))).toEqual([]);
});

it('ARCHITECTURE.md names only files that there are', () => {
  const names = [...textOf('ARCHITECTURE.md').matchAll(/`([\w./-]+\.tsx?)`/g)].map((match) => match[1] ?? '');
  expect(names.filter((name) => !files.some((path) => path === name || path.endsWith(`/${name}`)))).toEqual([]);
});

it('every runtime dependency earns its place in a line of ARCHITECTURE.md', () => {
  const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> };
  const text = textOf('ARCHITECTURE.md');
  expect(Object.keys(dependencies).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
