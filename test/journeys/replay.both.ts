/** One conversation over sockets and the trial of it: each move is made in both, and then both have seen the same. */
import { expect } from 'vitest';
import { earliest } from '../../machines/timers.ts';
import type { Trial } from '../../machines/flows/trial.ts';
import { agentOf, statusOf } from '../../machines/state.ts';
import type { AgentConversation } from '../../sdk/agent.ts';
import { createClient } from '../../sdk/node.ts';
import { ParleyError, type Client, type Conversation, type Item } from '../../sdk/index.ts';
import { until, type ReplayHouse } from './replay.house.ts';
import { BEN, FULL_TAGS, hoursFrom, STALL_MS, type Trying, type Walk } from './replay.trial.ts';

/** What flows do, and what they do it upon. */
const KINDS = ['message', 'note', 'team', 'tags', 'flow', 'assigned'];

export class Replay {
  readonly #house: ReplayHouse;
  readonly #trying: Trying;
  readonly #customer: Client;
  readonly #mine: Conversation;
  readonly #theirs: AgentConversation;
  readonly #close: (() => void)[] = [];

  constructor(house: ReplayHouse, trying: Trying, channel = 'web') {
    this.#house = house;
    this.#trying = trying;
    this.#customer = createClient({ url: house.house.gateway.url, channel });
    this.#mine = this.#customer.conversation();
    this.#theirs = house.ada.conversation(this.#mine.id);
  }

