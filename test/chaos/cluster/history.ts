/**
 * What happened, as whoever did or saw it wrote it down: a folder of NDJSON files, each appended to by one writer alone.
 *
 *     clients/<name>.ndjson   what each client did and was shown
 *     nodes/<name>.ndjson     what was done to each node and NATS server, and when it served again; waits.ndjson: for a processor
 *     log.ndjson              the log, as the witness followed it
 *     reads/<node>.ndjson     every conversation as a fresh client read it from each node in the end
 *     effects.ndjson          requests that reached the server outside
 *
 * Times are milliseconds of this machine's clock, which all share. An operation whose end nobody knows is `info`, never `fail`.
 */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, existsSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export type ClientLine =
  /** Number `n` of this client in this conversation. `probe`: the number of the fault that it measures. */
  | { at: number; who: string; op: 'invoke'; kind: 'send'; conversation: string; id: string; n: number; probe?: number }
  /** Acknowledged: it stands at `seq`. */
  | { at: number; who: string; op: 'ok'; kind: 'send'; id: string; seq: number }
  /** Refused for good; or still without an answer in the end. */
  | { at: number; who: string; op: 'fail' | 'info'; kind: 'send'; id: string; why: string }
  /** An acknowledged send said again, the same bytes, to another node. */
  | { at: number; who: string; op: 'invoke' | 'info'; kind: 'repeat'; id: string }
  | { at: number; who: string; op: 'ok'; kind: 'repeat'; id: string; seq: number }
  /** Everything up to `seq` is shown, without a hole. */
  | { at: number; who: string; op: 'ok'; kind: 'saw'; conversation: string; seq: number }
  /** It was shown less than before, or what is none of its business. */
  | { at: number; who: string; op: 'fail'; kind: 'saw'; conversation: string; why: string }
  | { at: number; who: string; op: 'info'; kind: 'connection'; live: boolean };

/** `roll`: stopped gently and started again. `serves`: it is there again after whatever it was. */
export const FAULTS = ['kill', 'freeze', 'cut', 'deaf', 'roll', 'nats.kill', 'nats.stop', 'nats.freeze'] as const;
export type Fault = (typeof FAULTS)[number];

/** `invoke`: it begins; `ok`: it is over, and whoever it befell serves again. `nth`: of all faults. */
export type NodeLine =
  | { at: number; who: string; op: 'invoke' | 'ok'; kind: Fault; nth: number; detail?: string }
  /** Its main thread has waited so long for a processor, since the line before: the machine had none for it. */
  | { at: number; who: string; op: 'info'; kind: 'waited'; ms: number };

export type LogLine =
  /** `at`: as its owner has it; `seen`: by the witness. `chained`: it names the one before it rightly. */
  | { kind: 'record'; at: number; seen: number; shard: number; seq: number; epoch: number; counter: number; node: string; chained: boolean }
  /** `what`: the entry's kind. `said`: by whom and as which number, for words of this run. `text`: of the system's own. */
  | { kind: 'line'; conversation: string; shard: number; seq: number; what: string; at: number; id: string | null; digest: string; said?: readonly [string, number]; text?: string }
  /** In the end: a timer that is long due, or an effect that nobody carries out. */
  | { kind: 'left'; actor: string; why: string };

export interface ReadLine {
  node: string;
  /** When the reading began. */
  at: number;
  conversation: string;
  lines: readonly (readonly [seq: number, digest: string])[];
}

export type EffectLine =
  | { kind: 'asked'; at: number; key: string; nonce: string }
  | { kind: 'answered'; at: number; nonce: string };

/** `n0-4f2` is the node `n0` in one of its lives. */
export function nameOf(node: string): string {
  return node.slice(0, Math.max(0, node.lastIndexOf('-'))) || node;
}

export interface Entry {
  seq: number;
  kind: string;
  at: number;
  author: { id: string };
  cmid: string | null;
  body: unknown;
}

/** The same for whoever reads the same entry. */
export function digestOf({ seq, kind, at, author, cmid, body }: Entry): string {
  return createHash('sha1').update(JSON.stringify([seq, kind, at, author.id, cmid, body])).digest('base64url').slice(0, 10);
}

/** What every message says: whose it is, and where it belongs. */
export function wordsOf(who: string, n: number, conversation: string): string {
  return `${who} says ${n} in ${conversation}. ${'Has my parcel left the house yet? '.repeat(n % 4)}`.trim();
}

const WORDS = /^(\S+) says (\d+) in ([0-9A-Z]{26})\./;

/** Who said it and as which number; undefined when it is not of this conversation, or not as it was said. */
export function saidIn(text: string, conversation: string): [string, number] | undefined {
  const [, who = '', n = '', where] = WORDS.exec(text) ?? [];
  return where === conversation && wordsOf(who, Number(n), where) === text ? [who, Number(n)] : undefined;
}

/** Appends to one file. Lines are written at once and by the system, so no `kill -9` of the writer loses one. */
export class Pen<Line> {
  readonly #file: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'a');
  }

  write(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  /** In one piece. */
  writeAll(lines: readonly Line[]): void {
    if (lines.length > 0) writeSync(this.#file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Whoever takes a history, line by line: nodes first, then clients and effects, the log, and what was read. */
export interface Reader {
  node(line: NodeLine): void;
  client(line: ClientLine): void;
  effect(line: EffectLine): void;
  log(line: LogLine): void;
  read(line: ReadLine): void;
}

/** @throws Error when the folder holds no history */
export async function readHistory(folder: string, reader: Reader): Promise<void> {
  if (!existsSync(join(folder, 'log.ndjson'))) throw new Error(`There is no history in ${folder}: it has a file log.ndjson.`);
  await each<NodeLine>(filesIn(join(folder, 'nodes')), (line) => reader.node(line));
  await each<ClientLine>(filesIn(join(folder, 'clients')), (line) => reader.client(line));
  await each<EffectLine>([join(folder, 'effects.ndjson')], (line) => reader.effect(line));
  await each<LogLine>([join(folder, 'log.ndjson')], (line) => reader.log(line));
  await each<ReadLine>(filesIn(join(folder, 'reads')), (line) => reader.read(line));
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.ndjson')).sort().map((name) => join(folder, name));
}

async function each<Line>(files: readonly string[], take: (line: Line) => void): Promise<void> {
  for (const file of files) {
    if (!existsSync(file)) continue;
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) take(JSON.parse(line) as Line);
  }
}
