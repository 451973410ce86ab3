/** Nodes on a real nats-server, each over a wire of its own that a test can cut or hold. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Bus } from '../../gateway/bus.ts';
import { natsBus } from '../../gateway/bus.nats.ts';
import { systemClock } from '../../gateway/clock.ts';
import { startNats, type NatsOptions, type NatsServers } from '../../gateway/cluster.nats.ts';
import { connectNats, inboxOf, type NatsSettings } from '../../gateway/nats.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { Relay } from '../chaos/cluster/relay.ts';

/** A nats-server in a folder of its own; `close` removes both. */
export async function natsServers(options: Omit<NatsOptions, 'folder'> = {}): Promise<NatsServers> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-nats-'));
  const nats = await startNats({ folder, ...options });
  return { ...nats, close: () => nats.close().then(() => rmSync(folder, { recursive: true, force: true })) };
}

export function natsSettings(settings: Partial<NatsSettings>): NatsSettings {
  return parseSettings({ nats: settings }).nats;
}

export function settles(bus: Bus, connected: boolean): Promise<void> {
  if (bus.connected === connected) return Promise.resolve();
  return new Promise((resolve) => {
    const end = bus.onConnection((now) => {
      if (now !== connected) return;
      end();
      resolve();
    });
  });
}

let networks = 0;

/** One cluster's nodes on a server that others may use as well. */
export class Wires {
  readonly name = `t${process.pid}-${++networks}`;
  readonly #nats: NatsServers;
  readonly #nodes = new Map<string, { relay: Relay; connection: NatsConnection; bus: Bus }>();

  constructor(nats: NatsServers) {
    this.#nats = nats;
  }

  async bus(node: string): Promise<Bus> {
    const relay = await Relay.open(Number(new URL(this.#nats.urls[0] ?? '').port));
    const settings = natsSettings({ servers: [`127.0.0.1:${relay.port}`], name: this.name });
    const connection = await connectNats(settings, { node, clock: systemClock, report: () => undefined });
    const bus = natsBus({ connection, name: this.name, inbox: inboxOf(this.name, node) });
    this.#nodes.set(node, { relay, connection, bus });
    return bus;
  }

  async cut(node: string): Promise<void> {
    const { relay, bus } = this.#of(node);
    relay.cut();
    await settles(bus, false);
  }

  async heal(node: string): Promise<void> {
    const { relay, bus } = this.#of(node);
    relay.heal();
    await settles(bus, true);
  }

  /** Nothing passes, and neither end is told. */
  hold(node: string): void {
    const { relay } = this.#of(node);
    relay.deafen('up');
    relay.deafen('down');
  }

  /** What was held comes now. */
  release(node: string): void {
    this.#of(node).relay.heal();
  }

  /** As when its process dies; resolves when the server knows. */
  async kill(node: string): Promise<void> {
    this.#of(node).relay.cut();
    for (;;) {
      const answer = await fetch(`${this.#nats.monitors[0] ?? ''}/connz`);
      const { connections } = await answer.json() as { connections: { name?: string }[] };
      if (!connections.some(({ name }) => name === `parley ${this.name} ${node}`)) return;
    }
  }

  async end(): Promise<void> {
    for (const { relay, connection, bus } of this.#nodes.values()) {
      await bus.close();
      await connection.close();
      await relay.close();
    }
  }

  #of(node: string): { relay: Relay; bus: Bus } {
    const found = this.#nodes.get(node);
    if (found === undefined) throw new RangeError(`There is no node ${node}.`);
    return found;
  }
}
