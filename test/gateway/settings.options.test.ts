/** Settings by flag, environment and file: the same ones, in that order; a slip is answered, a secret is not repeated. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSecrets } from '../../gateway/settings.file.ts';
import { helpFor } from '../../gateway/settings.help.ts';
import { optionsOf, readFlags, speak, type Option } from '../../gateway/settings.options.ts';
import { parseSettings, settings as schema, type Settings } from '../../gateway/settings.ts';

const options = optionsOf(schema);
type Env = Record<string, string>;

function read(args: readonly string[], env: Env = {}, file: unknown = {}): Settings {
  const spoken = speak(file, env, readFlags(args, options).flags, options);
  return parseSettings(spoken.json, spoken);
}
const at = (settings: Settings, path: readonly string[]): unknown => path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], settings);

/** Two texts that each option takes. */
function samples({ takes, as, path, fallback }: Option): [string, string] {
  if (path[1] === 'allow') return ['10.1.2.3,fd00::/8', '::1'];
  if (path[1] === 'monitor') return ['http://a.example:8222', 'https://b.example'];
  switch (takes) {
    case 'switch': return ['true', 'false'];
    case 'list': return ['a.example:4222, nats://b.example', 'tls://c.example:4222'];
    case 'number': return as === '1|3' ? ['3', '1'] : [String(Number(fallback) + 1), String(fallback)];
    case 'text': return as.includes('|') ? ['info', 'error'] : ['abcdefghijklmnopq', 'zyxwvutsrqponmlkj'];
  }
}
const flagOf = (option: Option, text: string): string[] => (
  option.takes === 'switch' ? [`--${text === 'true' ? '' : 'no-'}${option.flag}`] : [`--${option.flag}`, text]);
/** Settings that are only right together. */
const TOGETHER: Readonly<Record<string, object>> = {
  'nats.user': { nats: { passwordFile: 'p' } }, 'nats.password': { nats: { user: 'u' } }, 'nats.passwordFile': { nats: { user: 'u' } },
  'nats.certFile': { nats: { keyFile: 'k' } }, 'nats.keyFile': { nats: { certFile: 'c' } },
};

describe('every setting that is one value or a list of words', () => {
  it('is an option: what the file alone has is the workspaces', () => {
    const names = Object.entries(schema.shape).flatMap(([name, part]) => (
      'innerType' in part.def && 'shape' in part.def.innerType ? Object.keys(part.def.innerType.shape).map((inner) => `${name}.${inner}`) : [name]));
    expect(names.filter((name) => !options.some(({ path }) => path.join('.') === name))).toEqual(['workspaces']);
  });

  it.each(options.map((option) => [option.path.join('.'), option] as const))('%s: a flag over the environment over the file over its default', (name, option) => {
    const [first, second] = samples(option);
    const base = TOGETHER[name] ?? {};
    const value = (settings: Settings): unknown => at(settings, option.path);
    const usual = name in TOGETHER ? undefined : value(read([]));
    expect(usual).toEqual(option.fallback);
    const inFile = value(read([], { [option.env]: first }, base));
    expect(inFile).not.toEqual(value(read([], { [option.env]: second }, base)));
    const [group = '', inner] = option.path;
    const file = inner === undefined ? { [group]: inFile } : { [group]: { ...(base as Record<string, object>)[group], [inner]: inFile } };
    expect(value(read([], {}, file))).toEqual(inFile);
    const other = value(read([], { [option.env]: second }, file));
    expect(other).not.toEqual(inFile);
    expect(value(read(flagOf(option, first), { [option.env]: second }, base))).toEqual(inFile);
    expect(value(read(flagOf(option, second), { [option.env]: first }, file))).toEqual(other);
  });

  it('has a name that says where it stands in the file', () => {
    const option = options.find(({ flag }) => flag === 'limits-person-frames-per-second');
    expect(option).toMatchObject({ path: ['limits', 'personFramesPerSecond'], env: 'PARLEY_LIMITS_PERSON_FRAMES_PER_SECOND' });
    expect(new Set(options.map(({ env }) => env)).size).toBe(options.length);
  });

  it('an empty variable counts as absent, as compose files leave them; the rest of the file stays', () => {
    const settings = read(['--nats-servers', 'a:1,b:2'], { PARLEY_PORT: '', PARLEY_NATS_SERVERS: 'c:3' }, { port: 81, nats: { name: 'shop' } });
    expect(settings.port).toBe(81);
    expect(settings.nats).toMatchObject({ servers: ['a:1', 'b:2'], name: 'shop', shards: 64 });
  });
});

