/**
 * The desk against the rules written down plainly, and against what must never be: with conversations that are told late,
 * twice and in any order, agents who come and go, nodes that die, and states that are written, read back and gone back to.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deskView, touched, type DeskCommand } from '../../machines/desk.ts';
import { OFFICE_HOURS } from '../../machines/hours.ts';
import type { Priority } from '../../machines/routing.ts';
import type { Style } from '../../machines/style.ts';
import type { Member, Method, Staff, Team } from '../../machines/workspace.ts';
import { Matter } from './matter.ts';
import { kind, World, written } from './world.ts';

const AGENTS = ['ada', 'ben', 'cid', 'dan', 'eve', 'guest'].map((id) => ({ id: `a_${id}`, name: id }));
const ADMIN = { role: 'agent', identified: true, id: 'a_ada', name: 'ada' } as const;
const NODES = ['n1', 'n2', 'n3'];
const TEAMS = ['support', 'sales', 'care'];
const MATTERS = Array.from({ length: 14 }, (_, i) => `C${String.fromCharCode(65 + i)}`);
/** More often here than not, and mostly at work: so that most of it is routing. */
const STATUSES = ['online', 'online', 'online', 'online', 'away', 'transfers', 'offline', 'lunch', 'mentor'];
const SKILLS = [[], [], [], ['it'], ['cs'], ['cs', 'it']];
const METHODS: (Method | null)[] = [null, null, null, 'leastBusy', 'roundRobin', 'longestIdle'];
const WAITS = [0, 1, 1_000, 1_000, 5_000, 9_999, 20_000, 30_000, 60_000, 600_000];

const team = (id: string, more: Partial<Team>): Team => ({
  id, name: id, priority: 5, method: 'leastBusy', offerMs: 30_000, autoAccept: false, preferMs: 60_000, fallback: null, hours: null, ...more,
});
const member = (id: string, teams: string[], skills: string[], capacity: Record<string, number>, more: Partial<Member> = {}): Member =>
  ({ id, name: id, right: 'agent', teams, skills, capacity, ...more });
const STAFF: Staff = {
  teams: [
    team('support', { fallback: { team: 'sales', afterMs: 90_000 } }),
    team('sales', { method: 'roundRobin', priority: 3, hours: OFFICE_HOURS, offerMs: 20_000, fallback: { team: 'support', afterMs: 70_000 } }),
    team('care', { method: 'longestIdle', autoAccept: true, preferMs: 10_000 }),
  ],
  agents: [
    member('ada', ['support', 'sales'], ['it', 'cs'], {}, { right: 'admin' }), member('ben', ['support'], [], { messaging: 3 }),
    member('cid', ['support', 'care'], ['it'], { messaging: 1, voice: 2 }), member('dan', ['sales', 'care'], ['cs'], {}, { right: 'supervisor' }),
    member('eve', ['care'], [], {}),
  ],
  skills: [{ id: 'it', name: 'it' }, { id: 'cs', name: 'cs' }],
  statuses: [{ id: 'lunch', name: 'Lunch', takes: 'nothing' }, { id: 'mentor', name: 'Mentor', takes: 'transfers' }],
  capacity: { messaging: 2, voice: 1 },
  channels: { web: { group: 'messaging', requires: [], prefers: [] }, phone: { group: 'voice', team: 'care', requires: [], prefers: [] } },
  routing: { graceMs: 20_000, keepMs: 60_000, returnMs: 40_000, lapses: 3, inactiveFrees: true },
  hours: OFFICE_HOURS,
};

class Move implements fc.Command<object, World> {
  readonly name: string;
  readonly run: (_: object, world: World) => void;
  constructor(name: string, run: (world: World) => void) {
    this.name = name;
    this.run = (_, world) => run(world);
  }

  check(): boolean { return true; }
  toString(): string { return this.name; }
}

const pick = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list);
const who = pick(AGENTS);
const matterId = pick(MATTERS);
const seldom = fc.nat(3).map((n) => n === 0);
const moved = <T>(args: fc.Arbitrary<T>, name: string, run: (world: World, args: T) => void): fc.Arbitrary<Move> =>
  args.map((some) => new Move(`${name} ${JSON.stringify(some)}`, (world) => run(world, some)));

