/** Holds a history against the promises: one count for each way to break one. Reads no clock and no file. */
import { Gauge, type Figures, type Spread } from './gauge.ts';
import type { ClientLine, EffectLine, LogLine, NodeLine, ReadLine, Reader } from './history.ts';
import { Rounds } from './rounds.ts';

/** Each but `findings` is a number of breaches; all of them are faults. */
export interface Breaches {
  /** P1: acknowledged, and not in the log. */
  lost: number;
  /** P2: further times that a send stands in the log. */
  duplicated: number;
  /** P2: acknowledgements, also of repeats, of another sequence than the log's. */
  misplaced: number;
  /** P3: places where a conversation does not go on by one from 1. */
  gaps: number;
  /** P3: a node's copy of a conversation that is another than the log's, or lacks what had been there for long. */
  divergent: number;
  /** P4: messages behind a later one of the same client in the same conversation. */
  reordered: number;
  /** P5: a client saw less than before, or something that does not stand. */
  unseen: number;
  /** P6: records of a shard by another owner than its epoch's, out of their count, or not chained to the one before. */
  split: number;
  /** P6, P8: requests for something whose result stood already: by whoever did not know that it is no owner any more. */
  zombie: number;
  /** P7, P8: a timer that fired twice, or a result that was applied twice. */
  twice: number;
  /** P7: before it was due. */
  early: number;
  /** P7: more than 2 s after it was due and could have fired. */
  late: number;
  /** P7, P8: in the end timers long due, and effects that nobody carries out. */
  left: number;
  /** P10: messages in the log that nobody said, or not so, or not there. */
  strange: number;
  /** Sends that were refused for good. */
  refused: number;
  /** P12: sends and repeats without an answer in the end. */
  unknown: number;
}
type Breach = keyof Breaches;

export interface Verdict extends Breaches, Figures {
  /** Sends, and those acknowledged. */
  sends: number;
  acked: number;
  repeats: number;
  conversations: number;
  records: number;
  timers: number;
  effects: number;
  /** After they were due and could fire. */
  timersLate: Spread;
  /** The first of the breaches, in words. */
  findings: string[];
}

export const BREACHES: readonly Breach[] = [
  'lost', 'duplicated', 'misplaced', 'gaps', 'divergent', 'reordered', 'unseen', 'split', 'zombie', 'twice', 'early', 'late', 'left',
  'strange', 'refused', 'unknown',
];
const FINDINGS = 60;
/** What stood for so long before somebody read is in what they read. */
const SETTLED_MS = 2_000;

export function breachesOf(verdict: Verdict): number {
  return BREACHES.reduce((sum, breach) => sum + verdict[breach], 0);
}

interface Send {
  who: string;
  conversation: string;
  n: number;
  acked: number;
  /** Where it stands. */
  seq: number;
  refused: boolean;
}
interface Talk {
  digests: string[];
  times: number[];
  newest: Map<string, number>;
}
interface Owner {
  seq: number;
  epoch: number;
  counter: number;
  node: string;
}

