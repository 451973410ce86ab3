/**
 * Carries commands for the actors of one shard to the node that owns it, and brings the answers back.
 *
 * Order is kept as TCP keeps it. The packs of a round are numbered, and the owner takes them only in turn. Whatever fails
 * ends the round: nobody listens, a pack is not taken, no answer comes for 2 s. The next one begins with all that is
 * unanswered, in the order in which it was asked. So a command may be carried out twice, by one owner and by the next, which
 * actors recognise; but never before one of its actor that was asked earlier, nor again behind one that was asked later.
 */
import type { ActorCommand } from '../machines/actor.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
import { decodeReceipt, encodePack, HEAD, PACK_ROOM_BYTES, subjectOf } from './pack.ts';
import type { Answer } from './resident.ts';
import { moved } from './shard.ts';
import type { Soon } from './turn.ts';
import { Waiting, type Asked, type Sent, type Waiter } from './waiting.ts';

export interface CourierParts {
  shard: number;
  /** Under which claim somebody owns it, as this node knows it. */
  epoch(): number;
  /** Name of this node in this life. */
  node: string;
  bus: Bus;
  clock: Clock;
  /** Commands of one turn travel together. */
  soon: Soon;
  /** Calls once this node has followed the shard to a sequence: who asked must find what the answer rests on. */
  reached(seq: number, then: () => void): void;
}

/**
 * `idle`: the next command begins a round. `resting`: a round failed. `trying`: the first pack of a round is on its way;
 * the others wait until it was taken. `flowing`: the owner takes what comes.
 */
type Standing = 'idle' | 'resting' | 'trying' | 'flowing' | 'closed';

const PACK_BYTES_MAX = 1024 * 1024;
/** Somebody may own the shard again, though nobody said so. */
const REST_MS = 50;
/** The owner stands still, or its answer was lost. */
const UNANSWERED_MS = 2_000;
const DEADLINE_MS = 15_000;
const RETRY_MS = 1_000;

