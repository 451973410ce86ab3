/** Effects on their way: in order for one target, at once for many, and none lost whatever answers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActorCommand, Effect } from '../../machines/actor.ts';
import type { Called } from '../../machines/flows/call.ts';
import type { OutsideCaller } from '../../gateway/caller.ts';
import { handClock } from '../../gateway/clock.ts';
import { Delivery } from '../../gateway/delivery.ts';
import type { Answer } from '../../gateway/resident.ts';
import { Refusal, type CodeName } from '../../sdk/protocol/codes.ts';

const FINE: Answer = { seq: 0, n: 0, at: 0, repeated: false };
const effect = (n: number, to: string): Effect => ({ n, to, command: { type: 'hello' } });
const NOBODY = { call: () => Promise.resolve(undefined), close: () => undefined };
const later = (): Refusal => new Refusal('storeUnavailable', '', 1_000);

/** An actor with effects, and a world that answers when the test says so. */
function stage(outside: OutsideCaller = NOBODY) {
  const clock = handClock(0);
  const asked: { to: string; n: number; command: ActorCommand; done(answer: Answer): void }[] = [];
  const reports: string[] = [];
  let outbox: readonly Effect[] = [];
  let closed = false;
  const delivery = new Delivery('c/me', {
    clock, epoch: () => 1, outside, report: (_level, what) => { reports.push(what); }, closed: () => closed,
    tell: (to, command, done) => { asked.push({ to, n: (command as ActorCommand & { n: number }).n, command, done }); },
  });
  /** Answers the oldest question to that actor. */
  const answer = (to: string, what: Answer = FINE): number => {
    const [found] = asked.splice(asked.findIndex((one) => one.to === to), 1);
    if (found === undefined) throw new Error(`nobody has asked ${to}`);
    found.done(what);
    return found.n;
  };
  return {
    clock, asked, reports, answer,
    hear(next: readonly Effect[]) { outbox = next; delivery.hear(outbox); },
    /** The actor lets go of what was carried out, and that is durable. */
    let(): number {
      const n = answer('c/me');
      outbox = outbox.filter((one) => one.n !== n);
      delivery.hear(outbox);
      return n;
    },
    close() { closed = true; },
    under: () => asked.map(({ to, n }) => `${to} ${n}`),
  };
}

describe('order', () => {
  it('one target hears in order, each after the last is let go; others do not wait for it', () => {
    const { hear, under, answer, let: letGo } = stage();
    hear([effect(1, 'a'), effect(2, 'a'), effect(3, 'b')]);
    expect(under()).toEqual(['a 1', 'b 3']);
    answer('a');
    expect(under()).toEqual(['b 3', 'c/me 1']);
    letGo();
    expect(under()).toEqual(['b 3', 'a 2']);
  });

  it('what a receiver refuses since another node owns the actor is that one\'s, and not let go here', () => {
    const { hear, under, answer, reports, clock } = stage();
    hear([effect(1, 'a'), effect(2, 'a'), effect(3, 'b')]);
    answer('a', new Refusal('conflict'));
    clock.advance(60_000);
    expect([under(), reports]).toEqual([['b 3'], []]);
  });

  it('64 at once, however many targets there are, and then whoever waited longest', () => {
    const { hear, under, answer } = stage();
    hear(Array.from({ length: 200 }, (_, i) => effect(i + 1, `t${i + 1}`)));
    expect(under().length).toBe(64);
    answer('t7');
    expect(under().filter((one) => one.startsWith('t')).at(-1)).toBe('t65 65');
  });

  it('what a later effect has replaced, before anybody heard of it, is said to nobody', () => {
    const { hear, under, answer, let: letGo } = stage();
    hear([effect(1, 'a'), effect(2, 'a')]);
    hear([effect(1, 'a'), effect(3, 'a')]);
    answer('a');
    letGo();
    expect(under()).toEqual(['a 3']);
  });

  it('what was replaced while it was on its way is not let go once more', () => {
    const { hear, under, answer } = stage();
    hear([effect(1, 'a')]);
    hear([effect(2, 'a')]);
    answer('a');
    expect(under()).toEqual(['a 2']);
  });
});

