/** HTTP requests of flows against a real server: what is sent, what is kept, and every way in which nothing comes of one. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyOf } from '../../gateway/caller.ts';
import { CERTIFICATE } from './certificate.ts';
import { Crm, json, SECRET, status, type Handler } from './crm.ts';

let crm: Crm;
beforeEach(async () => { crm = await new Crm().open(); });
afterEach(() => crm.close());

describe('a request', () => {
  it('says what the flow asks for, who asks, and a key of its own', async () => {
    crm.handle = json({ customerType: 'VIP' });
    const headers = [{ name: 'X-Customer', value: ['42'] }, { name: 'Authorization', value: ['Bearer ', { secret: 'crm' }] }, { name: 'X-Name', value: ['Zoë ☺'] }];
    expect(await crm.ask({ method: 'POST', headers, body: { mail: 'a@b.it', n: 1, list: [true, null] } }, 7)).toEqual({ values: { 'vars.customerType': 'VIP' } });
    const [request] = crm.came;
    expect(request).toMatchObject({ method: 'POST', url: '/customers?mail=a%40b.it', body: '{"mail":"a@b.it","n":1,"list":[true,null]}' });
    expect(request?.headers).toMatchObject({
      host: `127.0.0.1:${crm.port}`, authorization: `Bearer ${SECRET}`, 'x-customer': '42', 'content-type': 'application/json', accept: 'application/json',
      'accept-encoding': 'identity', 'user-agent': 'Parley', 'content-length': '42', 'idempotency-key': keyOf('c/demo/1', 7), connection: 'close',
    });
    expect(Buffer.from(request?.headers['x-name'] as string, 'latin1').toString()).toBe('Zoë ☺');
  });

  it('without a body says nothing of one', async () => {
    crm.handle = json({});
    await crm.ask({ method: 'DELETE' });
    expect(crm.came[0]?.headers).not.toHaveProperty('content-type');
    expect(crm.came[0]).toMatchObject({ method: 'DELETE', body: '' });
  });

  it('may say for itself what it takes and sends, and not what would say something else than it does', async () => {
    crm.handle = json({});
    await crm.ask({ method: 'PUT', body: 1, headers: [{ name: 'content-type', value: ['application/vnd.api+json'] }, { name: 'accept', value: ['*/*'] }] });
    expect(crm.came[0]?.headers).toMatchObject({ 'content-type': 'application/vnd.api+json', accept: '*/*' });
    for (const name of ['Host', 'content-length', 'Transfer-Encoding', 'Idempotency-Key', 'Accept-Encoding', 'Proxy-Authorization', 'Upgrade', 'a b', 'a:b', '', 'a\r\nb']) {
      expect(await crm.ask({ headers: [{ name, value: ['x'] }] })).toEqual({ why: `the header "${name}" cannot be set` });
    }
    for (const value of ['a\r\nX-Admin: 1', 'a\nb', 'a\0b', 'x'.repeat(8_001)]) {
      expect(await crm.ask({ headers: [{ name: 'X-A', value: [value] }] })).toEqual({ why: 'the header "X-A" holds what no header can' });
    }
    expect(crm.came.length).toBe(1);
  });

  it('has a key that no other effect has, and the same for ever', () => {
    const keys = ['c/demo/1', 'c/demo/11', 'c/shop/1'].flatMap((actor) => [1, 2, 11].map((n) => keyOf(actor, n)));
    expect(new Set(keys).size).toBe(9);
    expect(keyOf('c/demo/1', 1)).toBe('0d0433fa85f07e33a01700e4f0960492');
  });
});

it('a host with several addresses is called at the next one when the first does not answer', async () => {
  crm.handle = json({ customerType: 'VIP' });
  crm.caller = crm.make({ resolve: () => Promise.resolve(['::1', '127.0.0.1']) });
  expect(await crm.ask({ url: `http://crm.test:${crm.port}/` })).toEqual({ values: { 'vars.customerType': 'VIP' } });
  expect(crm.came[0]?.headers.host).toBe(`crm.test:${crm.port}`);
});

