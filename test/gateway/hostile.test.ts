/** Clients that say anything, in any order: always a code of the table or silence, never a crash, never another's data. */
import { once } from 'node:events';
import fc from 'fast-check';
import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { json, msgpack, type Codec } from '../../sdk/protocol/codec.ts';
import type { ConversationState } from '../../machines/state.ts';
import { CODES } from '../../sdk/protocol/codes.ts';
import type { Said } from '../../sdk/protocol/frames.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { saidOf } from '../protocol/arbitrary.ts';
import { said as samples } from '../protocol/samples.ts';
import { dial, message, nextId, openHouse, type House, type Peer } from './house.ts';

const TABLE = new Set<number>(Object.values(CODES).map(({ code }) => code));
/** What the WebSocket standard itself says to broken framing, before there is any frame of ours. */
const STANDARD = new Set([1002, 1007, 1008, 1009]);
const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
const CANARY = 'canary of a bystander';

const log = memoryLog({ shards: 4 });
const uncaught: unknown[] = [];
const note = (error: unknown): void => { uncaught.push(error); };
let house: House;
let bystander: Peer;
beforeAll(async () => {
  process.on('uncaughtExceptionMonitor', note);
  process.on('unhandledRejection', note);
  house = await openHouse({ log, settings: { limits: MANY } });
  bystander = await house.customer();
  const conversation = ulid();
  bystander.say(message(conversation, CANARY), { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  await bystander.hear('page');
});
afterAll(async () => {
  await house.close();
  process.off('uncaughtExceptionMonitor', note);
  process.off('unhandledRejection', note);
});

/** After each: nobody crashed, the bystander is still connected, and strangers can still talk. */
afterEach(async () => {
  const [customer, agent] = [await house.customer(), await house.agent()];
  const conversation = ulid();
  customer.say(message(conversation, 'fresh'));
  await customer.hear('ack');
  agent.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  const { alias } = await agent.hear('subscribed');
  customer.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  await customer.hear('page');
  agent.say(message(alias, 'answer'));
  expect((await customer.hear('event')).entry.body).toEqual({ text: 'answer' });
  bystander.say({ t: 'ping', at: 1 });
  await bystander.hear('pong');
  for (const peer of [customer, agent]) peer.ws.terminate();
  expect(uncaught).toEqual([]);
});

interface Stranger {
  ws: WebSocket;
  /** The code that it was closed with, or 0 when the gateway has read everything and left it open. */
  verdict(): Promise<number>;
  heard: Buffer[];
}
/** A socket that says bytes, greeted or not. */
async function stranger(codec: Codec, greeted: boolean): Promise<Stranger> {
  const heard: Buffer[] = [];
  let ws: WebSocket;
  if (greeted) ws = (await house.customer(ulid(), codec)).ws;
  else {
    ws = new WebSocket(`ws://127.0.0.1:${house.gateway.port}/connect`, codec.subprotocol);
    await once(ws, 'open');
  }
  ws.on('error', () => undefined);
  ws.on('message', (data: Buffer) => heard.push(data));
  const closed = new Promise<number>((resolve) => ws.once('close', (code: number) => resolve(code)));
  const verdict = async (): Promise<number> => {
    const read = new Promise<number>((resolve) => ws.once('pong', () => resolve(0)));
    if (ws.readyState === WebSocket.OPEN) ws.ping();
    // A socket that is being closed still answers; the code is on its way then.
    const first = await Promise.race([read, closed]);
    return first !== 0 || ws.readyState === WebSocket.OPEN ? first : closed;
  };
  return { ws, verdict, heard };
}

const encoded = (codec: Codec, frame: Said): Buffer => Buffer.from(codec.encodeSaid(frame));
const places = fc.array(fc.tuple(fc.nat(), fc.constantFrom('flip', 'cut', 'insert', 'double', 'zero'), fc.nat(255)), { minLength: 1, maxLength: 4 });
function mutated(bytes: Buffer, changes: readonly (readonly [number, string, number])[]): Buffer {
  for (const [where, how, value] of changes) {
    const at = bytes.length === 0 ? 0 : where % bytes.length;
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    if (how === 'flip') bytes = Buffer.concat([before, Buffer.from([value]), after.subarray(1)]);
    else if (how === 'cut') bytes = Buffer.from(before);
    else if (how === 'insert') bytes = Buffer.concat([before, Buffer.from([value, value]), after]);
    else if (how === 'double') bytes = Buffer.concat([bytes, after]);
    else bytes = Buffer.concat([before, Buffer.alloc(Math.min(after.length, 8)), after.subarray(8)]);
  }
  return bytes;
}
/** Frames as they may be, frames that were spoilt, and bytes that never were frames. */
const bytesFor = (codec: Codec): fc.Arbitrary<Buffer> => {
  const valid = fc.oneof(...Object.values(saidOf), fc.constantFrom<Said>(...Object.values(samples))).map((frame) => encoded(codec, frame));
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(valid, places).map(([bytes, changes]) => mutated(bytes, changes)) },
    { weight: 2, arbitrary: valid }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
  );
};

