/** The ticket machine as the gateway draws it from the XState machine that runs. */
import type { ConversationSummary, Item } from '../index.ts';

export type Status = ConversationSummary['status'];
export type Style = ConversationSummary['style'];

export interface Transition { from: string; to: string; event: string; label: string; after?: string; guard?: string }
export interface Machine {
  id: string;
  initial: string;
  states: { key: string; label: string }[];
  transitions: Transition[];
}

export async function fetchMachine(style: Style): Promise<Machine> {
  const answer = await fetch(`/machines/ticket?style=${style}`);
  if (!answer.ok) throw new Error(`/machines/ticket answered ${answer.status}`);
  return answer.json();
}

/** Where the current ticket has been, oldest first, read from the log. */
export interface Course {
  ticket: number;
  visits: { state: Status; seq: number; at: number }[];
}

export function course(items: readonly Item[]): Course {
  let made: Course = { ticket: 0, visits: [] };
  for (const { kind, body, seq, at } of items) {
    if (seq === null) continue;
    if (kind === 'ticket') made = { ticket: body.ticket, visits: [{ state: 'new', seq, at }] };
    if (kind === 'status') made = { ticket: body.ticket, visits: [...made.visits, { state: body.status, seq, at }] };
  }
  return made;
}

/** The steps that were taken together with the newest one: a chat goes from Open through Solved to Closed at once. */
export function lastSteps({ visits }: Course): { from: Status; to: Status; seq: number }[] {
  const newest = visits.at(-1);
  if (!newest) return [];
  return visits.flatMap((visit, index) => {
    const before = visits[index - 1];
    if (!before || visit.at !== newest.at || before.state === visit.state) return [];
    return [{ from: before.state, to: visit.state, seq: visit.seq }];
  });
}

const UNITS: Record<string, number> = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** "4 d" in milliseconds. Null for what only the gateway can count, such as business hours. */
export function duration(after: string): number | null {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) (s|min|h|d)$/u.exec(after) ?? [];
  return amount && unit ? Number(amount) * (UNITS[unit] ?? 0) : null;
}

/** What is left, in its two largest units: "3 d 23 h", "59 min 58 s", "4 s". */
export function left(ms: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.ceil(ms / 1_000) * 1_000);
  for (const [unit, size] of Object.entries(UNITS).reverse()) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0 || (unit === 's' && parts.length === 0)) parts.push(`${amount} ${unit}`);
  }
  return parts.slice(0, 2).join(' ');
}