describe('an answer that is none', () => {
  it('for now: the same again after a second, and nothing overtakes it', () => {
    const { hear, under, answer, clock } = stage();
    hear([effect(1, 'a'), effect(2, 'a'), effect(3, 'b')]);
    answer('a', later());
    hear([effect(1, 'a'), effect(2, 'a'), effect(3, 'b'), effect(4, 'a')]);
    expect(under()).toEqual(['b 3']);
    clock.advance(1_000);
    expect(under()).toEqual(['b 3', 'a 1']);
  });

  it.each<CodeName>(['quarantined', 'damaged'])('%s: it stays, and what is behind it for that target; the others go on', (name) => {
    const { hear, under, answer, let: letGo, reports, clock } = stage();
    hear([effect(1, 'a'), effect(2, 'a'), effect(3, 'b')]);
    answer('a', new Refusal(name));
    answer('b');
    expect(letGo()).toBe(3);
    clock.advance(3_600_000);
    expect(under()).toEqual([]);
    expect(reports).toEqual(['an effect was refused and is kept for the next start']);
  });

  it('for good: it is dropped with a report, and the next goes', () => {
    const { hear, under, answer, let: letGo, reports } = stage();
    hear([effect(1, 'a'), effect(2, 'a')]);
    answer('a', new Refusal('notFound'));
    expect(letGo()).toBe(1);
    expect(under()).toEqual(['a 2']);
    expect(reports).toEqual(['an effect was refused and is dropped']);
  });

  it('of the actor itself, which cannot let go now: it is asked again, and the target is not', () => {
    const { hear, under, answer, let: letGo, clock } = stage();
    hear([effect(1, 'a'), effect(2, 'a')]);
    answer('a');
    answer('c/me', later());
    expect(under()).toEqual([]);
    clock.advance(1_000);
    expect(letGo()).toBe(1);
    expect(under()).toEqual(['a 2']);
  });

  it('of the actor itself, which takes nothing more: the rest stays for the next start', () => {
    const { hear, under, answer, clock } = stage();
    hear([effect(1, 'a'), effect(2, 'a')]);
    answer('a');
    answer('c/me', new Refusal('quarantined'));
    clock.advance(3_600_000);
    expect(under()).toEqual([]);
  });
});

describe('outside', () => {
  const called = (n: number): Called => ({ type: 'called', n, outcome: { values: {} } });

  /** An actor whose effects go outside, where the test says what comes of them. */
  function outdoors() {
    const calls: { n: number; wanted(): boolean; done(what: Called | undefined): void; fail(error: Error): void }[] = [];
    const base = stage({
      call: (_actor, { n }, wanted) => new Promise((done, fail) => { calls.push({ n, wanted: () => wanted() === true, done, fail }); }),
      close: () => undefined,
    });
    const settle = async (n: number, wanted = true): Promise<void> => {
      const [one] = calls.splice(calls.findIndex((call) => call.n === n), 1);
      one?.done(wanted ? called(n) : undefined);
      await new Promise((resolve) => { setImmediate(resolve); });
    };
    return { ...base, calls, settle, out: () => calls.map(({ n }) => n) };
  }
  const call = (n: number, to = 'x/demo/1'): Effect => ({ n, to, command: { type: 'call' } });

  it('the actor is told what came of it, lets go by that alone, and only then the next goes', async () => {
    const { hear, out, settle, under, answer, asked } = outdoors();
    hear([call(1), call(2), effect(3, 'a')]);
    expect([out(), under()]).toEqual([[1], ['a 3']]);
    await settle(1);
    expect([out(), under()]).toEqual([[], ['a 3', 'c/me 1']]);
    expect(asked.at(-1)?.command).toEqual(called(1));
    answer('c/me');
    hear([call(2), effect(3, 'a')]);
    expect([out(), under()]).toEqual([[2], ['a 3']]);
  });

  it('an actor that cannot take it now is told again, and nothing is called again', async () => {
    const { hear, out, settle, under, answer, clock } = outdoors();
    hear([call(1)]);
    await settle(1);
    for (let i = 0; i < 3; i++) {
      answer('c/me', later());
      expect([out(), under()]).toEqual([[], []]);
      clock.advance(1_000);
      expect([out(), under()]).toEqual([[], ['c/me 1']]);
    }
    answer('c/me');
    hear([]);
    clock.advance(60_000);
    expect([out(), under()]).toEqual([[], []]);
  });

  it('an actor that takes nothing more keeps it for the next start', async () => {
    const { hear, out, settle, under, answer, clock, reports } = outdoors();
    hear([call(1), call(2)]);
    await settle(1);
    answer('c/me', new Refusal('quarantined'));
    clock.advance(3_600_000);
    expect([out(), under()]).toEqual([[], []]);
    expect(reports).toEqual(['an effect was refused and is kept for the next start']);
  });

  it('an actor that will never take it lets go of it', async () => {
    const { hear, settle, under, answer, out } = outdoors();
    hear([call(1), call(2)]);
    await settle(1);
    answer('c/me', new Refusal('notFound'));
    expect(under()).toEqual(['c/me 1']);
    answer('c/me');
    hear([call(2)]);
    expect(out()).toEqual([2]);
  });

  it('what is no longer wanted is known to be so, and the next goes', async () => {
    const { hear, calls, settle, out } = outdoors();
    hear([call(1)]);
    const [first] = calls;
    expect(first?.wanted()).toBe(true);
    hear([call(2)]);
    expect(first?.wanted()).toBe(false);
    await settle(1, false);
    expect(out()).toEqual([2]);
  });

  it('a bug in the caller is reported, and the rest of the actor goes on', async () => {
    const { hear, calls, reports, under } = outdoors();
    hear([call(1), call(2)]);
    calls.shift()?.fail(new Error('a bug'));
    await new Promise((resolve) => { setImmediate(resolve); });
    hear([call(1), call(2), effect(3, 'a')]);
    expect(reports).toEqual(['a call of a flow failed in the node itself, and is kept for the next start']);
    expect(under()).toEqual(['a 3']);
  });

  it('once the host closes, nobody is told of what comes back', async () => {
    const { hear, settle, under, close } = outdoors();
    hear([call(1)]);
    close();
    await settle(1);
    expect(under()).toEqual([]);
  });
});

