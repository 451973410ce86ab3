/** One round: a load of its own against a server that runs. */
import { fileURLToPath } from 'node:url';
import type { Children } from './children.ts';
import type { DialName, Job, Load, Report } from './load.ts';

export const WORK = { customers: 200, agents: 4, textBytes: 100, warmupMs: 1200 };
/** Signing in, draining and checking repeats take this long at most. */
const REST_MS = 60_000;

export interface Server {
  port: number;
  /** Processes whose CPU counts, with all their descendants. */
  pids: number[];
  /** Of these, what it stands on and does not share. */
  beside?: number[];
  /** What only this candidate's load needs, for instance tokens. */
  extra: Record<string, string>;
}

export async function measure(
  children: Children, { port, pids, beside = [], extra }: Server, dial: DialName, load: Load, windowMs: number,
): Promise<Report> {
  const job: Job = { ...WORK, dial, port, pids, beside, extra, load, windowMs };
  const child = children.node('The load', fileURLToPath(new URL('load.ts', import.meta.url)), [JSON.stringify(job)]);
  try {
    const said = await child.says(WORK.warmupMs + windowMs + REST_MS) as Report | { error: string };
    if ('error' in said) throw new Error(said.error);
    return said;
  } finally {
    await child.stop();
  }
}
