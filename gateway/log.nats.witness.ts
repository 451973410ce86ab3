/**
 * Sees that the stream still has what this node has seen of it. A server may lose what it acknowledged, by a power cut or
 * an older copy of its disk: then others write different records in the places of the lost ones, and who goes on behind
 * those would never agree with anybody again.
 */
import type { Placed, Places } from './log.nats.places.ts';
import type { Stream } from './log.nats.stream.ts';
import { Denial, DENIED, type Api } from './nats.api.ts';
import { previousOf } from './record.ts';

export interface WitnessParts {
  api: Pick<Api, 'clock' | 'connected' | 'onChange'>;
  stream: Pick<Stream, 'state'>;
  places: Pick<Places, 'newestOfAll' | 'at'>;
  replicas: number;
  /** Called once. */
  lost(why: string): void;
}

const LOOK_MS = 5_000;
/** While there is a doubt. */
const SOON_MS = 1_000;
/**
 * So many looks in a row must find it too short. Of several servers, one that is cut off from the others may be behind for
 * a while; and one that has just started says of a stream that it is still reading that there is none.
 */
const LOOKS = { short: 2, behind: 30, none: 60 };

export class Witness {
  readonly #parts: WitnessParts;
  #doubts = 0;
  /** What stood last whenever the connection was lost: the server may be another one since, or the same with less. */
  readonly #before = new Set<Placed>();
  #ended = false;
  #cancel: () => void = () => undefined;
  readonly #stop: () => void;

  constructor(parts: WitnessParts) {
    this.#parts = parts;
    this.#stop = parts.api.onChange(() => {
      if (parts.api.connected) this.#lookIn(0);
      else if (parts.places.newestOfAll) this.#before.add(parts.places.newestOfAll);
    });
    this.#lookIn(LOOK_MS);
  }

  end(): void {
    this.#ended = true;
    this.#cancel();
    this.#stop();
  }

  #lookIn(ms: number): void {
    this.#cancel();
    if (!this.#ended) this.#cancel = this.#parts.api.clock.after(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { lost } = this.#parts;
    // Without an answer nothing can be said now.
    const missing = await this.#missing().catch(() => undefined);
    if (this.#ended) return;
    if (missing === undefined) return this.#lookIn(this.#doubts > 0 || this.#before.size > 0 ? SOON_MS : LOOK_MS);
    this.end();
    lost(`NATS has lost what it had acknowledged: ${missing}.`);
  }

  /** What the log certainly lacks of what this node knows; undefined when it lacks nothing. @throws Silence, Denial */
  async #missing(): Promise<string | undefined> {
    const { stream, replicas, places } = this.#parts;
    const { newestOfAll: seen } = places;
    if (seen === undefined) return undefined;
    const end = await stream.state().then(({ last_seq }) => last_seq, (error: unknown) => {
      if (error instanceof Denial && error.code === DENIED.noStream) return 0;
      throw error;
    });
    if (end < seen.at) {
      const isCertain = ++this.#doubts >= (end === 0 ? LOOKS.none : replicas > 1 ? LOOKS.behind : LOOKS.short);
      return isCertain ? `its log ends at ${end}, and this node has seen ${seen.at}` : undefined;
    }
    this.#doubts = 0;
    for (const before of this.#before) {
      if (!await this.#stands(before)) return `at ${before.at} of its log stands another record than this node has seen`;
      this.#before.delete(before);
    }
    return undefined;
  }

  /** One that was let go of on purpose is no loss. */
  async #stands({ at, shard, seq, bytes }: Placed): Promise<boolean> {
    const found = await this.#parts.places.at(at);
    return found === undefined || (found.shard === shard && found.seq === seq && Buffer.compare(previousOf(found.bytes), previousOf(bytes)) === 0);
  }
}
