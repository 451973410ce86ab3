/** Starting on folders and settings that are not right: one sentence that says what to do, and nothing touched. */
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { json } from '../../sdk/protocol/codec.ts';
import { CODES } from '../../sdk/protocol/codes.ts';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import { HEADER_BYTES } from '../../gateway/segment.ts';
import { build, startNode, type Node } from './node.stage.ts';

let running: Node[] = [];
/** The gateway as `npm start` runs it, in a folder of its own so that a default goes nowhere else. */
function start(args: readonly string[], as: { uid?: number; gid?: number } = {}): Node {
  const started = startNode(args, {}, { cwd: base, ...as });
  running.push(started);
  return started;
}

/** Every file under the folder, as it is. */
async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name): Promise<[string, string]> => {
    const found = await stat(join(folder, name));
    return [name, found.isFile() ? `${found.mode} ${(await readFile(join(folder, name))).toString('base64')}` : 'a folder'];
  })));
}

/** One customer's messages into one conversation, all acknowledged. */
async function talk(
  url: string, conversation: string, texts: readonly string[],
  make = (to: string, text: string): Said => ({ t: 'send', cmid: ulid(), conversation: to, kind: 'message', text, channel: null, seen: null }),
): Promise<Told[]> {
  const device = ulid();
  const { token } = await (await fetch(`${url}/auth/visitor`, { method: 'POST', body: JSON.stringify({ device }) })).json() as { token: string };
  const ws = new WebSocket(`${url.replace('http', 'ws')}/connect`, 'parley1.json');
  const said = texts.map((text) => make(conversation, text));
  const answers: Told[] = [];
  await new Promise<void>((resolve, reject) => {
    ws.on('error', reject);
    ws.on('open', () => ws.send(json.encodeSaid({ t: 'hello', version: 0, sdk: 'test', device, token, cursors: [], feed: null, language: null })));
    ws.on('message', (data: Buffer) => {
      for (const frame of json.decodeTold(data.toString())) {
        if (frame.t === 'welcome') ws.send(json.join(said.map((one) => json.encodeSaid(one))));
        if (frame.t === 'ack' || frame.t === 'nack') answers.push(frame);
      }
      if (answers.length === said.length) resolve();
    });
  });
  ws.terminate();
  return answers;
}

let base = '';
/** A folder with conversations in it, as a killed process leaves it, and as one that was stopped does. */
let killed = '';
let closed = '';
const CONVERSATIONS = Array.from({ length: 8 }, () => ulid());
beforeAll(async () => {
  build();
  base = await mkdtemp(join(tmpdir(), 'parley-folder-test-'));
  // For the one who may not read what is in it, but must get there.
  await chmod(base, 0o755);
  killed = join(base, 'killed');
  closed = join(base, 'closed');
  const first = start(['--port', '0', '--data', killed]);
  const url = await first.url;
  for (const conversation of CONVERSATIONS) await talk(url, conversation, [`canary ${conversation}`, 'and more']);
  first.kill('SIGKILL');
  await first.exit;
  await cp(killed, closed, { recursive: true });
  const second = start(['--port', '0', '--data', closed]);
  await second.url;
  second.kill('SIGTERM');
  await second.exit;
});
afterEach(async () => {
  for (const each of running) each.kill('SIGKILL');
  await Promise.all(running.map(({ exit }) => exit));
  running = [];
});
afterAll(async () => { await rm(base, { recursive: true, force: true }); });

let copies = 0;
async function copyOf(folder: string): Promise<string> {
  const copy = join(base, `copy-${++copies}`);
  await cp(folder, copy, { recursive: true });
  return copy;
}
const segmentOf = async (folder: string): Promise<string> => join(folder, 'log', (await readdir(join(folder, 'log'))).filter((name) => name.endsWith('.seg')).sort().at(-1) ?? '');
async function spoil(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  await writeFile(path, bytes);
}

