/** `npm run flow`: flows in files, from the command line to a running gateway. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { flow } from '../../gateway/flow.ts';
import { mermaid } from '../../gateway/flow.draw.ts';
import { readFlow } from '../../gateway/flow.file.ts';
import { flowJsonSchema } from '../../machines/flows/schema.ts';
import { openHouse, type House } from './house.ts';

const DOCS = new URL('../../docs/flows/', import.meta.url).pathname;
const CONFIG = ['--config', join(DOCS, 'settings.json')];
let folder = '';
let house: House | undefined;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'parley-flow-')); });
afterEach(async () => { await house?.close(); house = undefined; });
afterAll(() => rm(folder, { recursive: true }));

const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};
/** What it says, without the folder, and whether all is right. */
async function run(...args: string[]): Promise<{ right: boolean; said: string }> {
  let said = '';
  const right = await flow(args, {}, (text) => { said += text; });
  return { right, said: said.replaceAll(`${folder}/`, '') };
}
const fails = async (...args: string[]): Promise<string> =>
  run(...args).then(({ said }) => `not refused: ${said}`, (error: Error) => error.message.replaceAll(`${folder}/`, ''));

const HELLO = 'name: Hello\nstart: [{ on: opened }]\nsteps:\n  - { id: hello, do: say, text: Hello! }\n';
const to = (team: string): string => `name: To ${team}\nstart:\n  - on: called\nsteps:\n  - id: to\n    do: assign\n    team: ${team}\n`;

describe('a file', () => {
  it('is YAML, JSON or TypeScript, and says the same in each', async () => {
    const definition = { name: 'Hello', start: [{ on: 'opened' }], steps: [{ id: 'hello', do: 'say', text: 'Hello!' }] };
    for (const [name, text] of [
      ['one.yaml', HELLO], ['two.YML', HELLO], ['three.json', JSON.stringify(definition)],
      ['four.ts', `const name: string = 'Hello';\nexport default { ...${JSON.stringify(definition)}, name };`],
    ] as const) expect(await readFlow(await file(name, text))).toMatchObject({ id: name.split('.')[0], definition });
  });

  it.each<[string, string, string]>([
    ['bad.yaml', 'name: Hello\nsteps: [{ id: a\n', 'bad.yaml:'],
    ['bad.json', '{"name":"Hello"', 'bad.json:1: is not JSON: '],
    ['bad.ts', 'export default {\n  name: ;\n};', 'bad.ts:2: Unexpected ";".'],
    ['none.ts', 'export const flow = 1;', 'none.ts has no default export: write "export default defineFlow({ … })".'],
    ['throws.ts', 'throw new Error("no");', 'throws.ts fails as it is read: no.'],
    ['alias.yaml', 'name: *nobody', 'alias.yaml: is no YAML that can be followed: Unresolved alias'],
    ['flow.txt', '', 'flow.txt is none of .yaml, .yml, .json, .ts, .mts, .js, .mjs: give the flow one of these endings.'],
  ])('%s is refused with where and why', async (name, text, words) => {
    expect(await fails('check', await file(name, text))).toContain(words);
  });

  it('that is not there is said', async () => {
    expect(await fails('check', join(folder, 'nowhere.yaml'))).toBe('nowhere.yaml cannot be read (ENOENT). Name a file with a flow.');
  });
});

describe('check', () => {
  it('says what is right, by the settings that are given', async () => {
    expect(await run('check', await file('to-sales.yaml', to('sales')), ...CONFIG)).toEqual({ right: true, said: 'to-sales.yaml: right, 1 step, starts on called\n' });
    expect(await run('check', await file('to-sales.yaml', to('sales')))).toMatchObject({ right: false });
  });

  it('says that the name of a file can be no id, before a gateway does', async () => {
    const said = 'To Sales.yaml: the name of the file is the flow\'s id, and a flow\'s id has 1 to 40 of a-z, 0-9, "-" and "_", a letter or digit first\n';
    expect(await run('check', await file('To Sales.yaml', to('sales')), ...CONFIG)).toEqual({ right: false, said });
  });

  it('says each problem with its line, its path and what to do', async () => {
    expect(await run('check', await file('a.yaml', to('seals')), await file('b.yaml', HELLO.replace('hello,', 'Hello,')), ...CONFIG)).toEqual({ right: false, said:
      'a.yaml:7: steps.0.team: there is no team "seals"; did you mean "sales"?\n'
      + 'b.yaml:4: steps.0.id: is no id: it has 1 to 40 of a-z, 0-9, "-" and "_", a letter or digit first\n' });
  });

  it('knows the other flows that are named with it', async () => {
    const [whole, part] = [await file('whole.yaml', HELLO.replace('- { id: hello, do: say, text: Hello! }', '- { id: r, do: run, flow: part }')), await file('part.yaml', to('sales'))];
    expect((await run('check', whole, part, ...CONFIG)).said).toBe('whole.yaml: right, 1 step, starts on opened\npart.yaml: right, 1 step, starts on called\n');
    expect((await run('check', whole, ...CONFIG)).said).toMatch(/^whole\.yaml:4: steps\.0\.flow: .*"part"/);
  });
});

it('prove walks every state and transition', async () => {
  expect(await run('prove', join(DOCS, 'after-hours.yaml'), join(DOCS, 'qualify.ts'), ...CONFIG)).toEqual({ right: true, said:
    expect.stringMatching(/^\S+after-hours\.yaml: \d\d states and \d\d transitions, each can come about\n\S+qualify\.ts: \d\d states and \d\d transitions, each can come about\n$/) });
});

