/** What answers on the gateway's port before and beside sockets: nobody's request breaks it, or gets what is not theirs. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { json } from '../../sdk/protocol/codec.ts';
import { CODES } from '../../sdk/protocol/codes.ts';
import { dial, openHouse, type House } from './house.ts';

const LISTED = 'https://shop.example.com';
const LISTED_ELSEWHERE = 'https://bank.example.com';
let house: House;
beforeAll(async () => {
  house = await openHouse({ settings: { workspaces: { demo: { allowedOrigins: [LISTED] }, bank: { allowedOrigins: [LISTED_ELSEWHERE] } }, limits: { visitorsPerSecond: 1, visitorBurst: 20 } } });
});
afterAll(async () => { await house.close(); });

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
  json: Record<string, unknown>;
}

/** Bytes as they are, on a socket of their own; resolves when the gateway has closed it. */
async function raw(bytes: string, more?: (write: (bytes: string) => void) => void): Promise<Answer> {
  const socket = connect(house.gateway.port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
  // A gateway that closes while more is being sent may reset; what it has said before counts.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  more?.((next) => socket.write(next));
  await once(socket, 'close');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  let json = {};
  try { json = JSON.parse(body) as Record<string, unknown>; } catch { /* A page, or nothing. */ }
  return { status: Number(first.split(' ')[1]), headers, body, json };
}

function ask(method: string, target: string, { headers = {}, body = '' }: { headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  const all = { Host: `127.0.0.1:${house.gateway.port}`, Connection: 'close', ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }), ...headers };
  return raw(`${method} ${target} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
}

const post = (path: string, body: unknown, headers = {}): Promise<Answer> =>
  ask('POST', path, { headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const greet = (target: string, headers: Record<string, string> = {}): Promise<Answer> => ask('GET', target, {
  headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol': 'parley1.json', ...headers },
});

/** A whole upgrade, by a client that closes again. */
async function entered(headers: Record<string, string>): Promise<number> {
  const ws = new WebSocket(`ws://127.0.0.1:${house.gateway.port}/connect`, 'parley1.json', { headers });
  const status = await new Promise<number>((resolve) => {
    ws.on('open', () => resolve(101));
    ws.on('unexpected-response', (_, response) => { response.resume(); resolve(response.statusCode ?? 0); });
    ws.on('error', () => undefined);
  });
  ws.terminate();
  return status;
}

describe('paths and methods', () => {
  it.each(['/nothing', '/auth', '/auth/visitor/', '/healthz/x', '/connect/', '/%00', '/a%0d%0aX-Injected:1'])('%s is a 404 that says where things are', async (path) => {
    const answer = await ask('GET', path);
    expect(answer).toMatchObject({ status: 404, json: { error: expect.stringContaining('nothing at'), mend: expect.stringContaining('/console') } });
    expect(answer.headers).not.toHaveProperty('x-injected');
  });

  it.each([
    ['DELETE', '/healthz', 'GET'], ['PUT', '/auth/visitor', 'POST'], ['GET', '/auth/visitor', 'POST'], ['POST', '/connect', 'GET'], ['TRACE', '/healthz', 'GET'], ['POST', '/healthz', 'GET'],
  ])('%s %s is a 405 that allows %s', async (method, path, allow) => {
    expect(await ask(method, path)).toMatchObject({ status: 405, headers: { allow }, json: { mend: `It takes ${allow}.` } });
  });

  it('HEAD says what GET would, without a body; a plain GET of the socket is told to upgrade', async () => {
    const [head, get] = [await ask('HEAD', '/healthz'), await ask('GET', '/healthz')];
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': get.headers['content-length'] } });
    expect(get.json).toEqual({ ok: true });
    expect(await ask('GET', '/connect')).toMatchObject({ status: 426, json: { mend: expect.stringContaining('parley1.msgpack or parley1.json') } });
  });

  it.each(['//127.0.0.1/healthz', '/\\evil.example/healthz', 'http://127.0.0.1/healthz', 'http://evil.example/', '*'])('the target %s is no path: 400, also for an upgrade', async (target) => {
    expect((await ask('GET', target)).status).toBe(400);
    expect([400, 404]).toContain((await greet(target.replace('healthz', 'connect'))).status);
  });

  it.each(['/../package.json', '/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/etc/passwd', '/....//package.json', '/..\\..\\package.json', '/console.html%00.js', '/.%2e/data/parley.json'])('%s leaves no folder', async (path) => {
    const answer = await ask('GET', path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toMatch(/root:|"dependencies"|secret/);
  });

  it('what is no HTTP gets an answer and the socket is gone', async () => {
    expect((await raw('\x16\x03\x01\x00\xa5\r\n\r\n')).status).toBe(400);
    expect((await raw('GET / HTTP/1.1\r\n\r\n')).status).toBe(400);
    expect((await raw(`GET / HTTP/1.1\r\nHost: x\r\n${'X-Long: 0123456789\r\n'.repeat(2_000)}\r\n`)).status).toBe(431);
    expect((await raw('POST /auth/visitor HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc')).status).toBe(400);
  });
});

describe('headers', () => {
  it('pages cannot be framed elsewhere, run only their own scripts, and nothing is sniffed', async () => {
    const page = await ask('GET', '/console');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect((await ask('GET', '/healthz')).headers['x-content-type-options']).toBe('nosniff');
    // Without a build there is no page; with one it says so.
    if (page.status === 200) {
      expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'.*frame-ancestors 'self'/);
      expect(page.headers['content-security-policy']).not.toMatch(/unsafe/);
    }
  });

  it('a listed origin may ask, another may not, and caches know the difference', async () => {
    expect(await ask('OPTIONS', '/auth/visitor', { headers: { Origin: LISTED } })).toMatchObject({
      status: 204, headers: { 'access-control-allow-origin': LISTED, 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'Content-Type, Authorization', vary: 'Origin' },
    });
    for (const path of ['/auth/renew', '/auth/code', '/demo/agent']) {
      const other = await ask('OPTIONS', path, { headers: { Origin: 'https://evil.example' } });
      expect(other.headers, path).not.toHaveProperty('access-control-allow-origin');
      expect(other.headers.vary).toBe('Origin');
    }
  });

  it('a page that may not ask for a visitor learns why, in place of a broken network', async () => {
    const Origin = 'https://evil.example';
    const readable = { 'access-control-allow-origin': Origin, vary: 'Origin' };
    expect(await ask('OPTIONS', '/auth/visitor', { headers: { Origin } })).toMatchObject({ status: 204, headers: { ...readable, 'access-control-allow-headers': 'Content-Type, Authorization' } });
    const answer = await post('/auth/visitor', { device: ulid() }, { Origin });
    expect(answer).toMatchObject({ status: 403, headers: readable, json: { code: CODES.originRefused.code, name: 'originRefused' } });
    expect(answer.body).not.toContain('token');
  });
});

describe('an origin is of its workspace', () => {
  it.each([
    ['demo', LISTED, 200], ['demo', LISTED_ELSEWHERE, 403], ['bank', LISTED, 403], ['bank', LISTED_ELSEWHERE, 200],
    ['bank', 'own', 200], ['bank', undefined, 200], [undefined, LISTED_ELSEWHERE, 403],
  ])('a visitor of %s from %s: %i', async (workspace, origin, status) => {
    const Origin = origin === 'own' ? `http://127.0.0.1:${house.gateway.port}` : origin;
    const answer = await post('/auth/visitor', { device: ulid(), workspace }, Origin === undefined ? {} : { Origin });
    expect(answer).toMatchObject({ status, json: status === 200 ? { token: expect.any(String) } : { name: 'originRefused' } });
    house.clock.advance(1_000);
  });

  it.each([
    ['demo', LISTED, 'welcome'], ['demo', LISTED_ELSEWHERE, CODES.originRefused.code], ['bank', LISTED, CODES.originRefused.code], ['bank', LISTED_ELSEWHERE, 'welcome'],
    ['bank', 'own', 'welcome'], ['bank', undefined, 'welcome'],
  ])('a token of %s shown from %s: %s', async (workspace, origin, outcome) => {
    const { gateway } = house;
    const device = ulid();
    const token = await gateway.identities.visitor(workspace, device);
    const Origin = origin === 'own' ? `http://127.0.0.1:${gateway.port}` : origin;
    const ws = new WebSocket(`ws://127.0.0.1:${gateway.port}/connect`, 'parley1.json', { headers: Origin === undefined ? {} : { Origin } });
    await once(ws, 'open');
    ws.send(json.encodeSaid({ t: 'hello', version: 0, sdk: 'test', device, token, cursors: [], feed: null, language: null }));
    const heard = new Promise((resolve) => {
      ws.on('message', (data: Buffer) => resolve(json.decodeTold(data.toString())[0]?.t));
      ws.on('close', resolve);
    });
    expect(await heard).toBe(outcome);
    ws.terminate();
  });
});

describe('readers who go away', () => {
  it('leave nothing open, and others get their pages', async () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    const path = (await ask('GET', '/demo.js')).status === 200 ? '/demo.js' : '/healthz';
    const away = async (): Promise<void> => {
      const socket = connect(house.gateway.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await once(socket, 'data');
      socket.resetAndDestroy();
    };
    for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 60 }, away));
    expect((await ask('GET', path)).status).toBe(200);
    await vi.waitFor(() => expect(open()).toBeLessThan(before + 10));
  });
});

