/** Settings: what is wrong is said where it stands, with what would be right, before anything is touched. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { settings as schema, parseSettings } from '../../gateway/settings.ts';
import { outsideFor } from '../../gateway/settings.http.ts';
import type { Sections } from '../../gateway/settings.sections.ts';
import { stylesOf } from '../../gateway/settings.styles.ts';

const DAY = 86_400_000;
const spki = (pair: { publicKey: { export(options: { type: 'spki'; format: 'pem' }): string | Buffer } }): string => String(pair.publicKey.export({ type: 'spki', format: 'pem' }));
const rsa = spki(generateKeyPairSync('rsa', { modulusLength: 2048 }));
const smallRsa = spki(generateKeyPairSync('rsa', { modulusLength: 1024 }));
const ec = spki(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const ed = spki(generateKeyPairSync('ed25519'));
const privateEd = String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
const key = (change: object): object => ({ kid: 'shop', algorithm: 'HS256', secret: 's'.repeat(32), issuer: 'shop', audience: 'parley', roles: ['customer'], ...change });
const demo = (workspace: object): object => ({ workspaces: { demo: workspace } });
const keys = (...list: object[]): object => demo({ keys: list });
const social = (change: object): object => demo({ policies: { social: change } });
const day = (...hours: [number, number][]): object => demo({ hours: { week: [hours, [], [], [], [], [], []] } });

/** What is wrong, and the line that must say so: where it stands and what to do. */
const WRONG: Readonly<Record<string, [unknown, RegExp]>> = {
  'no object': [[], /settings: .*expected object/],
  'null': [null, /settings: .*expected object/],
  'workspaces': [{ workspaces: [] }, /workspaces: .*record/],
  'a workspace\'s id': [{ workspaces: { 'My Shop': {} } }, /workspaces\.My Shop: is no id: it has 1 to 40 of a-z, 0-9, "-" and "_", a letter or digit first/],
  'a channel\'s id': [demo({ channels: { 'a/b': {} } }), /workspaces\.demo\.channels\.a\/b: is no id/],
  'name': [demo({ name: '' }), /workspaces\.demo\.name/],
  'style': [demo({ style: 'email' }), /workspaces\.demo\.style: .*"chat"\|"repeat"\|"social"/],
  'a channel\'s style': [demo({ channels: { web: { style: 'x' } } }), /workspaces\.demo\.channels\.web\.style/],
  'a rule\'s style': [demo({ rules: [{ style: 'x' }] }), /workspaces\.demo\.rules\.0\.style/],
  'a rule that decides nothing': [demo({ rules: [{ channel: 'web' }] }), /workspaces\.demo\.rules\.0: decides nothing: name style, team, priority, requires, prefers/],
  'a rule\'s channel': [demo({ rules: [{ style: 'chat', channel: 'fax' }] }), /workspaces\.demo\.rules\.0\.channel: there is no channel "fax"; there are web, repeat, social/],
  'a rule\'s words': [demo({ rules: [{ style: 'chat', contains: '' }] }), /workspaces\.demo\.rules\.0\.contains/],
  'a social window of 28 days and a millisecond': [social({ windowMs: 28 * DAY + 1 }), /workspaces\.demo\.policies\.social\.windowMs: .*28 days \(2419200000 ms\)/],
  'a social window that is negative': [social({ windowMs: -1 }), /workspaces\.demo\.policies\.social\.windowMs/],
  'a social window that is no number': [social({ windowMs: '4d' }), /workspaces\.demo\.policies\.social\.windowMs: .*expected/],
  'a social window of nothing': [social({ windowMs: 0 }), /workspaces\.demo\.policies\.social: .*at least 1 second.*use the style "chat"/],
  'a window for chat': [demo({ policies: { chat: { windowMs: 1000 } } }), /workspaces\.demo\.policies\.chat: .*leave windowMs at 0, or use the style "repeat"/],
  'a window\'s clock': [social({ clock: 'lunar' }), /policies\.social\.clock/],
  'silence': [social({ silenceMs: 5 }), /policies\.social\.silenceMs/],
  'a time zone': [demo({ hours: { zone: 'Mars/Olympus' } }), /workspaces\.demo\.hours\.zone: is not an IANA time zone, for instance "Europe\/Rome"/],
  'a week of six days': [demo({ hours: { week: [[], [], [], [], [], []] } }), /workspaces\.demo\.hours\.week/],
  'an hour that ends before it begins': [day([600, 540]), /hours\.week\.0: has hours that end before they begin/],
  'hours that overlap': [day([540, 720], [700, 1020]), /hours\.week\.0: .*not in order/],
  'the 25th hour': [day([540, 1500]), /hours\.week\.0\.0\.1/],
  'an origin with a path': [demo({ allowedOrigins: ['https://shop.example.com/pages'] }), /allowedOrigins\.0: is not a web origin, for instance "https:\/\/shop.example.com"/],
  'an origin that browsers call null': [demo({ allowedOrigins: ['file:///'] }), /allowedOrigins\.0: is not a web origin/],
  'the origin null': [demo({ allowedOrigins: ['null'] }), /allowedOrigins\.0: is not a web origin/],
  'a wildcard origin': [demo({ allowedOrigins: ['https://*'] }), /allowedOrigins\.0: is not a web origin/],
  'an origin with a name in it': [demo({ allowedOrigins: ['https://user@shop.example.com'] }), /allowedOrigins\.0: is not a web origin/],
  'a short secret': [keys(key({ secret: 'short' })), /keys\.0\.secret: is shorter than 32 characters/],
  'HS256 without a secret': [keys(key({ secret: undefined })), /keys\.0: HS256 needs a secret, the others a publicKey/],
  'RS256 with a secret': [keys(key({ algorithm: 'RS256' })), /keys\.0: HS256 needs a secret/],
  'RS256 without a key': [keys(key({ algorithm: 'RS256', secret: undefined })), /keys\.0\.publicKey: is not the PEM/],
  'RS256 with something else': [keys(key({ algorithm: 'RS256', secret: undefined, publicKey: 'x' })), /keys\.0\.publicKey: is not the PEM/],
  'RS256 of 1024 bits': [keys(key({ algorithm: 'RS256', secret: undefined, publicKey: smallRsa })), /keys\.0\.publicKey: .*at least 2048 bits/],
  'RS256 with an EC key': [keys(key({ algorithm: 'RS256', secret: undefined, publicKey: ec })), /keys\.0\.publicKey/],
  'ES256 with an Ed25519 key': [keys(key({ algorithm: 'ES256', secret: undefined, publicKey: ed })), /keys\.0\.publicKey/],
  'EdDSA with a private key': [keys(key({ algorithm: 'EdDSA', secret: undefined, publicKey: privateEd })), /keys\.0\.publicKey: is not the PEM of a public key/],
  'an algorithm': [keys(key({ algorithm: 'none' })), /keys\.0\.algorithm/],
  'no issuer': [keys(key({ issuer: '' })), /keys\.0\.issuer/],
  'no audience': [keys(key({ audience: '' })), /keys\.0\.audience/],
  'no roles': [keys(key({ roles: [] })), /keys\.0\.roles/],
  'a role': [keys(key({ roles: ['admin'] })), /keys\.0\.roles\.0/],
  'a kid of the gateway\'s own': [keys(key({ kid: 'parley-demo' })), /keys\.0\.kid: begins with "parley-"/],
  'two keys of one kid': [keys(key({}), key({})), /two keys have the kid "shop"; each needs its own/],
  'two workspaces\' keys of one kid': [{ workspaces: { a: { keys: [key({})] }, b: { keys: [key({})] } } }, /two keys have the kid "shop"/],
  'a secret without hosts': [demo({ secrets: { crm: { value: 'x', hosts: [] } } }), /workspaces\.demo\.secrets\.crm\.hosts: names no host: a secret is sent only to those named here/],
  'a secret of two lines': [demo({ secrets: { crm: { value: 'a\nb', hosts: ['a.example'] } } }), /secrets\.crm\.value: has characters that no header can hold/],
  'a secret\'s name': [demo({ secrets: { 'My key': { value: 'x', hosts: ['a.example'] } } }), /secrets\.My key: is no id/],
  'a secret\'s host': [demo({ secrets: { crm: { value: 'x', hosts: ['https://a.example'] } } }), /secrets\.crm\.hosts\.0: is no host: write a name or an address, with a port if it is not 80 or 443/],
  'a host with a path': [demo({ http: { allow: ['a.example/x'] } }), /http\.allow\.0: is no host/],
  'a host with a wildcard port': [demo({ http: { allow: ['a.example:*'] } }), /http\.allow\.0: is no host/],
  'a host at port 0': [demo({ http: { allow: ['a.example:0'] } }), /http\.allow\.0: is no host/],
  'frames per second': [{ limits: { framesPerSecond: 0 } }, /limits\.framesPerSecond/],
  'a burst of frames': [{ limits: { frameBurst: 1.5 } }, /limits\.frameBurst/],
  'a person\'s frames per second': [{ limits: { personFramesPerSecond: -1 } }, /limits\.personFramesPerSecond/],
  'a person\'s burst': [{ limits: { personFrameBurst: 0 } }, /limits\.personFrameBurst/],
  'visitors per second': [{ limits: { visitorsPerSecond: 'many' } }, /limits\.visitorsPerSecond/],
  'a burst of visitors': [{ limits: { visitorBurst: 0 } }, /limits\.visitorBurst/],
  'connections': [{ limits: { connections: 0 } }, /limits\.connections/],
  'heartbeat': [{ heartbeatMs: 10 }, /heartbeatMs/],
  'idle': [{ idleMs: 0 }, /idleMs/],
  'shards': [{ shards: 2048 }, /shards/],
  'a port': [{ port: 65_536 }, /\n {2}port: /],
  'no host': [{ host: '' }, /host: is empty/],
  'no folder': [{ data: '' }, /data: is empty/],
  'a demo page that is a word': [{ demo: 'no' }, /demo: /],
  'a node\'s name with dots': [{ node: { name: 'a.example' } }, /node\.name: is no name: it has 1 to 40 of/],
  'a drain of an hour': [{ node: { drainMs: 3_600_000 } }, /node\.drainMs/],
  'a level of logs': [{ node: { logLevel: 'debug' } }, /node\.logLevel: .*"info"\|"warn"\|"error"/],
  'a server with a password in it': [{ nats: { servers: ['nats://ann:hunter2@a.example'] } }, /nats\.servers\.0: is no server: write host:port/],
  'a server of another kind': [{ nats: { servers: ['https://a.example'] } }, /nats\.servers\.0: is no server/],
  'a cluster\'s name': [{ nats: { name: 'a.b' } }, /nats\.name: is no name/],
  'a user without a password': [{ nats: { user: 'ann' } }, /nats\.passwordFile: is missing: the user needs a password/],
  'a password without a user': [{ nats: { password: 'hunter2' } }, /nats\.user: is missing: whose password is it\?/],
  'a password twice': [{ nats: { user: 'ann', password: 'hunter2', passwordFile: 'p' } }, /nats\.passwordFile: is given as well as the password/],
  'an empty password': [{ nats: { user: 'ann', password: '' } }, /nats\.password: is empty/],
  'an authority\'s file': [{ nats: { caFile: '' } }, /nats\.caFile: is empty/],
  'a certificate without its key': [{ nats: { certFile: 'a.pem' } }, /nats\.certFile: and keyFile go together/],
  'two replicas': [{ nats: { replicas: 2 } }, /nats\.replicas: .*1\|3/],
  'a cluster\'s shards': [{ nats: { shards: 0 } }, /nats\.shards/],
  'a monitor that is no address': [{ nats: { monitor: 'a.example:8222' } }, /nats\.monitor: is no http address/],
  'backups all the time': [{ nats: { backupMinutes: 0 } }, /nats\.backupMinutes/],
  'who may read metrics, by name': [{ metrics: { allow: ['prometheus'] } }, /metrics\.allow\.0: is neither an address nor a range such as "10.0.0.0\/8"/],
  'a short token': [{ metrics: { token: 'short' } }, /metrics\.token: is shorter than 16 characters/],
  'a token twice': [{ metrics: { token: 't'.repeat(16), tokenFile: 't' } }, /metrics\.tokenFile: is given as well as the token/],
};