it('draw writes Mermaid that holds every step', async () => {
  const { right, said } = await run('draw', join(DOCS, 'after-hours.yaml'), ...CONFIG);
  expect([right, said.startsWith('flowchart TD\n')]).toEqual([true, true]);
  for (const box of ['["say closed"]', '{"branch known"}', '["say promise"]', '[/"ask email"/]', '["assign team"]', '(("Over"))']) expect(said).toContain(box);
  expect(said).toContain('-->|"We have an address"|');
  expect(mermaid({
    nodes: [{ id: 'a', label: 'say "hi"', kind: 'say', within: null }, { id: 'end', label: 'case #1', kind: 'branch', within: null }],
    edges: [{ from: 'a', to: 'end', label: 'x > 1' }, { from: 'end', to: 'a', label: '' }],
  })).toBe('flowchart TD\n  n0["say #quot;hi#quot;"]\n  n1{"case #35;1"}\n  n0 -->|"x > 1"| n1\n  n1 --> n0\n');
});

it('schema writes the JSON Schema of a flow', async () => {
  const { right, said } = await run('schema');
  expect([right, JSON.parse(said)]).toEqual([true, flowJsonSchema()]);
});

describe('publish', () => {
  const read = async (id: string): Promise<{ live: number; rev: number; draft: unknown; versions: { note: string }[] }> => {
    const response = await fetch(`${house?.gateway.url}/api/flows/${id}`, { headers: { authorization: `Bearer ${await house?.token('ada')}` } });
    return await response.json() as never;
  };
  const opened = async (): Promise<[string, string]> => {
    house = await openHouse();
    return ['--url', house.gateway.url];
  };

  it('keeps the draft and makes it the next version of a running gateway; again it changes nothing', async () => {
    const url = await opened();
    const path = await file('hello.yaml', HELLO);
    expect(await run('publish', path, ...url, '--note', 'the first')).toEqual({ right: true, said: 'hello.yaml: "hello" is live in version 1\n' });
    expect((await run('publish', path, ...url)).said).toBe('hello.yaml: "hello" is live in version 1, as it was\n');
    await file('hello.yaml', HELLO.replace('Hello!', 'Hi!'));
    expect((await run('publish', path, ...url, '--migrate')).said).toBe('hello.yaml: "hello" is live in version 2\n');
    expect(await read('hello')).toMatchObject({ live: 2, rev: 2, versions: [{ note: 'the first', successor: 2 }, { note: '' }] });
  });

  it('of what is wrong keeps nothing', async () => {
    const url = await opened();
    expect(await run('publish', await file('bad.yaml', to('seals')), ...url)).toEqual({ right: false, said: expect.stringContaining('bad.yaml:7: steps.0.team: there is no team "seals"') });
    expect(await read('bad')).toMatchObject({ name: 'notFound' });
  });

  it('does not write over what a colleague has not published, unless told to', async () => {
    const url = await opened();
    const path = await file('hello.yaml', HELLO);
    await run('publish', path, ...url);
    await fetch(`${url[1]}/api/flows/hello`, { method: 'PUT', body: JSON.stringify({ rev: 1, definition: { half: 'written' } }), headers: { authorization: `Bearer ${await house?.token('ada')}` } });
    await file('hello.yaml', HELLO.replace('Hello!', 'Hi!'));
    expect(await fails('publish', path, ...url)).toBe('The draft of "hello" has changes that are not published, by ada at 2026-01-05T09:00:00.000Z. Publish or undo them, or give --force to write over them.');
    expect((await run('publish', path, ...url, '--force')).right).toBe(true);
  });

  it('takes an agent\'s token, and the console link that a start prints', async () => {
    const url = await opened();
    const path = await file('hello.yaml', HELLO);
    const link = `${url[1]}/console#code=${house?.gateway.identities.code('demo', { id: 'ada', name: 'Ada' })}`;
    expect((await run('publish', path, '--url', link)).right).toBe(true);
    expect(await fails('publish', path, '--url', link)).toContain('(');
    expect((await run('publish', path, ...url, '--token', await house?.token('ada') ?? '')).right).toBe(true);
    expect(await fails('publish', await file('hello.yaml', to('support')), ...url, '--token', await house?.token('ben') ?? '')).toContain('flows are changed by administrators');
    expect(await fails('publish', path, ...url, '--token', 'x')).toContain('(tokenInvalid)');
  });

  it('nowhere, or where nothing answers, is said', async () => {
    const path = await file('hello.yaml', HELLO);
    expect(await fails('publish', path)).toBe('Publish where? Give --url, the address of a running gateway.');
    expect(await fails('publish', path, '--url', 'http://127.0.0.1:1', '--token', 'x')).toBe('Nothing answers at http://127.0.0.1:1. Start a gateway there, or give the address of one with --url.');
    expect(await fails('publish', path, '--url', 'nowhere')).toBe('--url is no address: "nowhere". Write for instance http://127.0.0.1:8080.');
  });
});

it('what is asked in a wrong way is answered with what would be right', async () => {
  expect(await fails('chek', 'x.yaml')).toBe('There is no command "chek"; did you mean "check"?');
  expect(await fails('check')).toBe('Name a file to check, for instance docs/flows/after-hours.yaml.');
  expect(await fails('check', 'x.yaml', '--confg', 'y')).toBe('Unknown option \'--confg\'. Did you mean --config? --help lists the options.');
  expect(await fails('check', await file('hello.yaml', HELLO), ...CONFIG, '--workspace', 'demmo')).toBe('In the settings there is no workspace "demmo"; did you mean "demo"?');
  const { said } = await run('--help');
  for (const option of ['config', 'workspace', 'url', 'token', 'migrate', 'note', 'force', 'help']) expect(said).toContain(`--${option}`);
  expect((await run()).said).toBe(said);
  expect(await readFile(join(DOCS, 'README.md'), 'utf8')).toContain('npm run flow -- --help');
});
