/** Who is believed alive, by values: when silence counts, and from when. */
import { expect, it } from 'vitest';
import { Detector } from '../../gateway/detector.ts';

function sure(): Detector {
  const detector = new Detector('a');
  detector.anew(0, 0);
  detector.heardSelf(0);
  detector.heard('b', true, 0);
  return detector;
}

it('is unsure until it is told for how long, then names itself and whoever takes', () => {
  const detector = new Detector('b');
  detector.take(true);
  detector.heard('a', true, 0);
  detector.heard('c', false, 0);
  expect([detector.alive, detector.takers(1e9)]).toEqual([['a', 'b', 'c'], []]);
  detector.anew(0, 500);
  detector.heardSelf(10);
  detector.heard('a', true, 10);
  detector.heard('c', false, 10);
  expect([detector.takers(499), detector.takers(500)]).toEqual([[], ['a', 'b']]);
});

it('counts silence from the newest sign, and only while its own pings come back', () => {
  const detector = sure();
  detector.heard('b', true, 500);
  detector.heardSelf(2_400);
  expect(detector.judge(2_499)).toEqual([]);
  detector.heardSelf(2_100);
  expect(detector.judge(2_500)).toEqual([]);
  detector.heardSelf(2_450);
  expect(detector.judge(2_500)).toEqual([{ node: 'b', why: 'frozen' }]);
  expect(detector.alive).toEqual(['a']);
});

it('counts nothing from before it stood still', () => {
  const detector = sure();
  detector.nobody('b');
  detector.nobody('b');
  detector.anew(10_000, 300);
  detector.heardSelf(10_300);
  expect(detector.judge(10_300)).toEqual([]);
  detector.heardSelf(12_000);
  expect(detector.judge(12_000)).toEqual([{ node: 'b', why: 'frozen' }]);
});

it('takes an answer between two that found nobody for a sign of life', () => {
  const detector = sure();
  detector.nobody('b');
  detector.heard('b', true, 100);
  detector.nobody('b');
  expect(detector.judge(200)).toEqual([]);
  detector.nobody('b');
  expect(detector.judge(300)).toEqual([{ node: 'b', why: 'ended' }]);
});

it('knows who was given up, and who left, for a while', () => {
  const detector = sure();
  detector.nobody('b');
  detector.nobody('b');
  detector.judge(0);
  detector.heard('c', true, 0);
  detector.left('c', 0);
  expect([detector.heard('b', true, 1), detector.heard('b', true, 2), detector.heard('c', true, 3)]).toEqual(['back', 'known', 'left']);
  for (let i = 0; i < 1_000; i++) detector.left(`n${i}`, 4);
  expect([detector.heard('c', true, 5), detector.heard('n999', true, 5)]).toEqual(['new', 'left']);
});

it('is not misled by a clock that was set back', () => {
  const detector = sure();
  detector.heardSelf(1_000_000);
  detector.heard('b', true, 1_000_000);
  detector.anew(0, 300);
  expect(detector.judge(2_300)).toEqual([]);
  detector.heardSelf(2_300);
  expect(detector.judge(2_300)).toEqual([{ node: 'b', why: 'frozen' }]);
});

it('takes whoever writes for somebody who may live, until pings find nobody or it is silent; it is none whom it has heard', () => {
  const detector = sure();
  expect([detector.wrote('w', 100, 100), detector.wrote('w', 150, 150), detector.wrote('b', 150, 150)]).toEqual([true, false, false]);
  expect([detector.alive, detector.possible]).toEqual([['a', 'b'], ['a', 'b', 'w']]);
  detector.nobody('w');
  expect([detector.judge(200), detector.possible]).toEqual([[], ['a', 'b', 'w']]);
  detector.nobody('w');
  expect([detector.judge(200), detector.possible]).toEqual([[], ['a', 'b']]);
  // Its last records, late.
  expect([detector.wrote('w', 90, 300), detector.possible]).toEqual([false, ['a', 'b']]);
});

