/** The hubs of several nodes: whoever looks at the same thing knows of each other, wherever they are connected. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Who } from '../../machines/actor.ts';
import { memoryNetwork } from '../../gateway/bus.memory.ts';
import { handClock } from '../../gateway/clock.ts';
import { Hub, type Listener } from '../../gateway/hub.ts';
import type { Members } from '../../gateway/members.ts';
import { msgpack } from '../../sdk/protocol/codec.ts';

const CHAT = 'c/demo/1';
const agent = (id: string): Who => ({ role: 'agent', id: `a_${id}`, name: id, identified: true });
const customer = (id: string): Who => ({ role: 'customer', id: `v_${id}`, name: id, identified: false });
const [ADA, BEN, EVE] = [agent('ada'), agent('ben'), customer('eve')];

/** Somebody's connection: what it hears, and whom it thinks to be online. */
class Ear implements Listener {
  readonly codec = msgpack;
  readonly workspace = 'demo';
  readonly who: Who;
  readonly heard: string[] = [];
  readonly online = new Set<string>();
  roster: string[] = [];
  closed = '';

  constructor(who: Who) {
    this.who = who;
  }

  signalled(_actor: string, from: { name: string }, kind: string, value: string): void {
    if (kind !== 'online') return void this.heard.push(`${from.name} ${kind} ${value}`);
    if (value === '1') this.online.add(from.name);
    else this.online.delete(from.name);
  }

  shown(_kind: string, bytes: Uint8Array | string): void {
    const [frame] = msgpack.decodeTold(bytes as Uint8Array);
    if (frame?.t === 'presence') this.roster = frame.people.map(({ name }) => name);
  }

  close(code: string): void { this.closed = code; }
  committed(): void { /* not asked here */ }
  fed(): void { /* nor this */ }
  seated(): void { /* nor this */ }
  configured(): void { /* nor this */ }
}

/** Nodes whose words arrive when a test says so, and which know of each other what it says. */
async function nodes(...names: string[]) {
  const clock = handClock(0);
  const soons: (() => void)[] = [];
  const words: (() => void)[] = [];
  let said = 0;
  const network = memoryNetwork({
    carry: ({ from }, arrive) => {
      if (from === '') return arrive();
      said++;
      words.push(arrive);
    },
  });
  const all = new Map<string, { hub: Hub; members: { alive: string[] }; change(): void; comeBack(): void }>();
  const reports: string[] = [];
  for (const name of names) {
    const [changes, returns] = [new Set<() => void>(), new Set<() => void>()];
    const members: Members & { alive: string[] } = {
      self: name, alive: [...names], possible: names, takers: names, since: 0, wrote: () => undefined, named: () => undefined,
      onChange: (call) => { changes.add(call); return () => changes.delete(call); },
      onReturn: (call) => { returns.add(call); return () => returns.delete(call); },
      join: () => undefined, leave: () => undefined, close: async () => undefined,
    };
    const report = (_level: string, what: string): void => { reports.push(what); };
    const hub = new Hub({ clock, report, cluster: { bus: network.bus(name), members, soon: (call) => { soons.push(call); } } });
    await hub.open();
    all.set(name, { hub, members, change: () => changes.forEach((call) => call()), comeBack: () => returns.forEach((call) => call()) });
  }
  const node = (name: string) => all.get(name) as NonNullable<ReturnType<typeof all.get>>;
  const settle = (): void => { while (soons.length + words.length > 0) (soons.shift() ?? words.shift())?.(); };
  const count = (name: string, alive: string[]): void => {
    node(name).members.alive = alive;
    node(name).change();
  };
  return { clock, network, reports, settle, count, names, hub: (name: string) => node(name).hub, comeBack: (name: string) => node(name).comeBack(), said: () => said };
}

/** A connection of this person on a node that follows the conversation. */
function come(hub: Hub, who: Who): Ear & { go(): void } {
  const ear = new Ear(who);
  hub.enter(ear);
  hub.follow(CHAT, ear);
  return Object.assign(ear, { go: () => { hub.unfollow(CHAT, ear); hub.leave(ear); } });
}

