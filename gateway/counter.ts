/**
 * Where the owner of a shard takes in what other nodes' couriers bring. Of each courier it takes the packs of a round one
 * after the other, and of several rounds the newest; answers go back as they become durable, those of one record together,
 * and once more when a command comes again, which is not carried out again.
 */
import type { ActorCommand } from '../machines/actor.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Bus } from './bus.ts';
import { decodePack, encodeReceipt, subjectOf, type Pack } from './pack.ts';
import type { Answer } from './resident.ts';

export interface CounterParts {
  shard: number;
  bus: Bus;
  /** Takes a command for an actor of the shard; `done` is called once, when the answer is durable. */
  ask(actor: string, command: ActorCommand, done: (answer: Answer) => void): void;
  /** The shard's newest durable sequence. */
  head(): number;
  /** Whether the shard takes commands now. */
  isOpen(): boolean;
  /** Under which claim. */
  epoch(): number;
  /** Whether it was this node's a moment ago, for certain: one that was replaced, and does not know it, knows no newest sequence. */
  isSure(): Promise<boolean>;
}

/** How answers to one pack go back. */
interface Slip {
  nth: number;
  answer(bytes: Uint8Array): void;
}

/** What is known of one node's courier. */
interface Edge {
  round: number;
  /** The pack that is next in turn; -1 when the round is over. */
  next: number;
  usedAt: number;
  /** Commands on their way, each with the newest pack that held it: one that is sent again meanwhile is not asked again. */
  open: Map<number, Slip>;
  /** What was answered, as long as the answer may have been lost. */
  given: Map<number, Answer>;
  /** Answers of this turn, the newest pack among those they answer, and whether the round ends with them. */
  answers: [k: number, answer: Answer][];
  slip: Slip | undefined;
  over: boolean;
}

/** The one that has been silent for longest is forgotten; it begins a new round when it comes again. */
const EDGES_MAX = 256;
const OVER = encodeReceipt({ seq: 0, over: true, answers: [] });

export class Counter {
  readonly #parts: CounterParts;
  readonly #edges = new Map<string, Edge>();
  #packs = 0;
  #opened = 0;
  #unlisten: (() => void) | undefined;

  constructor(parts: CounterParts) {
    this.#parts = parts;
  }

  /** Resolves once whatever any node sends from now on comes here. */
  async open(): Promise<void> {
    const nth = ++this.#opened;
    const unlisten = await this.#parts.bus.listen(subjectOf(this.#parts.shard), (bytes, answer) => this.#hear(bytes, answer));
    if (nth === this.#opened) this.#unlisten = unlisten;
    else unlisten();
  }

  /** Takes nothing more; what it has taken is still answered. */
  close(): void {
    this.#opened++;
    this.#unlisten?.();
    this.#unlisten = undefined;
    this.#edges.clear();
  }

  #hear(bytes: Uint8Array, answer: (bytes: Uint8Array) => void): void {
    const pack = decodePack(bytes);
    if (!this.#parts.isOpen()) return answer(OVER);
    if (pack === undefined) return void this.#parts.isSure().then((isSure) => answer(isSure ? this.#receipt() : OVER));
    this.#take(pack, answer);
  }

  #take([name, epoch, low, round, nth, tasks]: Pack, answer: (bytes: Uint8Array) => void): void {
    // Sent to an earlier owner: it may have been taken there, and since then what came behind it.
    if (epoch !== this.#parts.epoch()) return answer(OVER);
    const edge = this.#edgeOf(name);
    edge.usedAt = ++this.#packs;
    // It was late, or came twice: its courier goes by another answer.
    if (round < edge.round || (round === edge.round && nth < edge.next)) return;
    if (nth !== (round === edge.round ? edge.next : 0)) return answer(OVER);
    edge.round = round;
    edge.next = nth + 1;
    // The courier holds all others back until somebody has taken the first.
    if (nth === 0) answer(this.#receipt());
    for (const k of edge.given.keys()) {
      if (k >= low) break;
      edge.given.delete(k);
    }
    const slip = { nth: this.#packs, answer };
    const held = new Set<string>();
    for (const [k, actor, command] of tasks) {
      if (held.has(actor)) continue;
      const fresh = !edge.open.has(k);
      edge.open.set(k, slip);
      const given = edge.given.get(k);
      // Carried out again, it would be so behind what was asked later.
      if (given !== undefined) this.#answered(edge, k, given);
      else if (fresh) this.#parts.ask(actor, command, (answered) => this.#answered(edge, k, answered));
      // Refused for now: what is behind it comes again with it.
      if (edge.next < 0 && !edge.open.has(k)) held.add(actor);
    }
  }

  #answered(edge: Edge, k: number, answer: Answer): void {
    const slip = edge.open.get(k);
    edge.open.delete(k);
    const planned = edge.slip !== undefined;
    if (slip !== undefined && slip.nth >= (edge.slip?.nth ?? 0)) edge.slip = slip;
    const isForNow = answer instanceof Refusal && answer.retryAfterMs > 0;
    if (isForNow) {
      // What came behind it must not overtake it.
      edge.next = -1;
      edge.over = true;
    }
    if (!(answer instanceof Refusal) || answer.name !== 'ownerChanging') {
      edge.answers.push([k, answer]);
      if (!isForNow) edge.given.set(k, answer);
    }
    if (!planned) queueMicrotask(() => this.#flush(edge));
  }

  #flush(edge: Edge): void {
    const { slip, over } = edge;
    const answers = edge.answers.splice(0);
    edge.slip = undefined;
    edge.over = false;
    slip?.answer(this.#receipt(answers, over));
  }

  #receipt(answers: Edge['answers'] = [], over = false): Uint8Array {
    return encodeReceipt({ seq: this.#parts.head(), over, answers });
  }

  #edgeOf(name: string): Edge {
    let edge = this.#edges.get(name);
    if (edge !== undefined) return edge;
    if (this.#edges.size >= EDGES_MAX) {
      const [silent] = [...this.#edges].sort(([, a], [, b]) => a.usedAt - b.usedAt);
      if (silent !== undefined) this.#edges.delete(silent[0]);
    }
    edge = { round: 0, next: 0, usedAt: 0, open: new Map(), given: new Map(), answers: [], slip: undefined, over: false };
    this.#edges.set(name, edge);
    return edge;
  }
}
