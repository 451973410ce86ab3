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
import { openHouse, type House } from '../gateway/house.ts';
import { policyOf, walks, type Move } from '../machines/paths.ts';
import { RULES } from '../machines/rules.ts';
import type { Value } from '../../sdk/index.ts';

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
    for (const move of path) {
      if (status === 'closed' && move === 'customer.message') { status = 'new'; ticket += 1; }
      else status = (RULES[style][status] as Record<string, string> | undefined)?.[move] ?? status;
      await make(move, mine, theirs, theirs.state.get()?.status === 'solved' ? policyOf(style).windowMs : 1);
      await settled(mine, theirs, status, ticket);
    }
    // What the customer holds is provably complete and names no note, session or On-hold.
    await until(mine.messages, ({ complete }) => complete, 'the customer has everything');
    const seen = mine.messages.get();
    expect(seen.items.filter(({ kind, body }) => kind === 'note' || kind === 'session' || (kind === 'status' && body.status === 'onHold'))).toEqual([]);
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
      case 'window': return house.clock.advance(windowMs);
    }
  } catch (error) {
    // The rules say what happens to the status; a refusal is one way of nothing happening, with a code.
    expect(error).toBeInstanceOf(ParleyError);
    expect(['ticketClosed', 'wrongStatus']).toContain((error as ParleyError).name);
  }
}

/** Both screens show this status, as far as each may know it. */
async function settled(mine: Conversation, theirs: Conversation, status: string, ticket: number): Promise<void> {
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