const refused = async (args: readonly string[], as = {}): Promise<string> => {
  const started = start(args, as);
  expect(await started.exit).toBe(1);
  expect(started.out()).toBe('');
  // Sentences for people: no stack, no JSON, nothing of Node's own.
  expect(started.err()).toMatch(/^[^\n{]+\.\n$|^The settings are not right:\n( {2}\S.*\n)+$/);
  expect(started.err()).not.toMatch(/\bat .*:\d+:\d+|Error:|ERR_/);
  return started.err();
};

describe('a folder that is not right', () => {
  const mark = (text: string) => (folder: string) => writeFile(join(folder, 'parley.json'), text);
  const FOLDERS: Readonly<Record<string, [(folder: string) => Promise<unknown>, RegExp]>> = {
    'of somebody else': [async (folder) => { await rm(folder, { recursive: true }); await mkdir(folder); await writeFile(join(folder, 'letter.txt'), 'dear'); }, /was not made by Parley .* Choose an empty or new folder with --data/],
    'that is a file': [async (folder) => { await rm(folder, { recursive: true }); await writeFile(folder, 'dear'); }, /is a file, not a folder\. Choose another with --data/],
    'whose mark is cut': [mark('{"format": 1, "sec'), /parley\.json is damaged.*Restore that file from a backup/],
    'whose mark is empty': [mark(''), /parley\.json is damaged/],
    'whose mark is a list': [mark('[]'), /parley\.json is damaged/],
    'whose key is short': [mark('{"format": 1, "secret": "c2hvcnQ"}'), /parley\.json is damaged/],
    'of another format': [mark(JSON.stringify({ format: 7, secret: 'x'.repeat(64) })), /has the format 7, this version reads 1.*Use the version of Parley that made it, or another folder/],
    'whose log has a foreign file': [(folder) => writeFile(join(folder, 'log', 'letter.txt'), 'dear'), /letter\.txt.*Name an empty or a new folder/],
    'whose tables are a file': [async (folder) => { await rm(join(folder, 'store'), { recursive: true }); await writeFile(join(folder, 'store'), 'dear'); }, /store is a file, where Parley keeps a folder\. .*Move it away/],
    'whose log is a file': [async (folder) => { await rm(join(folder, 'log'), { recursive: true }); await writeFile(join(folder, 'log'), 'dear'); }, /log is a file, where Parley keeps a folder\./],
    'whose segment is something else': [async (folder) => writeFile(await segmentOf(folder), 'dear'.repeat(1_000)), /is not a segment of a log/],
    'whose segment\'s header is destroyed': [async (folder) => { const path = await segmentOf(folder); await spoil(path, 30); await spoil(path, HEADER_BYTES / 2 + 30); }, /header of .* is damaged, in both copies\. Restore this file from a backup/],
  };
  it.each(Object.entries(FOLDERS))('%s', async (_, [change, sentence]) => {
    const folder = await copyOf(closed);
    await change(folder);
    const whole = async () => ((await stat(folder)).isFile() ? readFile(folder, 'utf8') : contents(folder));
    const before = await whole();
    expect(await refused(['--port', '0', '--data', folder])).toMatch(sentence);
    expect(await whole()).toEqual(before);
  });

  it('that may not be read, or made', async () => {
    const folder = await copyOf(closed);
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    await chmod(folder, 0o000);
    expect(await refused(['--port', '0', '--data', folder], nobody)).toMatch(/cannot be read \(EACCES\)\. .*--data, or correct its permissions/);
    await chmod(folder, 0o755);
    await chmod(join(folder, 'parley.json'), 0o000);
    expect(await refused(['--port', '0', '--data', folder], nobody)).toMatch(/parley\.json cannot be read \(EACCES\)\. Nothing was changed/);
    await chmod(folder, 0o555);
    expect(await refused(['--port', '0', '--data', join(folder, 'new')], nobody)).toMatch(/cannot be made or written \(EACCES\)/);
    await chmod(folder, 0o755);
  });

  it('that another process has', async () => {
    const folder = await copyOf(closed);
    const first = start(['--port', '0', '--data', folder]);
    const url = await first.url;
    expect(await refused(['--port', '0', '--data', folder])).toMatch(/in use by process \d+\. Stop that process/);
    expect(await refused(['--rebuild', '--data', folder])).toMatch(/in use by process \d+/);
    expect(await talk(url, ulid(), ['still here'])).toMatchObject([{ t: 'ack' }]);
  });
});

describe('a folder after an accident', () => {
  it('whose last record is cut short: it starts, says what was cut, and has all the rest', async () => {
    const folder = await copyOf(killed);
    const path = await segmentOf(folder);
    await truncate(path, (await stat(path)).size - 10);
    const started = start(['--port', '0', '--data', folder]);
    const url = await started.url;
    expect(started.err()).toMatch(/Cut \d+ bytes at .*\.seg, byte \d+ that a crash left half written/);
    expect(await talk(url, ulid(), ['goes on'])).toMatchObject([{ t: 'ack', n: 1 }]);
  });

  it('with a record destroyed in the middle: it says which and what to do; only those conversations are refused', async () => {
    const folder = await copyOf(closed);
    const path = await segmentOf(folder);
    const [hit = ''] = CONVERSATIONS;
    await spoil(path, (await readFile(path)).indexOf(`canary ${hit}`));
    const started = start(['--port', '0', '--data', folder]);
    const url = await started.url;
    expect(started.err()).toMatch(/Damage at .*\.seg, byte \d+: .*Shard \d+ is stopped after record \d+, all others go on; restore the file from a backup/);
    expect(await talk(url, hit, ['to the damaged one'])).toMatchObject([{ t: 'nack', code: CODES.damaged.code }]);
    // Whoever follows it must not hear that it never was.
    expect(await talk(url, hit, [''], (conversation) => ({ t: 'subscribe', rid: 1, conversation, epoch: 1, seq: 2 }))).toMatchObject([{ t: 'nack', code: CODES.damaged.code }]);
    const answers = await Promise.all(Array.from({ length: 8 }, () => talk(url, ulid(), ['to any other'])));
    expect(answers.flat().filter(({ t }) => t === 'ack').length).toBeGreaterThan(4);
  });

  it('that died while it made the folder: the next start makes it', async () => {
    const folder = join(base, 'begun');
    await mkdir(folder);
    await writeFile(join(folder, 'parley.json.new'), '{"form');
    const started = start(['--port', '0', '--data', folder]);
    expect(await talk(await started.url, ulid(), ['hello'])).toMatchObject([{ t: 'ack' }]);
    expect((await readdir(folder)).sort()).toEqual(['log', 'parley.json', 'store']);
    expect((await stat(join(folder, 'parley.json'))).mode & 0o077).toBe(0);
  });

  it('that is new is for its owner alone', async () => {
    for (const place of ['', 'log']) expect((await stat(join(killed, place))).mode & 0o777, place).toBe(0o700);
  });
});

describe('a command line that is not right', () => {
  it.each([
    [['--port', 'http'], /--port takes a number from 0 to 65535, not "http"/], [['--port', '65536'], /--port takes a number/], [['--port', '8e3'], /--port takes a number/], [['--port='], /--port takes a number/],
    [['--prot', '80'], /Unknown option '--prot'\. Did you mean --port\? --help lists the options/], [['--zzz'], /Unknown option '--zzz'\. --help lists/],
    [['--port'], /argument is ambiguous\. --help lists/], [['serve'], /Unexpected argument 'serve'\. --help lists/],
    [['--host', '203.0.113.7'], /--host is none of this machine/],
    [['--config', 'missing.json'], /missing\.json cannot be read \(ENOENT\)\. Name a JSON file with --config/], [['--config', '.'], /cannot be read \(EISDIR\)/],
  ])('%j', async (args, sentence) => {
    expect(await refused([...(args.includes('--port') || args[0]?.startsWith('--port=') ? [] : ['--port', '0']), ...args, '--data', join(base, 'untouched')])).toMatch(sentence);
    // Only an address that turns out to be another's is found after the folder was opened.
    if (args[0] !== '--host') await expect(stat(join(base, 'untouched'))).rejects.toThrow();
    await rm(join(base, 'untouched'), { recursive: true, force: true });
  });

  it.each([
    ['{"shards": 4,}', /is not JSON, from character \d+ on\. Correct it and start again/], ['', /is not JSON/], ['secret of ours', /is not JSON/],
    ['{"hartbeatMs": 5}', /^The settings are not right:\n {2}settings: there is no "hartbeatMs"; did you mean "heartbeatMs"\?\n$/],
    ['{"workspaces": {"demo": {"policies": {"social": {"windowMs": 2419200001}}}}}', /\n {2}workspaces\.demo\.policies\.social\.windowMs: .*28 days/],
  ])('--config with %s', async (text, sentence) => {
    const path = join(base, 'settings.json');
    await writeFile(path, text);
    const said = await refused(['--port', '0', '--config', path, '--data', join(base, 'untouched')]);
    expect(said).toMatch(sentence);
    expect(said).not.toContain('secret of ours');
    await expect(stat(join(base, 'untouched'))).rejects.toThrow();
  });
});

describe('what is right', () => {
  it('--help says every option and touches nothing', async () => {
    const started = start(['--help', '--data', join(base, 'untouched')]);
    expect(await started.exit).toBe(0);
    for (const option of ['--port', '--host', '--data', '--config', '--no-demo', '--rebuild', '--help']) expect(started.out()).toContain(option);
    await expect(stat(join(base, 'untouched'))).rejects.toThrow();
  });

  it('a taken port: the next one, and it says so; when there is none, a sentence', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const started = start(['--port', String(port), '--data', await copyOf(closed)]);
    const url = await started.url;
    expect(started.out()).toMatch(new RegExp(`^Port ${port} is taken, trying ${port + 1}\\.\n`));
    expect(Number(new URL(url).port)).toBeGreaterThan(port);
    server.close();
    const last = createServer();
    const free = await new Promise((resolve) => { last.once('error', () => resolve(false)).listen(65_535, '127.0.0.1', () => resolve(true)); });
    expect(await refused(['--port', '65535', '--data', await copyOf(closed)])).toMatch(/The ports 65535 to 65535 are all taken\. Choose another with --port/);
    if (free === true) last.close();
  });

  it('SIGTERM: clients are told, what was acknowledged stays, and it ends with 0', async () => {
    const folder = await copyOf(closed);
    const started = start(['--port', '0', '--data', folder]);
    const url = await started.url;
    const ws = new WebSocket(`${url.replace('http', 'ws')}/connect`, 'parley1.json');
    await new Promise((resolve) => ws.once('open', resolve));
    const gone = new Promise<number>((resolve) => ws.once('close', resolve));
    const [ack] = await talk(url, CONVERSATIONS[1] ?? '', ['not mine']);
    expect(ack).toMatchObject({ t: 'nack', code: CODES.notFound.code });
    started.kill('SIGTERM');
    expect(await gone).toBe(CODES.goingAway.code);
    expect(await started.exit).toBe(0);
    expect(started.err()).toBe('');
    expect(started.out()).toContain('Finishing what has begun');
  });

  it('--rebuild of a folder that is not there, or empty, or somebody else\'s makes none', async () => {
    const [typo, empty] = [join(base, 'typo'), join(base, 'empty')];
    await mkdir(empty);
    for (const folder of [typo, empty, base]) {
      expect(await refused(['--rebuild', '--data', folder])).toMatch(/no data of Parley in .* Name the right folder with --data\.\n$/);
    }
    await expect(stat(typo)).rejects.toThrow();
    expect(await readdir(empty)).toEqual([]);
  });

  it('--rebuild makes the tables anew, says from how much, and ends with 0', async () => {
    const folder = await copyOf(closed);
    await writeFile(join(folder, 'store', 'store.sqlite'), 'spoilt');
    const started = start(['--rebuild', '--data', folder]);
    expect(await started.exit).toBe(0);
    expect(started.out()).toMatch(/made anew: \d+ records/);
    const again = start(['--port', '0', '--data', folder]);
    expect(await talk(await again.url, CONVERSATIONS[1] ?? '', ['not mine'])).toMatchObject([{ t: 'nack', code: CODES.notFound.code }]);
    expect(again.err()).toBe('');
  });
});
