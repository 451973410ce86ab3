/**
 * A shard: the unit of ownership, of commit and of fencing. It hosts actors and lets nothing out before the record that
 * holds it is durable.
 *
 * One append is in flight at a time; everything that queued meanwhile is the next record.
 */
import type { ActorCommand, ActorState, Kind, Line } from '../machines/actor.ts';
import { earliest } from '../machines/timers.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import { LogRefusal, type Stored } from './log.ts';
import { partId, type Change } from './record.ts';
import type { Report } from './report.ts';
import { Resident, type Answer, type ResidentParts } from './resident.ts';
import type { Range, Store, StoredEntry } from './store.ts';
import { Tail } from './tail.ts';
import { encodeLine } from './tell.ts';
import type { Soon } from './turn.ts';
import { Writer, type WriterParts } from './writer.ts';

/** What one record did to one actor, told after the record is durable. */
export interface Committed {
  actor: string;
  before: ActorState | undefined;
  state: ActorState;
  lines: readonly Line[];
  /** The encoded lines, in the same order. */
  entries: Change['entries'];
  due: number;
}

export interface ShardParts extends WriterParts {
  store: Store;
  kindOf(actor: string): Kind<ActorState>;
  report: Report;
  /** Runs at the end of the current turn of the event loop, so that everything that arrives in it shares a record. */
  soon: Soon;
  committed(record: Stored, facts: readonly Committed[]): void;
}

/** What the next record will hold, and who waits for it. */
interface Batch {
  changes: Map<Resident, { lines: Line[]; entries: Change['entries'] }>;
  answers: { done(answer: Answer): void; answer: Answer }[];
  /** Told after the lines have been published, so that they hear none twice. */
  seers: (() => void)[];
  bytes: number;
}

