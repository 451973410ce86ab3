/**
 * Trouble before the reader's eyes: nodes and NATS servers of a local cluster are killed, frozen and started again, and each
 * thing that happens is said in one line, with the time that it took.
 */
import { rest, type Clock } from './clock.ts';
import type { NatsServers } from './cluster.nats.ts';
import type { Node } from './cluster.node.ts';

export interface TroubleParts {
  nodes: readonly Node[];
  nats: NatsServers;
  shards: number;
  clock: Clock;
  say: (line: string) => void;
}

/** A dead node comes back by itself after this, a frozen one thaws, a NATS server starts again. */
const NODE_BACK_MS = 8_000;
const THAW_MS = 6_000;
const NATS_BACK_MS = 2_000;
const LOOK_MS = 20;
const OWNED = 'parley_shards_owned';
/** After so long nothing will come of it by itself. */
const PATIENCE_MS = 60_000;

export class Trouble {
  readonly #parts: TroubleParts;
  /** What will happen by itself, by node. */
  readonly #later = new Map<Node, () => void>();
  readonly #frozen = new Map<Node, number>();
  /** How many shards each owned when its key was pressed. */
  readonly #held = new Map<Node, number | undefined>();
  #nextNats = 0;
  #natsDown = false;
  #over = true;

  constructor(parts: TroubleParts) {
    this.#parts = parts;
  }

  /** Kills a node, or starts one that is dead. */
  async node(n: number): Promise<void> {
    const node = this.#parts.nodes[n];
    if (node === undefined) return;
    if (!node.process.running) return this.#back(node);
    this.#held.set(node, await node.figure(OWNED));
    node.process.signal('SIGKILL');
  }

  /** All run: from now on whoever ends comes back. */
  begin(): void {
    this.#over = false;
  }

  /** A node has ended without having been told to. */
  died(n: number, how: string): void {
    const { say, nodes } = this.#parts;
    const node = nodes[n];
    if (this.#over || node === undefined) return;
    this.#frozen.delete(node);
    const held = this.#held.get(node);
    this.#held.delete(node);
    say(`${node.name} is dead (${how === 'SIGKILL' ? 'kill -9' : how})${this.#holding(held)}. It starts again in ${NODE_BACK_MS / 1000} s, or with ${n + 1}.`);
    void this.#recovered(node);
    this.#after(node, NODE_BACK_MS, () => this.#back(node));
  }

  /** Freezes the node that owns most; thaws the one that is frozen. */
  async freeze(): Promise<void> {
    const { say, clock } = this.#parts;
    const [frozen] = this.#frozen.keys();
    if (frozen !== undefined) return this.#thaw(frozen);
    const awake = await Promise.all(this.#awake().map(async (node) => ({ node, held: await node.figure(OWNED) ?? 0 })));
    const most = awake.sort((a, b) => b.held - a.held)[0];
    if (most === undefined) return say('No node is left to freeze.');
    const { node, held } = most;
    this.#frozen.set(node, clock.now());
    node.process.signal('SIGSTOP');
    say(`${node.name} is frozen (SIGSTOP)${this.#holding(held)}. It wakes in ${THAW_MS / 1000} s, or with f.`);
    void this.#recovered(node);
    this.#after(node, THAW_MS, () => this.#thaw(node));
  }

  /** Kills the next NATS server in turn, and starts it again. */
  async server(): Promise<void> {
    const { nats, say, clock } = this.#parts;
    if (this.#natsDown) return say('A NATS server is down already; it is about to start again.');
    this.#natsDown = true;
    const server = this.#nextNats++ % nats.urls.length;
    const name = `nats-${server + 1}`;
    const meanwhile = nats.urls.length > 1 ? 'The others go on, after an election if it led.'
      : 'Until it is back nothing can be written: clients see "not sent yet".';
    say(`${name} is killed (kill -9). ${meanwhile}`);
    const at = clock.now();
    await nats.kill(server);
    await rest(this.#parts.clock, NATS_BACK_MS);
    if (this.#over) return;
    await nats.start(server).finally(() => { this.#natsDown = false; });
    say(`${name} runs again, ${this.#since(at)} after its end.`);
    const all = await this.#until(async () => {
      const told = await Promise.all(this.#awake().map((node) => node.figure('parley_connected')));
      return told.every((one) => one === 1);
    });
    if (all && !this.#over) say(`Every node has NATS again, ${this.#since(at)} after the end of ${name}.`);
  }

  /** Nothing more happens; who is frozen thaws, so that it can end. */
  end(): void {
    this.#over = true;
    for (const cancel of this.#later.values()) cancel();
    for (const node of this.#frozen.keys()) node.process.signal('SIGCONT');
  }

  async #back(node: Node): Promise<void> {
    this.#cancel(node);
    if (this.#over || node.process.running) return;
    const at = this.#parts.clock.now();
    await node.start();
    const ready = await this.#until(() => node.isReady(), node);
    if (!ready || this.#over) return;
    this.#parts.say(`${node.name} is back (pid ${node.process.pid}), ready after ${this.#since(at)}. Its share of the shards comes to it.`);
  }

  async #thaw(node: Node): Promise<void> {
    this.#cancel(node);
    const at = this.#frozen.get(node);
    this.#frozen.delete(node);
    if (at === undefined || this.#over || !node.process.running) return;
    node.process.signal('SIGCONT');
    this.#parts.say(`${node.name} wakes after ${this.#since(at)}. What it owned is others'; what it still had in hand the log refuses.`);
  }

  /** Says when every shard has an owner among the others. */
  async #recovered(without: Node): Promise<void> {
    const { clock, say, shards } = this.#parts;
    const at = clock.now();
    if (this.#awake().length === 0) return say('No node is left. What was acknowledged is in the log, and waits.');
    const all = await this.#until(async () => {
      const owned = await Promise.all(this.#awake().filter((node) => node !== without).map((node) => node.figure(OWNED)));
      return owned.reduce<number>((sum, count) => sum + (count ?? 0), 0) >= shards;
    });
    if (this.#over) return;
    say(all ? `All ${shards} shards have an owner again, ${this.#since(at)} after ${without.name} was lost.`
      : `After ${PATIENCE_MS / 1000} s some shards have no owner: see the logs.`);
  }

  /** In words, what hung on a node, as far as that is known. */
  #holding(owned: number | undefined): string {
    return owned === undefined ? '' : `, the owner of ${owned} of ${this.#parts.shards} shards`;
  }

  #awake(): Node[] {
    return this.#parts.nodes.filter((node) => node.process.running && !this.#frozen.has(node));
  }

  /** False when it does not come about in time, or `node` ends before. */
  async #until(holds: () => Promise<boolean>, node?: Node): Promise<boolean> {
    const { clock } = this.#parts;
    for (const end = clock.now() + PATIENCE_MS; clock.now() < end && !this.#over && node?.process.running !== false;) {
      if (await holds()) return true;
      await rest(this.#parts.clock, LOOK_MS);
    }
    return false;
  }

  #after(node: Node, ms: number, call: () => Promise<void>): void {
    this.#cancel(node);
    this.#later.set(node, this.#parts.clock.after(ms, () => void call()));
  }

  #cancel(node: Node): void {
    this.#later.get(node)?.();
    this.#later.delete(node);
  }

  #since(at: number): string {
    return `${((this.#parts.clock.now() - at) / 1000).toFixed(2)} s`;
  }
}
