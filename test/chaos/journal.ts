/**
 * What a process of clients has seen, line by line in a file of its own. Lines are written at once and by the system, so
 * a `kill -9` of the process loses none of them.
 */
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** As a client shows it: what the app would draw. */
export interface Shown {
  seq: number;
  kind: string;
  at: number;
  author: string;
  /** The client's id of the send, or the sequence where there is none. */
  key: string;
  text: string;
}

export type JournalLine =
  /** A process with these clients starts: what they said before in vain, nobody waits for any more. */
  | { t: 'begun'; clients: string[] }
  /** The app said it: number `n` of this client in this conversation. `cmid` is the SDK's id for it. */
  | { t: 'said'; client: string; conversation: string; n: number; cmid: string }
  /** It is on its way, so the SDK has it in storage: from here on a crash of the client must not lose it. */
  | { t: 'left'; cmid: string }
  /** `committed` has resolved: durable at `seq`. `when`: this machine's clock. */
  | { t: 'acked'; cmid: string; seq: number; when: number }
  /** `committed` has rejected. */
  | { t: 'refused'; cmid: string; why: string }
  /** The whole conversation as the client has it in the end. */
  | { t: 'window'; client: string; role: 'customer' | 'agent'; conversation: string; complete: boolean; items: Shown[] };

export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  write(line: JournalLine): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Every whole line; the last may have been cut by a kill. */
export function readJournal(path: string): JournalLine[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as JournalLine);
}

/** What every message says: so the log can be held against what was said. */
export function textOf(client: string, n: number): string {
  return `${client} says ${n}. ${'Has my parcel left the house yet? '.repeat(n % 4)}`.trim();
}
