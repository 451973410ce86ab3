/** The workspace in which everything happens: a desk with two agents, a team, and a flow that calls out when somebody orders. */
import type { ActorState, Kind } from '../../machines/actor.ts';
import { contact } from '../../machines/contact.ts';
import { conversation } from '../../machines/conversation.ts';
import { desk, type DeskCommand } from '../../machines/desk.ts';
import { compile } from '../../machines/flows/compile.ts';
import { defineFlow } from '../../machines/flows/flow.ts';
import type { Shelf } from '../../machines/flows/run.ts';
import { parseFlow } from '../../machines/flows/schema.ts';
import { OFFICE_HOURS } from '../../machines/hours.ts';
import { POLICIES } from '../../machines/style.ts';
import type { Staff } from '../../machines/workspace.ts';
import { FIELDS_ALWAYS, plain, type World as Around } from '../../machines/world.ts';

export const WORKSPACE = 'demo';
/** What a message begins with that makes the flow call out. */
export const ORDER = 'order';

/** Calls the shop once for each message that orders, beside others under way. */
const CALLS = defineFlow({
  name: 'Orders', start: [{ on: 'message', from: 'customer' }], again: 'beside', onAgent: 'goOn',
  when: { all: [{ field: 'message.text', is: 'startsWith', value: ORDER }] },
  steps: [
    { id: 'shop', do: 'http', method: 'POST', url: 'https://shop.example.com/orders', body: { text: '{{message.text}}' }, map: [{ path: '$.n', save: 'vars.n' }], retries: 0, onFailure: [] },
    { id: 'said', do: 'note', text: 'ordered {{vars.n}}' },
  ],
});

function shelf(): Shelf {
  const parsed = parseFlow(JSON.parse(JSON.stringify(CALLS)));
  if ('problems' in parsed) throw new Error(parsed.problems.map(({ path, problem }) => `${path}: ${problem}`).join('\n'));
  const compiled = compile(parsed.flow);
  return { live: [{ id: 'orders', version: 1, compiled }], at: () => compiled, successor: () => undefined };
}

/** So many conversations each of them takes. */
export const PLACES = 3;

export const STAFF: Staff = {
  teams: [{ id: 'support', name: 'Support', priority: 5, method: 'leastBusy', offerMs: 2_000, autoAccept: true, preferMs: 2_000, fallback: null, hours: null }],
  agents: ['ada', 'ben'].map((id) => ({ id, name: id, right: 'agent', teams: ['support'], skills: [], capacity: {} })),
  skills: [], statuses: [], capacity: { messaging: PLACES }, channels: { web: { group: 'messaging', requires: [], prefers: [] } },
  routing: { graceMs: 1_000, keepMs: null, returnMs: 5_000, lapses: 0, inactiveFrees: false }, hours: OFFICE_HOURS,
};

export const BEGIN_DESK: DeskCommand = { type: 'begin', node: 'any', file: {}, defaults: { ...STAFF } };

const AROUND: Around = {
  ...plain({ style: 'repeat', channels: {}, rules: [], policies: POLICIES, teams: ['support'] }), shelf: shelf(), agent: (id) => id,
};

/** They know nothing of nodes, so all nodes share them. */
export const KINDS = [conversation(() => AROUND), contact(() => FIELDS_ALWAYS), desk((_, value) => ({ value }))] as unknown as Kind<ActorState>[];
