/**
 * What was promised, looked for in what has happened: a checker for each promise of the reliability evidence that applies
 * here. P11 (slow readers) and P13 (broken disks) are tried elsewhere.
 */
import { PART } from '../../gateway/record.ts';
import { decodeEntry } from '../../sdk/protocol/codec.ts';
import type { Ends, Fact } from './history.ts';
import { SKEW_MS } from './faults.ts';
import type { Taken } from './log.model.ts';
import { ORDER } from './workspace.ts';

export interface Violation {
  promise: PromiseName;
  what: string;
}

/** A line of the log, with the record that holds it. */
export interface Line {
  seq: number;
  /** The newest earlier one that customers see. */
  prev: number;
  kind: string;
  author: string;
  cmid: string | null;
  text: string;
  body: Readonly<Record<string, unknown>>;
  agents: boolean;
  digest: string;
  record: Taken;
}

export interface Story {
  facts: readonly Fact[];
  ends: Ends;
  /** Of each conversation, in the order of the log. */
  lines: ReadonlyMap<string, readonly Line[]>;
}

type Of<T extends Fact['t']> = Extract<Fact, { t: T }>;
const of = <T extends Fact['t']>({ facts }: Story, t: T): Of<T>[] => facts.filter((fact): fact is Of<T> => fact.t === t);

/** Recovery may take so long once the last fault is over: whoever is frozen or cut off must be found out first. */
const RECOVERY_MS = 12_000;
const LATE_MS = 2_000;

export const PROMISES = {
  P1: { promise: 'No acknowledged message is lost, and none is acknowledged before it is durable.', broken: lost },
  P2: { promise: 'A client\'s id stands once, and every acknowledgement of it names the same line.', broken: doubled },
  P3: { promise: 'A conversation has one order, without holes, the same for all; nobody hears of a line before it is durable.', broken: divergent },
  P4: { promise: 'What one client says in a conversation stands in the order in which it was said.', broken: reordered },
  P5: { promise: 'Whoever has been told of a line is never offered less, and misses nothing.', broken: forgotten },
  P6: { promise: 'A shard has one writer at a time, and nothing leaves the house from one that was replaced.', broken: doubleOwner },
  P7: { promise: 'A timer fires once, not before it is due, and soon after.', broken: mistimed },
  P8: { promise: 'What a flow asks of the outside counts once, and is never asked again once its outcome stands.', broken: repeated },
  P9: { promise: 'Once all is said, a conversation and its desk agree whose it is, and the desk knows who is here.', broken: misassigned },
  P10: { promise: 'Nobody hears a word of a conversation that is not theirs.', broken: leaked },
  P12: { promise: 'Once nothing goes wrong any more, all that was begun comes to its end by itself.', broken: stuck },
} as const satisfies Record<string, { promise: string; broken(story: Story): string[] }>;

export type PromiseName = keyof typeof PROMISES;

const TOLD_MAX = 3;
const DESK_PARTS = `d/demo${PART}`;

/** What was broken, at most a few of each promise. */
export function check(facts: readonly Fact[], ends: Ends): Violation[] {
  const story = { facts, ends, lines: linesOf(ends.log) };
  return (Object.keys(PROMISES) as PromiseName[]).flatMap((promise) =>
    PROMISES[promise].broken(story).slice(0, TOLD_MAX).map((what) => ({ promise, what })));
}

export function linesOf(log: Ends['log']): Map<string, Line[]> {
  const all = new Map<string, Line[]>();
  for (const records of log) {
    for (const record of records) {
      for (const { actor, entries } of record.changes) {
        if (entries.length === 0) continue;
        const lines = all.get(actor) ?? [];
        all.set(actor, lines);
        for (const { bytes, audience } of entries) {
          const { seq, prev, kind, author, cmid, body } = decodeEntry(bytes);
          lines.push({
            seq, prev, kind, author: author.id, cmid, body: body as Line['body'], agents: audience === 'agents', record,
            text: 'text' in body ? String(body.text) : '', digest: `${kind} ${author.id} ${cmid} ${JSON.stringify(body)}`,
          });
        }
      }
    }
  }
  return all;
}

/** Of each actor and part, its newest state as text. */
function newestOf(log: Ends['log']): Map<string, string> {
  const bytes = new Map<string, Uint8Array>();
  for (const records of log) for (const { changes } of records) for (const { actor, state } of changes) bytes.set(actor, state);
  return new Map(Array.from(bytes, ([actor, state]) => [actor, Buffer.from(state).toString()]));
}

const actorOf = (conversation: string): string => `c/demo/${conversation}`;
const linesIn = ({ lines }: Story, conversation: string): readonly Line[] => lines.get(actorOf(conversation)) ?? [];

function lost(story: Story): string[] {
  return of(story, 'ack').flatMap(({ client, conversation, cmid, seq, at }) => {
    const line = linesIn(story, conversation).find((one) => one.cmid === cmid);
    if (line === undefined) return [`${client} was told that ${cmid} stands at ${seq} of ${conversation}; it is not there`];
    return line.record.stored > at ? [`${client} was told of ${cmid} ${line.record.stored - at} ms before it was durable`] : [];
  });
}

