/**
 * A shard: the unit of ownership, of commit and of fencing. Every node has one of each; the one that owns it takes commands,
 * and lets nothing out before the record that holds it is durable. The others follow what it commits.
 *
 * One append is in flight at a time; everything that queued meanwhile is the next record (`batch.ts`).
 */
import type { ActorCommand, ActorState, Line } from '../machines/actor.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import { Arrivals } from './arrivals.ts';
import { Batch } from './batch.ts';
import { Copy, type CopyParts } from './copy.ts';
import { Gathering } from './gathering.ts';
import { LogRefusal, type Stored } from './log.ts';
import type { Measures } from './measures.ts';
import { decodeRecord, type Change, type ShardRecord } from './record.ts';
import { messageOf, type Report } from './report.ts';
import type { Answer } from './resident.ts';
import type { Soon } from './turn.ts';
import { NOBODY, Writer, type WriterParts } from './writer.ts';

/** What one record did to one actor, told after the record is durable. */
export interface Committed {
  actor: string;
  before: ActorState | undefined;
  state: ActorState;
  /** Of a record of this node: the lines that the actor gained. */
  lines: readonly Line[];
  /** The encoded lines, in the same order; of every record. */
  entries: Change['entries'];
  due: number;
}

export interface ShardParts extends WriterParts, CopyParts {
  report: Report;
  measures: Measures;
  /** Runs at the end of the current turn of the event loop, so that everything that arrives in it shares a record. */
  soon: Soon;
  /** Each record once, in order, whoever wrote it. */
  committed(record: Stored, facts: readonly Committed[], shard: Shard): void;
  /** It is owned by another than before, this node among them; told in the moment in which it is so. */
  changed(shard: Shard): void;
}

type Standing = 'following' | 'claiming' | 'open' | 'giving' | 'damaged' | 'closed';

/** The owner of a shard whose newest record this node has not seen yet. */
export const UNKNOWN = '?';
const RETRY_MS = 1_000;

export class Shard {
  readonly n: number;
  readonly copy: Copy;
  readonly #parts: ShardParts;
  readonly #writer: Writer;
  #standing: Standing = 'following';
  /** Its newest record's owner, as far as this node knows. */
  #owner = NOBODY;
  #epoch = 0;
  #at = 0;
  readonly #gathering: Gathering;
  readonly #arrivals: Arrivals;

