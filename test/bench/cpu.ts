/** CPU time of processes and of the machine, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** /proc counts in ticks of 10 ms on every Linux that Node runs on (USER_HZ). */
const TICKS = 100;

export interface CpuTimes {
  /** Seconds of user and system time of the given processes and all their descendants, also those that have ended. */
  servers: number;
  /** The same for this process. */
  load: number;
  /** Seconds in which the machine's cores were busy, and in which the hypervisor gave them to others. */
  busy: number;
  steal: number;
}

export function cpuTimes(roots: readonly number[]): CpuTimes {
  const children = new Map<number, { pid: number; seconds: number }[]>();
  const seconds = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    let stat;
    try {
      stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    } catch {
      continue; // It ended between the listing and the reading.
    }
    // The name may hold spaces and brackets: fields count from behind its last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
    const [, parent = 0] = fields;
    const used = fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / TICKS;
    seconds.set(pid, used);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [{ pid, seconds: used }]);
    else siblings.push({ pid, seconds: used });
  }
  const tree = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + child.seconds + tree(child.pid), 0);

  const own = process.cpuUsage();
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] =
    (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '').split(/\s+/).slice(1).map((n) => Number(n) / TICKS);
  return {
    servers: roots.reduce((sum, root) => sum + (seconds.get(root) ?? 0) + tree(root), 0),
    load: (own.user + own.system) / 1e6,
    busy: user + nice + system + irq + softirq,
    steal,
  };
}