describe('who looks at a conversation', () => {
  it('is known to those on other nodes, and to a newcomer', async () => {
    const { hub, settle } = await nodes('n1', 'n2', 'n3');
    const ada = come(hub('n1'), ADA);
    settle();
    const eve = come(hub('n2'), EVE);
    settle();
    const ben = come(hub('n3'), BEN);
    settle();
    expect([[...ada.online], [...eve.online], [...ben.online].sort()]).toEqual([['eve', 'ben'], ['ada', 'ben'], ['ada', 'eve']]);
    const second = come(hub('n3'), BEN);
    expect([...second.online].sort()).toEqual(['ada', 'eve']);
    ada.go();
    settle();
    expect([[...eve.online], [...ben.online]]).toEqual([['ben'], ['eve']]);
  });

  it('is gone only with their last connection, on whichever node that is', async () => {
    const { hub, settle } = await nodes('n1', 'n2');
    const ben = come(hub('n1'), BEN);
    const [here, there] = [come(hub('n1'), ADA), come(hub('n2'), ADA)];
    settle();
    here.go();
    settle();
    expect([...ben.online]).toEqual(['ada']);
    const again = come(hub('n1'), ADA);
    there.go();
    settle();
    expect([...ben.online]).toEqual(['ada']);
    again.go();
    settle();
    expect([...ben.online]).toEqual([]);
  });

  it('is learnt anew by whoever comes back', async () => {
    const { hub, settle } = await nodes('n1', 'n2');
    const [ada, eve] = [come(hub('n1'), ADA), come(hub('n2'), EVE)];
    come(hub('n2'), customer('dan'));
    settle();
    ada.go();
    settle();
    eve.go();
    come(hub('n2'), BEN);
    settle();
    const again = come(hub('n1'), ADA);
    settle();
    expect([...again.online].sort()).toEqual(['ben', 'dan']);
  });

  it('goes with the node that dies, and only then', async () => {
    const { hub, settle, count, clock } = await nodes('n1', 'n2', 'n3');
    const [ada] = [come(hub('n1'), ADA), come(hub('n2'), EVE), come(hub('n3'), BEN)];
    settle();
    count('n1', ['n1', 'n2']);
    clock.advance(1_000);
    expect([[...ada.online], ada.roster]).toEqual([['eve'], ['ada']]);
    count('n1', ['n1', 'n2', 'n4']);
    expect([...ada.online]).toEqual(['eve']);
  });

  it('in the end is what each listener believes, whoever comes, goes, is cut off and comes back', async () => {
    const names = ['n1', 'n2', 'n3'];
    const people = [ADA, BEN, EVE];
    const moves = fc.array(fc.tuple(fc.constantFrom('come', 'come', 'go', 'all go', 'cut', 'heal', 'settle', 'settle'), fc.nat(2), fc.nat(2)), { maxLength: 24, size: 'max' });
    await fc.assert(fc.asyncProperty(moves, async (list) => {
      const { hub, settle, count, comeBack, network } = await nodes(...names);
      const ears = new Map<string, ReturnType<typeof come>[]>(names.map((name) => [name, []]));
      const cut = new Set<string>();
      const heal = (name: string): void => {
        network.heal(name);
        cut.delete(name);
        for (const other of names) if (!cut.has(other)) count(other, names.filter((one) => !cut.has(one)));
        comeBack(name);
      };
      for (const [what, i, j] of list) {
        const name = names[i] as string;
        const own = ears.get(name) ?? [];
        if (what === 'come') own.push(come(hub(name), people[j] as Who));
        else if (what === 'go') own.splice(j, 1)[0]?.go();
        else if (what === 'all go') for (const ear of own.splice(0)) ear.go();
        else if (what === 'settle') settle();
        else if (what === 'cut' && !cut.has(name)) {
          network.cut(name);
          cut.add(name);
          // Some notice at once, others never do.
          if (j > 0) for (const other of names) if (!cut.has(other)) count(other, names.filter((one) => !cut.has(one)));
        } else if (what === 'heal' && cut.has(name)) heal(name);
      }
      for (const name of [...cut]) heal(name);
      settle();
      const there = [...ears.values()].flat();
      for (const ear of there) {
        expect([...ear.online].sort()).toEqual([...new Set(there.map(({ who }) => who.name))].filter((name) => name !== ear.who.name).sort());
      }
    }), { numRuns: 1_500 });
  });
});

