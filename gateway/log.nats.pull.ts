/**
 * The messages of a stream behind a place, each once and in order, through whatever happens to servers and connections:
 * whenever anything is odd, a new consumer begins behind the last message that came.
 *
 * It asks for a bounded heap at a time, and for the next one when that has been dealt with.
 */
import { createInbox, type Msg } from '@nats-io/transport-node';
import { statusOf, type Api } from './nats.api.ts';
import type { Message } from './log.nats.stream.ts';

export interface PullParts {
  api: Pick<Api, 'nc' | 'clock' | 'inbox' | 'connected' | 'ask' | 'onChange' | 'pause'>;
  stream: string;
  /** Only those of this subject. */
  subject?: string;
  /** The place of the first message that is wanted. */
  from: number;
  /** The place of the newest message, as the stream's leader knows it: a consumer may live where the stream has come to a halt. */
  newest?: (() => Promise<number>) | undefined;
  /** While a promise that it returned is open, no more is asked for. */
  heard(messages: readonly Message[]): void | Promise<void>;
}

const HEAP_MESSAGES = 1_000;
/** Room for one message of any size. */
const HEAP_BYTES = 16 * 1024 * 1024;
const EXPIRES_MS = 5_000;
/** While nothing comes the server says so, so that its silence means something. */
const HEARTBEAT_MS = 500;
const TICK_MS = 500;
const TICKS_SILENT = 3;
/** A consumer that nobody asks any more goes away by itself. */
const FORGOTTEN_MS = 30_000;
const AGAIN_MS = 250;
const nanoseconds = (ms: number): number => ms * 1_000_000;

/** The heap came to its end, or nothing of this consumer can be relied on any more. */
type End = 'whole' | 'broken';

export class Pull {
  readonly #parts: PullParts;
  #next: number;
  #ended = false;
  #break: (end: End) => void = () => undefined;

  constructor(parts: PullParts) {
    this.#parts = parts;
    this.#next = parts.from;
    void this.#run();
  }

  end(): void {
    this.#ended = true;
    this.#break('broken');
  }

  async #run(): Promise<void> {
    const { api } = this.#parts;
    const stop = api.onChange(() => this.#break('broken'));
    while (!this.#ended) {
      const consumer = await this.#consumer();
      if (consumer === undefined) await api.pause(AGAIN_MS);
      else await this.#take(consumer);
    }
    stop();
  }

