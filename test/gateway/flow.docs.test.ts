/** docs/flows/README.md: what it shows is checked and run, and whatever a flow can be stands in it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { flow } from '../../gateway/flow.ts';
import { readFlow } from '../../gateway/flow.file.ts';
import { knownOf } from '../../gateway/flows.fit.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { check } from '../../machines/flows/check.ts';
import type { Flow } from '../../machines/flows/flow.ts';
import { flowJsonSchema } from '../../machines/flows/schema.ts';
import { openHouse, type House } from './house.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const DOCS = join(ROOT, 'docs/flows');
const readme = await readFile(join(DOCS, 'README.md'), 'utf8');
const blocks = (language: string): string[] => [...readme.matchAll(/```(\w*)\n([\s\S]*?)```/g)].filter(([, one]) => one === language).map(([, , text = '']) => text);
const config = parseSettings(JSON.parse(await readFile(join(DOCS, 'settings.json'), 'utf8'))).workspaces.demo;
const qualify = (await readFlow(join(DOCS, 'qualify.ts'))).definition as Flow;

let folder = '';
let house: House;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-docs-'));
  house = await openHouse({ settings: JSON.parse(await readFile(join(DOCS, 'settings.json'), 'utf8')) as object });
});
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true });
});

const PLAIN = { name: 'Part', start: [{ on: 'opened' }] };

it.each(blocks('yaml').map((text, i) => [i, text] as const))('YAML %i is a flow, or steps of one, and right', (_, text) => {
  const data: unknown = parse(text);
  const definition = Array.isArray(data) ? { ...PLAIN, steps: data } : data;
  if (config === undefined) throw new Error('the settings have the demo');
  expect(check(definition, knownOf('part', config.sections, Object.keys(config.secrets), [{ id: 'qualify', flow: qualify }])).problems).toEqual([]);
});

it.each(blocks('json').map((text, i) => [i, text] as const))('JSON %i is what a configuration file may be', (_, text) => {
  expect(() => parseSettings(JSON.parse(text))).not.toThrow();
});

describe('the commands', () => {
  const lines = blocks('sh').flatMap((text) => text.trim().split('\n'));
  const words = (line: string): string[] => [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  const here = (word: string): string => word.replace('http://127.0.0.1:8080', house.gateway.url).replace(/^docs\//, `${ROOT}docs/`);

  it.each(lines.filter((line) => line.startsWith('npm run flow')))('%s', async (line) => {
    const said: string[] = [];
    const right = await flow(words(line).slice(4).map(here), {}, (text) => { said.push(text); });
    expect([right, said.join('')]).toEqual([true, expect.stringMatching(/./)]);
  });

  it.each(lines.filter((line) => line.startsWith('curl')))('%s', async (line) => {
    const [, , method = '', url = '', , , , body = ''] = words(line);
    const response = await fetch(here(url), { method, body, headers: { authorization: `Bearer ${await house.token('ada')}` } });
    expect([response.status, await response.json()]).toEqual([200, {}]);
  });

  it('are all of these', () => {
    expect(lines.filter((line) => !/^(npm run flow -- (check|prove|draw|publish|schema)\b|curl )/.test(line))).toEqual([]);
  });

  it('what check says of a slip is what it says there', async () => {
    const [shown = ''] = blocks('');
    const text = await readFile(join(DOCS, 'after-hours.yaml'), 'utf8');
    await writeFile(join(folder, 'after-hours.yaml'), text.replace('team: support', 'team: suport'));
    let said = '';
    await flow(['check', join(folder, 'after-hours.yaml'), '--config', join(DOCS, 'settings.json')], {}, (line) => { said += line; });
    expect(said.replace(folder, 'docs/flows')).toBe(shown);
  });
});

it('every step, trigger, operator, option and field of a step is there', () => {
  const names = new Set<string>();
  const walk = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { properties = {}, const: constant, enum: all = [] } = schema as { properties?: object; const?: unknown; enum?: unknown[] };
    for (const name of [...Object.keys(properties), constant, ...all]) if (typeof name === 'string') names.add(name);
    for (const part of Object.values(schema)) walk(part);
  };
  walk(flowJsonSchema());
  const words = new Set(readme.match(/[A-Za-z]+/g));
  const told = ['about', 'new', 'closed'];
  expect([...names].filter((name) => !words.has(name) && !told.includes(name))).toEqual([]);
});
