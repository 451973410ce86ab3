/**
 * A shard: the unit of ownership, of commit and of fencing. It hosts actors, queues their commands, and lets nothing out
 * before the record that holds it is durable.
 *
 * One append is in flight at a time; everything that queued meanwhile is the next record.
 */
import type { ActorCommand, ActorState, Kind, Line, Reply } from '../machines/actor.ts';
import { earliest } from '../machines/timers.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Clock } from './clock.ts';
import { LogRefusal, type Log, type Stored } from './log.ts';
import { decodeRecord, encodeRecord, hashOf, type Change } from './record.ts';
import type { Report } from './report.ts';
import type { Range, Store, StoredEntry } from './store.ts';
import { Tail } from './tail.ts';
import { encodeLine } from './tell.ts';

export type Answer = Reply | Refusal;

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

export interface ShardParts {
  log: Log;
  store: Store;
  kindOf(actor: string): Kind<ActorState>;
  clock: Clock;
  report: Report;
  /** Name of this node, for records and reports. */
  node: string;
  /** Runs at the end of the current turn of the event loop, so that everything that arrives in it shares a record. */
  soon(call: () => void): void;
  committed(record: Stored, facts: readonly Committed[]): void;
}

interface Job {
  command: ActorCommand;
  done(answer: Answer): void;
}

interface Resident {
  id: string;
  kind: Kind<ActorState>;
  /** Newest state, which may not be durable yet. */
  state: ActorState | undefined;
  committed: ActorState | undefined;
  /** The newest record that changed it. */
  record: number;
  /** Jobs that came while it wakes or looks for a repeat; in order, one at a time. */
  waiting: Job[];
  busy: boolean;
  quarantined: boolean;
  usedAt: number;
}

interface Batch {
  changes: Map<Resident, { lines: Line[]; entries: Change['entries'] }>;
  answers: { done(answer: Answer): void; answer: Answer }[];
  /** Those who wait to see a new actor: told after its lines have been published, so that they hear none twice. */
  seers: (() => void)[];
}

const WAITING_MAX = 2_000;
const RETRY_MS = 200;
const UNAVAILABLE_RETRY_MS = 1_000;

export class Shard {
  readonly n: number;
  readonly #parts: ShardParts;
  readonly #residents = new Map<string, Resident>();
  readonly tail = new Tail();
  #standing: 'opening' | 'open' | 'damaged' | 'closed' = 'opening';
  #epoch = 0;
  #counter = 0;
  #head = 0;
  #hash: Uint8Array = new Uint8Array(16);
  #at = 0;
  #next: Batch = { changes: new Map(), answers: [], seers: [] };
  #flushing = false;
  #planned = false;
  #idle: (() => void)[] = [];

  constructor(n: number, parts: ShardParts) {
    this.n = n;
    this.#parts = parts;
  }