describe('a slip', () => {
  it.each<[readonly string[], Env, unknown, string]>([
    [['--port', '80a'], {}, {}, '\n  --port takes a number from 0 to 65535, not "80a"'],
    [['--port', '0x50'], {}, {}, '\n  --port takes a number from 0 to 65535, not "0x50"'],
    [['--heartbeat-ms', '1.5'], {}, {}, '\n  --heartbeat-ms takes a number from 1000 to 300000, not "1.5"'],
    [['--nats-replicas=2'], {}, {}, '\n  --nats-replicas takes one of 1, 3, not "2"'],
    [['--nats-servers', 'https://a'], {}, {}, '\n  --nats-servers: is no server: write host:port'],
    [[], { PARLEY_DEMO: 'no' }, {}, '\n  PARLEY_DEMO takes true or false, not "no"'],
    [[], { PARLEY_NODE_LOG_LEVEL: 'loud' }, {}, '\n  PARLEY_NODE_LOG_LEVEL takes one of info, warn, error, not "loud"'],
    [[], { PARLEY_NATS_SERVER: 'a' }, {}, '\n  PARLEY_NATS_SERVER is no setting; did you mean PARLEY_NATS_SERVERS?'],
    [[], { PARLEY_QQQQQQQQ: 'a' }, {}, '\n  PARLEY_QQQQQQQQ is no setting; --help lists them'],
    [[], { PARLEY_PORT: 'tcp://10.0.0.1:80', PARLEY_PORT_80_TCP: 'x' }, {}, '\n  PARLEY_PORT_80_TCP is no setting: Kubernetes makes it for a Service named "parley"; set enableServiceLinks to false\n  PARLEY_PORT takes a number'],
    [[], {}, { nats: { server: [] } }, '\n  nats: there is no "server"; did you mean "servers"?'],
    [['--nats-name', 'shop'], {}, { nats: 5 }, '\n  nats: Invalid input: expected object, received number'],
    [['--port', '1'], {}, [], '\n  settings: Invalid input: expected object, received array'],
    [['--port', 'x'], { PARLEY_DEMO: 'no' }, { shards: 0 }, '\n  --port takes a number from 0 to 65535, not "x"\n  PARLEY_DEMO takes true or false, not "no"\n  shards: Too small'],
  ])('%j %j %j', (args, env, file, line) => {
    expect(() => read(args, env, file)).toThrow(line);
  });

  it.each([
    [['--nats-server', 'a'], 'Unknown option \'--nats-server\'. Did you mean --nats-servers? --help lists the options.'],
    [['--no-demmo'], 'Unknown option \'--no-demmo\'. Did you mean --no-demo?'],
    [['--no-port'], 'Unknown option \'--no-port\'.'],
    [['--workspaces', '{}'], 'Unknown option \'--workspaces\'.'],
  ])('%j', (args, line) => {
    expect(() => read(args)).toThrow(line);
  });

  it('variables of others are not ours to judge', () => {
    expect(read([], { PATH: '/bin', NATS_URL: 'x', PARLEY_CONFIG: 'a.json', PARLEY_TOKEN: 'b' }).port).toBe(8080);
  });
});

describe('secrets', () => {
  let folder = '';
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'parley-secrets-')); });
  afterAll(() => rm(folder, { recursive: true }));

  it('come from files, without the new line at the end', async () => {
    await writeFile(join(folder, 'password'), 'two words\n');
    await writeFile(join(folder, 'token'), 'of-the-scraper-alone\r\n');
    const read = parseSettings({ nats: { user: 'ann', passwordFile: join(folder, 'password') }, metrics: { tokenFile: join(folder, 'token') } });
    const { nats, metrics } = await withSecrets(read);
    expect([nats.password, metrics.token]).toEqual(['two words', 'of-the-scraper-alone']);
  });

  it('a file that is missing or empty is named, with the setting', async () => {
    const of = (passwordFile: string): Promise<Settings> => withSecrets(parseSettings({ nats: { user: 'ann', passwordFile } }));
    await writeFile(join(folder, 'empty'), '\n');
    await expect(of(join(folder, 'empty'))).rejects.toThrow(/empty, which nats\.passwordFile names, is empty\.$/);
    await writeFile(join(folder, 'short'), 'short');
    await expect(withSecrets(parseSettings({ metrics: { tokenFile: join(folder, 'short') } }))).rejects.toThrow(/short, which metrics\.tokenFile names: the token is shorter than 16 characters\.$/);
    await expect(of(join(folder, 'missing'))).rejects.toThrow(/missing, which nats\.passwordFile names, cannot be read \(ENOENT\)\.$/);
  });

  it('are in no complaint', () => {
    const said = (args: readonly string[], env: Env): string => {
      try { read(args, env); return ''; } catch (error) { return String(error); }
    };
    expect(said(['--nats-password', 'hunter2', '--nats-servers', 'nats://ann:hunter2@a'], { PARLEY_METRICS_TOKEN: 'hunter2', PARLEY_NATS_USER: '' })).toMatch(/^(?![^]*hunter2)[^]*is no server[^]*is shorter/);
    expect(options.filter(({ secret }) => secret).map(({ flag }) => flag)).toEqual(['nats-password', 'metrics-token']);
  });
});

it('README.md names only settings that there are', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, section = ''] = /## The first ten minutes of whoever runs it([^]*?)\n## /.exec(readme) ?? [];
  const known = new Set([...options.flatMap(({ flag, env }) => [`--${flag}`, `--no-${flag}`, env]), '--config', '--help', 'PARLEY_CONFIG']);
  // Commands have options of their own.
  const named = [...section.replace(/```[^]*?```/g, '').matchAll(/--[a-z][a-z-]+|PARLEY_[A-Z_]+/g)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

describe('--help', () => {
  const help = helpFor(options);

  it('has every option with its variable, its unit and its default, in 100 columns', () => {
    for (const { flag, env, takes, fallback } of options) {
      expect(help).toMatch(new RegExp(`\\n {2}--${takes === 'switch' ? '(no-)?' : ''}${flag}( |\\n)`));
      expect(help).toMatch(new RegExp(`\\b${env}\\b`));
      if (typeof fallback === 'number') expect(help).toMatch(new RegExp(`Default\\s+${fallback}\\b`));
    }
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(help.replace(/\s+/g, ' ')).toContain('--node-drain-ms N When it is stopped');
    expect(help.replace(/\s+/g, ' ')).toContain('Default 25000, from 1000 to 300000 ms. PARLEY_HEARTBEAT_MS');
  });

  it('groups them: what belongs to NATS stands under one heading', () => {
    const [, nats = ''] = /\nA cluster over NATS\n([^]*?)\n\n/.exec(help) ?? [];
    expect([...nats.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, flag]) => flag)).toEqual(options.filter(({ path }) => path[0] === 'nats').map(({ flag }) => flag));
  });
});
