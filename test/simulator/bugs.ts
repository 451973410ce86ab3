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
  bug('unknown-is-success', 'an append whose outcome is unknown counts as written',
    ['writer', `if (!(error instanceof LogRefusal) || error.reason !== 'unknown') throw error;`,
      `if (error instanceof LogRefusal && error.reason === 'unknown') return;\n        throw error;`]),
  bug('dedupe-by-window', 'knows repeats only by what is still in memory, not in the tables',
    ['resident', ' ?? await Tail.stored(store, this.id, cmid);', ' ?? (store === undefined ? undefined : undefined);']),
  bug('timers-in-memory', 'rings only for timers that were set on this node',
    ['alarm', 'for (const { actor, due } of actors) if (!this.#due.has(actor)) this.#due.set(actor, due);', 'void actors;'],
    ['alarm', 'for (const { actor, due } of this.#parts.unapplied()) if (due > 0 && due <= until) this.#due.set(actor, due);', '']),
  bug('claim-without-reading', 'claims a shard without having read it to its end',
    ['writer', 'await level(last?.seq ?? 0);', 'void level;']),
  bug('take-from-the-living', 'claims whatever it should have, whoever has it',
    ['ownership', '(first.get(shard.n) === self && alone(shard.owner))', 'first.get(shard.n) === self'],
    ['ownership', '(owner) => owner === NOBODY || owner === members.self || !members.possible.includes(owner)', '() => true'],
    ['ownership', 'const isSettled = now - since >= SETTLED_MS || isLeaving;', 'const isSettled = isLeaving && since > 0 && now > 0;']),
  bug('follower-skips', 'skips a record that came together with others',
    ['host', 'for (const record of records) this.#shards[record.shard]?.follow([record]);', 'for (const record of records.length > 3 ? records.slice(1) : records) this.#shards[record.shard]?.follow([record]);'],
    ['arrivals', 'else if (record.seq !== head() + 1) this.#missed(record);', '']),
  bug('follower-repeats', 'takes a record again that it is told again',
    ['arrivals', 'if (record.seq <= head() || this.#ended) continue;', 'if (this.#ended) continue;'],
    ['arrivals', 'else if (record.seq !== head() + 1) this.#missed(record);', '']),
  bug('tail-dropped-early', 'forgets the newest lines before the tables show them',
    ['copy', 'this.tail.told(seq, changes);', '']),
  bug('wakes-from-old-tables', 'an actor wakes as the tables have it, though the log has gone on',
    ['copy', 'this.#news.set(actor, known === undefined ? news : merged(known, news));', 'void known;']),
  bug('answer-before-following', 'answers before the asker\'s node has followed that far',
    ['courier', 'this.#parts.reached(seq, () => {\n        for', '(void seq, (call: () => void) => call())(() => {\n        for']),
  bug('courier-reorders', 'sends the newest of what waits first when a round begins anew',
    ['courier', 'this.#unsent = this.#waiting.unanswered;', 'this.#unsent = this.#waiting.unanswered.reverse();']),
  bug('courier-forgets', 'forgets what waits when its node becomes the owner',
    ['courier', 'return left.map(({ actor, command, done }) => ({ actor, command, done }));', 'return [];']),
  bug('courier-overtaken', 'lets pass what was asked behind a refused command',
    ['courier', 'const behind = this.#waiting.behind(waiter);', 'const behind: Waiter[] = [];']),
  bug('overtaken-while-giving', 'sends to the next owner what comes while it still writes',
    ['post', 'if (!shard.isGiving && held.length === 0) return', 'if (HELD_MAX > 0) return']),
  bug('counter-out-of-turn', 'takes packs of commands in any order',
    ['counter', 'if (nth !== (round === edge.round ? edge.next : 0)) return answer(OVER);', '']),
  bug('effects-forgotten', 'carries out only effects that were committed here, none that it found when it took a shard over',
    ['duties', 'this.#alarm.again();\n      this.#take(shards);', 'this.#alarm.again();']),
  bug('effect-without-proof', 'sends a request though it may have been replaced',
    ['duties', 'if (await shard.prove(proofMs)) return may();', 'if (proofMs > 0) return may();']),
  bug('zombie-offers-less', 'offers a client less than it has seen, for an owner that was cut off',
    ['following', 'if (mayBeOld && !isFresh) {', 'if (mayBeOld && !isFresh && !this.#host.owns(actor)) {']),
  bug('never-joined', 'does not begin its duties when the last owner is back without a shard having moved',
    ['ownership', 'if (this.#waiting.length > 0 && this.#isWhole) for', 'if (this.#waiting.length > 0 && this.#claiming.size > 0 && this.#isWhole) for']),
];
