/** Pings over a real nats-server keep the contract, as clients there come, go and lose each other. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../gateway/clock.ts';
import type { NatsServers } from '../../gateway/cluster.nats.ts';
import type { Members } from '../../gateway/members.ts';
import { pings } from '../../gateway/members.pings.ts';
import { belief, membersContract, type MembersStage } from '../contracts/members.ts';
import { natsServers, Wires } from './nats.stage.ts';

let nats: NatsServers;
beforeAll(async () => { nats = await natsServers(); });
afterAll(() => nats.close());

/** Waits for what they tell, never for a time. */
class Nodes implements MembersStage {
  readonly #wires = new Wires(nats);
  readonly #all: Members[] = [];
  #waiting: (() => void)[] = [];

  async members(node: string): Promise<Members> {
    const members = pings({ bus: await this.#wires.bus(node), clock: systemClock, node, report: () => undefined });
    // After whoever listens besides.
    const told = (): void => { setImmediate(() => { for (const go of this.#waiting.splice(0)) go(); }); };
    members.onChange(told);
    members.onReturn(told);
    this.#all.push(members);
    return members;
  }

  async until(ready: () => boolean): Promise<void> {
    while (!ready()) await new Promise<void>((go) => { this.#waiting.push(go); });
  }

  kill = (node: string): Promise<void> => this.#wires.kill(node);
  freeze = async (node: string): Promise<void> => this.#wires.hold(node);
  thaw = async (node: string): Promise<void> => this.#wires.release(node);
  cut = (node: string): Promise<void> => this.#wires.cut(node);
  heal = (node: string): Promise<void> => this.#wires.heal(node);

  async end(): Promise<void> {
    for (const members of this.#all) await members.close();
    await this.#wires.end();
  }
}

membersContract('pings over nats', async () => new Nodes());

it('keep the nodes of two clusters on one server apart', async () => {
  const [ours, theirs] = [new Nodes(), new Nodes()];
  const [a, b] = [await ours.members('a'), await ours.members('b')];
  const [other, c] = [await theirs.members('a'), await theirs.members('c')];
  await ours.until(() => belief(a) === 'a b | ' && belief(b) === 'a b | ');
  await theirs.until(() => belief(other) === 'a c | ' && belief(c) === 'a c | ');
  expect([a, b, other, c].map(belief)).toEqual(['a b | ', 'a b | ', 'a c | ', 'a c | ']);
  await Promise.all([ours.end(), theirs.end()]);
});

it('find a process that ended well within a second', async () => {
  const nodes = new Nodes();
  const [a, b] = [await nodes.members('a'), await nodes.members('b')];
  for (const node of [a, b]) node.join();
  await nodes.until(() => belief(a) === 'a b | a b');
  const from = Date.now();
  await nodes.kill('b');
  await nodes.until(() => belief(a) === 'a | a');
  expect(Date.now() - from).toBeLessThan(1_000);
  await nodes.end();
});
