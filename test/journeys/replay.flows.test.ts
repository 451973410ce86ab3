/**
 * The templates' walks, replayed against a running gateway: a customer and two agents on the SDK, over real sockets, a real
 * HTTP server as CRM, and a clock moved by hand from one timer to the next. What agents see of it is compared with a trial
 * of the same moves, which `test/machines/flows/templates` compares with PRODUCT.md.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { Rehearsal } from '../../machines/flows/rehearsal.ts';
import { nudge } from '../../machines/flows/templates/nudge.ts';
import { vip } from '../../machines/flows/templates/vip.ts';
import type { Template } from '../../machines/flows/templates/template.ts';
import type { Move, Trial } from '../../machines/flows/trial.ts';
import type { ConversationState } from '../../machines/state.ts';
import { earliest } from '../../machines/timers.ts';
import { createAgent, type Agent, type AgentConversation } from '../../sdk/agent.ts';
import { createClient, NodeSocket } from '../../sdk/node.ts';
import { ParleyError, type Client, type Conversation, type Item } from '../../sdk/index.ts';
import { turns } from '../gateway/crm.ts';
import { openHouse, type House } from '../gateway/house.ts';
import { TEAMS, tried } from '../machines/flows/templates/stage.ts';
import { DAY, HOUR, START } from '../machines/talk.ts';

type ByHand = { do: 'hold' | 'takeOver' };
type Walk = Move | ByHand;
const BEN = { role: 'agent', id: 'a_ben', name: 'Ben', identified: true } as const;
/** What flows do, and what they do it upon. */
const KINDS = ['message', 'note', 'team', 'tags', 'flow', 'assigned'];
const WALKS = 15;
const SEED = 4;

/** Requests wait here until a move answers them. */
const waiting: ServerResponse[] = [];
const crm = createServer((request, response) => { request.resume(); waiting.push(response); });
let house: House;
let ada: Agent;
let ben: Agent;

beforeAll(async () => {
  crm.listen(0, '127.0.0.1');
  await once(crm, 'listening');
  house = await openHouse({
    // Sockets know no time, so that days may pass while they stay.
    log: memoryLog({ shards: 4 }), clock: handClock(START), socketClock: handClock(START), settings: {
      workspaces: { demo: {
        teams: TEAMS.map((id) => ({ id, name: id })), policies: { repeat: { clock: 'calendar' } }, http: { allow: [here()] },
        agents: ['ada', 'ben'].map((id) => ({ id, name: id, right: 'admin', teams: ['czech'] })),
      } },
      limits: { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 },
    },
  });
  [ada, ben] = ['ada', 'ben'].map((id) => createAgent({ url: house.gateway.url, WebSocket: NodeSocket, getToken: () => house.token(id) })) as [Agent, Agent];
}, 60_000);
afterAll(async () => {
  for (const agent of [ada, ben]) agent?.close();
  await house?.close();
  crm.closeAllConnections();
  crm.close();
});

const here = (): string => `127.0.0.1:${(crm.address() as AddressInfo).port}`;

function pass(...delays: number[]): fc.Arbitrary<Walk> {
  return fc.constantFrom(...delays.flatMap((ms) => [ms - 1, ms, ms + 1])).map((ms) => ({ do: 'pass', ms }));
}
const nudges = fc.array(fc.oneof(
  { weight: 4, arbitrary: pass(300_000, HOUR, 7 * HOUR, DAY, 3 * DAY) },
  { weight: 4, arbitrary: fc.constantFrom<Walk>({ do: 'customer', text: 'And?' }, { do: 'agent', text: 'Here I am' }) },
  { weight: 1, arbitrary: fc.constantFrom<Walk>({ do: 'accept' }, { do: 'takeOver' }, { do: 'hold' }, { do: 'solve' }) },
), { minLength: 8, maxLength: 14 });
const vips = fc.array(fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('what?', 'ada@', 'ada@example.com').map((text): Walk => ({ do: 'customer', text })) },
  { weight: 2, arbitrary: pass(300_000) },
  { weight: 3, arbitrary: fc.constantFrom<Walk>(
    { do: 'answer', status: 200, body: { customerType: 'VIP' } }, { do: 'answer', status: 200, body: { customerType: 'new' } },
    { do: 'answer', status: 500, body: {} }, { do: 'noAnswer' },
  ) },
  { weight: 1, arbitrary: fc.constantFrom<Walk>({ do: 'accept' }, { do: 'agent', text: 'Here I am' }, { do: 'solve' }) },
), { minLength: 6, maxLength: 12 });

describe.each([
  ['nudge', nudge, nudges, () => ({ followUp: true })],
  ['vip', vip, vips, () => ({ url: `http://${here()}/?email={{contact.email}}`, personTeam: 'managers', httpRetries: 0, timeoutMs: 5_000 })],
] as const)('%s', (id, template: Template, walks: fc.Arbitrary<Walk[]>, form: () => object) => {
  beforeAll(async () => {
    const { rev } = await ada.flows.save(id, template.make(form()), 0);
    await ada.flows.publish(id, { rev, migrate: false, note: '' });
  });
  afterAll(() => ada.flows.live(id, 0));

  it.each(fc.sample(walks, { numRuns: WALKS, seed: SEED }).map((walk) => [walk.map(named).join(' → '), walk] as const))('%s', async (_, walk) => {
    const replay = await Replay.begin(new Rehearsal({ ...tried(template, form()), id, now: house.clock.now() }, {}));
    for (const move of walk) await replay.make(move);
    replay.end();
  });
});