it('nothing begins once the host closes, nor comes back', () => {
  const { hear, under, answer, close, clock } = stage();
  hear([effect(1, 'a'), effect(2, 'b')]);
  answer('b', later());
  close();
  hear([effect(1, 'a'), effect(2, 'b'), effect(3, 'c')]);
  clock.advance(10_000);
  expect(under()).toEqual(['a 1']);
});

it('an outbox of thousands: each step looks at what is new, and answers that come at once do not pile up', () => {
  let reads = 0;
  const told: number[] = [];
  const delivery = new Delivery('c/me', {
    clock: handClock(0), epoch: () => 1, outside: NOBODY, report: () => undefined, closed: () => false,
    tell: (to, command, done) => {
      if (to !== 'c/me') told.push((command as ActorCommand & { n: number }).n);
      done(FINE);
    },
  });
  const outbox: Effect[] = [];
  const counted = new Proxy(outbox, { get: (array, key) => { reads++; return Reflect.get(array, key) as unknown; } });
  for (let n = 1; n <= 5_000; n++) {
    outbox.push(effect(n, n % 2 === 0 ? 'one' : `t${n}`));
    if (n > 4_000 || n === 3_000) delivery.hear(counted);
  }
  expect(told.length).toBe(5_000);
  expect(reads).toBeLessThan(5_000 * 60);
});

it('whatever the order of answers: each effect is carried out, none for one target after a later one', () => {
  const targets = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 });
  fc.assert(fc.property(targets, fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 60 }), (list, answers) => {
    const { hear, asked, answer, let: letGo, clock } = stage();
    const heard: Record<string, number[]> = {};
    const effects = list.map((to, i) => effect(i + 1, to));
    hear(effects);
    const turn = (at: number, fine: boolean): void => {
      const to = asked[at % asked.length]?.to;
      if (to === undefined) clock.advance(1_000);
      else if (to === 'c/me' && fine) letGo();
      else if (fine) (heard[to] ??= []).push(answer(to));
      else answer(to, later());
    };
    for (const [at, fine] of answers) turn(at, fine);
    for (let i = 0; i < 200; i++) turn(0, true);
    for (const to of new Set(list)) expect(heard[to]).toEqual(effects.filter((one) => one.to === to).map(({ n }) => n));
  }), { numRuns: 300 });
});
