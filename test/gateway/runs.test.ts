/** Flows through a real gateway: what customers and agents get of them, and their time over a restart, on a clock moved by hand. */
import { ulid } from 'ulid';
import { afterEach, describe, expect, it } from 'vitest';
import type { ActorState, Kind } from '../../machines/actor.ts';
import type { Flow } from '../../machines/flows/flow.ts';
import { library } from '../../machines/flows/library.ts';
import { handClock } from '../../gateway/clock.ts';
import { openFileLog } from '../../gateway/log.file.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { CODES, Refusal } from '../../sdk/protocol/codes.ts';
import type { Entry, Said, Told } from '../../sdk/protocol/frames.ts';
import { ADA, HOUR, START } from '../machines/talk.ts';
import { message, nextId, openHouse, type House, type Peer } from './house.ts';
import { newFolder, removeFolders } from './log.folders.ts';

const agents = [{ id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }, { id: 'ben', name: 'Ben', teams: ['billing'] }];
const teams = [{ id: 'support', name: 'Support' }, { id: 'billing', name: 'Billing' }];
const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
const SETTINGS = { workspaces: { demo: { agents, teams } }, limits: MANY };

const NUDGE: Flow = {
  name: 'Nudge', start: [{ on: 'message', from: 'agent' }], again: 'restart', onAgent: 'restart', steps: [
    { id: 'silence', name: 'Wait for a reply', do: 'wait', forMs: HOUR, untilReply: 'customer', onReply: [{ id: 'replied', do: 'end' }] },
    { id: 'remind', name: 'Remind', do: 'say', text: 'Are you still there?' },
    { id: 'answer', do: 'wait', forMs: 300_000, untilReply: 'customer', onReply: [{ id: 'answered', do: 'end' }] },
    { id: 'close', do: 'close' },
  ],
};
const ROUTE: Flow = {
  name: 'Route', start: [{ on: 'opened' }], steps: [
    { id: 'which', do: 'ask', text: 'Which team?', answer: 'choice', save: 'vars.team', choices: teams.map(({ id, name }) => ({ value: id, label: name })) },
    { id: 'by', do: 'branch', cases: [{ when: { all: [{ field: 'vars.team', is: 'equal', value: 'billing' }] }, steps: [{ id: 'to', do: 'assign', team: 'billing' }] }] },
  ],
};

let house: House;
/** Time of sockets stands still. */
const open = async (options: Parameters<typeof openHouse>[0] = {}): Promise<void> => {
  house = await openHouse({ settings: SETTINGS, socketClock: handClock(START), ...options });
};
afterEach(async () => { await house.close(); await removeFolders(); });

async function publish(flows: Record<string, Flow>): Promise<void> {
  const tell = (command: object): Promise<void> => new Promise((resolve, reject) => {
    house.gateway.host.tell('f/demo', { who: ADA, ...command } as never, (answer) => (answer instanceof Refusal ? reject(answer) : resolve()));
  });
  for (const [flow, definition] of Object.entries(flows)) {
    await tell({ type: 'draft', flow, definition, rev: 0 });
    await tell({ type: 'publish', flow, rev: 1, migrate: false, note: '' });
  }
}