function doubled(story: Story): string[] {
  const twice = [...story.lines].flatMap(([actor, lines]) => {
    const counts = new Map<string, number>();
    for (const { cmid, kind } of lines) if (cmid !== null && (kind === 'message' || kind === 'note')) counts.set(cmid, (counts.get(cmid) ?? 0) + 1);
    return [...counts].filter(([, count]) => count > 1).map(([cmid, count]) => `${cmid} stands ${count} times in ${actor}`);
  });
  const other = of(story, 'ack').flatMap(({ client, conversation, cmid, seq }) => {
    const line = linesIn(story, conversation).find((one) => one.cmid === cmid);
    return line !== undefined && line.seq !== seq ? [`${client} was told that ${cmid} stands at ${seq}; it stands at ${line.seq}`] : [];
  });
  return [...twice, ...other];
}

function divergent(story: Story): string[] {
  const wrong: string[] = [];
  for (const [actor, lines] of story.lines) {
    lines.forEach(({ seq }, i) => { if (seq !== i + 1) wrong.push(`line ${i + 1} of ${actor} has the number ${seq}`); });
  }
  for (const { client, conversation, seq, digest, at } of of(story, 'line')) {
    const line = linesIn(story, conversation)[seq - 1];
    if (line?.digest !== digest) wrong.push(`${client} was told of another line ${seq} of ${conversation} than the log has`);
    else if (line.record.stored > at) wrong.push(`${client} heard of line ${seq} of ${conversation} before it was durable`);
  }
  const newest = new Map([...newestOf(story.ends.log)].filter(([actor]) => !actor.includes(PART)));
  for (const { node, shards, actors } of story.ends.tables) {
    shards.forEach((seq, n) => {
      const head = story.ends.log[n]?.length ?? 0;
      if (seq !== head) wrong.push(`the tables of ${node} end at ${seq} in shard ${n}, the log at ${head}`);
    });
    for (const [actor, state] of newest) if (actors.get(actor) !== state) wrong.push(`the tables of ${node} have another ${actor} than the log`);
  }
  for (const what of story.ends.broken) wrong.push(what);
  return wrong;
}

function reordered(story: Story): string[] {
  const sends = new Map(of(story, 'send').map((send) => [send.cmid, send]));
  return [...story.lines].flatMap(([actor, lines]) => {
    const last = new Map<string, number>();
    return lines.flatMap(({ cmid }) => {
      const send = cmid === null ? undefined : sends.get(cmid);
      if (send === undefined) return [];
      const before = last.get(send.client) ?? 0;
      last.set(send.client, Math.max(before, send.n));
      return send.n > before ? [] : [`word ${send.n} of ${send.client} stands behind word ${before} in ${actor}`];
    });
  });
}

function forgotten(story: Story): string[] {
  const back = of(story, 'back').map(({ client, node, conversation, had, got, at }) =>
    `${client} had been told of line ${had} of ${conversation}; ${node} offered ${got} (at ${at})`);
  const broken = of(story, 'broken').map(({ client, node, conversation, seq, why, at }) => `${client} at ${node}, line ${seq} of ${conversation}: ${why} (at ${at})`);
  const short = story.ends.copies.flatMap(({ client, agent, conversation, lines }) => {
    if (lines.size === 0) return [];
    const first = Math.min(...lines.keys());
    const missing = linesIn(story, conversation).filter((line) => (agent || !line.agents) && line.seq >= first && lines.get(line.seq) !== line.digest);
    return missing.map(({ seq }) => `${client} does not have line ${seq} of ${conversation}`);
  });
  return [...back, ...broken, ...short];
}

function doubleOwner(story: Story): string[] {
  const wrong = [...story.ends.thefts];
  for (const records of story.ends.log) {
    records.forEach(({ shard, seq, epoch, counter, node }, i) => {
      const before = records[i - 1];
      const claims = before === undefined || epoch !== before.epoch;
      if (claims ? epoch !== (before?.epoch ?? 0) + 1 || counter !== 0 : counter <= before.counter) {
        wrong.push(`record ${seq} of shard ${shard} has epoch ${epoch}, counter ${counter} after ${before?.epoch}, ${before?.counter}`);
      } else if (!claims && node !== before.node && node !== '') wrong.push(`record ${seq} of shard ${shard} is by ${node} in the epoch of ${before.node}`);
    });
  }
  for (const { node, actor, n, owner } of of(story, 'call')) {
    if (owner !== node) wrong.push(`${node} sent request ${n} of ${actor} while ${owner === '' ? 'nobody' : owner} owned it`);
  }
  return wrong;
}

