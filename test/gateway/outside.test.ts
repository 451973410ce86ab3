/** Effects that go outside, in a whole gateway with a real server beside it: at least once, and never again once the result stands. */
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ActorCommand, ActorState, Effect, Kind } from '../../machines/actor.ts';
import { outsideOf, type Called } from '../../machines/flows/call.ts';
import { handClock } from '../../gateway/clock.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { START } from '../machines/talk.ts';
import { Crm, json, status, turns } from './crm.ts';
import { openHouse, type House } from './house.ts';

interface Asker extends ActorState {
  readonly outbox: readonly Effect[];
  readonly effects: number;
  /** What came of its calls, each as often as it was applied. */
  readonly heard: readonly string[];
}
type Command = { type: 'ask'; call: ActorCommand } | { type: 'drop' } | Called | { type: 'effectDone'; n: number };

/** An actor that calls out when it is told to. */
const asker: Kind<Asker> = {
  prefix: 'q',
  step(id, state = { timers: [], outbox: [], effects: 0, heard: [] }, given, at) {
    const command = given as Command;
    const done = (next: Asker) => ({ state: next, lines: [], reply: { seq: 0, n: 0, at, repeated: false } });
    switch (command.type) {
      case 'ask': {
        const n = state.effects + 1;
        return done({ ...state, effects: n, outbox: [...state.outbox, { n, to: outsideOf('demo', id), command: command.call }] });
      }
      case 'drop': return done({ ...state, outbox: [] });
      case 'called': case 'effectDone': {
        if (!state.outbox.some(({ n }) => n === command.n)) return done(state);
        const what = command.type === 'called' ? JSON.stringify(command.outcome) : 'nothing';
        return done({ ...state, outbox: state.outbox.filter(({ n }) => n !== command.n), heard: [...state.heard, what] });
      }
    }
  },
  mayRepeat: () => undefined,
  freeze: (state) => JSON.stringify(state),
  thaw: (text) => JSON.parse(text) as Asker,
};

let crm: Crm;
const houses: House[] = [];
beforeEach(async () => { crm = await new Crm().open(); });
afterEach(async () => {
  for (const house of houses.splice(0)) await house.close();
  await crm.close();
});

async function open(log = memoryLog({ shards: 2 }), clock = handClock(START)): Promise<House> {
  const settings = { workspaces: { demo: { http: { allow: [`127.0.0.1:${crm.port}`] } } } };
  const house = await openHouse({ log, clock, settings, kinds: [asker as unknown as Kind<ActorState>] });
  houses.push(house);
  return house;
}
const tell = (house: House, command: Command, actor = 'q/demo/1'): Promise<unknown> =>
  new Promise((resolve) => { house.gateway.host.tell(actor, command as ActorCommand, resolve); });
const heard = (house: House, actor = 'q/demo/1'): Promise<readonly string[]> =>
  new Promise((resolve) => { house.gateway.host.peek(actor, (state) => resolve((state as Asker | undefined)?.heard ?? [])); });
const ask = (change = {}): Command => ({ type: 'ask', call: crm.call(change) });

it('the request goes out after the commit, and its result is applied once', async () => {
  crm.handle = json({ customerType: 'VIP' });
  const house = await open();
  await tell(house, ask());
  await house.gateway.host.quiet('q/demo/1');
  expect(await heard(house)).toEqual(['{"values":{"vars.customerType":"VIP"}}']);
  expect(crm.came.length).toBe(1);
});

it('calls of one conversation go one after the other', async () => {
  const house = await open();
  crm.handle = (_request, response) => { setImmediate(() => response.end(`{"customerType":"${crm.came.length}"}`)); };
  await Promise.all([tell(house, ask()), tell(house, ask()), tell(house, ask())]);
  await house.gateway.host.quiet('q/demo/1');
  expect(await heard(house)).toEqual(['1', '2', '3'].map((nth) => `{"values":{"vars.customerType":"${nth}"}}`));
});

it('a call that is no longer wanted is not tried again', async () => {
  crm.handle = status(503);
  const house = await open();
  await tell(house, ask({ retries: 5 }));
  await crm.until(1);
  await tell(house, { type: 'drop' });
  for (let i = 0; i < 20; i++) {
    house.clock.advance(10_000);
    await turns(5);
  }
  expect(crm.came.length).toBe(1);
  expect(await heard(house)).toEqual([]);
});

it('a node that stops between request and answer asks again at its next start, under the same key; the result is applied once', async () => {
  const log = memoryLog({ shards: 2 });
  let gone: Promise<unknown> | undefined;
  crm.handle = (_request, response) => { gone = once(response, 'close'); };
  const house = await open(log.share());
  await tell(house, ask());
  await crm.until(1);
  await house.close();
  await gone;
  crm.handle = json({ customerType: 'VIP' });
  const next = await open(log.share());
  await next.gateway.host.quiet('q/demo/1');
  expect(await heard(next)).toEqual(['{"values":{"vars.customerType":"VIP"}}']);
  const [first, second, ...more] = crm.came.map(({ headers }) => headers['idempotency-key']);
  expect([second, more]).toEqual([first, []]);
  await next.close();
  const last = await open(log.share());
  await turns(50);
  expect([crm.came.length, await heard(last)]).toEqual([2, ['{"values":{"vars.customerType":"VIP"}}']]);
});

it('nothing of an answer, no secret and no URL is in what the operator is told', async () => {
  crm.handle = (_request, response) => void response.writeHead(500).end('canary of the answer');
  const house = await open();
  await tell(house, ask({ url: `http://127.0.0.1:${crm.port}/canary-of-the-url`, headers: [{ name: 'X', value: [{ secret: 'canary-secret' }] }] }));
  await tell(house, ask({ url: `http://127.0.0.1:${crm.port}/canary-of-the-url` }));
  await house.gateway.host.quiet('q/demo/1');
  expect(await heard(house)).toEqual(['{"why":"there is no secret \\"canary-secret\\" in the settings file"}', '{"why":"HTTP 500"}']);
  expect(JSON.stringify(house.reports)).not.toContain('canary');
});