describe('what passes', () => {
  it('reaches those who look, with the same discretion as on one node', async () => {
    const { hub, settle } = await nodes('n1', 'n2', 'n3');
    const [ada, eve, ben] = [come(hub('n1'), ADA), come(hub('n2'), EVE), come(hub('n3'), BEN)];
    settle();
    hub('n1').signal(CHAT, ada, 'typing', '1');
    hub('n1').signal(CHAT, ada, 'viewing', '1');
    hub('n2').signal(CHAT, eve, 'draft', 'hel');
    settle();
    expect([ada.heard, eve.heard, ben.heard]).toEqual([['eve draft hel'], ['ada typing 1'], ['ada typing 1', 'ada viewing 1', 'eve draft hel']]);
  });

  it('is said to nobody when nobody looks from elsewhere', async () => {
    const { hub, settle, said } = await nodes('n1', 'n2', 'n3');
    const [ada] = [come(hub('n1'), ADA), come(hub('n1'), EVE)];
    settle();
    const before = said();
    for (let i = 0; i < 100; i++) hub('n1').signal(CHAT, ada, 'typing', '1');
    settle();
    expect(said()).toBe(before);
  });

  it('of a turn travels together, and in pieces that fit', async () => {
    const { hub, settle, said } = await nodes('n1', 'n2');
    const [ada, ben] = [come(hub('n1'), ADA), come(hub('n2'), BEN)];
    settle();
    const before = said();
    for (let i = 0; i < 1_000; i++) hub('n1').signal(CHAT, ada, 'draft', `${i}${'x'.repeat(490)}`);
    settle();
    expect(said() - before).toBeLessThan(10);
    expect(ben.heard.map((word) => parseInt(word.slice('ada draft '.length), 10))).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  });

  it('and is not understood, is reported and harms nobody', async () => {
    const { hub, settle, network, reports } = await nodes('n1', 'n2');
    const ada = come(hub('n1'), ADA);
    const stranger = network.bus('stranger');
    for (const word of ['{', 'null', '{"node":"x","words":[null]}']) stranger.publish('signal', Buffer.from(word));
    come(hub('n2'), EVE);
    settle();
    expect([...ada.online, ...new Set(reports)]).toEqual(['eve', 'a word of another node was not understood']);
    expect(reports.length).toBe(6);
  });
});

describe('agents of a workspace', () => {
  it('know of each other across nodes', async () => {
    const { hub, settle, clock } = await nodes('n1', 'n2', 'n3');
    const [ada, ben] = [new Ear(ADA), new Ear(BEN)];
    hub('n3').enter(new Ear(EVE));
    hub('n1').enter(ada);
    hub('n2').enter(ben);
    settle();
    clock.advance(1_000);
    expect([ada.roster, ben.roster]).toEqual([['ada', 'ben'], ['ada', 'ben']]);
    hub('n2').leave(ben);
    settle();
    clock.advance(1_000);
    expect(ada.roster).toEqual(['ada']);
  });
});

describe('a person', () => {
  it('is found on whichever node they are', async () => {
    const { hub, settle, clock } = await nodes('n1', 'n2', 'n3');
    const found: boolean[] = [];
    const eve = come(hub('n2'), EVE);
    hub('n1').find('demo', EVE.id, (is) => { found.push(is); });
    hub('n2').find('demo', EVE.id, (is) => { found.push(is); });
    settle();
    expect(found).toEqual([true, true]);
    eve.go();
    hub('n1').find('demo', EVE.id, (is) => { found.push(is); });
    settle();
    expect(found.length).toBe(2);
    clock.advance(1_000);
    expect(found).toEqual([true, true, false]);
  });

  it('is looked for until the node is connected again', async () => {
    const { hub, network, settle, clock } = await nodes('n1', 'n2');
    const found: boolean[] = [];
    come(hub('n2'), EVE);
    network.cut('n1');
    hub('n1').find('demo', EVE.id, (is) => { found.push(is); });
    settle();
    clock.advance(5_000);
    network.heal('n1');
    clock.advance(1_000);
    settle();
    expect(found).toEqual([true]);
  });

  it('is looked for nowhere by a node that is alone', async () => {
    const { hub, count, said } = await nodes('n1');
    count('n1', ['n1']);
    const found: boolean[] = [];
    hub('n1').find('demo', EVE.id, (is) => { found.push(is); });
    expect([found, said()]).toEqual([[false], 0]);
  });

  it('who has signed in keeps no tab under the old name, on any node', async () => {
    const { hub, settle } = await nodes('n1', 'n2');
    const [here, there, other] = [come(hub('n1'), EVE), come(hub('n2'), EVE), come(hub('n2'), customer('dan'))];
    hub('n1').signedIn('demo', EVE.id);
    settle();
    expect([here.closed, there.closed, other.closed]).toEqual(['tokenInvalid', 'tokenInvalid', '']);
  });
});