it('is not told by pings that whoever wrote since it was found ended has ended', () => {
  const detector = sure();
  for (let i = 0; i < 2; i++) detector.nobody('b');
  detector.judge(0);
  expect([detector.wrote('b', 100, 100), detector.alive, detector.possible]).toEqual([true, ['a'], ['a', 'b']]);
  for (let i = 0; i < 9; i++) detector.nobody('b');
  detector.heardSelf(2_000);
  detector.judge(2_099);
  expect(detector.possible).toEqual(['a', 'b']);
  detector.judge(2_100);
  expect(detector.possible).toEqual(['a']);
  expect([detector.heard('b', true, 2_200), detector.alive]).toEqual(['back', ['a', 'b']]);
});

it('takes a record for a sign of life of one that is silent', () => {
  const detector = sure();
  detector.wrote('b', 1_900, 1_900);
  detector.heardSelf(3_800);
  expect(detector.judge(3_800)).toEqual([]);
  detector.left('b', 3_900);
  expect([detector.wrote('b', 4_000, 4_000), detector.possible]).toEqual([false, ['a']]);
});

it('takes a record for as young as it is, not as its coming, and for no younger', () => {
  const detector = sure();
  detector.heardSelf(2_000);
  expect(detector.judge(2_000)).toEqual([{ node: 'b', why: 'frozen' }]);
  // What one that is behind reads of it now.
  expect([detector.wrote('b', 100, 2_100), detector.wrote('w', 100, 2_100), detector.possible]).toEqual([false, false, ['a']]);
  expect([detector.wrote('w', 9_000, 2_100), detector.possible]).toEqual([true, ['a', 'w']]);
  detector.heardSelf(4_100);
  detector.judge(4_100);
  expect(detector.possible).toEqual(['a']);
});

it('takes what an ended one wrote later, by its own clock, for a sign that it lives', () => {
  const detector = sure();
  for (let i = 0; i < 2; i++) detector.nobody('b');
  expect(detector.judge(1_000)).toEqual([{ node: 'b', why: 'ended' }]);
  expect([detector.wrote('b', 1_000, 1_100), detector.wrote('b', 1_001, 1_100), detector.possible]).toEqual([false, true, ['a', 'b']]);
  for (let i = 0; i < 9; i++) detector.nobody('b');
  detector.judge(1_200);
  expect(detector.possible).toEqual(['a', 'b']);
});

it('takes nothing before each of those who may live has given a sign, or is given up', () => {
  const detector = sure();
  detector.take(true);
  expect([detector.awaits(), detector.takers(0)]).toEqual([false, ['a', 'b']]);
  for (const node of ['silent', 'ended', 'writer']) detector.named(node, 0);
  expect([detector.awaits(), detector.takers(1_000), detector.awaits(250, 250), detector.awaits(251, 250)]).toEqual([true, [], false, true]);
  for (let i = 0; i < 2; i++) detector.nobody('ended');
  detector.heard('b', true, 1_990);
  detector.heardSelf(1_990);
  detector.judge(2_000);
  expect([detector.possible, detector.awaits()]).toEqual([['a', 'b'], false]);
  detector.named('writer', 3_000);
  expect([detector.possible, detector.awaits()]).toEqual([['a', 'b'], false]);
});

it('takes a record for a sign only when it was written since the waiting began', () => {
  const detector = sure();
  detector.named('w', 100);
  detector.wrote('w', 99, 150);
  expect(detector.awaits()).toBe(true);
  detector.wrote('w', 101, 150);
  expect(detector.awaits()).toBe(false);
});

it('takes nothing for a sign of life that may have been said before it stood still: its own ping says that what follows was not', () => {
  const detector = sure();
  detector.take(true);
  detector.anew(10_000, 300);
  detector.heard('b', true, 10_000);
  detector.heard('new', true, 10_000);
  expect([detector.awaits(), detector.takers(10_300)]).toEqual([true, []]);
  detector.heardSelf(10_010);
  detector.heard('b', true, 10_010);
  expect(detector.awaits()).toBe(true);
  detector.heard('new', true, 10_020);
  expect([detector.awaits(), detector.takers(10_300)]).toEqual([false, ['a', 'b', 'new']]);
});
