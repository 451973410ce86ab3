/**
 * The log of a cluster, on JetStream: one stream, a subject for each shard. The fence is the server's: an append names the
 * place of the shard's newest record, and is refused when another stands there.
 *
 * Below 2.10.23 that holds with one replica only; with more, two may win.
 */
import { LogRefusal, type Log, type Stored } from './log.ts';
import { Appending } from './log.nats.append.ts';
import { Places } from './log.nats.places.ts';
import { Reading, refusing } from './log.nats.reading.ts';
import { Stream } from './log.nats.stream.ts';
import type { Api } from './nats.api.ts';
import { PAYLOAD_LEAST } from './nats.fit.ts';
import { NO_HASH } from './record.ts';
import type { Report } from './report.ts';

export interface NatsLogParts {
  /** For appends and short questions. */
  api: Api;
  /** For reading and following, so that no answer to an append waits behind megabytes. */
  bulk: Api;
  /** Of the cluster. */
  name: string;
  shards: number;
  replicas: number;
  report: Report;
  /** The stream takes no more than so many bytes. Default: as many as the server has room for. */
  bytesMax?: number;
}

/** A message has subject, headers and the shard's sequence besides the record. */
const AROUND_BYTES = 1_024;

/** @throws Error with a sentence for the operator, when the stream that is there is not fit, or none can be made */
export async function openNatsLog(parts: NatsLogParts): Promise<NatsLog> {
  const { api, bulk, name, shards, replicas, bytesMax, report } = parts;
  const prefix = `parley.${name}.log.`;
  const stream = await Stream.open(api, { name: `PARLEY_${name}`, subject: `${prefix}*`, replicas, bytesMax }, report);
  const places = new Places(stream, prefix);
  const appending = new Appending({ api, places, replicas, report });
  const reading = new Reading({ api: bulk, stream, places, replicas });
  return new NatsLog({ api, places, appending, reading, stream, shards });
}

interface Parts {
  api: Api;
  places: Places;
  appending: Appending;
  reading: Reading;
  stream: Stream;
  shards: number;
}

export class NatsLog implements Log {
  readonly #parts: Parts;
  readonly #writing = new Set<Promise<number>>();
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get shards(): number {
    return this.#parts.shards;
  }

  /** Whoever keeps the log short needs to see where its records stand. */
  get stream(): Stream {
    return this.#parts.stream;
  }

  get places(): Places {
    return this.#parts.places;
  }

  readonly recordBytesMax = PAYLOAD_LEAST - AROUND_BYTES;

  /** JetStream checks what it keeps by itself. */
  readonly damage = [];
  readonly shared = true;

  append(shard: number, expected: number, record: Uint8Array): Promise<number> {
    const writing = this.#append(shard, expected, record);
    this.#writing.add(writing);
    const done = (): boolean => this.#writing.delete(writing);
    writing.then(done, done);
    return writing;
  }

  async last(shard: number): Promise<Stored | undefined> {
    this.#check(shard);
    const { api, places } = this.#parts;
    return refusing(() => api.patiently(() => places.last(shard)));
  }

  async *read(after: ReadonlyMap<number, number>): AsyncGenerator<Stored> {
    for (const shard of after.keys()) this.#check(shard);
    yield* this.#parts.reading.read(after);
  }

  follow(after: ReadonlyMap<number, number>, tell: (records: readonly Stored[]) => void | Promise<void>, lost: (why: string) => void): () => void {
    return this.#parts.reading.follow(after, tell, lost);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#parts.reading.close();
    await Promise.allSettled(this.#writing);
  }

  async #append(shard: number, expected: number, record: Uint8Array): Promise<number> {
    this.#check(shard);
    const most = this.recordBytesMax;
    if (record.length < NO_HASH.length || record.length > most) {
      throw new RangeError(`A record has ${NO_HASH.length} to ${most} bytes, not ${record.length}.`);
    }
    return this.#parts.appending.append(shard, expected, record);
  }

  #check(shard: number): void {
    if (this.#closed) throw new LogRefusal('unavailable', 'The log is closed.');
    if (!(shard >= 0 && shard < this.shards)) throw new RangeError(`There is no shard ${shard}: the log has ${this.shards}.`);
  }
}