describe.each([['MessagePack', msgpack], ['JSON', json]] as const)('any bytes in %s', (_, codec) => {
  it.each([['before HELLO', false, 300], ['afterwards', true, 500]] as const)('%s: a code of the table, or none', async (_when, greeted, numRuns) => {
    await fc.assert(fc.asyncProperty(fc.array(bytesFor(codec), { minLength: 1, maxLength: 4 }), fc.boolean(), async (messages, asAgreed) => {
      const { ws, verdict, heard } = await stranger(codec, greeted);
      for (const bytes of messages) ws.send(bytes, { binary: asAgreed === codec.binary });
      const code = await verdict();
      ws.terminate();
      expect(code === 0 || code === 1000 || TABLE.has(code) || STANDARD.has(code), `closed with ${code}`).toBe(true);
      expect(Buffer.concat(heard).includes(CANARY)).toBe(false);
    }), { numRuns });
    expect(house.reports).toEqual([]);
  });
});

describe('framing', () => {
  it('text where bytes were agreed, and bytes where text was', async () => {
    for (const codec of [msgpack, json]) {
      const { ws, verdict } = await stranger(codec, true);
      ws.send(codec.binary ? 'text' : Buffer.from('[20,1]'), { binary: !codec.binary });
      expect(await verdict()).toBe(CODES.badFrame.code);
    }
  });

  it('empty messages are nothing: some phones ping so', async () => {
    for (const codec of [msgpack, json]) {
      const { ws, verdict } = await stranger(codec, true);
      for (let i = 0; i < 100; i++) ws.send('', { binary: true });
      expect(await verdict()).toBe(0);
      ws.terminate();
    }
  });

  it.each([[65_535, 0], [65_537, 1009], [10_000_000, 1009]])('a message of %i bytes', async (size, code) => {
    // A frame of a number that nobody knows, so that only its size counts.
    const { ws, verdict } = await stranger(msgpack, true);
    const body = size - 8;
    ws.send(Buffer.concat([Buffer.from([0x92, 0xcc, 0xfa, 0xc6]), Buffer.from([body >> 24, (body >> 16) & 255, (body >> 8) & 255, body & 255]), Buffer.alloc(body)]));
    expect(await verdict()).toBe(code);
    ws.terminate();
  });

  it('131,000 fragments of one byte are cut off early, and a few are put together', async () => {
    const { ws, verdict } = await stranger(msgpack, true);
    const before = process.memoryUsage().arrayBuffers;
    ws.send(Buffer.alloc(1), { fin: false });
    for (let i = 0; i < 131_000 && ws.readyState === WebSocket.OPEN; i++) ws.send(Buffer.alloc(1), { fin: false });
    expect(STANDARD.has(await verdict())).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000);
    const peer = await house.customer();
    const bytes = encoded(msgpack, { t: 'ping', at: 7 });
    for (let i = 0; i < bytes.length; i++) peer.ws.send(bytes.subarray(i, i + 1), { fin: i === bytes.length - 1 });
    expect((await peer.hear('pong')).at).toBe(7);
    peer.ws.terminate();
  });
});

