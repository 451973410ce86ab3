/** Reading and following the log on JetStream: from any position of any shards, each record once, in its shard's order. */
import type { Clock } from './clock.ts';
import { LogRefusal, type Stored } from './log.ts';
import type { Placed, Places } from './log.nats.places.ts';
import { Pull } from './log.nats.pull.ts';
import type { Message, Stream } from './log.nats.stream.ts';
import { Witness } from './log.nats.witness.ts';
import { Denial, Silence, type Api } from './nats.api.ts';

export interface ReadingParts {
  api: Api;
  stream: Stream;
  places: Places;
  replicas: number;
}

/** A reading that gets nowhere for so long is given up: elections take 4 to 9 s. */
const STALLED_MS = 15_000;
const AGAIN_MS = 1_000;

export class Reading {
  readonly #parts: ReadingParts;
  /** What ends those who read and follow now. */
  readonly #ends = new Set<() => void>();
  #closed = false;

  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  /** As `Log.read`. */
  async *read(after: ReadonlyMap<number, number>): AsyncGenerator<Stored> {
    const { api, places } = this.#parts;
    const { from, last } = await refusing(() => api.patiently(() => places.course(after)));
    const track = new Track(new Map([...last.keys()].map((shard) => [shard, after.get(shard) ?? 0])));
    let missing = [...last].reduce((sum, [shard, { seq }]) => sum + seq - (after.get(shard) ?? 0), 0);
    if (missing === last.size) return yield* last.values();
    const heaps = new Heaps();
    const pull = this.#pull(from, (messages) => heaps.put(messages));
    const end = (): void => heaps.end();
    this.#ends.add(end);
    try {
      while (missing > 0) {
        const messages = await heaps.take(api.clock, STALLED_MS);
        if (messages.length === 0 || this.#closed) throw new LogRefusal('unavailable', 'The log cannot be read now.');
        for (const record of places.records(messages)) {
          if (record.seq > (last.get(record.shard)?.seq ?? 0) || track.take(record) !== 'next') continue;
          missing -= 1;
          yield record;
        }
        if (track.hole !== undefined) throw track.hole;
      }
    } finally {
      this.#ends.delete(end);
      pull.end();
      heaps.end();
    }
  }

  /** As `Log.follow`. */
  follow(after: ReadonlyMap<number, number>, tell: (records: readonly Stored[]) => void | Promise<void>, lost: (why: string) => void): () => void {
    const { api, places } = this.#parts;
    const track = new Track(new Map(after));
    let pull: Pull | undefined;
    let ended = false;
    const stopFor = (why: string): void => {
      if (ended) return;
      end();
      lost(why);
    };
    const witness = new Witness({ ...this.#parts, lost: stopFor });
    const end = (): void => {
      ended = true;
      witness.end();
      pull?.end();
      this.#ends.delete(end);
    };
    const hear = (messages: readonly Message[]): void | Promise<void> => {
      const records = places.records(messages).filter((record) => track.take(record) === 'next');
      for (const record of records) places.note(record);
      const told = records.length > 0 ? tell(records) : undefined;
      // Something is missing: where it stands is looked up, or that it is gone.
      if (track.hole !== undefined) void begin();
      return told;
    };
    const begin = async (): Promise<void> => {
      pull?.end();
      track.hole = undefined;
      while (!ended) {
        try {
          const { from } = await places.course(track.positions);
          if (!ended) pull = this.#pull(from, hear);
          return;
        } catch (error) {
          if (error instanceof LogRefusal && error.reason === 'trimmed') return stopFor(error.message);
          await api.pause(AGAIN_MS);
        }
      }
    };
    this.#ends.add(end);
    void begin();
    return end;
  }

  close(): void {
    this.#closed = true;
    for (const end of this.#ends) end();
  }

  #pull(from: number, heard: (messages: readonly Message[]) => void | Promise<void>): Pull {
    const { api, stream } = this.#parts;
    return new Pull({ api, stream: stream.name, from, heard, newest: async () => (await stream.state()).last_seq });
  }
}

/** How far each shard has been told; takes each record once. */
class Track {
  readonly positions: Map<number, number>;
  /** Set when a record came before one that was not there. */
  hole: LogRefusal | undefined;

  constructor(positions: Map<number, number>) {
    this.positions = positions;
  }

  take({ shard, seq }: Placed): 'next' | 'other' {
    const position = this.positions.get(shard);
    if (position === undefined || seq <= position) return 'other';
    if (seq > position + 1) {
      this.hole ??= new LogRefusal('trimmed', `Shard ${shard} has no record ${position + 1} any more.`);
      return 'other';
    }
    this.positions.set(shard, seq);
    return 'next';
  }
}

/** What has come and is not yet read. Whoever brings something waits until it has been taken. */
class Heaps {
  #messages: Message[] = [];
  #taken: (() => void)[] = [];
  #wake: () => void = () => undefined;

  put(messages: readonly Message[]): Promise<void> {
    this.#messages.push(...messages);
    this.#wake();
    return new Promise((resolve) => { this.#taken.push(resolve); });
  }

  /** All that has come; nothing when nothing comes for so long, or when it was ended. */
  async take(clock: Clock, ms: number): Promise<readonly Message[]> {
    if (this.#messages.length === 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(ms, resolve);
        this.#wake = () => { cancel(); resolve(); };
      });
    }
    const messages = this.#messages;
    this.#messages = [];
    for (const resolve of this.#taken.splice(0)) resolve();
    return messages;
  }

  end(): void {
    this.#wake();
    for (const resolve of this.#taken.splice(0)) resolve();
  }
}

/** Runs it; what JetStream does not answer or refuses cannot be read now. */
export async function refusing<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Silence) && !(error instanceof Denial)) throw error;
    throw new LogRefusal('unavailable', error.message, { cause: error });
  }
}