  /** One that only this node has, on one server, in memory: there is nothing in it that could not be made anew. */
  async #consumer(): Promise<string | undefined> {
    const { api, stream, subject } = this.#parts;
    const config = {
      ...subject === undefined ? {} : { filter_subject: subject },
      deliver_policy: 'by_start_sequence', opt_start_seq: this.#next, ack_policy: 'none', replay_policy: 'instant',
      inactive_threshold: nanoseconds(FORGOTTEN_MS), mem_storage: true, num_replicas: 1,
    };
    try {
      return (await api.ask<{ name: string }>(`CONSUMER.CREATE.${stream}`, { stream_name: stream, config })).name;
    } catch {
      // Whatever it was, it is tried again until it works, or somebody ends this.
      return undefined;
    }
  }

  async #take(consumer: string): Promise<void> {
    const { api, stream } = this.#parts;
    const inbox = createInbox(api.inbox);
    const heap = new Heap(inbox, (messages) => this.#hear(messages), (end) => this.#break(end));
    const sub = api.nc.subscribe(inbox, { callback: (error, message) => (error ? this.#break('broken') : heap.take(message)) });
    const request = JSON.stringify({
      batch: HEAP_MESSAGES, max_bytes: HEAP_BYTES, expires: nanoseconds(EXPIRES_MS), idle_heartbeat: nanoseconds(HEARTBEAT_MS),
    });
    for (let end: End = 'whole'; end === 'whole' && !this.#ended && api.connected;) {
      const from = this.#next;
      const over = new Promise<End>((resolve) => { this.#break = resolve; });
      heap.begin();
      api.nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, request, { reply: inbox });
      const stop = this.#watch(heap);
      end = await over;
      stop();
      await heap.dealtWith();
      if (end === 'whole' && this.#next === from && await this.#isBehind(from)) end = 'broken';
    }
    sub.unsubscribe();
    if (api.connected) api.nc.publish(`$JS.API.CONSUMER.DELETE.${stream}.${consumer}`);
  }

  /** Asked only when nothing has come for a while. */
  async #isBehind(next: number): Promise<boolean> {
    const newest = await this.#parts.newest?.().catch(() => 0);
    return newest !== undefined && newest >= next;
  }

  #hear(messages: readonly Message[]): void | Promise<void> {
    if (this.#ended) return undefined;
    this.#next = (messages.at(-1)?.at ?? 0) + 1;
    return this.#parts.heard(messages);
  }

  /** Counts ticks, not time: a process that stood still has heard nothing, but that is not the server's silence. */
  #watch(heap: Heap): () => void {
    const { clock } = this.#parts.api;
    let silent = 0;
    const tick = (): void => {
      silent = heap.stirred() ? 0 : silent + 1;
      if (silent >= TICKS_SILENT) return this.#break('broken');
      cancel = clock.after(TICK_MS, tick);
    };
    let cancel = clock.after(TICK_MS, tick);
    return () => cancel();
  }
}

/** What came of one consumer. */
class Heap {
  readonly #inbox: string;
  readonly #hear: (messages: readonly Message[]) => void | Promise<void>;
  readonly #over: (end: End) => void;
  #left = 0;
  #delivered = 0;
  #stirred = false;
  #holed = false;
  /** What came in one piece from the network is heard as one. */
  #gathered: Message[] = [];
  #dealing: (void | Promise<void>)[] = [];

  constructor(inbox: string, hear: (messages: readonly Message[]) => void | Promise<void>, over: (end: End) => void) {
    this.#inbox = inbox;
    this.#hear = hear;
    this.#over = over;
  }

  begin(): void {
    this.#left = HEAP_MESSAGES;
    this.#dealing = [];
  }

  /** Whether anything came since it was last asked. */
  stirred(): boolean {
    const stirred = this.#stirred;
    this.#stirred = false;
    return stirred;
  }

  async dealtWith(): Promise<void> {
    this.#flush();
    // Whoever cannot take it says so itself; to them it was told.
    await Promise.allSettled(this.#dealing);
  }

  take(message: Msg): void {
    this.#stirred = true;
    if (message.subject === this.#inbox) return this.#status(statusOf(message), message.headers?.description ?? '');
    const { at, delivered, time } = numbersOf(message.reply ?? '');
    this.#holed ||= delivered !== ++this.#delivered;
    if (this.#holed) return this.#over('broken');
    // A copy: whoever keeps it must not keep what came along with it.
    if (this.#gathered.push({ subject: message.subject, at, data: message.data.slice(), time }) === 1) queueMicrotask(() => this.#flush());
    if (--this.#left === 0) this.#over('whole');
  }

  #status(code: number, text: string): void {
    // 100: still there. 408: it waited long enough. 409: many things, of which these are in order.
    if (code === 100) return;
    this.#over(code === 408 || (code === 409 && /MaxBytes|Batch/.test(text)) ? 'whole' : 'broken');
  }

  #flush(): void {
    const messages = this.#gathered;
    this.#gathered = [];
    if (messages.length > 0) this.#dealing.push(this.#hear(messages));
  }
}

/** `$JS.ACK.<stream>.<consumer>.<times>.<place>.<delivered>.<time>.<left>`; newer servers put two words in front of the stream. */
function numbersOf(reply: string): { at: number; delivered: number; time: number } {
  const words = reply.split('.');
  const shift = words.length > 9 ? 2 : 0;
  return { at: Number(words[5 + shift]), delivered: Number(words[6 + shift]), time: Number(words[7 + shift]) / 1e6 };
}