export class Courier {
  readonly #parts: CourierParts;
  readonly #subject: string;
  readonly #bytesMax: number;
  readonly #waiting = new Waiting();
  /** What this round has still to send. */
  #unsent: Waiter[] = [];
  readonly #sent = new Set<Sent>();
  readonly #heads = new Set<(seq: number | undefined) => void>();
  #standing: Standing = 'idle';
  #round = 0;
  #nth = 0;
  #planned = false;
  #stopRest = (): void => undefined;
  #stopWatch: (() => void) | undefined;

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#subject = subjectOf(parts.shard);
    this.#bytesMax = parts.bus.bytesMax - PACK_ROOM_BYTES;
  }

  /**
   * `done` is called once, when the answer is durable and this node has followed to where it rests; of a refusal for now at
   * once. It is a refusal `overloaded` when too much waits, `ownerChanging` when no owner has answered for 15 s.
   */
  ask(actor: string, command: ActorCommand, done: (answer: Answer) => void): void {
    if (this.#standing === 'closed') return done(moved());
    if (!this.#waiting.room) return done(new Refusal('overloaded', '', RETRY_MS));
    const waiter = this.#waiting.add({ actor, command, done }, this.#parts.clock.now(), this.#bytesMax);
    if (waiter === undefined) return done(new Refusal('tooLarge'));
    this.#unsent.push(waiter);
    this.#watch();
    if (this.#planned || (this.#standing !== 'idle' && this.#standing !== 'flowing')) return;
    this.#planned = true;
    this.#parts.soon(() => {
      this.#planned = false;
      if (this.#standing === 'idle') this.#begin();
      else this.#send();
    });
  }

  /** Commands that have not been answered. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Somebody owns the shard now: whatever is unanswered is sent at once. */
  resume(): void {
    if (this.#standing !== 'closed') this.#begin();
  }

  /** This node owns the shard now: gives back what is unanswered, in order, and forgets it. */
  drain(): Asked[] {
    this.#end();
    const left = this.#waiting.unanswered;
    for (const waiter of left) this.#waiting.drop(waiter);
    if (this.#standing !== 'closed') this.#standing = 'idle';
    return left.map(({ actor, command, done }) => ({ actor, command, done }));
  }

  /** The newest durable sequence as the owner knows it; undefined when none answers. */
  head(): Promise<number | undefined> {
    const { bus, clock } = this.#parts;
    if (this.#standing === 'closed') return Promise.resolve(undefined);
    return new Promise((resolve) => {
      let end = (): void => undefined;
      const told = (seq: number | undefined): void => {
        this.#heads.delete(told);
        stop();
        end();
        resolve(seq);
      };
      const stop = clock.after(UNANSWERED_MS, () => told(undefined));
      this.#heads.add(told);
      end = bus.ask(this.#subject, HEAD, (bytes) => {
        const receipt = bytes === undefined ? undefined : decodeReceipt(bytes);
        told(receipt?.over === false ? receipt.seq : undefined);
      });
    });
  }

  /** Whoever waits is told to try again. */
  close(): void {
    if (this.#standing === 'closed') return;
    this.#end();
    this.#standing = 'closed';
    this.#stopWatch?.();
    for (const told of [...this.#heads]) told(undefined);
    for (const waiter of this.#waiting.since(Infinity)) this.#waiting.tell(waiter, moved());
  }

  /** A new round, with everything that is unanswered. */
  #begin(): void {
    this.#end();
    this.#unsent = this.#waiting.unanswered;
    this.#standing = this.#unsent.length > 0 ? 'trying' : 'idle';
    this.#round++;
    this.#nth = 0;
    if (this.#unsent.length > 0) this.#sendPack();
  }

  #end(): void {
    this.#stopRest();
    for (const { end } of this.#sent) end();
    this.#sent.clear();
    this.#unsent = [];
  }

  /** Nothing more is sent in this round; what it still brings by way of answers is welcome. */
  #fail(): void {
    if (this.#standing === 'resting') return;
    this.#standing = 'resting';
    this.#stopRest = this.#parts.clock.after(REST_MS, () => this.#begin());
  }

  #send(): void {
    while (this.#standing === 'flowing' && this.#unsent.length > 0) this.#sendPack();
  }

  #sendPack(): void {
    const { bus, clock, node, epoch } = this.#parts;
    const pack: Waiter[] = [];
    let bytes = 0;
    let taken = 0;
    for (const waiter of this.#unsent) {
      if (pack.length > 0 && bytes + waiter.bytes > Math.min(this.#bytesMax, PACK_BYTES_MAX)) break;
      taken++;
      if (waiter.answered) continue;
      pack.push(waiter);
      bytes += waiter.bytes;
    }
    this.#unsent.splice(0, taken);
    if (pack.length === 0) return;
    const sent: Sent = { at: clock.now(), unanswered: pack.length, end: () => undefined };
    for (const waiter of pack) waiter.sent = sent;
    this.#sent.add(sent);
    const low = this.#waiting.oldest?.k ?? 0;
    sent.end = bus.ask(this.#subject, encodePack(node, epoch(), low, this.#round, this.#nth++, pack.map(({ text }) => text)), (bytes) => {
      if (this.#sent.has(sent)) this.#hear(bytes);
    });
  }

  #hear(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) return this.#fail();
    const { seq, over, answers } = decodeReceipt(bytes);
    const told: [Waiter, Answer][] = [];
    const turnedAway: [Waiter, Answer][] = [];
    let isLost = false;
    for (const [k, answer] of answers) {
      const waiter = this.#waiting.get(k);
      if (waiter === undefined || waiter.answered) continue;
      // Were what came before it asked again alone, it would be carried out behind this one.
      if (!(answer instanceof Refusal) && !this.#waiting.isFirst(waiter)) {
        isLost = true;
        continue;
      }
      this.#answered(waiter);
      if (!(answer instanceof Refusal) || answer.retryAfterMs === 0) {
        told.push([waiter, answer]);
        continue;
      }
      // Its asker tries again later; what was asked behind it for the same actor must not be there before.
      const behind = this.#waiting.behind(waiter);
      for (const late of behind) this.#answered(late);
      for (const late of [waiter, ...behind]) turnedAway.push([late, answer]);
    }
    if (told.length > 0) {
      this.#parts.reached(seq, () => {
        for (const [waiter, answer] of told) this.#waiting.tell(waiter, answer);
      });
    }
    // At once, though this node may be far behind: until its asker knows, what they ask next would pass.
    for (const [waiter, answer] of turnedAway) this.#waiting.tell(waiter, answer);
    if (over || isLost) return this.#fail();
    if (this.#standing !== 'trying') return;
    this.#standing = 'flowing';
    this.#send();
  }

  #answered(waiter: Waiter): void {
    const { sent } = waiter;
    this.#waiting.answered(waiter);
    if (sent === undefined || --sent.unanswered > 0) return;
    sent.end();
    this.#sent.delete(sent);
  }

  /** Looks again when the oldest pack, or the oldest command, has waited for too long. */
  #watch(): void {
    const { oldest } = this.#waiting;
    if (this.#stopWatch !== undefined || oldest === undefined) return;
    const now = this.#parts.clock.now();
    const [sent] = this.#sent;
    const due = Math.min(oldest.at + DEADLINE_MS, (sent?.at ?? now) + UNANSWERED_MS);
    this.#stopWatch = this.#parts.clock.after(due - now, () => {
      this.#stopWatch = undefined;
      this.#look(this.#parts.clock.now());
      this.#watch();
    });
  }

  #look(now: number): void {
    const expired = this.#waiting.since(now - DEADLINE_MS);
    for (const waiter of expired) this.#waiting.tell(waiter, moved());
    const [sent] = this.#sent;
    if (expired.length > 0 || (sent !== undefined && sent.at + UNANSWERED_MS <= now)) this.#begin();
  }
}
