/** Follows the log from its beginning while everything happens, and writes down what stands in it. It owns nothing. */
import { systemClock } from '../../../gateway/clock.ts';
import type { Log, Stored } from '../../../gateway/log.ts';
import { openNats } from '../../../gateway/nats.ts';
import { decodeRecord, hashOf, NO_HASH, previousOf } from '../../../gateway/record.ts';
import { parseSettings } from '../../../gateway/settings.ts';
import { shardOf } from '../../../gateway/sharding.ts';
import { decodeLine } from '../../../gateway/tell.ts';
import type { Line } from '../../../machines/actor.ts';
import { digestOf, nameOf, saidIn, type LogLine, type Pen } from './history.ts';

/** A timer or effect that old is not on its way any more. */
const FORGOTTEN_MS = 5_000;
const LOOK_MS = 50;

export class Witness {
  readonly #log: Log;
  readonly #pen: Pen<LogLine>;
  readonly #seqs = new Map<number, number>();
  readonly #hashes = new Map<number, Uint8Array>();
  /** Names of nodes, without what tells their lives apart. */
  readonly #owners = new Map<number, string>();
  readonly #open = new Map<string, { due: number; pending: boolean; at: number }>();
  readonly #conversations = new Set<string>();
  readonly #stop: () => void;

  /** With connections of its own. @param said what is worth a line. @returns it, and what ends its connections */
  static async open(settings: object, pen: Pen<LogLine>, said: (line: string) => void): Promise<[Witness, () => Promise<void>]> {
    const { nats } = parseSettings({ nats: settings });
    const { log, close } = await openNats(nats, { node: 'witness-1', clock: systemClock, report: (level, line) => { if (level === 'error') said(line); } });
    return [new Witness(log, pen, said), close];
  }

  /** @param lost what comes next cannot be read any more */
  constructor(log: Log, pen: Pen<LogLine>, lost: (why: string) => void) {
    this.#log = log;
    this.#pen = pen;
    const beginning = new Map(Array.from({ length: log.shards }, (_, shard) => [shard, 0]));
    this.#stop = log.follow(beginning, (records) => this.#take(records), lost);
  }

  get conversations(): ReadonlySet<string> {
    return this.#conversations;
  }

  /** The shards that a node has, as far as the log says so far. */
  ownedBy(node: string): number[] {
    return [...this.#owners].filter(([, owner]) => owner === node).map(([shard]) => shard);
  }

  /** Shards that each node has. */
  get shares(): string {
    const counts = new Map<string, number>();
    for (const owner of this.#owners.values()) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    return [...counts].sort().map(([node, count]) => `${node || 'nobody'} ${count}`).join(', ');
  }

  /** Resolves when no timer is overdue and no effect has waited long, or after `withinMs`. */
  async settled(withinMs: number): Promise<void> {
    for (const end = Date.now() + withinMs; this.#left(0).length > 0 && Date.now() < end; await passing(LOOK_MS));
  }

  /** Resolves when it has taken all that stands now. */
  async level(): Promise<void> {
    for (let shard = 0; shard < this.#log.shards; shard++) {
      const seq = (await this.#log.last(shard))?.seq ?? 0;
      while ((this.#seqs.get(shard) ?? 0) < seq) await passing(LOOK_MS);
    }
  }

  /** Writes down what is left over. */
  end(): void {
    this.#stop();
    for (const [actor, why] of this.#left(FORGOTTEN_MS)) this.#pen.write({ kind: 'left', actor, why });
    this.#pen.close();
  }

  #left(forMs: number): [string, string][] {
    const then = Date.now() - forMs;
    return [...this.#open].flatMap(([actor, { due, pending, at }]): [string, string][] => {
      if (due > 0 && due < then) return [[actor, `a timer was due ${Date.now() - due} ms ago`]];
      if (pending && at < then) return [[actor, `an effect has waited for ${Date.now() - at} ms`]];
      return [];
    });
  }

  #take(records: readonly Stored[]): void {
    const lines: LogLine[] = [];
    for (const { shard, seq, bytes } of records) {
      const { epoch, counter, node, at, changes } = decodeRecord(bytes);
      const before = this.#hashes.get(shard) ?? NO_HASH;
      lines.push({ kind: 'record', at, seen: Date.now(), shard, seq, epoch, counter, node, chained: Buffer.compare(before, previousOf(bytes)) === 0 });
      this.#seqs.set(shard, seq);
      this.#hashes.set(shard, hashOf(bytes));
      this.#owners.set(shard, nameOf(node));
      for (const { actor, due, pending, entries } of changes) {
        const mine = /^[cp]\//.test(actor);
        if (mine && (due > 0 || pending)) this.#open.set(actor, { due, pending, at });
        else this.#open.delete(actor);
        if (actor.startsWith('c/')) for (const entry of entries) lines.push(this.#line(actor, shard, decodeLine(entry.bytes, entry.audience)));
      }
    }
    this.#pen.writeAll(lines);
  }

  #line(actor: string, shard: number, line: Line): LogLine {
    const conversation = actor.slice(actor.lastIndexOf('/') + 1);
    this.#conversations.add(conversation);
    const { seq, kind: what, at, cmid: id, author, body } = line;
    const text = typeof body['text'] === 'string' ? body['text'] : undefined;
    const said = text === undefined || author.role === 'system' ? undefined : saidIn(text, conversation);
    return {
      kind: 'line', conversation, shard, seq, what, at, id, digest: digestOf(line), ...(said === undefined ? {} : { said }),
      ...(author.role === 'system' && text !== undefined ? { text } : {}),
    };
  }
}

/** A conversation's id of this workspace on each shard. @param nextId makes ids */
export function oneOnEach(shards: number, nextId: () => string, workspace = 'demo'): string[] {
  const found: string[] = [];
  for (let left = shards; left > 0;) {
    const id = nextId();
    const shard = shardOf(`c/${workspace}/${id}`, shards);
    if (found[shard] !== undefined) continue;
    found[shard] = id;
    left -= 1;
  }
  return found;
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
