/** Holds what agents and customers were told of their acts against what stands in the log. Pure. */
import type { Line } from '../../machines/actor.ts';
import type { Answer } from './line.ts';

/** An act that was answered. `id`: the client's own, by which its line is known. */
export interface Done {
  agent: string;
  name: 'status' | 'accept' | 'decline' | 'handOver' | 'solve' | 'reply' | 'write';
  conversation: string;
  id: string;
  /** The agent to whom it was handed over; '' for a team. */
  to: string;
  answer: Answer;
}

export interface Findings {
  /** In sentences; empty when all is well. */
  faults: string[];
  conversations: number;
  solved: number;
  assigned: number;
  handedOver: number;
}

export function inspect(told: readonly Done[], stands: ReadonlyMap<string, readonly Line[]>): Findings {
  const found: Findings = { faults: [], conversations: stands.size, solved: 0, assigned: 0, handedOver: 0 };
  /** How often each agent has given each conversation to each, as the log has it. */
  const given = new Map<string, number>();
  const byId = new Map<string, Line[]>();
  for (const [conversation, lines] of stands) {
    walk(conversation, lines, found, given);
    for (const line of lines) if (line.cmid !== null) byId.set(line.cmid, [...byId.get(line.cmid) ?? [], line]);
  }
  const wanted = new Map<string, number>();
  for (const { agent, name, conversation, id, to, answer } of told) {
    const where = `${agent}: ${name} ${id} of ${conversation}`;
    const lines = byId.get(id) ?? [];
    if (name === 'decline' || name === 'status') continue;
    if (name === 'accept' || (name === 'handOver' && to !== '')) {
      const key = keyOf(conversation, agent, name === 'accept' ? agent : to);
      wanted.set(key, (wanted.get(key) ?? 0) + (answer.done ? 1 : 0));
    }
    if (name === 'accept') continue;
    const [line] = lines;
    if (lines.length !== (answer.done ? 1 : 0)) {
      found.faults.push(`${where} was ${answer.done ? 'acknowledged' : 'refused'} and stands ${lines.length} times`);
    } else if (line !== undefined && answer.done && answer.seq !== 0 && line.seq !== answer.seq) {
      found.faults.push(`${where} was acknowledged at ${answer.seq} and stands at ${line.seq}`);
    }
  }
  for (const key of new Set([...given.keys(), ...wanted.keys()])) {
    const [acknowledged, stood] = [wanted.get(key) ?? 0, given.get(key) ?? 0];
    if (acknowledged !== stood) found.faults.push(`${key}: acknowledged ${acknowledged} times, stands ${stood} times`);
  }
  return found;
}

/** As its lines tell it: gapless, with one agent at a time, who alone passes it on, and with somebody in the end. */
function walk(conversation: string, lines: readonly Line[], found: Findings, given: Map<string, number>): void {
  let holder: string | null = null;
  let status = 'new';
  let next = 1;
  for (const { seq, kind, author, body } of lines) {
    const place = `${conversation} at ${seq}`;
    if (seq !== next) found.faults.push(`${place}, where ${next} belongs`);
    next = seq + 1;
    if (kind === 'ticket') {
      if (status !== 'new' && status !== 'closed') found.faults.push(`${place} begins a ticket while the last one is ${status}`);
      [holder, status] = [null, 'new'];
    }
    if (kind === 'status') status = String(body.status);
    if (kind !== 'assigned') continue;
    const to = (body.agent as { id: string } | null)?.id ?? null;
    if (holder !== null && author.id !== holder) found.faults.push(`${place} is taken from ${holder} by ${author.id}`);
    if (to !== null && holder === null && author.id !== to) found.faults.push(`${place} is given to ${to} by ${author.id}, who did not have it`);
    if (to !== null) {
      const key = keyOf(conversation, author.id, to);
      given.set(key, (given.get(key) ?? 0) + 1);
      found.assigned += 1;
    }
    if (holder !== null) found.handedOver += 1;
    holder = to;
  }
  if (status === 'closed') found.solved += 1;
  else if (holder === null) found.faults.push(`${conversation} is ${status} and with nobody`);
}

const keyOf = (conversation: string, by: string, to: string): string => `${conversation} from ${by} to ${to}`;
