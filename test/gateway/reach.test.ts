/** Where a flow's HTTP request may go: no spelling of a private address, and no name that leads to one, is ever connected to. */
import { Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { exchange } from '../../gateway/exchange.ts';
import { hostOf, isPublic, targetOf, type Host } from '../../gateway/reach.ts';
import { Unanswered } from '../../gateway/unanswered.ts';

/** Addresses as name servers give them: none of these is public. */
const PRIVATE = [
  '0.0.0.0', '0.0.0.1', '0.255.255.255', '10.0.0.0', '10.0.0.1', '10.255.255.255', '100.64.0.0', '100.64.0.1', '100.100.100.200',
  '100.127.255.255', '127.0.0.0', '127.0.0.1', '127.0.0.53', '127.255.255.255', '169.254.0.1', '169.254.169.254', '169.254.170.2',
  '169.254.255.255', '168.63.129.16', '172.16.0.0', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.0.170', '192.0.0.192', '192.0.2.1',
  '192.31.196.1', '192.52.193.1', '192.88.99.1', '192.168.0.1', '192.168.255.255', '192.175.48.1', '198.18.0.1', '198.19.255.255',
  '198.51.100.7', '203.0.113.9', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.254', '255.255.255.255',
  '::', '::1', '::2', '::ffff:0:0', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe',
  '0:0:0:0:0:ffff:c0a8:1', '::127.0.0.1', '::7f00:1', '::a9fe:a9fe', '::10.1.2.3', '::ffff:0:127.0.0.1', '::ffff:0:a00:1', '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe', '64:ff9b::10.0.0.1', '64:ff9b:1::a00:1', '64:ff9b:1:ffff:ffff:ffff:a9fe:a9fe', '100::1', '100:0:0:1::1',
  '2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:2::1', '2001:3::1', '2001:4:112::1', '2001:10::1', '2001:20::1', '2001:30::1',
  '2001:db8::1', '2001:db8:ffff::1', '2002:7f00:1::', '2002:a9fe:a9fe::1', '2002:a00:1::1', '2002:c0a8:101::', '2620:4f:8000::1', '3fff::1',
  '4000::1', '5f00::1', '8000::1', 'c000::1', 'e000::1', 'fc00::1', 'fc00:ec2::254', 'fd00::1', 'fd00:ec2::254', 'fdff:ffff::1', 'fe00::1', 'fe80::1',
  'fe80::a9fe:a9fe', 'fe80::1%eth0', 'febf::1', 'fec0::1', 'feff::1', 'ff00::1', 'ff02::1', 'ff02::2%1', 'ff05::1:3', '2606:4700::1111%2', '',
  'localhost', '1', '127.1', '0x7f.1', '1.2.3', '1.2.3.4.5', '256.1.1.1', '08.8.8.8', ':::', '::g', '127.0.0.1/8',
];
const PUBLIC = [
  '1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.1', '93.184.216.34', '100.63.255.255', '100.128.0.1', '126.255.255.255', '128.0.0.1',
  '169.253.255.255', '169.255.0.1', '172.15.255.255', '172.32.0.1', '192.0.1.1', '192.167.255.255', '192.169.0.1', '198.17.255.255', '198.20.0.1',
  '223.255.255.255', '::ffff:8.8.8.8', '2001:200::1', '2001:4860:4860::8888', '2003::1', '2606:4700:4700::1111', '2a00:1450:4009::200e', '3ffe::1',
];
/** URLs that say a private address without looking up a name. */
const SPELLINGS = [
  'http://127.0.0.1/', 'https://127.0.0.1/', 'http://127.1/', 'http://127.0.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0x7f.1/',
  'http://0x7f.0x0.0x0.0x1/', 'http://0177.0.0.1/', 'http://0177.1/', 'http://017700000001/', 'http://0x7F.0.0.1/', 'http://127.0.0.1./',
  'http://127.0.0.1:80/', 'http://127.0.0.1:443/', 'http://①②⑦.⓪.⓪.①/', 'http://127。0。0。1/', 'http://127%2e0%2e0%2e1/', 'http://%31%32%37.0.0.1/', 'http://0/', 'http://0.0/',
  'http://0x0/', 'http://00/', 'http://0.0.0.0/', 'http://10.1/', 'http://167772161/', 'http://0xa000001/', 'http://012.0.0.1/',
  'http://192.168.1/', 'http://192.168.257/', 'http://3232235777/', 'http://0xc0a80101/', 'http://0300.0250.1.1/', 'http://172.16.1/',
  'http://169.254.169.254/latest/meta-data/', 'http://2852039166/', 'http://0xa9fea9fe/', 'http://0251.0376.0251.0376/', 'http://0xa9.0xfe.0xa9.0xfe/', 'http://169.254.43518/',
  'http://169.16689662/', 'http://100.100.100.200/', 'http://168.63.129.16/', 'http://192.0.0.192/', 'http://255.255.255.255/', 'http://4294967295/',
  'http://224.0.0.1/', 'http://[::]/', 'http://[::1]/', 'http://[0:0:0:0:0:0:0:1]/', 'http://[0000::0001]/', 'http://[::127.0.0.1]/',
  'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[::FFFF:0x7f.1]/', 'http://[0:0:0:0:0:ffff:127.0.0.1]/', 'http://[::ffff:169.254.169.254]/', 'http://[::ffff:a9fe:a9fe]/',
  'http://[::ffff:0:169.254.169.254]/', 'http://[64:ff9b::169.254.169.254]/', 'http://[64:ff9b::a9fe:a9fe]/', 'http://[64:ff9b:1::a9fe:a9fe]/', 'http://[2002:a9fe:a9fe::]/', 'http://[2002:7f00:1::1]/',
  'http://[fc00::1]/', 'http://[fd00:ec2::254]/', 'http://[fe80::1]/', 'http://[fec0::1]/', 'http://[ff02::1]/', 'http://[fe80::1%25eth0]/',
  'http://[fe80::1%eth0]/', 'http://[::1%25lo]/', 'http://[2001:db8::1]/', 'http://[2001::1]/', 'http://[100::1]/', 'http://[5f00::1]/',
  'http://user@127.0.0.1/', 'http://example.com@127.0.0.1/', 'http://127.0.0.1#@example.com/', 'http://127.0.0.1\\@example.com/', 'http:\\\\127.0.0.1/', 'http:127.0.0.1/',
  'http:/127.0.0.1/', ' http://127.0.0.1/ ', 'http://127.0.\t0.1/', 'http://\n127.0.0.1/', 'http://127.0.0.1?.example.com/', 'hTTp://LOCALHOST/',
];
/** URLs that nothing is sent to, whatever their host is. */
const REFUSED = [
  '', 'example.com', '//example.com/', '/etc/passwd', 'file:///etc/passwd', 'ftp://example.com/', 'gopher://example.com/', 'data:,x', 'javascript:1', 'ws://example.com/',
  'unix:/run/docker.sock', 'http://user:word@example.com/', 'http://user@example.com/', 'https://:word@example.com/', 'http://example.com:22/',
  'http://example.com:8080/', 'https://example.com:6379/', 'http://example.com:0/', 'http://example.com:65536/', 'http:///', 'http://', 'http://exa mple.com/', 'http://[::1',
  `https://example.com/${'x'.repeat(8_000)}`,
];
/** Names, and where a name server says they are. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1'], 'localhost.': ['127.0.0.1', '::1'], 'LOCALHOST.': ['::1'], 'foo.localhost': ['127.0.0.1'], 'localtest.me': ['127.0.0.1'], '127.0.0.1.nip.io': ['127.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'], 'instance-data': ['169.254.169.254'], 'kubernetes.default.svc': ['10.96.0.1'],
  'one-of-two.example': ['93.184.216.34', '10.0.0.1'], 'two-of-two.example': ['192.168.0.1', '93.184.216.34'], 'six.example': ['2606:4700::1111', 'fd00::1'],
  'mapped.example': ['::ffff:127.0.0.1'], 'compatible.example': ['::127.0.0.1'], 'nat64.example': ['64:ff9b::7f00:1'], 'zone.example': ['fe80::1%eth0'], 'six-to-four.example': ['2002:7f00:1::'],
  'nowhere.example': [], 'strange.example': ['not an address'], 'short.example': ['127.1'], 'xn--bcher-kva.example': ['10.0.0.1'], 'bücher.example': ['10.0.0.1'],
};
const PUBLIC_IPV4 = '93.184.216.34';

const connected: unknown[] = [];
beforeEach(() => {
  connected.length = 0;
  // Whoever gets so far has asked for a connection; none is made.
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    connected.push(args);
    queueMicrotask(() => this.destroy(Object.assign(new Error('no network in this test'), { code: 'ETEST' })));
    return this;
  });
});
afterEach(() => { vi.restoreAllMocks(); });

async function ask(url: string, resolve: (name: string) => readonly string[] = () => [PUBLIC_IPV4], allow: readonly Host[] = []): Promise<string> {
  const parts = {
    allow, clock: handClock(0), resolve: (name: string) => Promise.resolve(resolve(name)), signal: new AbortController().signal,
    may: () => Promise.resolve(true),
  };
  try {
    await exchange({ method: 'GET', target: targetOf(url, allow), headers: {}, body: undefined, timeoutMs: 1_000 }, parts);
  } catch (error) {
    if (error instanceof Unanswered) return error.message;
    throw error;
  }
  return 'answered';
}

it.each(PRIVATE)('an address that is not public: %s', (address) => {
  expect(isPublic(address)).toBe(false);
});

it.each(PUBLIC)('a public one: %s', (address) => {
  expect(isPublic(address)).toBe(true);
});

it.each(SPELLINGS)('a spelling of what is not public, or no URL at all: %s', async (url) => {
  expect(await ask(url, () => ['127.0.0.1'])).toMatch(/not a public one; the operator can allow it|the URL is none|holds a name or password/);
  expect(connected).toEqual([]);
});

it.each(REFUSED)('a URL that nothing is sent to: %s', async (url) => {
  expect(await ask(url)).toMatch(/URL|port \d+ is not called/);
  expect(connected).toEqual([]);
});

it.each(Object.entries(NAMES))('a name that leads to what is not public: %s', async (name, addresses) => {
  for (const url of [`http://${name}/`, `https://${name}/x?y`]) {
    expect(await ask(url, () => addresses)).toMatch(/not a public one|no address/);
  }
  expect(connected).toEqual([]);
});

describe('a name that changes its mind', () => {
  it('is asked once, and the connection goes where the first answer led', async () => {
    const answers = [[PUBLIC_IPV4], ['127.0.0.1']];
    let asked = 0;
    expect(await ask('http://rebinding.example/', () => answers[asked++] ?? [])).toBe('the connection failed (ETEST)');
    expect(asked).toBe(1);
    expect(connected.length).toBe(1);
    const [[{ lookup }]] = connected[0] as [[{ lookup(name: string, options: object, done: (error: null, found: unknown) => void): void }]];
    // Node asks this for an address, and hears what was checked however often and whatever it asks.
    for (const options of [{}, { all: true }, { family: 6 }]) {
      const found = await new Promise((resolve) => { lookup('rebinding.example', options, (_, what) => resolve(what)); });
      expect(JSON.stringify(found)).toContain(PUBLIC_IPV4);
    }
  });

  it('and was private at first is not asked again within a try', async () => {
    const answers = [['127.0.0.1'], [PUBLIC_IPV4]];
    let asked = 0;
    expect(await ask('http://rebinding.example/', () => answers[asked++] ?? [])).toMatch(/not a public one/);
    expect(asked).toBe(1);
  });

  it('however it answers: no connection unless every address is public', async () => {
    const address = fc.oneof(fc.constantFrom(...PRIVATE.filter((one) => one !== '')), fc.constantFrom(...PUBLIC), fc.ipV4(), fc.ipV6());
    await fc.assert(fc.asyncProperty(fc.array(address, { maxLength: 4 }), async (addresses) => {
      connected.length = 0;
      await ask('http://some.example/', () => addresses);
      expect(connected.length > 0).toBe(addresses.length > 0 && addresses.every(isPublic));
    }), { numRuns: 500 });
  });
});

describe('what the operator allows', () => {
  const allow = ['127.0.0.1:9000', 'crm.internal:8080', '[::1]', '10.0.0.5:80'].flatMap((text) => hostOf(text) ?? []);
  const to = (url: string, ...addresses: string[]): Promise<string> => ask(url, () => addresses, allow);

  it.each([
    ['http://127.0.0.1:9000/', []], ['http://127.1:9000/', []], ['http://[::ffff:127.0.0.1]:9000/', []], ['http://crm.internal:8080/', ['10.1.1.1']],
    ['http://CRM.internal.:8080/', ['10.1.1.1']], ['http://[::1]/', []], ['https://[0:0::1]/', []], ['http://by-another-name.example/', ['10.0.0.5']],
  ])('is called: %s', async (url, addresses) => {
    expect(await to(url as string, ...addresses as string[])).toBe('the connection failed (ETEST)');
    expect(connected.length).toBe(1);
  });

  it.each([
    ['http://127.0.0.1/', []], ['http://127.0.0.1:9001/', []], ['http://127.0.0.2:9000/', []], ['http://crm.internal/', ['10.1.1.1']], ['http://crm.internal:9000/', ['127.0.0.1']],
    ['http://x.crm.internal:8080/', ['10.1.1.1']], ['http://[::1]:8080/', []], ['http://to-an-allowed-port.example:9000/', ['127.0.0.1']], ['https://by-another-name.example/', ['10.0.0.5']], ['http://half.example/', ['10.0.0.5', '10.0.0.6']],
  ])('and nothing beside it: %s', async (url, addresses) => {
    expect(await to(url as string, ...addresses as string[])).toMatch(/not a public one|is not called/);
    expect(connected).toEqual([]);
  });

  it('is what the sentence says when something is not called', async () => {
    const said = await ask('http://127.0.0.1:9000/');
    const [, host = ''] = /http\.allow: "(.+)"$/.exec(said) ?? [];
    expect(await ask('http://127.0.0.1:9000/', undefined, [hostOf(host)].flatMap((one) => one ?? []))).toBe('the connection failed (ETEST)');
    const [, six = ''] = /http\.allow: "(.+)"$/.exec(await ask('https://[::1]/')) ?? [];
    expect(await ask('https://[::1]/', undefined, [hostOf(six)].flatMap((one) => one ?? []))).toBe('the connection failed (ETEST)');
  });
});