describe('bodies', () => {
  it.each([
    ['no JSON', '{"device":'], ['a list', '[]'], ['a text', '"x"'], ['null', 'null'], ['no device', {}], ['a device that is no ULID', { device: 'x' }], ['a device that is a list', { device: [] }],
    ['an unknown workspace', { device: ulid(), workspace: 'other' }], ['a workspace of the prototype', { device: ulid(), workspace: 'constructor' }],
    ['bytes', '\xff\xfe\x00'],
  ])('%s: 400 with the code of an invalid field', async (_, body) => {
    expect(await post('/auth/visitor', body)).toMatchObject({ status: 400, json: { code: CODES.invalid.code, detail: expect.any(String) } });
  });

  it('one that is too long: 413, said to whoever still sends', async () => {
    const answer = await post('/auth/visitor', JSON.stringify({ device: ulid(), token: 'x'.repeat(40_000) }));
    expect(answer).toMatchObject({ status: 413, json: { code: CODES.tooLarge.code } });
    const endless = raw(`POST /auth/visitor HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`, (write) => {
      for (let i = 0; i < 10; i++) write(`4000\r\n${'x'.repeat(0x4000)}\r\n`);
    });
    expect((await endless).status).toBe(413);
  });
});

describe('signing in', () => {
  it('a code signs in once, within ten minutes; a token is renewed only while it is an agent\'s and valid', async () => {
    const { identities } = house.gateway;
    const code = identities.code('demo', { id: 'ada', name: 'Ada' });
    const first = await post('/auth/code', { code });
    expect(first).toMatchObject({ status: 200, json: { token: expect.any(String) } });
    const refused = { status: 401, json: { code: CODES.tokenInvalid.code } };
    expect(await post('/auth/code', { code })).toMatchObject(refused);
    expect(await post('/auth/code', { code: 'guess' })).toMatchObject(refused);
    expect(await post('/auth/code', { code: 7 })).toMatchObject({ status: 400 });
    const late = identities.code('demo', { id: 'ada', name: 'Ada' });
    house.clock.advance(600_001);
    expect(await post('/auth/code', { code: late })).toMatchObject(refused);
    expect(await post('/auth/renew', { token: first.json.token })).toMatchObject({ status: 200, json: { token: expect.any(String) } });
    expect(await post('/auth/renew', { token: await identities.visitor('demo', ulid(), undefined) })).toMatchObject({ status: 401 });
    house.clock.advance(13 * 3_600_000);
    expect(await post('/auth/renew', { token: first.json.token })).toMatchObject({ status: 401, json: { code: CODES.tokenExpired.code } });
  });

  it('a visitor keeps their name with an earlier token of the same device, and gets another without', async () => {
    const device = ulid();
    const { json: { token } } = await post('/auth/visitor', { device: device.toLowerCase() });
    const { identities } = house.gateway;
    const me = await identities.verify(String(token), device);
    const again = await post('/auth/visitor', { device, token });
    expect((await identities.verify(String(again.json.token), device)).who.id).toBe(me.who.id);
    const thief = ulid();
    const stolen = await post('/auth/visitor', { device: thief, token });
    expect((await identities.verify(String(stolen.json.token), thief)).who.id).not.toBe(me.who.id);
  });

  it('the demo signs in only who is on this machine: not a page that borrows the address, nor one behind a proxy', async () => {
    const { port } = house.gateway;
    expect(await ask('GET', '/demo/agent', { headers: { Host: `localhost:${port}` } })).toMatchObject({ status: 200 });
    const foreign: Record<string, string>[] = [{ Host: 'evil.example' }, { Host: `evil.example:${port}`, Origin: `http://evil.example:${port}` }, { Origin: LISTED }, { Host: '127.0.0.1.evil.example' }];
    for (const headers of foreign) {
      expect(await ask('GET', '/demo/agent', { headers })).toMatchObject({ status: 403, json: { code: CODES.forbidden.code } });
    }
  });

  it('new visitors from one address are limited, with the seconds to wait', async () => {
    let answer = await post('/auth/visitor', { device: ulid() });
    for (let i = 0; i < 40 && answer.status === 200; i++) answer = await post('/auth/visitor', { device: ulid() });
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '1' }, json: { code: CODES.rateLimited.code } });
    house.clock.advance(1_000);
    expect((await post('/auth/visitor', { device: ulid() })).status).toBe(200);
    house.clock.advance(60_000);
  });
});

