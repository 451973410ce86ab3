/** Commands for actors that another node owns: how they get there, what is sent again, and when askers are told. */
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../gateway/resident.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';
import { FINE, stage } from './courier.stage.ts';

describe('commands for another node', () => {
  it('travel together when they are asked in one turn, and what one record answers comes back together', async () => {
    const { ask, turn, types, answer, told, words } = await stage();
    for (const type of ['a', 'b', 'c']) ask(type);
    await turn();
    expect(types()).toEqual(['a', 'b', 'c']);
    ask('d');
    ask('e');
    await turn();
    expect(words('edge')).toBe(2);
    const before = words('owner');
    for (let n = 0; n < 5; n++) answer();
    await turn();
    expect(told).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(words('owner') - before).toBe(1);
  });

  it('are answered only when this node has followed to what the answer rests on', async () => {
    const { ask, turn, answer, told, follow, owner } = await stage();
    follow(3);
    ask('a');
    await turn();
    owner.head = 4;
    answer();
    await turn();
    expect(told).toEqual([]);
    follow(4);
    expect(told).toEqual(['a']);
  });

  it('that are refused for now are told so at once, however far behind this node is: what is asked next would pass them', async () => {
    const { ask, turn, types, answer, refuse, told, follow, owner } = await stage();
    follow(3);
    for (const type of ['a', 'b', 'c']) ask(type);
    await turn();
    owner.head = 4;
    answer();
    refuse('storeUnavailable');
    await turn();
    expect(told).toEqual(['b storeUnavailable 5', 'c storeUnavailable 5']);
    follow(4);
    expect(told).toEqual(['b storeUnavailable 5', 'c storeUnavailable 5', 'a']);
    expect(types()).toEqual(['c']);
  });

  it('are refused in the words of the owner', async () => {
    const { courier, turn, refuse } = await stage();
    const answers: Answer[] = [];
    courier.ask('c/1', { type: 'a' }, (answer) => answers.push(answer));
    await turn();
    refuse('storeUnavailable');
    await turn();
    expect(answers).toEqual([new Refusal('storeUnavailable', 'why', 5)]);
    expect(answers[0]).toMatchObject({ name: 'storeUnavailable', detail: 'why', retryAfterMs: 5 });
  });

  it('that do not fit into one word travel in several, in order, and one that fits into none is refused', async () => {
    const { ask, turn, types, told, words } = await stage({ bytesMax: 1_512 });
    for (const type of ['a', 'b', 'c']) ask(type, 'c/1', { text: 'ä'.repeat(300) });
    ask('d', 'c/1', { text: 'ä'.repeat(600) });
    await turn();
    expect(told).toEqual(['d tooLarge 0']);
    expect(types()).toEqual(['a', 'b', 'c']);
    expect(words('edge')).toBe(3);
  });

  it('are refused when too many wait, until some are answered', async () => {
    const { ask, turn, told, answer } = await stage();
    for (let n = 0; n < 5_000; n++) ask('a');
    ask('b');
    expect(told).toEqual(['b overloaded 1000']);
    await turn();
    answer();
    await turn();
    ask('c');
    expect(told).toEqual(['b overloaded 1000', 'a']);
  });

  it('are refused when too many bytes wait', async () => {
    const { ask, told } = await stage();
    for (let n = 0; n < 5; n++) ask('a', 'c/1', { text: 'x'.repeat(1024 * 1024) });
    expect(told).toEqual(['a overloaded 1000']);
  });
});