const ticket = fc.record({
  channel: pick(['web', 'web', 'phone']), team: pick(['', '', 'sales', 'care']), priority: pick([2, 2, 2, 1, 0, 3] as Priority[]),
  requires: pick(SKILLS), prefers: pick(SKILLS), style: pick(['chat', 'repeat', 'social'] as Style[]),
  held: pick([false, false, true]), by: pick(METHODS),
});
const writes = moved(fc.tuple(matterId, ticket), 'a customer writes', (w, [id, asked]) => {
  const known = w.matters.get(id);
  if (known !== undefined) return known.write(w.at);
  w.matters.set(id, new Matter(id, { ticket: 1, status: 'new', agent: null, contact: 'Cleo', since: w.at, answeredAt: 0, active: true, ...asked }));
});
const byHand = moved(fc.tuple(matterId, fc.nat(11), who, pick(SKILLS), pick(TEAMS)), 'by hand', (w, [id, what, agent, requires, to]) => {
  const matter = w.matters.get(id);
  switch (what) {
    case 0: return matter?.take(agent);
    case 1: return matter?.unassign();
    case 2: case 3: return matter?.move('pending');
    case 4: return matter?.move('onHold');
    case 5: case 6: return matter?.move('solved');
    case 7: return matter?.close();
    case 8: return matter?.set({ active: !matter.standing.active });
    case 9: return matter?.set({ requires, priority: 1 });
    case 10: return matter?.set({ answeredAt: w.at });
    default: return matter?.set({ team: to });
  }
});
/** A flow asks first; and when it knows, it says to whom the ticket goes, and how. */
const flows = moved(fc.tuple(matterId, fc.boolean(), pick(TEAMS), pick(SKILLS), pick(METHODS)), 'a flow', (w, [id, begins, to, requires, by]) => {
  const matter = w.matters.get(id);
  if (matter?.standing.held !== true) return begins ? matter?.hold(true) : undefined;
  matter.set({ held: false, ...begins ? {} : { team: to, requires, by } });
});
/** Their agent may be away by then, and may be back before anything else happens. */
const comesBack = moved(fc.tuple(matterId, pick(STATUSES), fc.boolean()), 'a customer comes back', (w, [id, to, back]) => {
  const matter = w.matters.get(id);
  const agent = matter?.standing.agent;
  if (matter === undefined || !agent) return;
  matter.move('pending');
  w.listen(matter, false);
  w.act(agent, 'status', { status: to });
  matter.write(w.at);
  w.listen(matter, false);
  if (back) w.act(agent, 'status', { status: 'online' });
});
const listen = moved(fc.tuple(matterId, seldom), 'the desk hears', (w, [id, again]) => {
  const matter = w.matters.get(id);
  if (matter !== undefined) w.listen(matter, again);
});
const carry = moved(fc.tuple(matterId, seldom), 'the desk is heard', (w, [id, again]) => {
  const matter = w.matters.get(id);
  if (matter !== undefined) w.carry(matter, again);
});
const presence = moved(fc.tuple(who, pick(NODES), fc.nat(19)), 'presence', (w, [agent, node, what]) => {
  if (what < 14) return w.tell({ type: 'here', agent, node });
  if (what < 18) return w.tell({ type: 'gone', agent: agent.id, node });
  if (what < 19) return w.tell({ type: 'nodes', alive: NODES.filter((n) => n !== node) });
  w.tell({ type: 'begin', node, file: {}, defaults: {} });
});
const status = moved(fc.tuple(who, pick(STATUSES), who, seldom), 'status', (w, [by, to, of, another]) =>
  w.act(by, 'status', another ? { status: to, agent: of.id } : { status: to }));