async function follow(peer: Peer, conversation: string): Promise<number> {
  peer.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  return (await peer.hear('subscribed')).alias;
}
async function begin(conversation = ulid()): Promise<{ customer: Peer; conversation: string }> {
  const customer = await house.customer();
  // In one write: whatever a flow says, even at once, comes as an event.
  customer.say(message(conversation, 'hello'), { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  await customer.hear('page');
  return { customer, conversation };
}
async function send(peer: Peer, conversation: string, text: string): Promise<void> {
  const frame = message(conversation, text);
  peer.say(frame);
  await peer.hear('ack', ({ cmid }) => cmid === frame.cmid);
}
const command = (name: string, args: Extract<Said, { t: 'command' }>['args'], conversation: string): Said => ({ t: 'command', id: nextId(), conversation, name, args });
const event = async (peer: Peer, fits: (entry: Entry) => boolean): Promise<Entry> => (await peer.hear('event', ({ entry }) => fits(entry))).entry;
const says = (text: string) => (entry: Entry): boolean => entry.kind === 'message' && entry.body.text === text;
const runs = async (peer: Peer): Promise<Extract<Told, { t: 'runs' }>['runs']> => (await peer.hear('runs')).runs;

describe('a nudge', () => {
  it('comes at its millisecond and closes five minutes later, though the gateway was stopped in between', async () => {
    const folder = await newFolder();
    const clock = handClock(START);
    await open({ log: await openFileLog(folder, { shards: 4 }), clock });
    await publish({ nudge: NUDGE });
    const { conversation } = await begin();
    const ada = await house.agent('ada');
    await follow(ada, conversation);
    await send(ada, conversation, 'How can I help?');
    const shown = { run: 1, flow: 'nudge', name: 'Nudge', version: 1, step: 'silence', stepName: 'Wait for a reply', waits: 'reply', until: START + HOUR, next: 'Remind' };
    expect(await runs(ada)).toEqual([shown]);
    clock.advance(HOUR / 2);
    await house.close();

    await open({ log: await openFileLog(folder, { shards: 4 }), clock });
    const again = await house.agent('ada');
    const alias = await follow(again, conversation);
    expect(await again.hear('runs')).toEqual({ t: 'runs', alias, runs: [shown] });
    clock.advance(HOUR / 2 - 1);
    // Whatever had rung by now would stand before this.
    again.say({ ...message(conversation, 'quiet so far'), kind: 'note' });
    await again.hear('ack');
    clock.advance(1);
    const reminder = await event(again, says('Are you still there?'));
    expect(reminder).toMatchObject({ at: START + HOUR, n: 2, author: { role: 'system', id: 'parley', name: 'Assistant' } });
    expect((await event(again, ({ kind }) => kind === 'note')).seq).toBe(reminder.seq - 1);
    expect(await runs(again)).toMatchObject([{ run: 1, step: 'answer', until: START + HOUR + 300_000, next: 'close' }]);
    clock.advance(300_000);
    await event(again, ({ kind, body }) => kind === 'status' && (body as { status: string }).status === 'closed');
    expect(await runs(again)).toEqual([]);
    expect(house.reports).toEqual([]);
  });

  it('does not come to a customer who has replied, and begins anew with an agent\'s next word', async () => {
    await open();
    await publish({ nudge: NUDGE });
    const { customer, conversation } = await begin();
    const ada = await house.agent('ada');
    await follow(ada, conversation);
    await send(ada, conversation, 'How can I help?');
    expect(await runs(ada)).toHaveLength(1);
    house.clock.advance(HOUR - 1);
    await send(customer, conversation, 'Like this.');
    expect(await runs(ada)).toEqual([]);
    await send(ada, conversation, 'I see.');
    expect(await runs(ada)).toMatchObject([{ run: 2, until: START + 2 * HOUR - 1 }]);
    house.clock.advance(HOUR - 1);
    await send(ada, conversation, 'One moment.');
    expect(await runs(ada)).toMatchObject([{ run: 3, until: START + 3 * HOUR - 2 }]);
    ada.say(command('status', { status: 'solved' }, conversation));
    expect(await runs(ada)).toEqual([]);
    house.clock.advance(48 * HOUR);
    await send(customer, conversation, 'Thanks.');
    expect(customer.frames.some((frame) => frame.t === 'event' && frame.entry.body !== null && says('Are you still there?')(frame.entry))).toBe(false);
  });
});

describe('a flow that routes', () => {
  it('asks first, with choices to tap; the desk offers the ticket to the team that was chosen, and only then', async () => {
    await open();
    await publish({ route: ROUTE });
    const [ada, ben] = [await house.agent('ada'), await house.agent('ben')];
    const { customer, conversation } = await begin();
    const question = await event(customer, says('Which team?'));
    expect(question.body).toEqual({ text: 'Which team?', choices: ['Support', 'Billing'] });
    await send(customer, conversation, 'billing');
    expect((await ben.hear('desk', ({ offers }) => offers.length > 0)).offers).toMatchObject([{ conversation, team: 'billing' }]);
    expect(ada.frames.some((frame) => frame.t === 'desk' && frame.offers.length > 0)).toBe(false);
    expect(customer.frames.some((frame) => frame.t === 'runs' || (frame.t === 'event' && frame.entry.kind === 'flow'))).toBe(false);
  });

  it('is ended by an agent who takes the ticket, and by one who stops it; whoever follows sees that', async () => {
    await open();
    await publish({ route: ROUTE });
    for (const [name, why] of [['accept', 'ada has accepted the ticket'], ['stopRun', '']] as const) {
      const { customer, conversation } = await begin();
      await event(customer, says('Which team?'));
      const [ada, ben] = [await house.agent('ada'), await house.agent('ben')];
      const alias = await follow(ada, conversation);
      await follow(ben, conversation);
      const [run] = await runs(ben);
      expect(run).toMatchObject({ run: 1, flow: 'route', step: 'which', waits: 'reply', until: START + 24 * HOUR });
      ada.say({ ...command(name, name === 'accept' ? {} : { run: 1 }, conversation), conversation: alias } as Said);
      expect((await event(ben, ({ kind, body }) => kind === 'flow' && (body as { what: string }).what === 'stopped')).body).toMatchObject({ run: 1, name: 'Route', why });
      expect(await runs(ben)).toEqual([]);
    }
  });
});

describe('a conversation whose flows cannot be read', () => {
  it('waits, and asks its people to try again; nothing of it is lost', async () => {
    const log = memoryLog({ shards: 4 });
    await open({ log: log.share() });
    await publish({ nudge: NUDGE });
    const { conversation } = await begin();
    const ada = await house.agent('ada');
    await follow(ada, conversation);
    await send(ada, conversation, 'How can I help?');
    await house.close();
    const damaged = { ...library({} as never), thaw: () => { throw new Error('a damaged library'); } } as unknown as Kind<ActorState>;
    await open({ log: log.share(), kinds: [damaged] });
    const again = await house.agent('ada');
    const alias = await follow(again, conversation);
    const frame = message(conversation, 'Are you there?');
    again.say(frame);
    expect(await again.hear('nack', ({ ref }) => ref === frame.cmid)).toMatchObject({ code: CODES.overloaded.code, retryAfterMs: 10_000 });
    again.say({ t: 'read', conversation: alias, seq: 3, n: 1 });
    await again.hear('mark');
    await house.close();
    await open({ log: log.share() });
    const mended = await house.agent('ada');
    await follow(mended, conversation);
    expect(await runs(mended)).toMatchObject([{ run: 1, flow: 'nudge', until: START + HOUR }]);
  });
});

describe('an agent whose line is slow', () => {
  it('learns where the flows are once it has read what waited', async () => {
    await open();
    await publish({ nudge: NUDGE });
    const { conversation } = await begin();
    const [ada, ben] = [await house.agent('ada'), await house.agent('ben')];
    for (const agent of [ada, ben]) await follow(agent, conversation);
    await send(ada, conversation, 'How can I help?');
    expect(await runs(ben)).toHaveLength(1);
    ben.ws.pause();
    for (let i = 0; i < 10; i++) {
      for (let sent = 0; sent < 100; sent++) ada.say(message(conversation, 'x'.repeat(7_900)));
      for (let acked = 0; acked < 100; acked++) await ada.hear('ack');
    }
    const last = (await ada.hear('runs', ({ runs: [run] }) => run?.run === 1_001)).runs;
    ben.ws.resume();
    await ben.hear('head');
    expect((await ben.hear('runs', ({ runs: [run] }) => run?.run === 1_001)).runs).toEqual(last);
  });
});
