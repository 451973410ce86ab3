/** The picture in ARCHITECTURE.md, kept true: who may import whom, how long a file may be, and what has no place here. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** What each folder may import besides itself. The longest folder that fits a file decides. Knowledge only flows downwards. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  machines: ['xstate'],
  'sdk/protocol': [],
  sdk: ['sdk/protocol', 'ulid', 'react', 'ws', 'node:'],
  'sdk/ui': ['preact', 'sdk/index.ts'],
  'sdk/widget': ['preact', 'sdk/index.ts', 'sdk/ui'],
  'sdk/console': ['preact', 'sdk/index.ts', 'sdk/ui'],
  'sdk/demo': ['preact', '@dagrejs/dagre', 'sdk/index.ts', 'sdk/ui'],
  gateway: ['machines', 'sdk/protocol', 'sdk/web.mjs', 'xstate', 'ws', 'libsql', 'jose', 'ulid', 'zod', 'esbuild', 'node:'],
};
/** Only these files of a folder may import these. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  'node:': ['gateway/', 'sdk/node.ts', 'sdk/file.ts', 'sdk/web.mjs', 'sdk/size.mjs'],
  ws: ['gateway/', 'sdk/node.ts'],
  react: ['sdk/react.ts', 'sdk/react.tsx'],
  esbuild: ['gateway/build.mjs', 'sdk/web.mjs', 'sdk/size.mjs'],
  libsql: ['gateway/store.worker.ts', 'gateway/store.file.ts', 'gateway/tables.ts', 'gateway/store.queries.ts'],
};
const LONGEST_FILE = 300;
const LONGEST_LINE = 180;

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

describe('who imports whom', () => {
  const sources = files.filter((path) => !path.startsWith('test/'));
  it.each(sources)('%s', (path) => {
    for (const name of importsOf(path)) {
      expect(allowed(path, name), `${path} imports ${name}, which its folder may not know: see MAY_IMPORT`).toBe(true);
      const guarded = Object.keys(ONLY).find((rule) => name === rule || name.startsWith(rule.endsWith(':') ? rule : `${rule}/`));
      const home = guarded === undefined || (ONLY[guarded] ?? []).some((place) => path.startsWith(place));
      expect(home, `${path} imports ${name}, which belongs to ${(ONLY[guarded ?? ''] ?? []).join(', ')}`).toBe(true);
    }
  });

  it('nothing sees test', () => {
    expect(sources.filter((path) => importsOf(path).some((name) => name.startsWith('test/')))).toEqual([]);
  });

  it('machines know no time, no chance and no world', () => {
    const told = /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|fetch|process\.|console\.)/;
    const found = sources.filter((path) => path.startsWith('machines/') && told.test(textOf(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
    expect(found).toEqual([]);
  });

  it('machines use nothing that cannot be replayed', () => {
    const found = sources.filter((path) => path.startsWith('machines/') && /\b(invoke:|spawnChild|sendTo\(|emit\()/.test(textOf(path)));
    expect(found).toEqual([]);
  });
});

describe('every file', () => {
  it.each(files)('%s', (path) => {
    const text = textOf(path);
    const lines = text.split('\n');
    expect(lines.length, `${path} is long: which two things is it?`).toBeLessThanOrEqual(LONGEST_FILE);
    expect(lines.filter((line) => line.length > LONGEST_LINE)).toEqual([]);
    if (path === 'test/tidy.test.ts') return;
    expect(/[:<]\s*any\b|\bas any\b/.test(text), `${path} says "any": unknown, then a check`).toBe(false);
    expect(/^export \*/m.test(text), `${path} is a barrel: name what it gives`).toBe(false);
    expect(/@ts-(ignore|nocheck)|\b(it|test|describe)\.(only|skip)\(/.test(text), `${path} looks away`).toBe(false);
    expect(/\/(utils?|helpers?|common|types|manager|service)\.(ts|tsx|mjs)$/.test(path), `${path} is named for what it is not: a noun of the domain`).toBe(false);
    expect(text.startsWith('/**') || text.startsWith('//') || path.startsWith('test/') || /^#!/.test(text), `${path} begins by saying what it is`).toBe(true);
  });

  it('every folder of sources has few of them', () => {
    const large = files.filter((path) => path.startsWith('gateway/')).length;
    expect(large).toBeLessThanOrEqual(60);
  });
});

it('every runtime dependency earns its place in a line of ARCHITECTURE.md', () => {
  const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> };
  const text = textOf('ARCHITECTURE.md');
  expect(Object.keys(dependencies).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