const answers = moved(fc.tuple(fc.nat(20), pick(['accept', 'accept', 'decline']), fc.nat(9)), 'an offer', (w, [i, name, what]) => {
  const offers = AGENTS.flatMap((agent) => deskView(w.state, agent.id).offers.map((offer) => ({ agent, ...offer })));
  const one = offers[i % Math.max(offers.length, 1)];
  // Now and then somebody else answers, or one that has gone.
  if (one !== undefined) w.act(what === 0 ? ADMIN : one.agent, name, { conversation: one.conversation, offer: what === 1 ? one.offer - 1 : one.offer });
});
const handOver = moved(fc.tuple(who, matterId, fc.oneof(who.map(({ id }) => ({ agent: id })), pick(TEAMS).map((id) => ({ team: id }))), seldom), 'hand over',
  (w, [by, conversation, to, over]) => w.act(by, 'handOver', { conversation, note: '', over, ...to }));
const waits = moved(pick(WAITS), 'time passes', (w, ms) => w.wait(ms));
const thaw = moved(fc.constant(0), 'read back', (w) => w.thaw());
const quiet = moved(fc.constant(0), 'everybody hears everything', (w) => w.settle());

const knobs: fc.Arbitrary<Partial<Staff>> = fc.oneof(
  fc.record({ i: fc.nat(2), method: pick(['leastBusy', 'roundRobin', 'longestIdle'] as const), autoAccept: fc.boolean(), priority: fc.nat(9) })
    .map(({ i, ...some }) => ({ teams: STAFF.teams.map((t, j) => (i === j ? { ...t, ...some } : t)) })),
  fc.record({ i: fc.nat(4), teams: fc.subarray(TEAMS), skills: fc.subarray(['it', 'cs']), capacity: fc.record({ messaging: fc.nat(3) }) })
    .map(({ i, ...some }) => ({ agents: STAFF.agents.map((a, j) => (i === j ? { ...a, ...some } : a)) })),
  fc.record({ inactiveFrees: fc.boolean(), returnMs: pick([null, 0, 40_000]), lapses: fc.nat(2) }).map((some) => ({ routing: { ...STAFF.routing, ...some } })),
);
const configure = moved(knobs, 'configure', (w, change) => {
  for (const [section, value] of Object.entries(change)) w.tell({ type: 'configure', who: ADMIN, section, value, rev: w.state.sections.get(section)?.rev ?? 0 });
});
/** A few steps whose record could not be written: the state before them is still there, untouched. */
const undone = moved(fc.tuple(matterId, who, pick(NODES), pick(STATUSES)), 'undone', (w, [id, agent, node, to]) => {
  const before = written(w.state);
  const word = w.matters.get(id)?.out ?? null;
  const commands: DeskCommand[] = [
    ...word === null ? [] : [word], { type: 'here', agent, node }, { type: 'nodes', alive: [] },
    { type: 'act', who: { role: 'agent', identified: true, ...agent }, id: 'undone', name: 'status', args: { status: to } },
    { type: 'timer', owner: 'desk', id: 'due', gen: 0 },
  ];
  let state = w.state;
  for (const command of commands) {
    const stepped = kind.step('d/demo', state, command, w.at + 60_000);
    if ('refused' in stepped) continue;
    // Whoever sees something else is told.
    const seen = touched(state, stepped.state);
    for (const one of AGENTS) if (!seen.includes(one.id)) expect(deskView(stepped.state, one.id)).toEqual(deskView(state, one.id));
    state = stepped.state;
  }
  expect(written(w.state)).toBe(before);
});

it('does what the rules say, and never what must not be, in 100,000 moves of every kind', () => {
  let count = 0;
  const moves = fc.commands([
    writes, writes, writes, listen, listen, listen, listen, carry, carry, carry, byHand, byHand, flows, flows, comesBack, presence, presence, status, answers, answers, answers,
    handOver, waits, waits, quiet, thaw, configure, undone,
  ], { maxCommands: 500, size: 'max' });
  const agrees = fc.property(moves, (commands) => {
    const world = new World(STAFF);
    fc.modelRun(() => ({ model: {}, real: world }), commands);
    world.settle();
    count += [...commands].length;
  });
  while (count < 100_000) fc.assert(agrees, { numRuns: 20 });
}, 300_000);