describe('secrets', () => {
  it('are not kept when a server says them back', async () => {
    crm.handle = (request, response, body) => { json({ customerType: request.headers.authorization ?? '' })(request, response, body); };
    expect(await crm.ask({ headers: [{ name: 'Authorization', value: ['Bearer ', { secret: 'crm' }] }] })).toEqual({ why: 'the answer repeats a secret, which no flow may see' });
    expect(await crm.ask({ headers: [{ name: 'Authorization', value: ['Bearer x'] }] })).toEqual({ values: { 'vars.customerType': 'Bearer x' } });
  });

  it('go to their own hosts alone', async () => {
    expect(await crm.ask({ headers: [{ name: 'X-Key', value: [{ secret: 'other' }] }] })).toEqual({ why: `the secret "other" is not for the host 127.0.0.1:${crm.port}` });
    expect(await crm.ask({ headers: [{ name: 'X-Key', value: [{ secret: 'absent' }] }] })).toEqual({ why: 'there is no secret "absent" in the settings file' });
    expect(await crm.ask({ url: 'http://crm.example.com/', headers: [{ name: 'X-Key', value: [{ secret: 'other' }] }] })).toEqual({ why: 'the secret "other" goes over https alone' });
    expect(crm.came).toEqual([]);
  });
});

describe('an answer', () => {
  it('is kept where the flow says, as far as it can be', async () => {
    crm.handle = json({ customerType: 'VIP', score: 7, active: true, orders: [1], name: null });
    const map = ['customerType', 'score', 'active', 'orders', 'name', 'missing'].map((name) => ({ path: `$.${name}`, save: `vars.${name}` }));
    expect(await crm.ask({ map })).toEqual({ values: { 'vars.customerType': 'VIP', 'vars.score': 7, 'vars.active': true } });
  });

  it.each<[string, Handler]>([
    ['201', (_request, response) => void response.writeHead(201).end('{"customerType":"new"}')],
    ['in pieces', (_request, response) => { response.write('{"customer'); setImmediate(() => response.end('Type":"new"}')); }],
    ['with a byte order mark', (_request, response) => void response.end('\ufeff{"customerType":"new"}')],
    ['said to be identity', (_request, response) => void response.setHeader('Content-Encoding', 'identity').end('{"customerType":"new"}')],
    ['after a hint', (_request, response) => { response.writeEarlyHints({ link: '</x>; rel=preload' }); response.end('{"customerType":"new"}'); }],
  ])('%s', async (_, handler) => {
    crm.handle = handler;
    expect(await crm.ask()).toEqual({ values: { 'vars.customerType': 'new' } });
  });

  it('that nobody wants to read may be anything, and none at all leaves nothing', async () => {
    crm.handle = (_request, response) => void response.end('<html>');
    expect(await crm.ask({ map: [] })).toEqual({ values: {} });
    crm.handle = (_request, response) => void response.writeHead(204).end();
    expect(await crm.ask()).toEqual({ values: {} });
  });

  it.each([['HTML', Buffer.from('<html>')], ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22])], ['half of JSON', Buffer.from('{"customerType":')]])('that is %s is none', async (_, body) => {
    crm.handle = (_request, response) => void response.end(body);
    expect(await crm.ask()).toEqual({ why: 'the answer is not JSON' });
  });
});

/** Writes until nobody listens. */
function withoutEnd(to: Socket | ServerResponse, piece: string): void {
  const more = (): void => {
    while (!to.destroyed && to.write(piece));
    to.once('drain', more);
  };
  more();
}