const UNAVAILABLE_RETRY_MS = 1_000;
/** A record stays well below what the log takes at once; whoever comes later tries again. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024;
const BATCH_ACTORS_MAX = 2_000;

export class Shard {
  readonly n: number;
  readonly tail = new Tail();
  readonly #parts: ShardParts;
  readonly #writer: Writer;
  readonly #residents = new Map<string, Resident>();
  readonly #forResidents: ResidentParts;
  #standing: 'opening' | 'open' | 'damaged' | 'closed' = 'opening';
  #at = 0;
  #next: Batch = emptyBatch();
  #flushing = false;
  #planned = false;
  #idle: (() => void)[] = [];

  constructor(n: number, parts: ShardParts) {
    this.n = n;
    this.#parts = parts;
    this.#writer = new Writer(n, parts);
    this.#forResidents = {
      store: parts.store, tail: this.tail, report: parts.report,
      now: () => this.#at = Math.max(this.#at, parts.clock.now()),
      gather: (resident, lines, answer, done) => this.#gather(resident, lines, answer, done),
      gathered: (resident, cmid) => this.#next.changes.get(resident)?.lines.find((line) => line.cmid === cmid),
      room: () => this.#next.bytes < BATCH_BYTES_MAX && this.#next.changes.size < BATCH_ACTORS_MAX,
      later: (call) => { parts.clock.after(UNAVAILABLE_RETRY_MS, call); },
      afterwards: (see) => { this.#next.seers.push(see); this.#plan(); },
    };
  }

  /** Claims the shard. The store must have caught up with the log. A damaged shard stays closed, with a report. */
  async open(): Promise<void> {
    try {
      const claim = await this.#writer.claim();
      this.#standing = 'open';
      // It changes nobody, but the store counts it.
      this.#parts.committed({ shard: this.n, seq: this.#writer.head, bytes: claim }, []);
    } catch (error) {
      if (!(error instanceof LogRefusal) || error.reason !== 'damaged') throw error;
      this.#standing = 'damaged';
      this.#parts.report('error', 'a shard is stopped', { shard: this.n, why: error.message });
    }
  }

  /** Why it takes nothing now. */
  get refusal(): Refusal | undefined {
    switch (this.#standing) {
      case 'open': return undefined;
      case 'damaged': return new Refusal('damaged');
      case 'opening': case 'closed': return new Refusal('ownerChanging', '', UNAVAILABLE_RETRY_MS);
    }
  }

  /** Takes a command; `done` is called once, after whatever the answer rests on is durable. */
  ask(actor: string, command: ActorCommand, done: (answer: Answer) => void): void {
    if (this.refusal !== undefined) return done(this.refusal);
    this.#resident(actor).ask(command, done);
  }

  /** The newest durable state, read together with whatever `then` registers: no line falls between. */
  peek(actor: string, then: (state: ActorState | undefined) => void): void {
    if (this.refusal !== undefined) return then(undefined);
    const resident = this.#resident(actor);
    resident.see((state) => {
      then(state);
      // Nobody is kept in memory by being asked for.
      if (state === undefined && resident.empty && this.#residents.get(actor) === resident) this.#residents.delete(actor);
    });
  }

  /** Log lines, from the tables and from what they have not applied yet. */
  async history(actor: string, range: Range): Promise<StoredEntry[]> {
    const fresh = this.tail.entries(actor, range);
    return Tail.merge(await this.#parts.store.entries(actor, range), fresh, range);
  }

  /** Fires the timers of an actor that are due; stale alarms find nothing. */
  fire(actor: string, now: number): void {
    this.peek(actor, (state) => {
      const timer = state === undefined ? undefined : earliest(state.timers);
      if (timer === undefined || timer.at > now) return;
      const { owner, id, gen } = timer;
      this.ask(actor, { type: 'timer', owner, id, gen } as ActorCommand, (answer) => {
        if (!(answer instanceof Refusal)) return this.fire(actor, now);
        if (answer.retryAfterMs > 0) this.#parts.clock.after(answer.retryAfterMs, () => this.fire(actor, now));
      });
    });
  }

  /** Lets idle actors go; they wake again from the store. One that the store has not applied stays. */
  passivate(idleSince: number): void {
    const applied = this.#parts.store.positions[this.n] ?? 0;
    for (const [id, resident] of this.#residents) {
      const idle = resident.quiet && resident.record <= applied && resident.usedAt <= idleSince;
      if (idle || resident.empty) this.#residents.delete(id);
    }
  }

  /** Actors whose newest change the tables may not show yet. */
  *unapplied(): Iterable<{ actor: string; state: ActorState }> {
    const applied = this.#parts.store.positions[this.n] ?? 0;
    for (const { id, record, committed } of this.#residents.values()) {
      if (record > applied && committed !== undefined) yield { actor: id, state: committed };
    }
  }

  get residents(): number {
    return this.#residents.size;
  }

  /** Finishes what is queued, then takes nothing more. */
  async close(): Promise<void> {
    if (this.#flushing || this.#planned) await new Promise<void>((resolve) => this.#idle.push(resolve));
    if (this.#standing === 'open') this.#standing = 'closed';
  }

  #resident(actor: string): Resident {
    let resident = this.#residents.get(actor);
    if (resident === undefined) {
      resident = new Resident(actor, this.#parts.kindOf(actor), this.#forResidents);
      this.#residents.set(actor, resident);
    }
    return resident;
  }

  #gather(resident: Resident, lines: readonly Line[], answer: Answer, done: (answer: Answer) => void): void {
    // What is in a record that is being written need not be in the next: a repeat or a refusal only waits for it.
    if (resident.state !== resident.gathered) {
      resident.gathered = resident.state;
      const entries = lines.map((line) => ({ audience: line.audience, bytes: encodeLine(line) }));
      const change = this.#next.changes.get(resident);
      if (change === undefined) this.#next.changes.set(resident, { lines: [...lines], entries });
      else { change.lines.push(...lines); change.entries.push(...entries); }
      for (const { bytes } of entries) this.#next.bytes += bytes.length;
    }
    this.#next.answers.push({ done, answer });
    this.#plan();
  }

  #plan(): void {
    if (this.#flushing || this.#planned) return;
    this.#planned = true;
    this.#parts.soon(() => {
      this.#planned = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#flushing = true;
    while (this.#next.answers.length > 0 || this.#next.seers.length > 0) {
      const batch = this.#next;
      this.#next = emptyBatch();
      if (batch.changes.size > 0) await this.#commit(batch);
      else settle(batch);
      for (const see of batch.seers) see();
    }
    this.#flushing = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #commit(batch: Batch): Promise<void> {
    const facts: Committed[] = [];
    const changes: Change[] = [];
    for (const [resident, { lines, entries }] of batch.changes) {
      const { id, state, committed } = resident;
      if (state === undefined) continue;
      const due = earliest(state.timers)?.at ?? 0;
      facts.push({ actor: id, before: committed, state, lines, entries, due });
      changes.push({ actor: id, state: Buffer.from(resident.kind.freeze(state)), due, pending: state.outbox.length > 0, entries });
      for (const [key, json] of resident.kind.parts?.(state, committed) ?? []) {
        changes.push({ actor: partId(id, key), state: Buffer.from(json ?? ''), due: 0, pending: false, entries: [] });
      }
    }
    this.tail.writing(facts);
    let bytes: Uint8Array;
    try {
      bytes = await this.#writer.write(this.#at, changes);
    } catch (error) {
      this.tail.written(undefined);
      return this.#undo(batch, error);
    }
    const { head } = this.#writer;
    this.tail.written(head);
    facts.forEach(({ actor, state }) => {
      const resident = this.#residents.get(actor);
      if (resident === undefined) return;
      resident.record = head;
      resident.committed = state;
    });
    settle(batch);
    this.#parts.committed({ shard: this.n, seq: head, bytes }, facts);
  }

  /** Nothing of the record happened: back to what is durable, and everyone who waits is told to try again. */
  #undo(batch: Batch, error: unknown): void {
    const reason = error instanceof LogRefusal ? error.reason : 'unavailable';
    this.#parts.report('error', 'a record could not be written', { shard: this.n, reason, why: error instanceof Error ? error.message : String(error) });
    // What was gathered meanwhile rests on what did not happen.
    const late = this.#next;
    this.#next = emptyBatch();
    if (reason === 'damaged') this.#standing = 'damaged';
    if (reason === 'fenced') {
      this.#standing = 'opening';
      for (const resident of this.#residents.values()) resident.dismiss(new Refusal('ownerChanging', '', UNAVAILABLE_RETRY_MS));
      this.#residents.clear();
      this.open().catch((error: unknown) => this.#parts.report('error', 'a shard could not be claimed', { shard: this.n, why: String(error) }));
    }
    const refusal = this.refusal ?? new Refusal('storeUnavailable', '', UNAVAILABLE_RETRY_MS);
    const undone = [...this.#residents.values()].filter((resident) => resident.undo());
    for (const { done } of [...batch.answers, ...late.answers]) done(refusal);
    // What waits behind that must not overtake it.
    for (const resident of undone) resident.turnAway(refusal);
    for (const see of late.seers) see();
  }
}

function emptyBatch(): Batch {
  return { changes: new Map(), answers: [], seers: [], bytes: 0 };
}

function settle(batch: Batch): void {
  for (const { done, answer } of batch.answers) done(answer);
}
