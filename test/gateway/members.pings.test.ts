/** Pings in memory, with time by hand: they keep the contract, and how long each thing takes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Members } from '../../gateway/members.ts';
import { belief, membersContract } from '../contracts/members.ts';
import { Nodes } from './members.stage.ts';

membersContract('pings in memory', async () => new Nodes());

describe('pings', () => {
  let nodes: Nodes;
  let [a, b, c] = [] as unknown as [Members, Members, Members];
  beforeEach(async () => {
    nodes = new Nodes();
    [a, b, c] = [await nodes.members('a'), await nodes.members('b'), await nodes.members('c')];
    for (const node of [a, b, c]) node.join();
    await nodes.until(() => [a, b, c].every((node) => belief(node) === 'a b c | a b c'));
  });
  afterEach(() => nodes.end());

  const deaths = (): unknown[] => nodes.reports.lines.filter(({ what }) => what === 'a node is dead').map(({ facts }) => facts);

  it('change nothing while all is well', async () => {
    let calls = 0;
    for (const node of [a, b, c]) { node.onChange(() => calls++); node.onReturn(() => calls++); }
    await nodes.pass(60_000);
    expect(calls).toBe(0);
  });

  it('give up an ended process within 0.2 s, by two answers and not by one', async () => {
    await nodes.kill('b');
    await nodes.pass(100);
    expect(belief(a)).toBe('a b c | a b c');
    expect(100 + await nodes.until(() => belief(a) === 'a c | a c')).toBeLessThanOrEqual(200);
    expect(deaths()[0]).toEqual({ node: 'b', why: 'ended' });
  });

  it('give up a frozen process after 2 s, not before, and within 2.3 s', async () => {
    await nodes.freeze('b');
    await nodes.pass(1_900);
    expect(belief(a)).toBe('a b c | a b c');
    expect(1_900 + await nodes.until(() => belief(a) === 'a c | a c' && belief(c) === 'a c | a c')).toBeLessThanOrEqual(2_300);
    expect(deaths()).toEqual([{ node: 'b', why: 'frozen' }, { node: 'b', why: 'frozen' }]);
  });

  it('do not give up a node for a short silence, or for being cut off for a moment, though it knows it was away', async () => {
    let returns = 0;
    b.onReturn(() => returns++);
    await nodes.freeze('b');
    await nodes.pass(1_500);
    await nodes.thaw('b');
    expect(returns).toBe(1);
    await nodes.cut('c');
    await nodes.pass(90);
    await nodes.heal('c');
    await nodes.pass(10_000);
    expect(deaths()).toEqual([]);
  });

  it('blame nobody for their own standstill, and take nothing until they have heard who is here', async () => {
    await nodes.freeze('a');
    await nodes.kill('b');
    await nodes.pass(10_000);
    const d = await nodes.members('d');
    d.join();
    await nodes.until(() => belief(d) === 'c d | c d');
    const seen: string[] = [];
    a.onChange(() => seen.push(belief(a)));
    let returns = 0;
    a.onReturn(() => returns++);
    await nodes.thaw('a');
    expect(seen[0]).toBe('a b c | ');
    await nodes.until(() => [a, c, d].every((node) => belief(node) === 'a c d | a c d'));
    expect(seen.filter((each) => each.endsWith(' b'))).toEqual([]);
    expect(returns).toBeGreaterThanOrEqual(1);
  });

  it('take for nobody who can take one that still waits for a word of somebody frozen: it would leave to the dead what others leave to it', async () => {
    await nodes.freeze('b');
    await nodes.pass(1_900);
    const d = await nodes.members('d');
    d.named('b');
    d.join();
    await nodes.until(() => belief(a) === 'a c d | a c');
    expect(belief(d)).toBe('a c d | ');
    await nodes.until(() => [a, c, d].every((node) => belief(node) === 'a c d | a c d'));
    await nodes.freeze('a');
    await nodes.pass(1_200);
    await nodes.freeze('d');
    await nodes.pass(1_000);
    await nodes.thaw('a');
    await nodes.until(() => belief(c) === 'a c | c');
    await nodes.until(() => belief(c) === 'a c | a c');
  });

  it('blame nobody while their own pings do not come back either, nor when the connection then breaks', async () => {
    for (const node of ['a', 'b', 'c']) nodes.part('a', node);
    await nodes.pass(2_900);
    await nodes.cut('a');
    nodes.unite();
    await nodes.pass(500);
    await nodes.heal('a');
    await nodes.until(() => [a, b, c].every((node) => belief(node) === 'a b c | a b c'));
    expect(deaths()).toEqual([{ node: 'a', why: 'frozen' }, { node: 'a', why: 'frozen' }]);
  });

  it('blame nobody when the server was away and all come back one after the other', async () => {
    for (const node of ['a', 'b', 'c']) await nodes.cut(node);
    await nodes.pass(30_000);
    expect(belief(a)).toBe('a b c | a b c');
    for (const node of ['a', 'b', 'c']) {
      await nodes.heal(node);
      await nodes.pass(300);
    }
    await nodes.until(() => [a, b, c].every((node) => belief(node) === 'a b c | a b c'));
    await nodes.pass(5_000);
    expect(deaths()).toEqual([]);
  });

  it('notice a node that did not come back with the server', async () => {
    for (const node of ['a', 'b', 'c']) await nodes.cut(node);
    await nodes.kill('b');
    await nodes.pass(5_000);
    await nodes.heal('a');
    await nodes.heal('c');
    expect(await nodes.until(() => belief(a) === 'a c | a c')).toBeLessThanOrEqual(1_300);
  });

  it('say that they are back once words can leave again', async () => {
    let returns = 0;
    b.onReturn(() => returns++);
    await nodes.cut('b');
    await nodes.freeze('b');
    await nodes.pass(1_000);
    await nodes.thaw('b');
    await nodes.pass(1_000);
    expect(returns).toBe(0);
    await nodes.heal('b');
    await nodes.pass(200);
    expect(returns).toBe(1);
  });

  it('hear a farewell at once, and nothing that was said before and comes after', async () => {
    await b.close();
    await nodes.pass(10);
    expect([belief(a), belief(c)]).toEqual(['a c | a c', 'a c | a c']);
    nodes.stranger('x').publish('hello', Buffer.from('+b'));
    await nodes.pass(1_000);
    expect([belief(a), deaths()]).toEqual(['a c | a c', []]);
  });

  it('tell a node that it was given up: what others had of it may be gone, though it has noticed nothing', async () => {
    let returns = 0;
    b.onReturn(() => returns++);
    nodes.part('a', 'b');
    await nodes.until(() => belief(a) === 'a c | a c');
    expect([belief(c), returns]).toEqual(['a b c | a b c', 0]);
    nodes.unite();
    await nodes.until(() => belief(a) === 'a b c | a b c' && belief(b) === 'a b c | a b c');
    await nodes.until(() => returns > 0);
  });

  it('name no taker before they know who was here first', async () => {
    const d = await nodes.members('d');
    d.join();
    const seen = new Set<string>();
    d.onChange(() => seen.add(d.takers.join(' ')));
    await nodes.until(() => belief(d) === 'a b c d | a b c d');
    expect([...seen]).toEqual(['', 'a b c d']);
  });

  it('let words pass that they do not know', async () => {
    const bus = nodes.stranger('x');
    for (const word of ['', '?', '+', '+a b', '{}', `-${'n'.repeat(300)}`]) {
      bus.publish('hello', Buffer.from(word));
      bus.publish('ping.a', Buffer.from(word));
      bus.publish('bye', Buffer.from(word));
    }
    await nodes.pass(1_000);
    expect(belief(a)).toBe('a b c | a b c');
  });
});