describe('what is wrong', () => {
  it.each(Object.entries(WRONG))('%s: is refused, and the line says where', (_, [given, line]) => {
    expect(() => parseSettings(given)).toThrow(/^The settings are not right:\n {2}/);
    expect(() => parseSettings(given)).toThrow(line);
  });

  it('every setting has a row above', () => {
    const patterns = Object.values(WRONG).map(([, line]) => line.source);
    const names = Object.entries(schema.shape).flatMap(([name, part]) => ('innerType' in part.def && 'shape' in part.def.innerType ? Object.keys(part.def.innerType.shape) : [name]));
    expect(names.filter((name) => !patterns.some((pattern) => pattern.includes(name)))).toEqual([]);
  });

  it('several faults are said at once, each in a line', () => {
    expect(() => parseSettings({ heartbeatMs: 1, shards: 0, prot: 1 })).toThrow(/\n {2}heartbeatMs: .*\n {2}shards: .*\n {2}settings: there is no "prot"; did you mean "port"/);
  });
});

describe('an unknown setting', () => {
  it.each([
    [{ hartbeatMs: 1_000 }, 'settings: there is no "hartbeatMs"; did you mean "heartbeatMs"?'],
    [{ limits: { frameBrust: 5 } }, 'limits: there is no "frameBrust"; did you mean "frameBurst"?'],
    [demo({ allowedOrigin: [] }), 'workspaces.demo: there is no "allowedOrigin"; did you mean "allowedOrigins"?'],
    [social({ windowMS: 5 }), 'workspaces.demo.policies.social: there is no "windowMS"; did you mean "windowMs"?'],
    [keys(key({ iss: 'shop' })), 'workspaces.demo.keys.0: there is no "iss"; there are kid, algorithm, secret, publicKey, issuer, audience, roles'],
    [{ zzz: 1 }, 'settings: there is no "zzz"; there are port, host, data, demo, node, nats, metrics, limits, heartbeatMs, idleMs, shards, workspaces'],
    [JSON.parse('{"__proto__":{"shards":1}}'), 'settings: there is no "__proto__"; there are'],
  ])('%j', (given, line) => {
    expect(() => parseSettings(given)).toThrow(line);
  });
});