describe('order', () => {
  it.each(Object.values(samples).filter(({ t }) => t !== 'hello').map((frame) => [frame.t, frame as Said] as const))('%s before HELLO', async (_, frame) => {
    const { ws, verdict } = await stranger(msgpack, false);
    ws.send(encoded(msgpack, frame));
    expect(await verdict()).toBe(CODES.outOfOrder.code);
  });

  it('a frame that would be refused alone is not, before HELLO', async () => {
    const { ws, verdict } = await stranger(json, false);
    ws.send(JSON.stringify([6, ulid(), ulid(), 'message', 'x'.repeat(8_001), null]));
    expect(await verdict()).toBe(CODES.outOfOrder.code);
  });

  it('many frames before WELCOME wait their turn; too many do not', async () => {
    const device = ulid();
    const hello: Said = { t: 'hello', version: 0, sdk: 'test', device, token: await house.gateway.identities.visitor('demo', device, undefined), cursors: [], feed: null, language: null };
    const pings = (count: number): Said[] => Array.from({ length: count }, (_, at) => ({ t: 'ping', at }));
    const patient = await dial(house.gateway);
    patient.say(hello, ...pings(200));
    await patient.hear('pong', ({ at }) => at === 199);
    patient.ws.terminate();
    const flood = await dial(house.gateway);
    flood.say(hello, ...pings(201));
    expect((await flood.closed).code).toBe(CODES.outOfOrder.code);
  });

  it('a version that nobody speaks', async () => {
    const { ws, verdict } = await stranger(msgpack, false);
    ws.send(encoded(msgpack, { ...samples.hello, version: 5_000 }));
    expect(await verdict()).toBe(CODES.versionUnsupported.code);
  });
});

