/** A stopped gateway's log, read cold: every conversation's lines in the order of the log, and how each stood in the end. */
import { readLog } from '../../gateway/log.cold.ts';
import { decodeRecord } from '../../gateway/record.ts';
import { decodeLine } from '../../gateway/tell.ts';
import type { Line } from '../../machines/actor.ts';

export interface Standing {
  /** By the conversation's ULID. */
  conversations: ReadonlyMap<string, readonly Line[]>;
  /** The newest state of each, as the log has it. */
  states: ReadonlyMap<string, Uint8Array>;
  /** Actors that still have something to carry out. */
  pending: readonly string[];
  records: number;
  /** What the log itself finds wrong with its files, in sentences. */
  damage: readonly string[];
}

export async function readStanding(folder: string): Promise<Standing> {
  const conversations = new Map<string, Line[]>();
  const states = new Map<string, Uint8Array>();
  const pending = new Set<string>();
  const log = readLog(folder);
  for await (const { bytes } of log) {
    for (const { actor, state, entries, pending: more } of decodeRecord(bytes).changes) {
      if (more) pending.add(actor);
      else pending.delete(actor);
      if (!actor.startsWith('c/')) continue;
      const id = actor.slice(actor.lastIndexOf('/') + 1);
      states.set(id, state);
      const lines = conversations.get(id) ?? [];
      conversations.set(id, lines);
      for (const entry of entries) lines.push(decodeLine(entry.bytes, entry.audience));
    }
  }
  const { records, damage } = await log.verify();
  return { conversations, states, pending: [...pending], records, damage: damage.map(({ where, report }) => `${where}: ${report}`) };
}
