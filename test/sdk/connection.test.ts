/** The connection's reducer: whatever happens in whatever order, it leaks nothing and finds its way back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initial, step, type Effect, type Event, type State, type Timer } from '../../sdk/connection.ts';
import { backoff } from '../../sdk/dial.ts';

const { settings } = initial;

/** The world around the reducer: which sockets are open, which timers run, which questions are asked. */
class World {
  state: State = initial;
  now = 0;
  readonly open = new Set<number>();
  readonly timers = new Set<Timer>();
  readonly asked = new Set<number>();
  effects: Effect[] = [];

  do(event: Event, chance = 0.5): this {
    const [state, effects] = step(this.state, event, { at: (this.now += 1), chance });
    this.state = state;
    this.effects = effects;
    for (const effect of effects) {
      if (effect.do === 'open') this.open.add(effect.socket);
      if (effect.do === 'close') this.open.delete(effect.socket);
      if (effect.do === 'fetch') this.asked.add(effect.ask);
      if (effect.do === 'arm') this.timers.add(effect.timer);
      if (effect.do === 'still') this.timers.clear();
      if (effect.do === 'hello') expect(this.open).toContain(effect.socket);
    }
    if (event.type === 'closed') this.open.delete(event.socket);
    this.check();
    return this;
  }

  check(): void {
    const { phase } = this.state;
    const dial = phase.at === 'live' || phase.at === 'dialing' ? phase.dial : null;
    const used = new Set([...(phase.at === 'live' ? [phase.socket] : []), ...(dial?.at === 'opening' ? [dial.socket] : [])]);
    expect(this.open).toEqual(used);
    // No state waits for ever: something is armed that leads out of it.
    if (dial !== null || phase.at === 'offline') expect(this.timers).toContain('dial');
    if (phase.at === 'live') expect(this.timers).toContain('quiet');
    if (phase.at === 'paused' || phase.at === 'stopped') expect(this.timers.size).toBe(0);
  }

  fire(timer: Timer, heardAt = -1e9): this {
    if (!this.timers.delete(timer)) return this;
    return this.do({ type: 'timer', timer, heardAt });
  }

  /** The network, the gateway and getToken all work from now on. */
  recover(): this {
    if (this.state.phase.at === 'stopped') this.do({ type: 'identify', token: 'fresh' });
    this.do({ type: 'network', online: true }).do({ type: 'resume' });
    for (let turn = 0; turn < 6; turn++) {
      const { phase } = this.state;
      if (phase.at === 'live' && phase.dial === null) break;
      const dial = phase.at === 'live' || phase.at === 'dialing' ? phase.dial : null;
      if (dial?.at === 'token') this.do({ type: 'token', ask: dial.ask, token: 'fresh' });
      else if (dial?.at === 'opening') this.do({ type: 'opened', socket: dial.socket }).do({ type: 'welcome', socket: dial.socket, settings });
      else this.fire('dial');
    }
    return this;
  }
}

const up = (): World => new World().recover();
const liveSocket = (world: World): number => (world.state.phase.at === 'live' ? world.state.phase.socket : -1);

/** Events with numbers that may be current, old, or never were. */
const events = (): fc.Arbitrary<(world: World) => void> => {
  const number = fc.integer({ min: -2, max: 0 });
  const of = (world: World, back: number): number => world.state.count + back;
  const code = fc.constantFrom(1000, 1006, 4000, 4001, 4002, 4100, 4101);
  return fc.oneof(
    fc.constant((world: World) => void world.do({ type: 'resume' })),
    fc.constantFrom('background' as const, 'closed' as const).map((because) => (world: World) => void world.do({ type: 'pause', because })),
    fc.boolean().map((online) => (world: World) => void world.do({ type: 'network', online })),
    number.map((back) => (world: World) => void world.do({ type: 'token', ask: of(world, back), token: 'token' })),
    fc.tuple(number, fc.constantFrom(null, null, { code: 4190, detail: '' })).map(([back, final]) => (world: World) => void world.do({ type: 'noToken', ask: of(world, back), final })),
    fc.constant((world: World) => void world.do({ type: 'identify', token: 'other' })),
    number.map((back) => (world: World) => void world.do({ type: 'opened', socket: of(world, back) })),
    number.map((back) => (world: World) => void world.do({ type: 'welcome', socket: of(world, back), settings })),
    fc.tuple(number, fc.oneof(code, code, fc.constant(4203))).map(([back, why]) => (world: World) => {
      if (world.open.has(of(world, back))) world.do({ type: 'closed', socket: of(world, back), code: why, detail: '' });
    }),
    number.map((back) => (world: World) => void world.do({ type: 'reauth', socket: of(world, back) })),
    number.map((back) => (world: World) => void world.do({ type: 'goaway', socket: of(world, back), spreadMs: 1_000 })),
    fc.constantFrom<Timer>('dial', 'quiet', 'probe', 'renewal').map((timer) => (world: World) => void world.fire(timer)),
    fc.constantFrom<Timer>('quiet', 'probe').map((timer) => (world: World) => void world.fire(timer, world.now)),
  );
};

test('after any history it leaks no socket, waits for nothing without end, and comes back', () => {
  fc.assert(
    fc.property(fc.array(events(), { maxLength: 40 }), (history) => {
      const world = new World();
      for (const happen of history) happen(world);
      world.recover();
      expect(world.state.phase).toMatchObject({ at: 'live', dial: null });
    }),
    { numRuns: 2_000 },
  );
});