  /** Claims the shard: reads its end and appends a record that says who owns it now. The store must have caught up. */
  async open(): Promise<void> {
    const { log, clock, node, report } = this.#parts;
    try {
      for (;;) {
        const last = await log.last(this.n);
        this.#epoch = (last === undefined ? 0 : decodeRecord(last.bytes).epoch) + 1;
        this.#counter = 0;
        this.#head = last?.seq ?? 0;
        this.#hash = last === undefined ? new Uint8Array(16) : hashOf(last.bytes);
        const claim = encodeRecord(this.#hash, { epoch: this.#epoch, counter: 0, node, at: clock.now(), changes: [] });
        try {
          await this.#append(claim);
          break;
        } catch (error) {
          if (!(error instanceof LogRefusal) || error.reason !== 'fenced') throw error;
        }
      }
      this.#standing = 'open';
    } catch (error) {
      if (!(error instanceof LogRefusal) || error.reason !== 'damaged') throw error;
      this.#standing = 'damaged';
      report('error', 'a shard is stopped', { shard: this.n, why: error.message });
    }
  }

  /** Takes a command; `done` is called once, after whatever the answer rests on is durable. */
  ask(actor: string, command: ActorCommand, done: (answer: Answer) => void): void {
    const refusal = this.#refusal();
    if (refusal !== undefined) return done(refusal);
    const resident = this.#resident(actor);
    if (resident.quarantined) return done(new Refusal('quarantined'));
    if (resident.busy || resident.waiting.length > 0) {
      if (resident.waiting.length >= WAITING_MAX) return done(new Refusal('overloaded', '', UNAVAILABLE_RETRY_MS));
      resident.waiting.push({ command, done });
      return;
    }
    this.#take(resident, { command, done });
  }

  /** The newest durable state, read together with whatever `then` registers: no line falls between. */
  peek(actor: string, then: (state: ActorState | undefined) => void): void {
    if (this.#refusal() !== undefined) return then(undefined);
    const resident = this.#resident(actor);
    if (resident.committed !== undefined) return then(resident.committed);
    const done = (): void => then(resident.committed);
    if (resident.busy || resident.waiting.length > 0) { resident.waiting.push({ command: PEEK, done }); return; }
    this.#see(resident, done);
  }

  /** Log lines, from the tables and from what they have not applied yet. */
  async history(actor: string, range: Range): Promise<StoredEntry[]> {
    const fresh = this.tail.entries(actor, range);
    return Tail.merge(await this.#parts.store.entries(actor, range), fresh, range);
  }

  /** Fires the timers of an actor that are due; stale alarms find nothing. */
  fire(actor: string, now: number): void {
    this.peek(actor, (state) => {
      const timer = state === undefined ? undefined : earliest(state.timers as never);
      if (timer === undefined || timer.at > now) return;
      const { owner, id, gen } = timer;
      this.ask(actor, { type: 'timer', owner, id, gen } as ActorCommand, (answer) => {
        if (!(answer instanceof Refusal)) return this.fire(actor, now);
        if (answer.retryAfterMs > 0) this.#parts.clock.after(answer.retryAfterMs, () => this.fire(actor, now));
      });
    });
  }

  /** Lets idle actors go; they wake again from the store. One that the store has not applied stays. */
  passivate(idleSince: number): number {
    const applied = this.#parts.store.positions[this.n] ?? 0;
    this.tail.applied(applied);
    for (const [id, resident] of this.#residents) {
      const quiet = !resident.busy && resident.waiting.length === 0 && resident.state === resident.committed;
      if (quiet && !resident.quarantined && resident.record <= applied && resident.usedAt <= idleSince) {
        this.#residents.delete(id);
      }
    }
    return this.#residents.size;
  }

  /** Actors whose newest change the tables may not show yet. */
  *unapplied(): Iterable<{ actor: string; state: ActorState }> {
    const applied = this.#parts.store.positions[this.n] ?? 0;
    for (const resident of this.#residents.values()) {
      if (resident.record > applied && resident.committed !== undefined) yield { actor: resident.id, state: resident.committed };
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

  #refusal(): Refusal | undefined {
    switch (this.#standing) {
      case 'open': return undefined;
      case 'damaged': return new Refusal('damaged');
      case 'opening': case 'closed': return new Refusal('ownerChanging', '', UNAVAILABLE_RETRY_MS);
    }
  }

  #resident(actor: string): Resident {
    const known = this.#residents.get(actor);
    if (known !== undefined) return known;
    const resident: Resident = {
      id: actor, kind: this.#parts.kindOf(actor), state: undefined, committed: undefined, record: 0, waiting: [],
      busy: true, quarantined: false, usedAt: this.#parts.clock.now(),
    };
    this.#residents.set(actor, resident);
    this.#parts.store.actor(actor).then((bytes) => {
      if (bytes !== undefined) resident.committed = resident.state = resident.kind.thaw(new TextDecoder().decode(bytes));
      this.#resume(resident);
    }).catch((error: unknown) => this.#quarantine(resident, error, 'its state cannot be read'));
    return resident;
  }

  #resume(resident: Resident): void {
    resident.busy = false;
    while (!resident.busy && resident.waiting.length > 0) {
      const job = resident.waiting.shift();
      if (job !== undefined) this.#take(resident, job);
    }
  }

  #take(resident: Resident, job: Job): void {
    if (job.command === PEEK) return this.#see(resident, () => job.done(PEEKED));
    const repeat = resident.kind.mayRepeat(resident.state, job.command);
    if (repeat === undefined) return this.#step(resident, job);
    resident.busy = true;
    this.#known(resident, repeat).then((known) => {
      this.#step(resident, job, known);
      this.#resume(resident);
    }).catch((error: unknown) => this.#quarantine(resident, error, 'a repeat could not be looked up'));
  }

  /** An actor whose first step is not durable yet is seen once it is: who has just written finds it. */
  #see(resident: Resident, done: () => void): void {
    if (resident.state === resident.committed) return done();
    this.#next.seers.push(done);
    this.#plan();
  }

  /** The line that stands under a client's id: in the record being gathered or written, in the tail, or in the tables. */
  async #known(resident: Resident, cmid: string): Promise<Line | undefined> {
    const gathered = this.#next.changes.get(resident)?.lines.find((line) => line.cmid === cmid);
    return gathered ?? this.tail.byCmid(resident.id, cmid) ?? await Tail.stored(this.#parts.store, resident.id, cmid);
  }

  #step(resident: Resident, job: Job, known?: Line): void {
    this.#at = Math.max(this.#at, this.#parts.clock.now());
    resident.usedAt = this.#at;
    let answer: Answer;
    try {
      const stepped = resident.kind.step(resident.id, resident.state, job.command, this.#at, known);
      if ('refused' in stepped) {
        answer = new Refusal(stepped.refused, stepped.detail);
      } else {
        answer = stepped.reply;
        if (stepped.state !== resident.state) {
          const entries = stepped.lines.map((line) => ({ audience: line.audience, bytes: encodeLine(line) }));
          const change = this.#next.changes.get(resident);
          if (change === undefined) this.#next.changes.set(resident, { lines: [...stepped.lines], entries });
          else { change.lines.push(...stepped.lines); change.entries.push(...entries); }
          resident.state = stepped.state;
        }
      }
    } catch (error) {
      this.#quarantine(resident, error, `its step failed on "${job.command.type}"`);
      answer = new Refusal('quarantined');
    }
    this.#next.answers.push({ done: job.done, answer });
    this.#plan();
  }

  /** One actor that throws is held back alone, with its last good state; nobody else notices. */
  #quarantine(resident: Resident, error: unknown, why: string): void {
    resident.quarantined = true;
    resident.busy = false;
    this.#parts.report('error', 'an actor is quarantined', {
      actor: resident.id, why, error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      mend: 'its history is safe; correct the cause and restart the node',
    });
    for (const job of resident.waiting.splice(0)) job.done(new Refusal('quarantined'));
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
      this.#next = { changes: new Map(), answers: [], seers: [] };
      await this.#commit(batch);
    }
    this.#flushing = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #commit(batch: Batch): Promise<void> {
    if (batch.changes.size === 0) {
      settle(batch);
      for (const see of batch.seers) see();
      return;
    }
    const facts: Committed[] = [];
    const changes: Change[] = [];
    for (const [resident, { lines, entries }] of batch.changes) {
      const state = resident.state;
      if (state === undefined) continue;
      const due = earliest(state.timers as never)?.at ?? 0;
      facts.push({ actor: resident.id, before: resident.committed, state, lines, entries, due });
      changes.push({ actor: resident.id, state: Buffer.from(resident.kind.freeze(state)), due, pending: state.outbox.length > 0, entries });
    }
    const bytes = encodeRecord(this.#hash, {
      epoch: this.#epoch, counter: ++this.#counter, node: this.#parts.node, at: this.#at, changes,
    });
    this.tail.writing(facts);
    try {
      await this.#append(bytes);
    } catch (error) {
      this.tail.written(undefined);
      return this.#undo(batch, error);
    }
    this.tail.written(this.#head);
    for (const [resident] of batch.changes) resident.record = this.#head;
    let i = 0;
    for (const [resident] of batch.changes) resident.committed = facts[i++]?.state;
    settle(batch);
    this.#parts.committed({ shard: this.n, seq: this.#head, bytes }, facts);
    for (const see of batch.seers) see();
  }

  /** Appends until the outcome is known: the same bytes, with the same expectation. */
  async #append(bytes: Uint8Array): Promise<void> {
    for (;;) {
      try {
        const written = this.#parts.log.append(this.n, this.#head, bytes);
        const hash = hashOf(bytes);
        this.#head = await written;
        this.#hash = hash;
        return;
      } catch (error) {
        if (!(error instanceof LogRefusal) || error.reason !== 'unknown') throw error;
        await new Promise<void>((resolve) => { this.#parts.clock.after(RETRY_MS, resolve); });
      }
    }
  }

  /** Nothing of the record happened: back to what is durable, and everyone who waits is told to try again. */
  #undo(batch: Batch, error: unknown): void {
    const reason = error instanceof LogRefusal ? error.reason : 'unavailable';
    const why = error instanceof Error ? error.message : String(error);
    this.#parts.report('error', 'a record could not be written', { shard: this.n, reason, why });
    const late = this.#next;
    this.#next = { changes: new Map(), answers: [], seers: [] };
    for (const resident of this.#residents.values()) resident.state = resident.committed;
    if (reason === 'damaged') this.#standing = 'damaged';
    if (reason === 'fenced') {
      this.#standing = 'opening';
      this.#residents.clear();
      void this.open();
    }
    const refusal = reason === 'unavailable' ? new Refusal('storeUnavailable', '', UNAVAILABLE_RETRY_MS)
      : this.#refusal() ?? new Refusal('ownerChanging', '', UNAVAILABLE_RETRY_MS);
    for (const { done } of [...batch.answers, ...late.answers]) done(refusal);
    for (const see of [...batch.seers, ...late.seers]) see();
  }
}

/** Waits in an actor's queue like a command, but only to see its state once it is awake. */
const PEEK: ActorCommand = { type: 'peek' };
const PEEKED: Answer = { seq: 0, n: 0, at: 0, repeated: true };

function settle(batch: Batch): void {
  for (const { done, answer } of batch.answers) done(answer);
}