describe('while the shard has no owner', () => {
  it('commands wait, are tried every 50 ms, and go at once when there is one', async () => {
    const { ask, turn, types, counter, clock, courier, answer, told } = await stage();
    counter.close();
    ask('a');
    await turn();
    ask('b');
    clock.advance(50);
    await turn();
    expect(types()).toEqual([]);
    const opened = counter.open();
    await turn();
    await opened;
    courier.resume();
    await turn();
    expect(types()).toEqual(['a', 'b']);
    answer();
    answer();
    await turn();
    expect(told).toEqual(['a', 'b']);
  });

  it('an owner that nobody spoke of is found', async () => {
    const { ask, turn, types, counter, clock } = await stage();
    counter.close();
    ask('a');
    await turn();
    const opened = counter.open();
    await turn();
    await opened;
    clock.advance(49);
    await turn();
    expect(types()).toEqual([]);
    clock.advance(1);
    await turn();
    expect(types()).toEqual(['a']);
  });

  it('one that gives the shard away tells no asker so: the next one hears everything in order', async () => {
    const { ask, turn, types, refuse, answer, owner, told, clock } = await stage();
    for (const type of ['a', 'b']) ask(type);
    await turn();
    answer();
    refuse('ownerChanging');
    owner.open = false;
    ask('c');
    await turn();
    expect(told).toEqual(['a']);
    clock.advance(200);
    await turn();
    expect(types()).toEqual([]);
    owner.open = true;
    clock.advance(50);
    await turn();
    expect(types()).toEqual(['b', 'c']);
  });

  it('what comes behind a command that was turned away is not taken before it', async () => {
    const { ask, turn, types, refuse } = await stage();
    ask('a');
    await turn();
    refuse('ownerChanging');
    ask('b');
    await turn();
    expect(types()).toEqual([]);
  });

  it('after 15 s a command is refused, and what waits behind it for the same actor; others wait on', async () => {
    const { ask, turn, counter, clock, told } = await stage();
    counter.close();
    ask('a', 'c/1');
    await turn();
    clock.advance(10_000);
    ask('b', 'c/2');
    ask('c', 'c/1');
    await turn();
    clock.advance(4_999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual(['a ownerChanging 1000', 'c ownerChanging 1000']);
    clock.advance(10_000);
    expect(told.slice(2)).toEqual(['b ownerChanging 1000']);
  });
});

describe('a lost word', () => {
  it('of the owner: after 2 s its commands are sent again, not carried out again, and the asker is told once', async () => {
    let deaf = false;
    const { ask, turn, types, answer, clock, told } = await stage({ lose: ({ from }) => deaf && from === 'owner' });
    ask('a');
    await turn();
    deaf = true;
    answer();
    await turn();
    deaf = false;
    clock.advance(1_999);
    await turn();
    expect(told).toEqual([]);
    clock.advance(1);
    await turn();
    expect([types(), told]).toEqual([[], ['a']]);
  });

  it('of the edge: the pack behind it is not taken, and everything comes again in order', async () => {
    let mute = false;
    const { ask, turn, types, clock } = await stage({ lose: ({ from }) => mute && from === 'edge' });
    ask('a');
    await turn();
    mute = true;
    ask('b');
    await turn();
    mute = false;
    ask('c');
    await turn();
    expect(types()).toEqual(['a']);
    clock.advance(50);
    await turn();
    expect(types()).toEqual(['a', 'b', 'c']);
  });

  it('a command that the owner still works on is not given to it again, however slow it is', async () => {
    const { ask, turn, types, answer, clock, told } = await stage();
    ask('a');
    await turn();
    for (let n = 0; n < 5; n++) {
      clock.advance(2_000);
      ask(`b${n}`);
      await turn();
    }
    expect(types()).toEqual(['a', 'b0', 'b1', 'b2', 'b3', 'b4']);
    while (types().length > 0) answer();
    await turn();
    expect(told).toEqual(['a', 'b0', 'b1', 'b2', 'b3', 'b4']);
  });
});

describe('an answer that comes twice', () => {
  it('counts once: what travelled with its command is still waited for', async () => {
    let twice = false;
    const { ask, turn, types, answer, clock, told, follow, owner } = await stage({ twice: ({ from }) => twice && from === 'owner' });
    follow(0);
    owner.head = 1;
    ask('a');
    ask('b');
    await turn();
    twice = true;
    answer();
    await turn();
    twice = false;
    follow(1);
    expect(told).toEqual(['a']);
    answer();
    await turn();
    expect(told).toEqual(['a', 'b']);
    clock.advance(15_000);
    await turn();
    expect(types()).toEqual([]);
  });
});

describe('a courier', () => {
  it('whose node takes the shard gives back what is unanswered, in order, and says nothing of it later', async () => {
    const { ask, turn, courier, answer, told } = await stage();
    for (const type of ['a', 'b', 'c']) ask(type);
    await turn();
    answer();
    await turn();
    const left = courier.drain();
    expect(left.map(({ command }) => command.type)).toEqual(['b', 'c']);
    answer();
    await turn();
    expect(told).toEqual(['a']);
    left[0]?.done(FINE);
    expect(told).toEqual(['a', 'b']);
  });

  it('knows how far the owner is, or that there is none', async () => {
    const { courier, turn, owner, counter } = await stage();
    owner.head = 12;
    const head = courier.head();
    await turn();
    expect(await head).toBe(12);
    owner.open = false;
    const closed = courier.head();
    await turn();
    expect(await closed).toBeUndefined();
    counter.close();
    const none = courier.head();
    await turn();
    expect(await none).toBeUndefined();
  });

  it('does not believe an owner that may have been replaced: it says how far it is once it is sure', async () => {
    const { courier, turn, owner } = await stage();
    owner.head = 12;
    let prove = (_: boolean): void => undefined;
    owner.sure = new Promise((resolve) => { prove = resolve; });
    const heads: (number | undefined)[] = [];
    const ask = (): void => { void courier.head().then((head) => heads.push(head)); };
    ask();
    await turn();
    expect(heads).toEqual([]);
    owner.head = 13;
    prove(true);
    await turn();
    owner.sure = Promise.resolve(false);
    ask();
    await turn();
    await turn();
    expect(heads).toEqual([13, undefined]);
  });

  it('that ends tells everyone who waits', async () => {
    const { ask, turn, courier, told } = await stage();
    ask('a');
    await turn();
    courier.close();
    ask('b');
    expect(told).toEqual(['a ownerChanging 1000', 'b ownerChanging 1000']);
  });
});