export class Judge implements Reader {
  readonly #breaches: Breaches = {
    lost: 0, duplicated: 0, misplaced: 0, gaps: 0, divergent: 0, reordered: 0, unseen: 0, split: 0, zombie: 0, twice: 0, early: 0, late: 0,
    left: 0, strange: 0, refused: 0, unknown: 0,
  };
  readonly #findings: string[] = [];
  readonly #gauge = new Gauge();
  readonly #rounds = new Rounds((breach, words) => this.#found(breach, words));
  readonly #sends = new Map<string, Send>();
  /** Repeats on their way, and where they were said to stand. */
  readonly #repeats: { id: string; seq: number }[] = [];
  readonly #open = new Set<string>();
  #repeated = 0;
  readonly #seen = new Map<string, number>();
  readonly #talks = new Map<string, Talk>();
  readonly #owners = new Map<number, Owner>();
  #records = 0;
  /** How many conversations each node gave. */
  readonly #read = new Map<string, number>();

  node(line: NodeLine): void {
    this.#gauge.node(line);
    this.#rounds.node(line);
  }

  client(line: ClientLine): void {
    this.#gauge.client(line);
    switch (line.kind) {
      case 'send': return this.#send(line);
      case 'repeat': return this.#repeat(line);
      case 'saw': return this.#saw(line);
      case 'connection': return;
      default: return line satisfies never;
    }
  }

  effect(line: EffectLine): void {
    this.#rounds.effect(line);
  }

  log(line: LogLine): void {
    if (line.kind === 'left') return this.#found('left', `${line.actor}: ${line.why}`);
    this.#rounds.log(line);
    if (line.kind === 'record') this.#record(line);
    else this.#line(line);
  }

  read({ node, conversation, at, lines }: ReadLine): void {
    this.#read.set(node, (this.#read.get(node) ?? 0) + 1);
    const { digests, times } = this.#talks.get(conversation) ?? { digests: [], times: [] };
    const place = `${conversation} as ${node} has it`;
    const other = lines.find(([seq, digest], nth) => seq !== nth + 1 || (digests[nth] ?? digest) !== digest);
    if (other !== undefined) return this.#found('divergent', `${place}: ${other[0]} is another than in the log`);
    const missing = times[lines.length];
    if (missing !== undefined && missing < at - SETTLED_MS) {
      this.#found('divergent', `${place}: ends at ${lines.length} of ${digests.length}`);
    }
  }

  verdict(): Verdict {
    let acked = 0;
    for (const [id, send] of this.#sends) {
      const name = `${send.who} ${send.n} in ${send.conversation} (${id})`;
      if (send.acked > 0) acked += 1;
      if (send.acked > 0 && send.seq === 0) this.#found('lost', `${name}, acknowledged at ${send.acked}`);
      else if (send.acked > 0 && send.acked !== send.seq) this.#found('misplaced', `${name} was acknowledged at ${send.acked}, stands at ${send.seq}`);
      if (send.acked === 0 && !send.refused) this.#found('unknown', `${name} has no answer`);
    }
    for (const { id, seq } of this.#repeats) {
      const stands = this.#sends.get(id)?.seq ?? 0;
      if (seq !== stands) this.#found('misplaced', `a repeat of ${id} was acknowledged at ${seq}, it stands at ${stands}`);
    }
    for (const id of this.#open) this.#found('unknown', `a repeat of ${id} has no answer`);
    for (const [key, seq] of this.#seen) {
      const [who = '', conversation = ''] = key.split(' ');
      const stands = this.#talks.get(conversation)?.digests.length ?? 0;
      if (seq > stands) this.#found('unseen', `${who} saw ${seq} in ${conversation}, which ends at ${stands}`);
    }
    for (const [node, count] of this.#read) {
      if (count !== this.#talks.size) this.#found('divergent', `${node} gave ${count} of ${this.#talks.size} conversations`);
    }
    const { timers, effects, late } = this.#rounds.end();
    return {
      sends: this.#sends.size, acked, repeats: this.#repeated, conversations: this.#talks.size, records: this.#records, timers, effects,
      ...this.#breaches, ...this.#gauge.figures(), timersLate: late, findings: this.#findings,
    };
  }

  #found(breach: Breach, words: string): void {
    this.#breaches[breach] += 1;
    if (this.#findings.length < FINDINGS) this.#findings.push(`${breach}: ${words}`);
  }

  #send(line: Extract<ClientLine, { kind: 'send' }>): void {
    if (line.op === 'invoke') {
      const { who, conversation, n } = line;
      this.#sends.set(line.id, { who, conversation, n, acked: 0, seq: 0, refused: false });
      return;
    }
    const send = this.#sends.get(line.id);
    if (send === undefined) return this.#found('strange', `${line.id}: an answer to what ${line.who} never said`);
    if (line.op === 'fail') {
      send.refused = true;
      this.#found('refused', `${line.id}: ${line.why}`);
    } else if (line.op === 'ok') {
      if (send.acked > 0 && send.acked !== line.seq) this.#found('misplaced', `${line.id} was acknowledged at ${send.acked} and at ${line.seq}`);
      send.acked = line.seq;
    }
  }

  #repeat(line: Extract<ClientLine, { kind: 'repeat' }>): void {
    if (line.op === 'invoke') {
      this.#repeated += 1;
      this.#open.add(line.id);
    } else if (line.op === 'ok') {
      this.#open.delete(line.id);
      this.#repeats.push({ id: line.id, seq: line.seq });
    }
  }

  #saw(line: Extract<ClientLine, { kind: 'saw' }>): void {
    if (line.op === 'fail') return this.#found('unseen', `${line.who} in ${line.conversation}: ${line.why}`);
    const key = `${line.who} ${line.conversation}`;
    const before = this.#seen.get(key) ?? 0;
    if (line.seq < before) this.#found('unseen', `${line.who} in ${line.conversation} saw ${line.seq} after ${before}`);
    this.#seen.set(key, Math.max(before, line.seq));
  }

  /** One writer to an epoch, in its order, each record chained to the one before. */
  #record({ shard, seq, epoch, counter, node, chained }: Extract<LogLine, { kind: 'record' }>): void {
    this.#records += 1;
    const last = this.#owners.get(shard);
    const place = `shard ${shard} at ${seq}`;
    if (seq !== (last?.seq ?? 0) + 1) this.#found('split', `${place}, where ${(last?.seq ?? 0) + 1} belongs`);
    if (!chained) this.#found('split', `${place} does not name the record before it`);
    if (last !== undefined && epoch < last.epoch) this.#found('split', `${place}: epoch ${epoch} of ${node} after ${last.epoch} of ${last.node}`);
    else if (last !== undefined && epoch === last.epoch) {
      // With a record by nobody an owner lets go.
      if (node !== last.node && node !== '') this.#found('split', `${place}: ${node} writes in epoch ${epoch} of ${last.node || 'nobody'}`);
      // A record that the log refused has used its number; what is missing would leave a hole in `seq`.
      if (counter <= last.counter) this.#found('split', `${place}: number ${counter} of epoch ${epoch} after ${last.counter}`);
    } else if (counter !== 0) this.#found('split', `${place}: epoch ${epoch} begins with number ${counter}`);
    this.#owners.set(shard, { seq, epoch, counter, node });
  }

  #line({ conversation, seq, what, at, id, digest, said, text }: Extract<LogLine, { kind: 'line' }>): void {
    const talk: Talk = this.#talks.get(conversation) ?? { digests: [], times: [], newest: new Map<string, number>() };
    this.#talks.set(conversation, talk);
    const place = `${conversation} at ${seq}`;
    if (seq !== talk.digests.length + 1) this.#found('gaps', `${place}, where ${talk.digests.length + 1} belongs`);
    talk.digests[seq - 1] = digest;
    talk.times[seq - 1] = at;
    if ((what !== 'message' && what !== 'note') || text !== undefined) return;
    const send = this.#sends.get(id ?? '');
    if (send === undefined || send.conversation !== conversation || said?.[0] !== send.who || said[1] !== send.n) {
      return this.#found('strange', `${place}, ${id}`);
    }
    if (send.seq > 0) return this.#found('duplicated', `${place}, ${send.who} ${send.n} (${id}), which stands at ${send.seq} already`);
    send.seq = seq;
    const last = talk.newest.get(send.who) ?? 0;
    if (send.n < last) this.#found('reordered', `${place}, ${send.who} ${send.n} stands behind ${last}`);
    talk.newest.set(send.who, Math.max(last, send.n));
  }
}
