/** What the next record of a shard will hold, and who waits for it. */
import type { Line } from '../machines/actor.ts';
import { earliest } from '../machines/timers.ts';
import { partId, type Change } from './record.ts';
import type { Answer, Resident } from './resident.ts';
import type { Committed } from './shard.ts';
import { encodeLine } from './tell.ts';

/** A record stays well below what the log takes at once; whoever comes later tries again. */
const BYTES_MAX = 4 * 1024 * 1024;
const ACTORS_MAX = 2_000;
/** Of an actor's state at least: what is gathered is not frozen before its record is sealed, so it counts as it last was. */
const STATE_BYTES = 2_000;

export class Batch {
  /** `answer` undefined: of one who only waits for the record itself, and hears a refusal or nothing. */
  readonly answers: { done(answer: Answer | undefined): void; answer: Answer | undefined }[] = [];
  /** Told after the lines have been published, so that they hear none twice. */
  readonly seers: (() => void)[] = [];
  /** Whether a record is to be written, though it may be empty. */
  isDue = false;
  readonly #changes = new Map<Resident, { lines: Line[]; entries: Change['entries'] }>();
  #facts: Committed[] = [];
  #bytes = 0;

  get isWaitedFor(): boolean {
    return this.answers.length > 0 || this.seers.length > 0;
  }

  /** @param recordBytesMax what the log takes at once */
  hasRoom(recordBytesMax: number): boolean {
    return this.#bytes < Math.min(BYTES_MAX, recordBytesMax / 2) && this.#changes.size < ACTORS_MAX;
  }

  lines(resident: Resident): readonly Line[] | undefined {
    return this.#changes.get(resident)?.lines;
  }

  gather(resident: Resident, lines: readonly Line[], answer: Answer, done: (answer: Answer) => void): void {
    // What is in a record that is being written need not be in the next: a repeat or a refusal only waits for it.
    if (resident.state !== resident.gathered) {
      resident.gathered = resident.state;
      this.isDue = true;
      const entries = lines.map((line) => ({ audience: line.audience, bytes: encodeLine(line) }));
      const change = this.#changes.get(resident);
      if (change === undefined) {
        this.#changes.set(resident, { lines: [...lines], entries });
        this.#bytes += Math.max(STATE_BYTES, resident.bytes);
      } else {
        change.lines.push(...lines);
        change.entries.push(...entries);
      }
      for (const { bytes } of entries) this.#bytes += bytes.length;
    }
    this.answers.push({ done: (given) => done(given ?? answer), answer });
  }

  /** As it is to be written. */
  seal(): { facts: readonly Committed[]; changes: Change[] } {
    const changes: Change[] = [];
    for (const [resident, { lines, entries }] of this.#changes) {
      const { id, state, committed } = resident;
      if (state === undefined) continue;
      const due = earliest(state.timers)?.at ?? 0;
      this.#facts.push({ actor: id, before: committed, state, lines, entries, due });
      const frozen = Buffer.from(resident.kind.freeze(state));
      resident.bytes = frozen.length;
      changes.push({ actor: id, state: frozen, due, pending: state.outbox.length > 0, entries });
      for (const [key, json] of resident.kind.parts?.(state, committed) ?? []) {
        changes.push({ actor: partId(id, key), state: Buffer.from(json ?? ''), due: 0, pending: false, entries: [] });
      }
    }
    return { facts: this.#facts, changes };
  }

  /** It is durable as this sequence. */
  commit(seq: number): void {
    const states = new Map(this.#facts.map(({ actor, state }) => [actor, state]));
    for (const resident of this.#changes.keys()) {
      resident.record = seq;
      resident.committed = states.get(resident.id) ?? resident.committed;
    }
  }

  settle(): void {
    for (const { done, answer } of this.answers) done(answer);
  }
}