describe('upgrades', () => {
  it('elsewhere than at /connect: 404; with an unknown subprotocol: 400 that names the known ones; the socket is gone', async () => {
    expect(await greet('/healthz')).toMatchObject({ status: 404, json: { error: 'The socket is at /connect.' } });
    for (const offered of ['chat', 'parley2.msgpack', 'PARLEY1.JSON', '', ',', 'parley1.json-x']) {
      expect(await greet('/connect', { 'Sec-WebSocket-Protocol': offered })).toMatchObject({ status: 400, json: { supported: ['parley1.msgpack', 'parley1.json'] } });
    }
  });

  it('handshakes that are none', async () => {
    const wrong: Record<string, string>[] = [{ 'Sec-WebSocket-Key': 'short' }, { 'Sec-WebSocket-Version': '7' }, { Upgrade: 'h2c' }, { 'Sec-WebSocket-Protocol': 'parley1.json, parley1.json' }];
    for (const headers of wrong) {
      expect([400, 426]).toContain((await greet('/connect', headers)).status);
    }
  });

  it('32 KB of spaces in the subprotocol cost nothing', async () => {
    const begun = performance.now();
    expect((await greet('/connect', { 'Sec-WebSocket-Protocol': `parley1.json${' '.repeat(32_768)}x` })).status).toBe(431);
    expect((await greet('/connect', { 'Sec-WebSocket-Protocol': `parley1.json${' '.repeat(7_000)}x` })).status).toBe(400);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('compression is not agreed to', async () => {
    const { ws } = await dial(house.gateway);
    expect(ws.extensions).toBe('');
    ws.terminate();
  });

  it.each([
    ['none, as apps on phones', undefined, 101], ['listed', LISTED, 101], ['the gateway\'s own', 'own', 101],
    ['null', 'null', 403], ['empty', '', 403], ['a suffix', 'https://evilshop.example.com', 403], ['a prefix', 'https://shop.example.com.evil', 403],
    ['another port', 'https://shop.example.com:8443', 403], ['another scheme', 'http://shop.example.com', 403], ['another case', 'https://SHOP.example.com', 403],
    ['a trailing dot', 'https://shop.example.com.', 403], ['user info', 'https://shop.example.com@evil.example', 403], ['user info before it', 'https://evil@shop.example.com', 403],
    ['a path', 'https://shop.example.com/', 403], ['a parent', 'https://example.com', 403], ['a child', 'https://x.shop.example.com', 403], ['a list', `${LISTED}, https://evil.example`, 403],
    ['a wildcard', '*', 403], ['an extension', 'chrome-extension://shop.example.com', 403], ['a file', 'file://', 403], ['IDN look-alike', 'https://xn--shp-3na.example.com', 403],
    ['own name, another port', 'otherPort', 403], ['own name by another address', 'localhost', 403],
  ])('origin: %s', async (_, origin, status) => {
    const { port } = house.gateway;
    const named: Record<string, string> = { own: `http://127.0.0.1:${port}`, otherPort: `http://127.0.0.1:${port + 1}`, localhost: `http://localhost:${port}` };
    expect(await entered(origin === undefined ? {} : { Origin: named[origin] ?? origin })).toBe(status);
  });
});

it('headers or a body that never end are cut off within ten seconds', async () => {
  const slow = [
    raw('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '),
    raw('POST /auth/visitor HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{'),
    raw('GET /connect HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'),
  ];
  const answers = await Promise.all(slow);
  expect(answers.map(({ status }) => status)).toEqual([408, 408, 408]);
}, 15_000);
