/** The row of an actor as the tables write it, and which lists a conversation joins and leaves by that. */
import { listsOf, type Facts } from './lists.ts';
import type { MovedRow } from './store.ts';
import type { Db } from './tables.ts';

/** What every actor has. */
export interface Own {
  state: string;
  due: number;
  pending: boolean;
}

/** Of conversations alone. */
export interface Listing extends Facts {
  /** Feed number. */
  n: number;
}

type Statement = ReturnType<Db['prepare']>;
type Value = string | number | null;

const OWN = ['state', 'due', 'pending'] as const satisfies readonly (keyof Own)[];
/** Every change has these. */
const NEWS = ['at', 'n'] as const satisfies readonly (keyof Listing)[];
const RARE = [
  'waiting', 'shelf', 'agent', 'team', 'mentions', 'contact', 'workspace',
] as const satisfies readonly (keyof Facts)[];
const STAYED = { joined: [], left: [] } as const;

export class ActorRows {
  readonly #db: Db;
  readonly #rareOf: Statement;
  readonly #drop: Statement;
  readonly #others: { change: Statement; add: Statement };
  readonly #addListed: Statement;
  /** By which of the rare columns they change: an index whose columns are not named is left alone. */
  readonly #changes = new Map<number, Statement>();

  constructor(db: Db) {
    this.#db = db;
    this.#rareOf = db.prepare(`select ${RARE.join(', ')} from actor where id = ?`).raw();
    this.#drop = db.prepare('delete from actor where id = ?');
    this.#others = { change: db.prepare(changing(OWN)), add: db.prepare(adding(OWN)) };
    this.#addListed = db.prepare(adding([...OWN, ...NEWS, ...RARE]));
  }

  /** @param listing of a conversation that lists show; undefined for any other actor. */
  put(actor: string, { state, due, pending }: Own, listing: Listing | undefined): Pick<MovedRow, 'joined' | 'left'> {
    const own: Value[] = [actor, state, due, pending ? 1 : 0];
    if (listing === undefined) {
      if (this.#others.change.run(own).changes === 0) this.#others.add.run(own);
      return STAYED;
    }
    const news: Value[] = [...own, listing.at, listing.n];
    const old = this.#rareOf.get(actor) as Value[] | undefined;
    if (old === undefined) {
      this.#addListed.run([...news, ...RARE.map((column) => listing[column])]);
      return { joined: listsOf(listing), left: [] };
    }
    let changed = 0;
    for (const [i, column] of RARE.entries()) {
      if (old[i] === listing[column]) continue;
      changed |= 1 << i;
      news.push(listing[column]);
    }
    this.#change(changed).run(news);
    return changed === 0 ? STAYED : movesOf(old, listing);
  }

  drop(actor: string): void {
    this.#drop.run(actor);
  }

  #change(rare: number): Statement {
    let statement = this.#changes.get(rare);
    if (statement === undefined) {
      statement = this.#db.prepare(changing([...OWN, ...NEWS, ...RARE.filter((_, i) => (rare & (1 << i)) !== 0)]));
      this.#changes.set(rare, statement);
    }
    return statement;
  }
}

function movesOf(old: readonly Value[], listing: Listing): Pick<MovedRow, 'joined' | 'left'> {
  const before = listsOf({ ...listing, ...Object.fromEntries(RARE.map((column, i) => [column, old[i]])) });
  const after = listsOf(listing);
  return { joined: after.filter((list) => !before.includes(list)), left: before.filter((list) => !after.includes(list)) };
}

const changing = (columns: readonly string[]): string =>
  `update actor set ${columns.map((column, i) => `${column} = ?${i + 2}`).join(', ')} where id = ?1`;
const adding = (columns: readonly string[]): string =>
  `insert into actor(id, ${columns.join(', ')}) values (?${', ?'.repeat(columns.length)})`;
