/** The cluster under test: NATS servers and nodes as real processes, with wires between them that can be cut. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startNats, type NatsOptions, type NatsServers } from '../../../gateway/cluster.nats.ts';
import { buildInto, freePort, settingsOf } from '../gateway.ts';
import { Node } from './node.ts';
import { Relay, type Way } from './relay.ts';

export interface ClusterPlan {
  /** For everything that it writes. */
  folder: string;
  nodes: number;
  nats: 1 | 3;
  /** Settings of the workspace. */
  workspace: object;
  /** A node ended by itself. */
  crashed(how: string): void;
  /** Of the nats-servers: a store of limited size, for instance. */
  server?: Partial<NatsOptions>;
}

export const SHARDS = 64;
const NAME = 'chaos';

export class Cluster {
  readonly nats: NatsServers;
  readonly nodes: readonly Node[];
  /** Each node's, one to each server. */
  readonly #relays: readonly (readonly Relay[])[];

  private constructor(nats: NatsServers, nodes: readonly Node[], relays: readonly (readonly Relay[])[]) {
    this.nats = nats;
    this.nodes = nodes;
    this.#relays = relays;
  }

  /** NATS runs; nodes are yet to be started. @throws Error in a sentence when no fit nats-server can be had */
  static async make({ folder, nodes, nats: count, workspace, crashed, server = {} }: ClusterPlan): Promise<Cluster> {
    const place = join(folder, 'nats');
    mkdirSync(place, { recursive: true });
    const nats = await startNats({ folder: place, servers: count, ...server });
    try {
      const main = await buildInto(folder);
      const settings = { ...settingsOf(workspace), nats: { name: NAME, replicas: count, shards: SHARDS } };
      const relays = await Promise.all(Array.from({ length: nodes }, () => Promise.all(nats.urls.map((url) => Relay.open(Number(new URL(url).port))))));
      const all: Node[] = [];
      for (const [nth, own] of relays.entries()) {
        const servers = own.map(({ port }) => `nats://127.0.0.1:${port}`);
        all.push(new Node({ name: `n${nth}`, folder, main, port: await freePort(), servers, settings, crashed }));
      }
      return new Cluster(nats, all, relays);
    } catch (error) {
      await nats.close();
      throw error;
    }
  }

  /** Settings by which others, too, reach its NATS: without a wire between. */
  get settings(): { servers: string[]; name: string; replicas: 1 | 3; shards: number } {
    return { servers: [...this.nats.urls], name: NAME, replicas: this.nats.urls.length > 1 ? 3 : 1, shards: SHARDS };
  }

  /** Starts every node. */
  async start(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  /** Stops every node, gently. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  /** Between a node and NATS: nothing passes, or nothing in this direction. */
  part(node: Node, how: 'cut' | Way): void {
    node.standing = 'apart';
    for (const relay of this.#wiresOf(node)) {
      if (how === 'cut') relay.cut();
      else relay.deafen(how);
    }
  }

  heal(node: Node): void {
    for (const relay of this.#wiresOf(node)) relay.heal();
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    await Promise.all(this.#relays.flat().map((relay) => relay.close()));
    await this.nats.close();
  }

  #wiresOf(node: Node): readonly Relay[] {
    return this.#relays[this.nodes.indexOf(node)] ?? [];
  }
}