describe('values', () => {
  it('unknown aliases: a refusal for each, the connection lives, and what it says next is heard', async () => {
    const peer = await house.customer();
    const unknown = { ref: expect.anything(), code: CODES.unknownAlias.code };
    const frames: Said[] = [
      message(77, 'x'), { t: 'history', rid: 3, conversation: 77, after: 0, before: 0, limit: 1, newest: true }, { t: 'unsubscribe', conversation: 77 }, { t: 'read', conversation: 77, seq: 1, n: 1 },
      { t: 'delivered', marks: [[77, 1]] }, { t: 'signal', conversation: 77, kind: 'typing', value: '' }, { t: 'command', id: nextId(), conversation: 77, name: 'end', args: {} },
    ];
    for (const frame of frames) {
      peer.say(frame);
      expect(await peer.hear('nack')).toMatchObject(unknown);
    }
    // As many as would use up what may be unanswered, if they counted.
    for (let i = 0; i < 600; i++) peer.say(message(77, 'x'));
    const heard = message(ulid(), 'heard');
    peer.say(heard);
    await peer.hear('ack', ({ cmid }) => cmid === heard.cmid);
    peer.ws.terminate();
  });

  it('8,001 characters: that message is refused, in both encodings, and the next passes', async () => {
    for (const codec of [msgpack, json]) {
      const peer = await house.customer(ulid(), codec);
      const conversation = ulid();
      const long = message(conversation, 'x'.repeat(8_000));
      const whole = encoded(codec, long).toString('latin1');
      const longer = Buffer.from(codec.binary ? whole.replace(/\xda\x1f\x40/, '\xda\x1f\x41').replace('xxx', 'xxxx') : whole.replace('xxx', 'xxxx'), 'latin1');
      peer.ws.send(longer, { binary: codec.binary });
      expect(await peer.hear('nack')).toMatchObject({ ref: long.cmid, code: CODES.tooLarge.code });
      peer.say(long);
      expect(await peer.hear('ack')).toMatchObject({ cmid: long.cmid, n: 1 });
      peer.ws.terminate();
    }
  });

  it.each([
    ['a ULID that is none', [3, 1, 'not a ulid', 0, 0]], ['a ULID beyond 128 bits', [3, 1, '8ZZZZZZZZZZZZZZZZZZZZZZZZZ', 0, 0]], ['a rid beyond 2^53', [3, 1e300, ulid(), 0, 0]], ['a rid below 0', [3, -1, ulid(), 0, 0]],
    ['a rid that is a text', [3, '1', ulid(), 0, 0]], ['too few fields', [3, 1]], ['no fields', []], ['a number alone', [[3]]], ['a map', { t: 'ping' }], ['null', null],
    ['arguments that are a list', [17, ulid(), ulid(), 'end', []]], ['deep arguments', [17, ulid(), ulid(), 'end', { a: [[[[[[[[[[]]]]]]]]]] }]], ['51 marks', [14, Array.from({ length: 51 }, () => [1, 1])]],
  ])('%s: refused, and never understood otherwise', async (_, value) => {
    const { ws, verdict, heard } = await stranger(json, true);
    ws.send(JSON.stringify(value));
    const code = await verdict();
    expect(code === CODES.badFrame.code || (code === 0 && /\[8,[^\]]*,1103,/.test(Buffer.concat(heard).toString()))).toBe(true);
    ws.terminate();
  });

  it('numbers of frames that nobody knows are passed over; fields that nobody knows too', async () => {
    const { ws, verdict, heard } = await stranger(json, true);
    for (const frame of [[99], [100, 'x', { y: [1] }], [4_000_000_000, null], [20, 7, 'later', ['more']]]) ws.send(JSON.stringify(frame));
    expect(await verdict()).toBe(0);
    expect(Buffer.concat(heard).toString()).toContain('[21,7]');
    ws.terminate();
  });

  it('the largest rid returns as it came, and prototypes are names like others', async () => {
    const peer = await house.customer(ulid(), json);
    peer.say({ t: 'subscribe', rid: Number.MAX_SAFE_INTEGER, conversation: ulid(), epoch: 0, seq: 0 });
    expect(await peer.hear('nack')).toMatchObject({ ref: Number.MAX_SAFE_INTEGER, code: CODES.notFound.code });
    const conversation = ulid();
    peer.say({ ...message(conversation, 'x'), channel: '__proto__' });
    await peer.hear('ack');
    for (const name of ['__proto__', 'constructor', 'toString', '']) {
      peer.say({ t: 'command', id: nextId(), conversation, name, args: { status: 'constructor' } });
      expect(await peer.hear('nack')).toMatchObject({ code: CODES.unknownCommand.code });
    }
    peer.ws.terminate();
  });

  it('a message whose beginning ends within a character can be listed, followed and answered', async () => {
    const agent = await dial(house.gateway);
    const token = await house.token('eve');
    agent.say({ t: 'hello', version: 0, sdk: 'test', device: ulid(), token, cursors: [], feed: { store: '', n: 0 }, language: null });
    await agent.hear('feed');
    const customer = await house.customer();
    const conversation = ulid();
    customer.say(message(conversation, `${'a'.repeat(119)}\u{1F600} and more`));
    await customer.hear('ack');
    const row = (await agent.hear('feed', ({ rows }) => rows.some((one) => one.conversation === conversation))).rows.find((one) => one.conversation === conversation);
    expect(row?.preview).toBe('a'.repeat(119));
    agent.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    expect((await agent.hear('page')).entries.find(({ kind }) => kind === 'message')?.body).toEqual({ text: `${'a'.repeat(119)}\u{1F600} and more` });
    for (const peer of [customer, agent]) peer.ws.terminate();
  });

  it('an alias that is given up while its message is on the way harms nobody, though the log refuses', async () => {
    const peer = await house.customer();
    const conversation = ulid();
    peer.say(message(conversation, 'one'), { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    const { alias } = await peer.hear('subscribed');
    // The contact answers the conversation, and nobody else may meet the failing append.
    const contact = await new Promise<string>((resolve) => {
      house.gateway.host.peek(`c/demo/${conversation}`, (state) => resolve((state as ConversationState).contact.id));
    });
    for (const actor of [`c/demo/${conversation}`, `p/demo/${contact}`, `c/demo/${conversation}`, 'd/demo']) await house.gateway.host.quiet(actor);
    log.failNext('unavailable');
    const late = message(alias, 'two');
    peer.say(late, { t: 'unsubscribe', conversation: alias });
    expect(await peer.hear('nack')).toMatchObject({ ref: late.cmid, code: CODES.storeUnavailable.code });
    peer.say({ ...late, conversation });
    expect(await peer.hear('ack', ({ cmid }) => cmid === late.cmid)).toMatchObject({ n: 2 });
    peer.ws.terminate();
    house.reports.length = 0;
  });
});
