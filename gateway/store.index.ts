/**
 * The index of words: which chunks of lines have a word, and in which workspace. It follows the chunks at its own pace,
 * many in one transaction, since a word of one message alone would cost as much as those of ten.
 */
import { decodeEntry } from '../sdk/protocol/codec.ts';
import { entriesIn } from './chunk.ts';
import { readMeta, type Db } from './tables.ts';
import { workspaceOf } from './tables.tally.ts';
import { wordsOf } from './words.ts';

type Statement = ReturnType<Db['prepare']>;
type Row = [id: number, actor: string, first: number, bytes: Uint8Array];

/** So many chunks are read at a time, and so many lines are a step: some hundredths of a second. */
const CHUNKS = 32;
const LINES = 1_000;

export class WordIndex {
  readonly #db: Db;
  readonly #chunks: Statement;
  readonly #put: Statement;
  readonly #move: Statement;
  /** The newest chunk whose words it has. */
  #position: number;

  constructor(db: Db) {
    this.#db = db;
    this.#chunks = db.prepare('select id, actor, first, bytes from chunk where id > ? order by id limit ?').raw();
    this.#put = db.prepare('insert into word(rowid, scope, said) values (?, ?, ?)');
    this.#move = db.prepare(`update meta set value = ? where key = 'words'`);
    this.#position = Number(readMeta(db, 'words') ?? 0);
  }

  /** Takes the next chunks. Returns whether it has all now. @throws whatever SQLite says; then nothing has changed. */
  step(): boolean {
    let position = this.#position;
    this.#db.exec('begin immediate');
    try {
      let whole = false;
      for (let lines = 0; lines < LINES && !whole;) {
        const rows = this.#chunks.all([position, CHUNKS]) as Row[];
        for (const [id, actor, first, bytes] of rows) {
          const texts = textsOf({ first, bytes });
          if (texts.length > 0) this.#put.run([id, scopeOf(workspaceOf(actor)), wordsOf(texts.join('\n')).map(({ word }) => word).join(' ')]);
          lines += texts.length;
          position = id;
        }
        whole = rows.length < CHUNKS;
      }
      if (position !== this.#position) this.#move.run(String(position));
      this.#db.exec('commit');
      this.#position = position;
      return whole;
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('rollback');
      throw error;
    }
  }
}

/** A moment after a change, so that many share a transaction; then again, resting several times as long as it worked. */
const SOON_MS = 1_000;
const REST_TIMES = 6;

/** When the index goes on: behind everything else that the writing thread has to do. */
export class Indexing {
  readonly #index: WordIndex;
  readonly #failed: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  /** It has all that was there at its last step. */
  #whole = false;

  constructor(index: WordIndex, failed: (error: unknown) => void) {
    this.#index = index;
    this.#failed = failed;
    this.soon();
  }

  /** Something came. */
  soon(): void {
    this.#whole = false;
    this.#timer ??= setTimeout(() => this.#go(), SOON_MS);
  }

  /** Whoever searches does not wait for its pace. Returns whether it has all now. */
  now(): boolean {
    if (!this.#whole) this.#step();
    return this.#whole;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #go(): void {
    const begun = performance.now();
    const failed = !this.#whole && !this.#step();
    const rest = failed ? SOON_MS : REST_TIMES * (performance.now() - begun);
    this.#timer = this.#whole ? undefined : setTimeout(() => this.#go(), rest);
  }

  /** Returns whether it could. */
  #step(): boolean {
    try {
      this.#whole = this.#index.step();
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }
}

/** What is said in a chunk, and by whom. */
function textsOf(chunk: { first: number; bytes: Uint8Array }): string[] {
  const texts: string[] = [];
  for (const { bytes } of entriesIn(chunk)) {
    const { kind, author, body } = decodeEntry(bytes);
    if (kind === 'message' || kind === 'note') texts.push(`${author.name}\n${body.text}`);
  }
  return texts;
}

/** A workspace as one word. */
export const scopeOf = (workspace: string): string => `w${Buffer.from(workspace).toString('hex')}`;
