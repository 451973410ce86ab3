/** docker-compose.yml and Dockerfile, held against what the gateway takes and against each other: no Docker engine runs here. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { optionsOf, speak } from '../../gateway/settings.options.ts';
import { parseSettings, settings as schema, type Settings } from '../../gateway/settings.ts';
import { compose, ROOT, SECRETS, textOf, type Service } from './compose.ts';

const { services, volumes, networks, configs } = compose();
const named = (prefix: string): [string, Service][] => Object.entries(services).filter(([name]) => name.startsWith(`${prefix}-`));
const gateways = named('gateway');
const servers = named('nats');

function settingsOf({ environment = {} }: Service): Settings {
  const spoken = speak({}, environment, {}, optionsOf(schema));
  expect(spoken.faults).toEqual([]);
  return parseSettings(spoken.json, spoken);
}

it('is three NATS servers, three gateways and a balancer', () => {
  expect([servers.length, gateways.length, Object.keys(services).length]).toEqual([3, 3, 7]);
});

it('what gateways are told is what the settings take, and says where everything is', () => {
  const names = gateways.map(([name, service]) => {
    const { node, nats, host, port, data, limits } = settingsOf(service);
    expect(nats.servers).toEqual(servers.map(([server]) => `nats://${server}:4222`));
    expect([nats.replicas, nats.user, nats.password]).toEqual([servers.length, 'gateway', SECRETS['NATS_PASSWORD']]);
    expect(nats.monitor).toBe(`http://${servers[0]?.[0]}:8222`);
    expect([host, port, data]).toEqual(['0.0.0.0', 8080, '/data']);
    // All visitors come from the address of the balancer.
    expect(limits.visitorsPerSecond).toBeGreaterThan(parseSettings({}).limits.visitorsPerSecond * 10);
    expect(node.name).toBe(name);
    return node.name;
  });
  expect(new Set(names).size).toBe(gateways.length);
});

it('a slip in a name would be found', () => {
  const { faults } = speak({}, { ...gateways[0]?.[1].environment, PARLEY_NATS_REPLICA: '3' }, {}, optionsOf(schema));
  expect(faults.join()).toMatch(/PARLEY_NATS_REPLICA.*PARLEY_NATS_REPLICAS/);
});

it('the cluster is the one that nats.conf lets the gateways be', () => {
  for (const [, service] of gateways) expect(textOf('nats.conf')).toContain(`"parley.${settingsOf(service).nats.name}.>"`);
});

it('no password ships: without those of .env it does not start, and says which one is missing', () => {
  for (const name of Object.keys(SECRETS)) expect(() => compose({ ...SECRETS, [name]: '' })).toThrow(new RegExp(`^${name} is missing: Put ${name} into .env`));
  expect(textOf('.gitignore').split('\n')).toContain('.env');
  const passwords = [...textOf('nats.conf').matchAll(/password:\s*(\S+)/g)].map((found) => found[1]);
  expect(passwords).toEqual(['$NATS_ROUTES_PASSWORD', '$NATS_PASSWORD']);
  const own = Object.keys(SECRETS).filter((name) => name.startsWith('PARLEY_'));
  expect(own, 'an .env that others see too must not hold settings of npm start').toEqual([]);
});

it('each service has a health check, an end in peace and a way back, and whoever keeps something a volume of its own', () => {
  for (const [name, service] of Object.entries(services)) {
    expect(service.healthcheck?.test[0], name).toBe('CMD');
    expect(service.restart, name).toBe('unless-stopped');
    expect(Number.parseInt(service.stop_grace_period ?? '0', 10), name).toBeGreaterThanOrEqual(15);
    for (const network of service.networks ?? []) expect(Object.keys(networks)).toContain(network);
  }
  for (const [name, service] of [...servers, ...gateways]) expect(service.volumes, name).toContain(`${name}:/data`);
  expect(Object.keys(volumes).sort()).toEqual([...servers, ...gateways].map(([name]) => name).sort());
  for (const [name, service] of gateways) {
    const { drainMs } = settingsOf(service).node;
    expect(Number.parseInt(service.stop_grace_period ?? '0', 10) * 1000, name).toBeGreaterThan(2 * drainMs);
  }
});

it('only the balancer can be reached from outside, and NATS reaches nobody else', () => {
  expect(Object.entries(services).filter(([, { ports = [] }]) => ports.length > 0).map(([name]) => name)).toEqual(['balancer']);
  expect(networks['nats']).toEqual({ internal: true });
  for (const [name, { networks: its }] of servers) expect(its, name).toEqual(['nats']);
  for (const [name, { networks: its }] of gateways) expect(its, name).toEqual(['nats', 'outside']);
  expect(services['balancer']?.networks).toEqual(['outside']);
});

it('the balancer sends clients to every gateway, where it listens, by what /readyz says', () => {
  const { content = '' } = configs['balancer'] ?? {};
  const backends = [...content.matchAll(/^\s+server (\S+) (\S+)$/gm)].map(([, name, address]) => [name, address]);
  expect(backends).toEqual(gateways.map(([name, service]) => [name, `${name}:${settingsOf(service).port}`]));
  expect(content).toContain('option httpchk GET /readyz');
  const [published] = services['balancer']?.ports ?? [];
  expect(content).toContain(`bind :${published?.split(':')[1]}`);
  expect(Object.keys(services['balancer']?.depends_on ?? {})).toEqual(gateways.map(([name]) => name));
});

it('the image is built from what is there, runs as nobody in particular and says whether it lives', () => {
  const lines = textOf('Dockerfile').split('\n');
  const [build, last] = lines.flatMap((line, i) => (line.startsWith('FROM ') ? [i] : []));
  expect(build).toBeDefined();
  const end = lines.slice(last);
  expect(end).toContain('USER node');
  expect(end.indexOf('USER node')).toBeLessThan(end.findIndex((line) => line.startsWith('ENTRYPOINT')));
  expect(end.some((line) => line.startsWith('HEALTHCHECK'))).toBe(true);
  const copied = lines.slice(0, last).flatMap((line) => (line.startsWith('COPY ') ? line.split(/\s+/).slice(1, -1) : []));
  expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  const sent = textOf('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(copied.filter((path) => !sent.some((root) => path === root || path.startsWith(`${root}/`)))).toEqual([]);
  const entry = /"dist\/gateway\/(\w+)\.js"/.exec(end.find((line) => line.startsWith('ENTRYPOINT')) ?? '')?.[1] ?? '';
  expect(existsSync(join(ROOT, 'gateway', `${entry}.ts`))).toBe(true);
  expect(textOf('gateway/build.mjs')).toContain(`'${entry}'`);
});