  constructor(n: number, parts: ShardParts) {
    this.n = n;
    this.#parts = parts;
    this.#writer = new Writer(n, parts);
    this.copy = new Copy(n, parts, {
      report: parts.report,
      now: () => this.#at = Math.max(this.#at, parts.clock.now()),
      gather: (resident, lines, answer, done) => this.#gathering.gather(resident, lines, answer, done),
      gathered: (resident, cmid) => this.#gathering.next.lines(resident)?.find((line) => line.cmid === cmid),
      room: () => this.#gathering.next.hasRoom(parts.log.recordBytesMax),
      later: (call) => { parts.clock.after(RETRY_MS, call); },
      afterwards: (see) => this.#gathering.afterwards(see),
    });
    this.#arrivals = new Arrivals({
      ...parts, shard: n, head: () => this.copy.head, busy: () => this.#writer.busy,
      told: (record) => this.#writer.told(record), take: (record) => this.#take(record),
    });
    this.#gathering = new Gathering({ soon: parts.soon, commit: (batch) => this.#commit(batch), rested: () => this.#arrivals.goOn() });
  }

  /** Whether this node owns it and takes commands. */
  get isOpen(): boolean { return this.#standing === 'open'; }

  /** Whether this node finishes what it has begun, and then gives it away. */
  get isGiving(): boolean { return this.#standing === 'giving'; }

  /** Whether this node follows it, and may claim it. */
  get isFollowing(): boolean { return this.#standing === 'following'; }

  /** Its owner's name as this node knows it, '' for nobody. */
  get owner(): string { return this.#owner; }

  /** Its time: of its owners' clocks, and never backwards. */
  get at(): number { return this.#at; }

  /** Which claim it is under, as this node knows it; each has a higher number than the one before. */
  get epoch(): number { return this.#epoch; }

  /** Why no node takes anything for it, as far as this one knows. */
  get refusal(): Refusal | undefined {
    switch (this.#standing) {
      case 'damaged': return new Refusal('damaged');
      case 'closed': return moved();
      default: return undefined;
    }
  }

  /** Learns who owns it, at start: from the log's newest record. A damaged one stays closed, with a report. */
  async look(): Promise<number> {
    try {
      const last = await this.#parts.log.last(this.n);
      if (last !== undefined && last.seq >= this.copy.head) {
        const { node, epoch } = decodeRecord(last.bytes);
        this.#owner = node;
        this.#epoch = Math.max(this.#epoch, epoch);
      }
      return last?.seq ?? 0;
    } catch (error) {
      if (!(error instanceof LogRefusal) || error.reason !== 'damaged') throw error;
      this.#damaged(error.message);
      return 0;
    }
  }

  /** Takes it, if nobody from whom it may not be taken does meanwhile. @throws LogRefusal `unavailable` */
  async claim(mayTake: (owner: string) => boolean): Promise<void> {
    if (this.#standing !== 'following') return;
    this.#standing = 'claiming';
    try {
      const claim = await this.#writer.claim(mayTake, (seq) => this.#arrivals.level(seq));
      if (this.#standing !== 'claiming') return;
      this.#standing = 'following';
      if (claim === undefined) return this.#arrivals.goOn();
      this.#owner = this.#parts.node;
      this.#epoch = this.#writer.epoch;
      this.#wrote(claim, []);
      this.#standing = 'open';
      this.#parts.changed(this);
      this.#arrivals.goOn();
    } catch (error) {
      if (this.#standing === 'claiming') this.#standing = 'following';
      this.#arrivals.goOn();
      if (!(error instanceof LogRefusal) || error.reason !== 'damaged') throw error;
      this.#damaged(error.message);
    }
  }

  /** Takes a command; `done` is called once, after whatever the answer rests on is durable; `ownerChanging` when it moved. */
  ask(actor: string, command: ActorCommand, done: (answer: Answer) => void): void {
    if (this.#standing !== 'open') return done(this.refusal ?? moved());
    this.copy.resident(actor).ask(command, done);
  }

  /** The next records of the log, as following it tells them; those that this node has already taken say nothing. */
  follow(records: readonly Stored[]): void {
    this.#arrivals.follow(records);
  }

  /**
   * Whether this node still owns it, proved by an append not older than `ms`; else an empty record is appended first. What
   * goes out of the house is as young as its proof, and knows what was being written. 0: what was proved before counts no
   * more, for anybody. `mayBeLate`: a proof that was sent since this was asked will do, however old it is when it is heard.
   */
  async prove(ms: number, mayBeLate = ms === 0): Promise<boolean> {
    if (this.#standing !== 'open') return false;
    if (ms === 0) this.#writer.doubt();
    const isProven = ms > 0 && this.#writer.isProven(ms);
    // What is being written may stand already, and say what came of that which is about to be done again.
    if (isProven && !this.#writer.busy) return true;
    return await this.#gathering.prove(!isProven) && (mayBeLate || this.#writer.isProven(ms));
  }

  /** Finishes what is queued and gives it away, so that another may claim it at once. */
  async give(): Promise<void> {
    if (this.#standing !== 'open') return;
    this.#standing = 'giving';
    await this.#gathering.rest();
    await this.#gathering.exclusively(async () => {
      if (this.#standing !== 'giving') return;
      for (const resident of this.copy.residents.values()) resident.turnAway(moved());
      try {
        const gift = await this.#writer.write(this.#at, [], NOBODY);
        this.#owner = NOBODY;
        this.#wrote(gift, []);
      } catch (error) {
        this.#parts.report('warn', 'a shard could not be given away', { shard: this.n, why: String(error) });
        // Nothing was written, so it is still this node's, and would be nobody's if this node did not take commands.
        if (error instanceof LogRefusal && error.reason === 'unavailable' && this.#standing === 'giving') {
          this.#standing = 'open';
          return this.#parts.changed(this);
        }
      }
      this.#standing = 'following';
      this.#parts.changed(this);
    });
  }

  /** Finishes what is queued, then takes nothing more. */
  async close(): Promise<void> {
    await this.#gathering.rest();
    this.#arrivals.end();
    if (this.#standing !== 'damaged') this.#standing = 'closed';
  }

  /** A record that another node wrote, or this one without having heard that it did. */
  #take(record: Stored): void {
    let said: ShardRecord;
    try {
      said = decodeRecord(record.bytes);
    } catch (error) {
      return this.#damaged(messageOf(error));
    }
    const [before, undone] = [this.#owner, this.isOpen || this.isGiving];
    this.#owner = said.node;
    // Of older records than the newest, which was looked at, it says nothing.
    this.#epoch = Math.max(this.#epoch, said.epoch);
    if (undone) this.#undo(new Batch(), 'fenced');
    // Be it a record of its own that came late: whose it is stands here, and no read of the log's end may know less.
    this.#owner = said.node;
    this.#at = Math.max(this.#at, said.at);
    this.#parts.committed(record, this.copy.follow(record.seq, said), this);
    // A claim says that its node listens now, also when it owned it before.
    if (undone || said.node !== before || said.counter === 0) this.#parts.changed(this);
  }

  #damaged(why: string): void {
    this.#standing = 'damaged';
    this.#parts.report('error', 'a shard is stopped', { shard: this.n, why });
    this.#parts.changed(this);
  }

  async #commit(batch: Batch): Promise<void> {
    if (this.#standing !== 'open' && this.#standing !== 'giving') return this.#undo(batch, 'fenced');
    const { facts, changes } = batch.seal();
    const { tail } = this.copy;
    const begun = this.#parts.clock.now();
    // Also of a record that holds nothing: its age says whether its owner lives.
    this.#at = Math.max(this.#at, begun);
    tail.writing(facts);
    let bytes: Uint8Array;
    try {
      bytes = await this.#writer.write(this.#at, changes);
    } catch (error) {
      tail.written(undefined);
      const reason = error instanceof LogRefusal ? error.reason : 'unavailable';
      this.#parts.report(reason === 'fenced' ? 'warn' : 'error', 'a record could not be written', { shard: this.n, reason, why: String(error) });
      return this.#undo(batch, reason);
    }
    const head = this.copy.head = this.#writer.head;
    tail.written(head);
    batch.commit(head);
    this.#parts.measures.appended(this.#parts.clock.now() - begun);
    batch.settle();
    this.#wrote(bytes, facts);
  }

  /** A record of this node is durable. */
  #wrote(bytes: Uint8Array, facts: readonly Committed[]): void {
    const seq = this.#writer.head;
    this.copy.reach(seq);
    this.#parts.committed({ shard: this.n, seq, bytes }, facts, this);
  }

  /** Nothing of the record happened: back to what is durable, and everyone who waits is told to try again. */
  #undo(batch: Batch, reason: string): void {
    // What was gathered meanwhile rests on what did not happen.
    const late = this.#gathering.take();
    if (reason === 'damaged') this.#damaged('its log takes no more records');
    if (reason === 'fenced') {
      this.#parts.measures.fenced();
      if (this.#standing === 'open' || this.#standing === 'giving') this.#standing = 'following';
      if (this.#owner === this.#parts.node) {
        this.#owner = UNKNOWN;
        this.look().then(() => this.#parts.changed(this), () => undefined);
      }
      this.#parts.changed(this);
    }
    const refusal = this.refusal ?? (this.isOpen ? new Refusal('storeUnavailable', '', RETRY_MS) : moved());
    const residents = [...this.copy.residents.values()];
    const undone = residents.filter((resident) => resident.undo());
    for (const { done } of [...batch.answers, ...late.answers]) done(refusal);
    // What waits behind that must not overtake it; of a shard that moved nothing may stay.
    for (const resident of this.isOpen ? undone : residents) resident.turnAway(refusal);
    for (const see of late.seers) see();
  }
}

/** The asker's node sends it to the new owner. */
export function moved(): Refusal {
  return new Refusal('ownerChanging', '', RETRY_MS);
}