function mistimed(story: Story): string[] {
  const { healed, now } = story.ends;
  return [...story.lines].flatMap(([actor, lines]) => {
    let armed = 0;
    const wrong: string[] = [];
    for (const [i, { kind, body, author, record }] of lines.entries()) {
      if (kind !== 'snooze') continue;
      const until = Number(body.until);
      // Who speaks or solves ends it, too: that line is beside it.
      const alone = lines[i - 1]?.record !== record && lines[i + 1]?.record !== record;
      if (until === 0 && author === 'parley' && alone) {
        if (armed === 0) wrong.push(`a timer of ${actor} fired twice, or never was set`);
        else if (record.at < armed || record.stored < armed - SKEW_MS) wrong.push(`a timer of ${actor} fired ${Math.max(armed - record.at, armed - record.stored)} ms early`);
        else if (record.stored > Math.max(healed + RECOVERY_MS, armed + SKEW_MS) + LATE_MS) wrong.push(`a timer of ${actor} fired ${record.stored - armed} ms late`);
      }
      armed = until;
    }
    if (armed > 0 && armed + SKEW_MS + LATE_MS < now) wrong.push(`a timer of ${actor} did not fire, ${now - armed} ms after it was due`);
    return wrong;
  });
}

function repeated(story: Story): string[] {
  const late = of(story, 'call').filter(({ settled }) => settled).map(({ node, actor, n }) => `${node} sent request ${n} of ${actor}, whose outcome stood, or which was never durable`);
  const notes = new Map<string, number>();
  for (const [actor, lines] of story.lines) {
    for (const { kind, text } of lines) if (kind === 'note' && text.startsWith(`${ORDER}ed `)) notes.set(`${actor} ${text}`, (notes.get(`${actor} ${text}`) ?? 0) + 1);
  }
  const asked = new Set(of(story, 'call').map(({ actor, n }) => `${actor} ${ORDER}ed ${n}`));
  const counts = [
    ...[...notes].filter(([, count]) => count > 1).map(([what, count]) => `${what}: counted ${count} times`),
    ...[...asked].filter((what) => !notes.has(what)).map((what) => `${what}: asked for, and nothing came of it`),
  ];
  return [...late, ...counts];
}

function misassigned({ ends }: Story): string[] {
  const parts = new Map<string, string>();
  const tickets = new Map<string, { agent: string; status: string }>();
  for (const [actor, text] of newestOf(ends.log)) {
    if (actor.startsWith(DESK_PARTS)) parts.set(actor.slice(DESK_PARTS.length), text);
    else if (actor.startsWith('c/')) tickets.set(actor.slice(actor.lastIndexOf('/') + 1), ticketOf(text));
  }
  const wrong = [...tickets].flatMap(([id, { agent, status }]) => {
    const { seat } = JSON.parse(parts.get(`t/${id}`) || '{}') as { seat?: { at: string; agent?: { id: string } } };
    const held = seat?.at === 'held' ? seat.agent?.id ?? '' : '';
    // One that is done is nobody's at the desk.
    const should = status === 'solved' || status === 'closed' ? '' : agent;
    return held === should ? [] : [`${id} is with ${should || 'nobody'}, its desk says ${held || 'nobody'}`];
  });
  for (const [agent, nodes] of ends.seats) {
    const { nodes: known = [] } = JSON.parse(parts.get(`a/${agent}`) || '{}') as { nodes?: string[] };
    if ([...known].sort().join() !== [...nodes].sort().join()) wrong.push(`${agent} is at ${nodes.join() || 'no node'}, the desk says ${known.join() || 'none'}`);
  }
  return wrong;
}

function ticketOf(json: string): { agent: string; status: string } {
  const { ticket } = JSON.parse(json) as { ticket?: { value: string; context: { agent: { id: string } | null } } };
  return { agent: ticket?.context?.agent?.id ?? '', status: ticket?.value ?? '' };
}

function leaked(story: Story): string[] {
  return of(story, 'foreign').map(({ client, conversation, whose }) => `${client} read words of ${whose} in ${conversation}`);
}

function stuck(story: Story): string[] {
  const { copies, owners, log, now, healed } = story.ends;
  const unsent = copies.filter(({ unsent: left }) => left > 0).map(({ client, conversation, unsent: left }) =>
    `${client} has ${left} words for ${conversation} that nobody has answered ${now - healed} ms after the last fault`);
  const shards = owners.flatMap((nodes, n) => {
    const owner = log[n]?.at(-1)?.node;
    return nodes.length === 1 && nodes[0] === owner ? [] : [`shard ${n} is owned by ${nodes.join(' and ') || 'nobody'}, the log says ${owner || 'nobody'}`];
  });
  const newest = new Map<string, { due: number; pending: boolean }>();
  for (const records of log) for (const { changes } of records) for (const { actor, due, pending } of changes) newest.set(actor, { due, pending });
  const left = [...newest].flatMap(([actor, { due, pending }]) => [
    ...pending ? [`${actor} still has effects in its outbox (in the tables of ${story.ends.tables[0]?.node}: ${outboxOf(story, actor)})`] : [],
    ...due > 0 && due + SKEW_MS + LATE_MS < now ? [`a timer of ${actor} is ${now - due} ms overdue`] : [],
  ]);
  return [...unsent, ...shards, ...left];
}


function outboxOf({ ends }: Story, actor: string): string {
  const { outbox = [] } = JSON.parse(ends.tables[0]?.actors.get(actor) ?? '{}') as { outbox?: { n: number; to: string; command: { type: string } }[] };
  return outbox.map(({ n, to, command }) => `${n} ${command.type} to ${to}`).join(', ');
}