function named(move: Walk): string {
  return move.do === 'pass' ? `${move.ms} ms` : move.do === 'answer' ? String(move.status) : 'text' in move ? `${move.do} ${move.text}` : move.do;
}

/** One conversation, and the trial of it. */
class Replay {
  readonly #rehearsal: Rehearsal;
  readonly #customer: Client;
  readonly #mine: Conversation;
  readonly #theirs: AgentConversation;
  readonly #close: (() => void)[];

  private constructor(rehearsal: Rehearsal, customer: Client, mine: Conversation) {
    this.#rehearsal = rehearsal;
    this.#customer = customer;
    this.#mine = mine;
    this.#theirs = ada.conversation(mine.id);
    this.#close = [mine.open(), this.#theirs.open()];
  }

  static async begin(rehearsal: Rehearsal): Promise<Replay> {
    const customer = createClient({ url: house.gateway.url });
    const mine = customer.conversation();
    rehearsal.move({ do: 'customer', text: 'Hello' });
    await mine.send({ text: 'Hello' }).committed;
    const replay = new Replay(rehearsal, customer, mine);
    await replay.#agree();
    return replay;
  }

  async make(move: Walk): Promise<void> {
    // The real caller gives up by itself; a trial waits to be told so.
    if (move.do === 'pass' && waiting.length > 0) return;
    const refused = this.#rehearse(move);
    const wasRefused = (move.do === 'answer' || move.do === 'noAnswer') && waiting.length === 0
      || await this.#move(move).then(() => false, (error: unknown) => { expect(error).toBeInstanceOf(ParleyError); return true; });
    expect(wasRefused).toBe(refused !== null);
    await this.#agree();
  }

  end(): void {
    for (const end of this.#close) end();
    this.#customer.close();
    for (const response of waiting.splice(0)) response.destroy();
  }

  #rehearse(move: Walk): string | null {
    switch (move.do) {
      case 'hold': return this.#rehearsal.act('status', { status: 'onHold' });
      case 'takeOver': return this.#rehearsal.act('accept', {}, BEN);
      default: return this.#rehearsal.move(move);
    }
  }

  async #move(move: Walk): Promise<void> {
    switch (move.do) {
      case 'customer': await this.#mine.send({ text: move.text }).committed; return;
      case 'agent': await this.#theirs.send({ text: move.text }).committed; return;
      case 'accept': return this.#theirs.accept();
      case 'takeOver': return ben.conversation(this.#mine.id).accept();
      case 'hold': return this.#theirs.setStatus('onHold');
      case 'solve': return this.#theirs.setStatus('solved');
      case 'pass': return this.#pass(move.ms);
      case 'answer': waiting.shift()?.writeHead(move.status, { 'content-type': 'application/json' }).end(JSON.stringify(move.body)); return;
      case 'noAnswer': waiting.shift()?.destroy(); return;
      case 'leave': return;
      default: return move satisfies never;
    }
  }

  /** To each timer of the conversation in turn, and on when it has rung. */
  async #pass(ms: number): Promise<void> {
    const end = house.clock.now() + ms;
    for (;;) {
      const timer = earliest((await this.#state()).timers);
      if (timer === undefined || timer.at > end) break;
      house.clock.advance(timer.at - house.clock.now());
      await until(async () => {
        // What the alarm has just learnt of is due at once.
        house.clock.advance(0);
        return !(await this.#state()).timers.some(({ id, at }) => id === timer.id && at === timer.at);
      }, () => `${timer.owner} ${timer.id} rings`);
    }
    house.clock.advance(end - house.clock.now());
  }

  #state(): Promise<ConversationState> {
    return new Promise((resolve) => { house.gateway.host.peek(`c/demo/${this.#mine.id}`, (state) => resolve(state as ConversationState)); });
  }

  /** What agents see is what the trial says, in order and at the same moments; the customer sees the same messages. */
  async #agree(): Promise<void> {
    const trial = this.#rehearsal.result(null);
    const expected = seen(trial);
    const rows = JSON.stringify(trial.runs.map(({ flow, step, waits, until: at }) => [flow, step, waits, at]));
    const pending = trial.calls.filter(({ answered }) => answered === null).length;
    // The run is over: nobody waits for what was asked.
    if (pending === 0) for (const response of waiting.splice(0)) response.destroy();
    const theirs = (): string => JSON.stringify(this.#theirs.messages.get().items.flatMap(told));
    const running = (): string => JSON.stringify(this.#theirs.runs.get().map(({ flow, step, waits, until: at }) => [flow, step, waits, at]));
    await until(async () => theirs() === expected && running() === rows && waiting.length === pending,
      () => `the trial says\n${expected} ${rows}\nagents see\n${theirs()} ${running()}`);
    const messages = JSON.stringify(trial.lines.filter(({ kind }) => kind === 'message').map(({ text }) => text));
    const mine = (): string => JSON.stringify(this.#mine.messages.get().items.flatMap(({ seq, kind, body }) => (seq !== null && kind === 'message' ? [body.text] : [])));
    await until(async () => mine() === messages, () => `the trial says\n${messages}\nthe customer sees\n${mine()}`);
  }
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

/** Looks again after every turn of the loop: what is waited for is under way. */
async function until(fits: () => Promise<boolean>, what: () => string): Promise<void> {
  const end = Date.now() + 8_000;
  while (!await fits()) {
    if (Date.now() > end) throw new Error(what());
    await turns(1);
  }
}
