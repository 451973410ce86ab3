/** A record that could not be written takes nothing out of order with it, and keeps nobody busy. */
import { afterEach, expect, it } from 'vitest';
import { ulid } from 'ulid';
import type { ActorCommand, ActorState, Kind, Who } from '../../machines/actor.ts';
import { LogRefusal } from '../../gateway/log.ts';
import { memoryLog, type MemoryLog } from '../../gateway/log.memory.ts';
import { decodeRecord } from '../../gateway/record.ts';
import type { Host } from '../../gateway/host.ts';
import type { Answer } from '../../gateway/resident.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';
import { openHouse, type House } from '../gateway/house.ts';

const CUSTOMER: Who = { role: 'customer', id: 'v_1', name: 'Visitor', identified: false };
const AGENT: Who = { role: 'agent', id: 'a_ada', name: 'Ada', identified: true };

let house: House;
afterEach(() => house.close());

const say = (who: Who, cmid: string, text: string) => ({ type: 'say', who, device: who.id, cmid, kind: 'message', text, channel: 'web' });
const tell = (host: Host, actor: string, command: ActorCommand): Promise<Answer> =>
  new Promise((resolve) => { host.tell(actor, command, resolve); });
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

it('what waits behind an undone message does not overtake it', async () => {
  const log = memoryLog({ shards: 1 });
  house = await openHouse({ log });
  const { host } = house.gateway;
  const actor = `c/demo/${ulid()}`;
  const spoken = ulid();
  await tell(host, actor, say(CUSTOMER, ulid(), 'hello'));
  await tell(host, actor, say(AGENT, spoken, 'good morning'));
  await host.quiet(actor);
  await turn();
  // In the tables alone, a repeat takes a while to look up.
  await house.store.settled();

  const release = log.hold();
  log.failNext('unavailable');
  const order: string[] = [];
  const first = tell(host, actor, say(CUSTOMER, ulid(), 'first')).then((answer) => (order.push('first'), answer));
  // It is on its way to the log when a repeat keeps the next one waiting.
  await turn();
  const repeat = tell(host, actor, say(AGENT, spoken, 'good morning'));
  const second = tell(host, actor, say(CUSTOMER, ulid(), 'second')).then((answer) => (order.push('second'), answer));
  release();
  expect((await first as Refusal).name).toBe('storeUnavailable');
  expect((await second as Refusal).name).toBe('storeUnavailable');
  // The connection holds the line for the one that it hears of first.
  expect(order).toEqual(['first', 'second']);
  expect((await repeat as Refusal).name).toBe('storeUnavailable');
  expect(await tell(host, actor, say(AGENT, spoken, 'good morning'))).toMatchObject({ repeated: true });
});

it('an effect whose end cannot be written down is carried out once, and its end is tried once a second', async () => {
  const log = memoryLog({ shards: 1 });
  let carried = 0;
  let tried = 0;
  house = await openHouse({ log: full(log, () => carried > 0, () => { tried++; }), kinds: [counting(() => { carried++; })] });
  const { host } = house.gateway;
  // The one that takes it is there already, so that taking it writes nothing.
  await tell(host, 'y/demo/2', { type: 'be' });
  await tell(host, 'y/demo/1', { type: 'begin' });
  for (let i = 0; i < 200; i++) await turn();
  expect([carried, tried]).toEqual([1, 1]);
  house.clock.advance(1_000);
  for (let i = 0; i < 200; i++) await turn();
  expect([carried, tried]).toEqual([1, 2]);
});

/** Refuses records with changes while `when`. */
function full(log: MemoryLog, when: () => boolean, tried: () => void = () => undefined): MemoryLog {
  const append = log.append.bind(log);
  log.append = async (shard, expected, record) => {
    if (!when() || decodeRecord(record).changes.length === 0) return append(shard, expected, record);
    tried();
    await turn();
    throw new LogRefusal('unavailable', 'The disk is full.');
  };
  return log;
}

/** An actor with one effect, which another of its kind takes without a word. */
function counting(carry: () => void): Kind<ActorState> {
  const empty: ActorState = { timers: [], outbox: [] };
  return {
    prefix: 'y',
    step(_id, state, command, at) {
      const reply = { seq: 0, n: 0, at, repeated: false };
      if (command.type === 'begin') {
        return { state: { ...empty, outbox: [{ n: 1, to: 'y/demo/2', command: { type: 'carry' } }] }, lines: [], reply };
      }
      if (command.type === 'carry') {
        carry();
        return { state: state ?? empty, lines: [], reply };
      }
      return { state: { ...empty }, lines: [], reply };
    },
    mayRepeat: () => undefined,
    freeze: (state) => JSON.stringify(state),
    thaw: (json) => JSON.parse(json) as ActorState,
  };
}