describe('what is right', () => {
  it('nothing at all is the demo with its defaults', () => {
    const { workspaces, limits, shards } = parseSettings({});
    expect(Object.keys(workspaces)).toEqual(['demo']);
    expect([limits.frameBurst, shards]).toEqual([200, 16]);
    expect(stylesOf(workspaces.demo?.sections as Sections).policies.social.windowMs).toBe(4 * DAY);
  });

  it('secrets and what calls may reach, which are no section that anybody is shown', () => {
    const { workspaces: { demo: own } } = parseSettings(demo({ secrets: { crm: { value: 'k3y', hosts: ['CRM.example.com.', '[::1]:9000'] } }, http: { allow: ['127.1:9000'] } }));
    if (own === undefined) throw new Error('there is no demo');
    const { allow, secrets } = outsideFor(own);
    expect(allow).toEqual([{ name: '127.0.0.1', port: 9000 }]);
    expect(secrets.get('crm')).toEqual({ value: 'k3y', hosts: [{ name: 'crm.example.com', port: undefined }, { name: '::1', port: 9000 }] });
    expect(JSON.stringify([own.file, own.defaults, own.sections])).not.toMatch(/k3y|crm|9000/);
  });

  it('each kind of key, the longest window, and another workspace beside the demo', () => {
    const all = [key({ kid: 'a' }), key({ kid: 'b', algorithm: 'RS256', secret: undefined, publicKey: rsa }), key({ kid: 'c', algorithm: 'ES256', secret: undefined, publicKey: ec }), key({ kid: 'd', algorithm: 'EdDSA', secret: undefined, publicKey: ed })];
    const { workspaces } = parseSettings({ workspaces: { shop: { keys: all, policies: { social: { windowMs: 28 * DAY } }, allowedOrigins: ['https://shop.example.com', 'http://localhost:3000/'] } } });
    expect(Object.keys(workspaces).sort()).toEqual(['demo', 'shop']);
    expect(workspaces.shop?.keys.length).toBe(4);
  });
});