describe('backoff', () => {
  test('the first try is made at once, then full jitter up to a ceiling', () => {
    expect([0, 1, 2, 3, 20].map((attempt) => backoff(attempt, 1, settings))).toEqual([0, 500, 1_000, 2_000, 20_000]);
    expect(backoff(5, 0, settings)).toBe(0);
    expect(backoff(5, 0.25, settings)).toBe(2_000);
    expect(backoff(100_000, 1, settings)).toBe(20_000);
  });

  test('a connection that lasted 10 s is replaced at once; a shorter one is not', () => {
    const short = up();
    short.do({ type: 'closed', socket: liveSocket(short), code: 1006, detail: '' });
    expect(short.state.phase).toMatchObject({ at: 'dialing', dial: { at: 'waiting', because: 'network' } });
    const long = up();
    long.now += 10_000;
    long.do({ type: 'closed', socket: liveSocket(long), code: 1006, detail: '' });
    expect(long.state.phase).toMatchObject({ at: 'dialing', dial: { at: 'opening' } });
  });

  test('the server names the pace', () => {
    const world = new World().do({ type: 'resume' }).do({ type: 'token', ask: 1, token: 'token' });
    world.do({ type: 'welcome', socket: 2, settings: { ...settings, backoffMs: 4_000, backoffMaxMs: 4_000 } });
    world.do({ type: 'closed', socket: 2, code: 4000, detail: '' }, 1);
    expect(world.effects).toContainEqual({ do: 'arm', timer: 'dial', ms: 4_000 });
  });
});

test('silence for two heartbeats ends the socket; any frame puts that off', () => {
  const world = up();
  const first = liveSocket(world);
  world.now += 55_000;
  world.fire('quiet', world.now - 10_000);
  expect(liveSocket(world)).toBe(first);
  expect(world.effects).toEqual([{ do: 'arm', timer: 'quiet', ms: expect.closeTo(42_500, -2) }]);
  world.now += 60_000;
  world.fire('quiet', world.now - 60_000);
  expect(liveSocket(world)).toBe(-1);
});

test('a probe that is not answered in 2.5 s ends the socket; an answer keeps it', () => {
  const world = up().do({ type: 'resume' });
  expect(world.effects).toEqual([{ do: 'ping' }, { do: 'arm', timer: 'probe', ms: 2_500 }]);
  world.now += 2_500;
  world.fire('probe', world.now - 1_000);
  expect(world.state.phase.at).toBe('live');
  world.do({ type: 'resume' });
  world.now += 2_500;
  world.fire('probe', world.now - 2_600);
  expect(world.state.phase.at).toBe('dialing');
});

test('a token is renewed on the socket, again and again until there is one, without reconnecting', () => {
  const world = up();
  const socket = liveSocket(world);
  world.do({ type: 'reauth', socket });
  const ask = world.state.count;
  expect(world.effects).toContainEqual({ do: 'fetch', ask, reason: 'expired' });
  world.do({ type: 'noToken', ask, final: null });
  world.fire('renewal');
  world.do({ type: 'token', ask: world.state.count, token: 'renewed' });
  expect(world.effects).toEqual([{ do: 'auth', token: 'renewed' }]);
  expect(liveSocket(world)).toBe(socket);
});

test('goaway: the old socket lives until the new one is welcome, and only one is opened', () => {
  const world = up();
  const old = liveSocket(world);
  world.do({ type: 'goaway', socket: old, spreadMs: 1_000 }, 0.3);
  expect(world.effects).toEqual([{ do: 'arm', timer: 'dial', ms: 300 }]);
  world.do({ type: 'goaway', socket: old, spreadMs: 1_000 });
  world.fire('dial');
  expect(liveSocket(world)).toBe(old);
  const next = world.state.count;
  world.do({ type: 'opened', socket: next }).do({ type: 'welcome', socket: next, settings });
  expect(liveSocket(world)).toBe(next);
  expect(world.effects.map((effect) => effect.do)).toEqual(['still', 'adopt', 'close', 'arm']);
  expect(world.effects[2]).toEqual({ do: 'close', socket: old, bye: 'moved' });
});

test('goaway: whatever failed before, the tries for the next socket begin anew', () => {
  const world = up();
  for (let drop = 0; drop < 6; drop++) world.do({ type: 'closed', socket: liveSocket(world), code: 1006, detail: '' }, 1).recover();
  world.do({ type: 'goaway', socket: liveSocket(world), spreadMs: 0 }).fire('dial');
  world.do({ type: 'closed', socket: world.state.count, code: 1006, detail: '' }, 1);
  expect(world.effects).toContainEqual({ do: 'arm', timer: 'dial', ms: settings.backoffMs });
});

test('a refused token is not shown twice, and a final closing is final', () => {
  const world = up();
  world.do({ type: 'closed', socket: liveSocket(world), code: 4101, detail: '' });
  world.fire('dial');
  expect(world.effects).toContainEqual({ do: 'fetch', ask: world.state.count, reason: 'refused' });
  const other = up();
  other.do({ type: 'closed', socket: liveSocket(other), code: 4203, detail: 'version' });
  expect(other.state.phase).toEqual({ at: 'stopped', code: 4203, detail: 'version' });
  other.do({ type: 'resume' }).do({ type: 'network', online: true });
  expect(other.state.phase.at).toBe('stopped');
});

test('offline: nothing is tried until the network is back, but for a look now and then', () => {
  const world = new World().do({ type: 'resume' }).do({ type: 'token', ask: 1, token: 'token' });
  world.do({ type: 'network', online: false }).do({ type: 'closed', socket: 2, code: 1006, detail: '' });
  expect(world.state.phase.at).toBe('offline');
  expect(world.effects).toContainEqual({ do: 'arm', timer: 'dial', ms: 30_000 });
  world.do({ type: 'network', online: true });
  expect(world.state.phase).toMatchObject({ at: 'dialing', dial: { at: 'opening' } });
});
