/** Holds what clients were told against what stands in the log. Pure: every fault that it knows is planted in its test. */
import type { Line } from '../../machines/actor.ts';
import { textOf, type JournalLine, type Shown } from './journal.ts';

type Conversations = ReadonlyMap<string, readonly Line[]>;

/** All but `acked` and `unsaved` are faults. */
export interface Verdict {
  /** Sends whose `committed` resolved. */
  acked: number;
  /** Said, but the client was killed before its storage had it, and it does not stand. That is no promise broken. */
  unsaved: number;
  /** Acknowledged, or kept in a client's storage, and not in the log. */
  lost: number;
  /** Further times that a send stands in the log. */
  duplicated: number;
  /** Messages that stand behind a later one of the same client in the same conversation. */
  reordered: number;
  /** Places where a conversation's sequence does not go on by one from 1. */
  gaps: number;
  /** Acknowledgements of another sequence than the log's. */
  misplaced: number;
  /** Messages in the log that nobody said, or not so, or not there. */
  strange: number;
  /** Sends that were refused for good. */
  refused: number;
  /** Sends of a living client without any answer in the end. */
  unknown: number;
  /** Conversations that a client shows otherwise than the log has them. */
  windows: number;
  /** The first of the faults, in words. */
  findings: string[];
}
type Count = Exclude<keyof Verdict, 'findings'>;

const FAULTS = ['lost', 'duplicated', 'reordered', 'gaps', 'misplaced', 'strange', 'refused', 'unknown', 'windows'] as const;
const FINDINGS = 40;

export function faultsOf(verdict: Verdict): number {
  return FAULTS.reduce((sum, fault) => sum + verdict[fault], 0);
}

export function check(told: readonly JournalLine[], stands: Conversations): Verdict {
  return new Check(told, stands).verdict;
}

class Check {
  readonly verdict: Verdict = {
    acked: 0, unsaved: 0, lost: 0, duplicated: 0, reordered: 0, gaps: 0, misplaced: 0, strange: 0, refused: 0, unknown: 0,
    windows: 0, findings: [],
  };
  readonly #said = new Map<string, Extract<JournalLine, { t: 'said' }>>();
  /** The sequence at which each send stands, by cmid. */
  readonly #places = new Map<string, number>();

  constructor(told: readonly JournalLine[], stands: Conversations) {
    for (const line of told) if (line.t === 'said') this.#said.set(line.cmid, line);
    for (const [conversation, lines] of stands) this.#read(conversation, lines);
    this.#answers(told);
    for (const line of told) if (line.t === 'window') this.#window(line, stands.get(line.conversation) ?? []);
  }

  #found(what: Count, words: string): void {
    this.verdict[what]++;
    if (this.verdict.findings.length < FINDINGS) this.verdict.findings.push(`${what}: ${words}`);
  }

  /** The log alone: gapless, everything once, each client's in its order. */
  #read(conversation: string, lines: readonly Line[]): void {
    const newest = new Map<string, number>();
    let next = 1;
    for (const { seq, kind, cmid, body } of lines) {
      const place = `${conversation} at ${seq}`;
      if (seq !== next) this.#found('gaps', `${place}, where ${next} belongs`);
      next = seq + 1;
      if (kind !== 'message' && kind !== 'note') continue;
      const said = cmid === null ? undefined : this.#said.get(cmid);
      if (said === undefined || said.conversation !== conversation || body.text !== textOf(said.client, said.n)) {
        this.#found('strange', `${place}, ${cmid}`);
        continue;
      }
      const before = this.#places.get(said.cmid);
      if (before !== undefined) {
        this.#found('duplicated', `${place}, ${said.client} ${said.n} (${cmid}), which stands at ${before} already`);
        continue;
      }
      this.#places.set(said.cmid, seq);
      const last = newest.get(said.client) ?? 0;
      if (said.n < last) this.#found('reordered', `${place}, ${said.client} ${said.n} stands behind ${last}`);
      newest.set(said.client, Math.max(last, said.n));
    }
  }

  #answers(told: readonly JournalLine[]): void {
    const acked = new Map<string, number>();
    const kept = new Set<string>();
    const refused = new Set<string>();
    /** Said by a client that has been killed since. */
    const past = new Set<string>();
    const living = new Map<string, string[]>();
    for (const line of told) {
      switch (line.t) {
        case 'begun':
          for (const client of line.clients) for (const cmid of living.get(client)?.splice(0) ?? []) past.add(cmid);
          break;
        case 'said':
          living.set(line.client, living.get(line.client) ?? []);
          living.get(line.client)?.push(line.cmid);
          break;
        case 'left':
          kept.add(line.cmid);
          break;
        case 'acked':
          if ((acked.get(line.cmid) ?? line.seq) !== line.seq) {
            this.#found('misplaced', `${line.cmid} was acknowledged at ${acked.get(line.cmid)} and at ${line.seq}`);
          }
          acked.set(line.cmid, line.seq);
          break;
        case 'refused':
          refused.add(line.cmid);
          this.#found('refused', `${line.cmid}: ${line.why}`);
      }
    }
    this.verdict.acked = acked.size;
    for (const { cmid, client, conversation, n } of this.#said.values()) {
      const name = `${client} ${n} in ${conversation} (${cmid})`;
      const seq = acked.get(cmid);
      const stands = this.#places.get(cmid);
      if (seq === undefined && !refused.has(cmid) && !past.has(cmid)) this.#found('unknown', `${name} has no answer`);
      if (stands !== undefined && seq !== undefined && seq !== stands) {
        this.#found('misplaced', `${name} was acknowledged at ${seq}, stands at ${stands}`);
      }
      if (stands !== undefined || refused.has(cmid)) continue;
      if (seq !== undefined) this.#found('lost', `${name}, acknowledged at ${seq}`);
      else if (kept.has(cmid)) this.#found('lost', `${name}, which the client had in storage`);
      else if (past.has(cmid)) this.verdict.unsaved++;
    }
  }

  /** An agent sees every line, a customer those for everyone. */
  #window({ client, role, conversation, complete, items }: Extract<JournalLine, { t: 'window' }>, lines: readonly Line[]): void {
    const seen = lines.filter(({ audience }) => role === 'agent' || audience === 'everyone').map(shownOf);
    const at = seen.findIndex((line, nth) => JSON.stringify(line) !== JSON.stringify(items[nth]));
    if (complete && at === -1 && items.length === seen.length) return;
    const differs = at === -1 ? '' : `, item ${at} is ${JSON.stringify(items[at])}, not ${JSON.stringify(seen[at])}`;
    const size = `${complete ? 'complete' : 'incomplete'}, ${items.length} items of ${seen.length}`;
    this.#found('windows', `${client} in ${conversation} (${size})${differs}`);
  }
}

function shownOf({ seq, kind, at, author, cmid, body }: Line): Shown {
  return { seq, kind, at, author: author.id, key: cmid ?? String(seq), text: typeof body.text === 'string' ? body.text : '' };
}
