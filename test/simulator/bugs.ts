/**
 * Faults that somebody might put into the house by mistake, each as a change of its source. The simulator must find every
 * one: a run without violations says little unless a broken house has them.
 */
import type { Patch } from './bundle.ts';

export interface Bug {
  /** A file's name, too. */
  name: string;
  what: string;
  patches: readonly Patch[];
}

const bug = (name: string, what: string, ...patches: [file: string, find: string, replace: string][]): Bug =>
  ({ name, what, patches: patches.map(([file, find, replace]) => ({ file: `gateway/${file}.ts`, find, replace })) });

export const BUGS: readonly Bug[] = [
  bug('ack-before-commit', 'answers before its record is durable',
    ['shard', 'const { facts, changes } = batch.seal();', 'batch.settle(); const { facts, changes } = batch.seal();']),
  bug('fan-out-before-commit', 'publishes lines before their record is durable',
    ['shard', 'tail.writing(facts);\n', 'tail.writing(facts); this.#parts.committed({ shard: this.n, seq: this.copy.head, bytes: new Uint8Array() }, facts, this);\n']),
  bug('no-fence', 'takes a fenced append for a durable one',
    ['writer', `if (!(error instanceof LogRefusal) || error.reason !== 'unknown') throw error;`,
      `if (error instanceof LogRefusal && error.reason === 'fenced') return;\n        if (!(error instanceof LogRefusal) || error.reason !== 'unknown') throw error;`],
    ['writer', 'else this.#writing.refused();', 'else this.#writing.durable();']),
  bug('output-when-fenced', 'answers those whose record was fenced as if it stood',
    ['shard', 'for (const { done } of [...batch.answers, ...late.answers]) done(refusal);', 'batch.settle(); for (const { done } of late.answers) done(refusal);']),
  bug('unknown-is-failure', 'an append whose outcome is unknown counts as not written, and its number is used again',
    ['writer', `if (!(error instanceof LogRefusal) || error.reason !== 'unknown') throw error;`,
      `if (error instanceof LogRefusal && error.reason === 'unknown') throw new LogRefusal('unavailable', error.message);\n        throw error;`]),
  bug('unknown-is-success', 'an append whose outcome is unknown counts as written',
    ['writer', `if (!(error instanceof LogRefusal) || error.reason !== 'unknown') throw error;`,
      `if (error instanceof LogRefusal && error.reason === 'unknown') return;\n        throw error;`]),
  bug('dedupe-by-window', 'knows repeats only by what is still in memory, not in the tables',
    ['resident', ' ?? await Tail.stored(store, this.id, cmid);', ' ?? (store === undefined ? undefined : undefined);']),
  bug('timers-in-memory', 'rings only for timers that were set on this node',
    ['alarm', 'for (const { actor, due } of actors) if (!this.#due.has(actor)) this.#due.set(actor, due);', 'void actors;'],
    ['alarm', 'for (const { actor, due } of this.#parts.unapplied()) if (due > 0 && due <= until) this.#due.set(actor, due);', '']),
  bug('follower-skips', 'skips a record that came together with others',
    ['host', 'for (const record of records) this.#shards[record.shard]?.follow([record]);', 'for (const record of records.length > 3 ? records.slice(1) : records) this.#shards[record.shard]?.follow([record]);'],
    ['shard', 'if (record.seq !== copy.head + 1) return this.#missed(record);', '']),
  bug('follower-repeats', 'takes a record again that it is told again',
    ['shard', 'if (record.seq <= this.copy.head || this.#standing === \'closed\') continue;', 'if (this.#standing === \'closed\') continue;'],
    ['shard', 'if (record.seq !== copy.head + 1) return this.#missed(record);', '']),
  bug('wakes-from-old-tables', 'an actor wakes as the tables have it, though the log has gone on',
    ['copy', 'this.#news.set(actor, known === undefined ? news : merged(known, news));', 'void known;']),
  bug('courier-reorders', 'sends the newest of what waits first when a round begins anew',
    ['courier', 'this.#unsent = this.#waiting.unanswered;', 'this.#unsent = this.#waiting.unanswered.reverse();']),
  bug('courier-forgets', 'forgets what waits when its node becomes the owner',
    ['courier', 'return left.map(({ actor, command, done }) => ({ actor, command, done }));', 'return [];']),
  bug('never-joined', 'does not begin its duties when the last owner is back without a shard having moved',
    ['ownership', 'if (this.#waiting.length > 0 && this.#isWhole) for', 'if (this.#waiting.length > 0 && this.#claiming.size > 0 && this.#isWhole) for']),
];