describe('what is no answer', () => {
  it.each<[number, string]>([[400, 'HTTP 400'], [401, 'HTTP 401'], [404, 'HTTP 404'], [500, 'HTTP 500'], [304, 'HTTP 304: a redirect, which is not followed; use the URL that it leads to']])('%i', async (code, why) => {
    crm.handle = status(code);
    expect(await crm.ask()).toEqual({ why });
  });

  it.each([301, 302, 303, 307, 308])('%i to what is not public: not followed', async (code) => {
    crm.handle = status(code, { Location: 'http://169.254.169.254/latest/meta-data/' });
    expect(await crm.ask({ retries: 3 })).toEqual({ why: `HTTP ${code}: a redirect, which is not followed; use the URL that it leads to` });
    expect(crm.came.length).toBe(1);
  });

  it.each<[string, Handler, string]>([
    ['a gzip bomb', (_request, response) => void response.setHeader('Content-Encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000))), 'the answer is compressed, which was not asked for'],
    ['a compressed answer of another kind', (_request, response) => void response.setHeader('Content-Encoding', 'br').end('x'), 'the answer is compressed, which was not asked for'],
    ['a huge body that says so', (_request, response) => { response.writeHead(200, { 'Content-Length': '10000000000' }); response.write('{'); }, 'the answer is larger than 256 KiB'],
    ['a body without end', (_request, response) => { withoutEnd(response, 'x'.repeat(10_000)); }, 'the answer is larger than 256 KiB'],
    ['a body of 256 KiB and a byte', (_request, response) => void response.end(`"${'x'.repeat(256 * 1024 - 1)}"`), 'the answer is larger than 256 KiB'],
    ['101 headers', (_request, response) => { for (let i = 0; i < 101; i++) response.setHeader(`X-${i}`, '1'); response.end('{}'); }, 'the answer has more than 100 headers'],
    ['headers of 17 KiB', (_request, response) => { response.setHeader('X-Long', 'x'.repeat(17 * 1024)); response.end('{}'); }, 'the answer\'s headers are larger than 16 KiB'],
    ['a body cut off', (_request, response) => { response.writeHead(200, { 'Content-Length': '100' }); response.write('{"customerType":"VIP"}'); setImmediate(() => response.destroy()); }, 'the connection failed (ECONNRESET)'],
  ])('%s', async (_, handler, why) => {
    crm.handle = handler;
    expect(await crm.ask()).toEqual({ why });
  });

  it('a body of exactly 256 KiB is one', async () => {
    crm.handle = (_request, response) => void response.end(`"${'x'.repeat(256 * 1024 - 2)}"`);
    expect(await crm.ask()).toEqual({ values: {} });
  });

  it('nobody listens', async () => {
    await crm.close();
    crm.caller = crm.make();
    expect(await crm.ask()).toEqual({ why: 'the connection failed (ECONNREFUSED)' });
  });

  it('a name that leads nowhere', async () => {
    crm.caller = crm.make({ resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) });
    expect(await crm.ask({ url: 'https://nowhere.example/' })).toEqual({ why: 'the host\'s name leads nowhere (ENOTFOUND)' });
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['no HTTP', (socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'the answer is no HTTP'],
    ['headers without end', (socket) => { socket.write('HTTP/1.1 200 OK\r\n'); withoutEnd(socket, `X-${'y'.repeat(100)}: z\r\n`); }, 'the answer\'s headers are larger than 16 KiB'],
    ['hints without end', (socket) => { withoutEnd(socket, 'HTTP/1.1 100 Continue\r\n\r\n'); }, 'the answer does not begin'],
    ['another protocol', (socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhello'), 'HTTP 101: no answer to what was asked'],
    ['an end without an answer', (socket) => void socket.end(), 'the connection failed (ECONNRESET)'],
  ])('from a server that speaks otherwise: %s', async (_, speak, why) => {
    const strange = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => { speak(socket); });
    }).listen(0, '127.0.0.1');
    await once(strange, 'listening');
    crm.at((strange.address() as AddressInfo).port);
    expect(await crm.ask()).toEqual({ why });
    strange.close();
  });

  it('a certificate that nobody vouches for', async () => {
    const tls = createTlsServer(CERTIFICATE, (_request, response) => void response.end('{}')).listen(0, '127.0.0.1');
    await once(tls, 'listening');
    crm.at((tls.address() as AddressInfo).port);
    expect(await crm.ask({ url: `https://127.0.0.1:${crm.port}/` })).toEqual({ why: 'the host\'s certificate is not right (DEPTH_ZERO_SELF_SIGNED_CERT)' });
    tls.close();
  });
});

it('proxies of the environment are not asked', async () => {
  const proxy = createServer((socket) => { throw new Error(`somebody crm.came: ${socket.remotePort}`); }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  try {
    crm.handle = json({ customerType: 'VIP' });
    expect(await crm.ask()).toEqual({ values: { 'vars.customerType': 'VIP' } });
  } finally {
    for (const [i, name] of names.entries()) if (before[i] === undefined) delete process.env[name]; else process.env[name] = before[i];
    proxy.close();
  }
});
