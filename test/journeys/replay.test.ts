/**
 * The model's walks through the ticket machine, replayed against a running gateway: a customer and an agent on the SDK, over
 * real sockets, with a clock moved by hand. What both see is compared with the product's rules after every move.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handClock, systemClock } from '../../gateway/clock.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { createAgent, type Agent, type AgentConversation } from '../../sdk/agent.ts';
import type { Client, Conversation } from '../../sdk/index.ts';
import { createClient, NodeSocket } from '../../sdk/node.ts';
import { ParleyError } from '../../sdk/index.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';
import type { ActorCommand } from '../../machines/actor.ts';
import type { Decision } from '../../machines/routing.ts';
import type { ConversationState } from '../../machines/state.ts';
import { nextId, openHouse, type House } from '../gateway/house.ts';
import { OTHER, policyOf, walks, type Move } from '../machines/paths.ts';
import { RULES } from '../machines/rules.ts';
import type { Value } from '../../sdk/index.ts';

/** What customers may see of a conversation's log. */
const OPEN = ['message', 'status', 'assigned', 'ticket', 'routing'];
const ADA = { role: 'agent', id: 'a_ada', name: 'Ada', identified: true };
/** What the ticket hears of flows, each from a flow that does nothing else. */
const FLOWS = { solve: { do: 'status', status: 'solved' }, close: { do: 'close' } } as const;
const CHANNELS = { chat: 'web', repeat: 'repeat', social: 'social' } as const;

let house: House;
let agent: Agent;
beforeAll(async () => {
  house = await openHouse({
    // Both clocks begin together, so that a token is as old to its socket as to the gateway.
    log: memoryLog({ shards: 8 }), clock: handClock(Date.now()), socketClock: systemClock,
    settings: { workspaces: { demo: { policies: { repeat: { clock: 'calendar' } } } }, limits: { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 } },
  });
  agent = createAgent({ url: house.gateway.url, WebSocket: NodeSocket, getToken: () => house.gateway.identities.agent('demo', { id: 'ada', name: 'Ada' }) });
  for (const [flow, step] of Object.entries(FLOWS)) {
    const { rev } = await agent.flows.save(flow, { name: flow, start: [{ on: 'called' }], steps: [{ id: 'only', ...step }] }, 0);
    await agent.flows.publish(flow, { rev, migrate: false, note: '' });
  }
});
afterAll(async () => {
  agent.close();
  await house.close();
});

describe.each(['chat', 'repeat', 'social'] as const)('%s', (style) => {
  let customer: Client;
  beforeAll(() => { customer = createClient({ url: house.gateway.url, channel: CHANNELS[style] }); });
  afterAll(() => customer.close());

  it.each(walks(style).paths.map((path) => [path.join(' → '), path] as const))('%s', async (_, path) => {
    const mine = customer.conversation();
    await mine.send({ text: 'hello' }).committed;
    const theirs = agent.conversation(mine.id);
    const close = [mine.open(), theirs.open()];
    let status = 'new';
    let ticket = 1;
    await settled(mine, theirs, status, ticket);
    for (const [name, args] of Object.entries({ priority: { priority: 0 }, tags: { tags: ['secret'] }, snooze: { until: house.clock.now() + 1 } })) {
      await tell(mine.id, { type: 'act', who: ADA, device: 'desk', cmid: nextId(), name, args } as ActorCommand);
    }
    await theirs.send({ text: 'secret', note: true }).committed;
    for (const move of path) {
      if (status === 'closed' && move === 'customer.message') { status = 'new'; ticket += 1; }
      else status = (RULES[style][status] as Record<string, string> | undefined)?.[move] ?? status;
      await make(move, mine, theirs, theirs.state.get()?.status === 'solved' ? policyOf(style).windowMs : 1);
      await settled(mine, theirs, status, ticket);
    }
    // What the customer holds is provably complete and names no note, session, priority, tag, snooze or On-hold.
    await until(mine.messages, ({ complete }) => complete, 'the customer has everything');
    const seen = mine.messages.get();
    expect(seen.items.filter(({ kind, body }) => !OPEN.includes(kind) || (kind === 'status' && body.status === 'onHold'))).toEqual([]);
    expect(JSON.stringify([seen.items, mine.state.get()])).not.toContain('secret');
    for (const end of close) end();
  });
});

async function make(move: Move, mine: Conversation, theirs: AgentConversation, windowMs: number): Promise<void> {
  try {
    switch (move) {
      case 'customer.message': await mine.send({ text: 'hello again' }).committed; return;
      case 'agent.message': await theirs.send({ text: 'here I am' }).committed; return;
      case 'agent.accept': return await theirs.accept();
      case 'agent.open': return await theirs.setStatus('open');
      case 'agent.pending': return await theirs.setStatus('pending');
      case 'agent.hold': return await theirs.setStatus('onHold');
      case 'agent.solve': return await theirs.setStatus('solved');
      case 'desk.assign': return await decide(mine.id, { type: 'assign', agent: OTHER });
      case 'requeue': return await decide(mine.id, { type: 'requeue', team: null });
      case 'flow.solve': return await theirs.run('solve');
      case 'flow.close': return await theirs.run('close');
      case 'window': return house.clock.advance(windowMs);
    }
  } catch (error) {
    // The rules say what happens to the status; a refusal is one way of nothing happening, with a code.
    expect(error).toBeInstanceOf(ParleyError);
    expect(['ticketClosed', 'wrongStatus']).toContain((error as ParleyError).name);
  }
}

let decisions = 0;
/** As the desk would, on the ground of how things stand. Another than the real one, which goes on counting its own. */
async function decide(conversation: string, decision: Pick<Decision, 'type'> & Partial<Decision>): Promise<void> {
  const { number, ticket } = await new Promise<ConversationState>((resolve) => {
    house.gateway.host.peek(`c/demo/${conversation}`, (state) => resolve(state as ConversationState));
  });
  const ground = { ticket: number, agent: ticket.context.agent?.id ?? null };
  await tell(conversation, { by: null, note: '', act: '', ground, from: 'd/replay', n: ++decisions, ...decision } as ActorCommand);
}

function tell(conversation: string, command: ActorCommand): Promise<void> {
  return new Promise((resolve, reject) => {
    house.gateway.host.tell(`c/demo/${conversation}`, command, (answer) => (answer instanceof Refusal ? reject(answer) : resolve()));
  });
}

/** Both screens show this status, as far as each may know it. */
async function settled(mine: Conversation, theirs: Conversation, rule: string, ticket: number): Promise<void> {
  // As the rules call one that is Solved without an agent.
  const status = rule === 'unmet' ? 'solved' : rule;
  const shown = status === 'onHold' ? 'open' : status;
  await until(theirs.state, (state) => state?.status === status && state.ticket === ticket, `the agent sees ${status}`);
  await until(mine.state, (state) => state?.status === shown && state.ticket === ticket, `the customer sees ${shown}`);
}

function until<T>(value: Value<T>, fits: (value: T) => boolean, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => { stop(); reject(new Error(`${what}: not so, but ${JSON.stringify(value.get())}`)); }, 8_000);
    const look = (): void => {
      if (!fits(value.get())) return;
      clearTimeout(timeout);
      stop();
      resolve();
    };
    const stop = value.subscribe(look);
    look();
  });
}
