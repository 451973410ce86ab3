/** A stream of JetStream as Parley needs it: made once, compared with what came back, never made smaller. */
import { messageOf, type Report } from './report.ts';
import { answerOf, Denial, DENIED, type Api } from './nats.api.ts';

export interface StreamParts {
  name: string;
  subject: string;
  replicas: number;
  /** Appends are refused beyond so many bytes. Default: as many as the server has. */
  bytesMax?: number;
}

/** What must be so, or records get lost: old servers leave out what they do not know, without a word. */
const KEPT = {
  retention: 'limits', storage: 'file', discard: 'new', max_age: 0, max_msgs: -1, max_msgs_per_subject: -1, max_msg_size: -1,
  sealed: false, deny_purge: false,
} as const;

/** So soon an append to a server that was killed and started again is sent anew. */
const APPEND_MS = 1_500;

interface Info {
  config: typeof KEPT & { subjects?: string[]; num_replicas: number; max_bytes: number };
  state: { messages: number; bytes: number; first_seq: number; last_seq: number; subjects?: Record<string, number> };
  /** Who else has a copy, as whoever leads knows it. */
  cluster?: { replicas?: unknown[] };
}

/** A message as the leader of a stream gives it; not a copy on another server, which may be late. */
export interface Message {
  subject: string;
  /** Its number in the stream. */
  at: number;
  data: Uint8Array;
  /** When the server got it, in milliseconds since 1970. */
  time: number;
}

export class Stream {
  readonly name: string;
  readonly #api: Api;

  constructor(api: Api, name: string) {
    this.#api = api;
    this.name = name;
  }

  /**
   * Makes the stream, or finds it; gives it more replicas if it has fewer than asked for.
   *
   * @throws Error with a sentence for the operator, when what is there is not fit
   */
  static async open(api: Api, { name, subject, replicas, bytesMax = -1 }: StreamParts, report: Report): Promise<Stream> {
    const stream = new Stream(api, name);
    const wanted = { name, subjects: [subject], ...KEPT, max_bytes: bytesMax, num_replicas: replicas, deny_delete: true };
    const found = await api.patiently(() => stream.#info()) ?? await api.patiently(() => api.ask<Info>(`STREAM.CREATE.${name}`, wanted));
    check(name, subject, found);
    await stream.#grow(found, replicas, report);
    return stream;
  }

  /** Gives a stream that somebody else has made as many replicas as are asked for. @throws as `open` */
  async grow(replicas: number, report: Report): Promise<void> {
    const found = await this.#api.patiently(() => this.#info());
    if (found !== undefined) await this.#grow(found, replicas, report);
  }

  /** How far it goes and what it takes. @throws Silence, Denial */
  async state(): Promise<Info['state']> {
    return (await this.#api.ask<Info>(`STREAM.INFO.${this.name}`, undefined, isOfLeader)).state;
  }

  /** Those that have messages, of these; none of a stream that is not there. @throws Silence, Denial */
  async subjects(filter: string): Promise<string[]> {
    const info = await this.#info({ subjects_filter: filter });
    return Object.keys(info?.state.subjects ?? {});
  }

  /** The newest message of a subject. @throws Silence, Denial */
  last(subject: string): Promise<Message | undefined> {
    return this.#get({ last_by_subj: subject });
  }

  /** The first message of a subject from a place of the stream on. @throws Silence, Denial */
  next(subject: string, from: number): Promise<Message | undefined> {
    return this.#get({ seq: from, next_by_subj: subject });
  }

  /** The message at a place of the stream. @throws Silence, Denial */
  at(place: number): Promise<Message | undefined> {
    return this.#get({ seq: place });
  }

  /** Appends to a subject whose newest message has this place, 0 for none; resolves with its own. @throws Silence, Denial */
  async append(subject: string, data: Uint8Array, expected: number): Promise<number> {
    const header: [string, string] = ['Nats-Expected-Last-Subject-Sequence', String(expected)];
    return answerOf<{ seq: number }>(await this.#api.send(subject, data, { ms: APPEND_MS, header })).seq;
  }

  /** Lets go of what is before a place. @throws Silence, Denial */
  async trim(before: number): Promise<void> {
    // A server that is asked to let go of what is before the first place of all lets go of everything.
    const { first_seq: first } = await this.state();
    if (before > Math.max(first, 1)) await this.#api.ask(`STREAM.PURGE.${this.name}`, { seq: before });
  }

  /** Lets go of all that a subject has. @throws Silence, Denial */
  async purge(subject: string): Promise<void> {
    await this.#api.ask(`STREAM.PURGE.${this.name}`, { filter: subject });
  }

  async #grow({ config }: Info, replicas: number, report: Report): Promise<void> {
    const stream = this.name;
    const has = config.num_replicas;
    // What is certain of an append, and which servers will do, depends on the number.
    if (has > replicas) throw new Error(`The stream ${stream} has ${has} replicas, not ${replicas}: set nats.replicas to ${has}.`);
    if (has === replicas) return;
    try {
      const changed = await this.#api.patiently(() => this.#api.ask<Info>(`STREAM.UPDATE.${stream}`, { ...config, num_replicas: replicas }));
      if (changed.config.num_replicas !== replicas) throw new Error(`it has ${changed.config.num_replicas} still`);
    } catch (error) {
      const why = messageOf(error);
      throw new Error(`The stream ${stream} has ${has} replicas, not ${replicas}, and could not be given more: ${why}. `
        + `Give it more by hand (nats stream edit ${stream} --replicas ${replicas}), or set nats.replicas to ${has}.`, { cause: error });
    }
    report('info', 'A stream has more replicas now.', { stream, replicas });
  }

  async #info(more?: object): Promise<Info | undefined> {
    try {
      return await this.#api.ask<Info>(`STREAM.INFO.${this.name}`, more, isOfLeader);
    } catch (error) {
      if (error instanceof Denial && error.code === DENIED.noStream) return undefined;
      throw error;
    }
  }

  async #get(which: object): Promise<Message | undefined> {
    try {
      const { message } = await this.#api.ask<{ message: { subject: string; seq: number; data?: string; time: string } }>(`STREAM.MSG.GET.${this.name}`, which);
      return { subject: message.subject, at: message.seq, data: Buffer.from(message.data ?? '', 'base64'), time: Date.parse(message.time) };
    } catch (error) {
      if (error instanceof Denial && error.code === DENIED.noMessage) return undefined;
      throw error;
    }
  }
}

/**
 * A server whose copy has come to a halt answers too, of what it has, beside the one that leads (2.10.26 and later, where it
 * was the first to be given the stream): it knows of no other copies.
 */
function isOfLeader({ config, cluster }: Info): boolean {
  return config.num_replicas === 1 || (cluster?.replicas?.length ?? 0) > 0;
}

function check(name: string, subject: string, { config }: Info): void {
  const wrong = Object.entries(KEPT).filter(([key, value]) => (config as Record<string, unknown>)[key] !== value).map(([key]) => key);
  if (config.subjects?.length !== 1 || config.subjects[0] !== subject) wrong.push('subjects');
  if (wrong.length === 0) return;
  throw new Error(`The stream ${name} is not as Parley needs it (${wrong.join(', ')}). Nothing was changed. `
    + 'Give this cluster another name (nats.name), or remove the stream if nothing in it is needed.');
}