  async make(move: Walk): Promise<void> {
    const { waiting } = this.#house;
    // The real caller gives up by itself; a trial waits to be told so.
    if (move.do === 'pass' && waiting.length > 0) return;
    const { filling } = this.#trying;
    const refused = this.#trying.make(move);
    const wasRefused = (move.do === 'answer' || move.do === 'noAnswer') && waiting.length === 0
      || await this.#move(move, filling).then(() => false, (error: unknown) => { expect(error).toBeInstanceOf(ParleyError); return true; });
    expect(wasRefused).toBe(refused !== null);
    if (await this.#house.state(this.#mine.id) === undefined) return;
    if (this.#close.length === 0) this.#close.push(this.#mine.open(), this.#theirs.open());
    await this.#agree();
  }

  /** Nothing of it goes on. */
  async end(): Promise<void> {
    for (const { run } of this.#theirs.runs.get()) await this.#theirs.stopRun(run);
    for (const end of this.#close) end();
    this.#customer.close();
    for (const { response } of this.#house.waiting.splice(0)) response.destroy();
  }

  async #move(move: Walk, filling: Readonly<Record<string, string>>): Promise<void> {
    const { waiting, ben } = this.#house;
    switch (move.do) {
      case 'customer': await this.#mine.send({ text: move.text }).committed; return;
      case 'agent': await this.#theirs.send({ text: move.text }).committed; return;
      case 'accept': return this.#theirs.accept();
      case 'takeOver': return ben.conversation(this.#mine.id).accept();
      case 'hold': return this.#theirs.setStatus('onHold');
      case 'solve': return this.#theirs.setStatus('solved');
      case 'tag': return this.#theirs.setTags(FULL_TAGS);
      case 'set': return this.#set(move.fields);
      case 'fill': return this.#fill(filling);
      case 'hours': return this.#house.setHours(hoursFrom(move.from));
      case 'pass': return this.#pass(move.ms);
      case 'stall': return this.#stall();
      case 'answer': waiting.shift()?.response.writeHead(move.status, { 'content-type': 'application/json' }).end(JSON.stringify(move.body)); return;
      case 'noAnswer': waiting.shift()?.response.destroy(); return;
      case 'leave': return;
      default: return move satisfies never;
    }
  }

  async #set(fields: Readonly<Record<string, string>>): Promise<void> {
    await this.#customer.setFields(fields);
    await this.#known();
  }

  async #fill(fields: Readonly<Record<string, string>>): Promise<void> {
    const contact = this.#customer.me.get()?.id ?? '';
    for (const [field, value] of Object.entries(fields)) await this.#house.ask('PUT', `/api/contacts/${contact}/fields/${field}`, { value });
    await this.#known();
  }

  /** The conversation has heard of it. */
  async #known(): Promise<void> {
    const all = sorted(this.#trying.rehearsal.result(null).fields);
    await until(async () => {
      const state = await this.#house.state(this.#mine.id);
      return state === undefined || sorted(state.fields) === all;
    }, () => `the contact is known as ${all}`);
  }

  /** To each timer of the conversation in turn, and on when it has rung. */
  async #pass(ms: number): Promise<void> {
    const { clock } = this.#house.house;
    const end = clock.now() + ms;
    for (;;) {
      const timer = earliest(await this.#timers());
      if (timer === undefined || timer.at > end) break;
      clock.advance(timer.at - clock.now());
      await this.#rung(timer);
    }
    clock.advance(end - clock.now());
  }

  /** At once, so that the request's own end comes no sooner than the step's. */
  async #stall(): Promise<void> {
    const { clock } = this.#house.house;
    const due = (await this.#timers()).filter(({ at }) => at <= clock.now() + STALL_MS);
    clock.advance(STALL_MS);
    for (const timer of due) await this.#rung(timer);
  }

  async #rung({ owner, id, at }: { owner: string; id: string; at: number }): Promise<void> {
    await until(async () => {
      // What the alarm has just learnt of is due at once.
      this.#house.house.clock.advance(0);
      return !(await this.#timers()).some((one) => one.id === id && one.at === at && one.owner === owner);
    }, () => `${owner} ${id} rings`);
  }

  async #ticket(): Promise<Trial['ticket'] | undefined> {
    const state = await this.#house.state(this.#mine.id);
    if (state === undefined) return undefined;
    const { team, priority, tags } = state;
    const agent = agentOf(state)?.id === BEN.id ? BEN.name : agentOf(state) === null ? null : 'Agent';
    return { status: statusOf(state), team, agent, priority, tags };
  }

  async #timers() {
    return (await this.#house.state(this.#mine.id))?.timers ?? [];
  }

  /** What agents see is what the trial says, in order and at the same moments; the customer sees the same messages. */
  async #agree(): Promise<void> {
    const { waiting } = this.#house;
    const trial = this.#trying.rehearsal.result(null);
    const expected = seen(trial);
    const rows = JSON.stringify(trial.runs.map(({ flow, step, waits, until: at }) => [flow, step, waits, at]));
    const pending = trial.calls.filter(({ answered }) => answered === null)
      .map(({ method, url, body }) => `${method} ${url} ${body === undefined ? '' : JSON.stringify(body)}`);
    // The run is over: nobody waits for what was asked.
    if (pending.length === 0) for (const { response } of waiting.splice(0)) response.destroy();
    const asked = (): string[] => waiting.map((one) => one.asked);
    const theirs = (): string => JSON.stringify(this.#theirs.messages.get().items.flatMap(told));
    const running = (): string => JSON.stringify(this.#theirs.runs.get().map(({ flow, step, waits, until: at }) => [flow, step, waits, at]));
    await until(() => theirs() === expected && running() === rows && asked().join() === pending.join(),
      () => `the trial says\n${expected} ${rows} ${pending.join()}\nagents see\n${theirs()} ${running()} ${asked().join()}`);
    await this.#known();
    expect(await this.#ticket()).toEqual(trial.ticket);
    const messages = JSON.stringify(trial.lines.filter(({ kind }) => kind === 'message').map(({ text }) => text));
    const mine = (): string => JSON.stringify(this.#mine.messages.get().items.flatMap(({ seq, kind, body }) => (seq !== null && kind === 'message' ? [body.text] : [])));
    await until(() => mine() === messages, () => `the trial says\n${messages}\nthe customer sees\n${mine()}`);
  }
}

function sorted(fields: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(fields).sort());
}

function seen({ lines }: Trial): string {
  return JSON.stringify(lines.filter(({ kind }) => KINDS.includes(kind)).map(({ at, kind, author: { role }, text }) =>
    [at, kind, role, kind === 'assigned' || kind === 'flow' ? text.replace('Agent', 'ada').replace('Ben', 'ben') : text]));
}

/** What is on its way still, or was refused, is nobody's line. */
function told({ seq, at, kind, author: { role }, body }: Item): unknown[] {
  if (seq === null) return [];
  switch (kind) {
    case 'message': case 'note': return [[at, kind, role, body.text]];
    case 'team': return [[at, kind, role, body.team]];
    case 'tags': return [[at, kind, role, (body.tags as string[]).join(', ')]];
    case 'assigned': return [[at, kind, role, (body.agent as { name: string } | null)?.name ?? '']];
    case 'flow': return [[at, kind, role, [body.what, body.step, body.why].filter((part) => part !== '').join(' ')]];
    default: return [];
  }
}
