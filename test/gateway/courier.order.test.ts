/** Commands keep their order whatever the network does and whoever owns the shard, and nothing is forgotten or told twice. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryNetwork, type MemoryNetwork } from '../../gateway/bus.memory.ts';
import { handClock } from '../../gateway/clock.ts';
import { Counter } from '../../gateway/counter.ts';
import { Courier } from '../../gateway/courier.ts';
import type { Answer } from '../../gateway/resident.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';

const OWNERS = ['n1', 'n2'] as const;
const EDGES = ['e1', 'e2'] as const;
const ACTORS = ['c/1', 'c/2', 'c/3'] as const;

/** The shard's log: who owns it, and what was carried out first when, and last of each asker and actor. */
interface ShardLog {
  owner: string;
  epoch: number;
  seq: number;
  done: Map<string, number>;
  last: Map<string, string>;
}

/** A node that may own the shard, or believe that it does: it finds out when it writes. */
class Owner {
  readonly name: string;
  readonly #log: ShardLog;
  readonly #counter: Counter;
  #open = false;
  #epoch = 0;
  #queue: { id: string; done(answer: Answer): void }[] = [];

  constructor(name: string, network: MemoryNetwork, log: ShardLog) {
    this.name = name;
    this.#log = log;
    this.#counter = new Counter({
      shard: 0, bus: network.bus(name), head: () => log.seq, isOpen: () => this.#open, epoch: () => this.#epoch, isSure: () => Promise.resolve(this.#open),
      ask: (_actor, { type }, done) => {
        if (this.#open) this.#queue.push({ id: type, done });
        else done(new Refusal('ownerChanging'));
      },
    });
  }

  claim(): void {
    this.commit();
    this.#log.owner = this.name;
    this.#log.seq++;
    this.#epoch = ++this.#log.epoch;
    if (this.#open) return;
    this.#open = true;
    void this.#counter.open();
  }

  commit(): void {
    if (this.#open && this.#log.owner !== this.name) {
      this.#open = false;
      this.#counter.close();
    }
    if (this.#open && this.#queue.length > 0) this.#log.seq++;
    for (const { id, done } of this.#queue.splice(0)) {
      if (!this.#open) done(new Refusal('ownerChanging'));
      else {
        const repeated = this.#log.done.has(id);
        if (!repeated) this.#log.done.set(id, this.#log.seq);
        this.#log.last.set(id.slice(0, id.lastIndexOf(' ')), id);
        done({ seq: this.#log.seq, n: 0, at: 0, repeated });
      }
    }
  }
}

/** A node that asks. As a connection does, it asks again in order what was refused for now, before anything later. */
class Edge {
  readonly name: string;
  readonly courier: Courier;
  readonly wrong: string[] = [];
  readonly #log: ShardLog;
  readonly #lines = new Map<string, { ids: string[]; asked: number; held: boolean }>(ACTORS.map((actor) => [actor, { ids: [], asked: 0, held: false }]));
  #seq = 0;
  #epoch = 0;
  #behind: { seq: number; then(): void }[] = [];
  #turns: (() => void)[] = [];
  readonly asked = new Map<string, string[]>(ACTORS.map((actor) => [actor, []]));

  constructor(name: string, network: MemoryNetwork, clock: ReturnType<typeof handClock>, log: ShardLog) {
    this.name = name;
    this.#log = log;
    this.courier = new Courier({
      shard: 0, node: name, bus: network.bus(name), clock, epoch: () => this.#epoch, soon: (call) => { this.#turns.push(call); },
      reached: (seq, then) => void this.#behind.push({ seq, then }),
    });
  }

  ask(actor: string): void {
    const line = this.#lines.get(actor);
    const all = this.asked.get(actor);
    if (line === undefined || all === undefined) return;
    const id = `${this.name} ${actor} ${all.length}`;
    all.push(id);
    line.ids.push(id);
    this.goOn();
  }

  /** Asks what is not under way, unless something before it was refused and others are still under way. */
  goOn(): void {
    for (const [actor, line] of this.#lines) {
      if (line.held && line.asked > 0) continue;
      line.held = false;
      while (line.asked < line.ids.length) this.#send(actor, line, line.ids[line.asked++] ?? '');
    }
  }

  #send(actor: string, line: { ids: string[]; asked: number; held: boolean }, id: string): void {
    let told = 0;
    this.courier.ask(actor, { type: id }, (answer) => {
      if (++told > 1) this.wrong.push(`${id} was told twice`);
      line.asked--;
      if (answer instanceof Refusal) {
        if (answer.name !== 'ownerChanging') this.wrong.push(`${id} ${answer.name}`);
        line.held = true;
        return;
      }
      if (line.held) this.wrong.push(`${id} was answered after one before it was refused`);
      if (!((this.#log.done.get(id) ?? Infinity) <= this.#seq)) this.wrong.push(`${id} was answered before it was here`);
      line.ids.splice(line.ids.indexOf(id), 1);
    });
  }

  turn(): void {
    for (const call of this.#turns.splice(0)) call();
  }

  follow(): void {
    this.#seq = this.#log.seq;
    this.#epoch = this.#log.epoch;
    const behind = this.#behind;
    this.#behind = [];
    for (const { then } of behind.filter(({ seq }) => seq <= this.#seq)) then();
    this.#behind.unshift(...behind.filter(({ seq }) => seq > this.#seq));
  }

  get waits(): boolean {
    return [...this.#lines.values()].some(({ ids }) => ids.length > 0);
  }
}

const edge = fc.constantFrom(...EDGES);
const owner = fc.constantFrom(...OWNERS);
const way = fc.nat(40);
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('ask' as const), edge, actor: fc.constantFrom(...ACTORS) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('turn' as const), edge }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constantFrom('arrive' as const, 'arrive' as const, 'arrive' as const, 'lose' as const, 'double' as const), way }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('arriveAll' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'commit' as const, 'commit' as const, 'claim' as const), owner }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('follow' as const, 'follow' as const, 'resume' as const, 'cut' as const, 'heal' as const), edge }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(10, 50, 500, 2_000, 6_000) }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

async function story(actions: readonly Action[]): Promise<string[]> {
  const clock = handClock(0);
  const onWay: (() => void)[] = [];
  // The network's own words must arrive, and do at once; all others when the story says so.
  const network = memoryNetwork({ carry: ({ from }, arrive) => { if (from === '') queueMicrotask(arrive); else onWay.push(arrive); } });
  const log: ShardLog = { owner: '', epoch: 0, seq: 0, done: new Map(), last: new Map() };
  const owners = OWNERS.map((name) => new Owner(name, network, log));
  const edges = EDGES.map((name) => new Edge(name, network, clock, log));
  const settle = async (): Promise<void> => { for (let n = 0; n < 8; n++) await Promise.resolve(); };
  owners[0]?.claim();
  for (const one of actions) {
    const at = 'way' in one && onWay.length > 0 ? one.way % onWay.length : -1;
    const here = edges.find(({ name }) => 'edge' in one && name === one.edge);
    const node = owners.find(({ name }) => 'owner' in one && name === one.owner);
    switch (one.do) {
      case 'ask': here?.ask(one.actor); break;
      case 'turn': here?.turn(); break;
      case 'arrive': if (at >= 0) onWay.splice(at, 1)[0]?.(); break;
      case 'lose': if (at >= 0) onWay.splice(at, 1); break;
      case 'double': if (at >= 0) onWay[at]?.(); break;
      case 'arriveAll': for (const arrive of onWay.splice(0)) arrive(); break;
      case 'commit': node?.commit(); break;
      case 'claim': node?.claim(); break;
      case 'follow': here?.follow(); break;
      case 'resume': here?.courier.resume(); break;
      case 'cut': network.cut(one.edge); break;
      case 'heal': network.heal(one.edge); break;
      case 'pass': clock.advance(one.ms); break;
    }
    await settle();
    for (const each of edges) each.goOn();
  }
  for (const name of EDGES) network.heal(name);
  for (let n = 0; n < 400 && edges.some(({ waits }) => waits); n++) {
    for (const each of edges) each.turn();
    for (const arrive of onWay.splice(0)) arrive();
    for (const each of owners) each.commit();
    for (const each of edges) each.follow();
    clock.advance(50);
    await settle();
    for (const each of edges) each.goOn();
  }
  // Whatever is late yet, and comes twice.
  for (const arrive of [...onWay, ...onWay.splice(0)]) arrive();
  await settle();
  for (const each of owners) each.commit();
  const wrong = edges.flatMap((each) => each.wrong);
  for (const { name, asked, waits } of edges) {
    if (waits) wrong.push(`${name} still waits`);
    for (const [actor, ids] of asked) {
      const order = [...log.done.keys()].filter((id) => id.startsWith(`${name} ${actor} `));
      if (order.join() !== ids.join()) wrong.push(`asked ${ids.join()}, carried out ${order.join()}`);
      const last = log.last.get(`${name} ${actor}`);
      if (last !== ids.at(-1)) wrong.push(`asked ${ids.join()}, at last ${last}`);
    }
  }
  return wrong;
}

it('each command of an actor is first carried out in the order asked, told once, never forgotten, and not again behind a later one', async () => {
  await fc.assert(fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 150, size: 'max' }), async (actions) => {
    expect(await story(actions)).toEqual([]);
  }), { numRuns: Number(process.env.PARLEY_RUNS ?? 400) });
}, 60_000);
