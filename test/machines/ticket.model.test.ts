/** Every state and transition of the ticket machine, for each style, against the rules of the product written down apart from it. */
import { describe, expect, it } from 'vitest';
import { ticketMachine } from '../../machines/ticket.ts';
import type { Style } from '../../machines/style.ts';
import { type Move, MOVES, OTHER, policyOf, walks, WALKER } from './paths.ts';
import { RULES } from './rules.ts';
import { ADA, CUSTOMER, stylesOf, Talk } from './talk.ts';

const STYLES: readonly Style[] = ['chat', 'repeat', 'social'];

describe.each(STYLES)('%s', (style) => {
  const { paths, taken, states } = walks(style);

  it('reaches every status in which a ticket may rest', () => {
    const resting = ['new', 'open', 'pending', 'onHold', 'closed', ...(style === 'chat' ? [] : ['solved', 'unmet'])];
    expect([...states].sort()).toEqual(resting.sort());
  });

  it('takes exactly the transitions that the rules name', () => {
    const ruled = new Set<string>();
    for (const [from, moves] of Object.entries(RULES[style])) {
      for (const [move, to] of Object.entries(moves)) ruled.add(`${from} ${move} ${to}`);
    }
    expect([...taken].sort()).toEqual([...ruled].sort());
  });

  it('covers every transition that the machine declares', () => {
    const declared = Object.values(ticketMachine.root.states).flatMap((node) => [...node.transitions.keys()].map((event) => `${node.key} ${event.startsWith('xstate.after') ? 'window' : event}`));
    // Chat never rests in Solved, so what could happen there cannot.
    const reachable = declared.filter((t) => style !== 'chat' || !t.startsWith('solved '));
    const walked = new Set([...taken].map((t) => t.split(' ').slice(0, 2).join(' ').replace('unmet', 'solved')));
    expect(reachable.filter((t) => !walked.has(t))).toEqual([]);
  });

  it.each(paths.map((path) => [path.join(' → '), path] as const))('%s', (_, path) => {
    const talk = new Talk({ ...stylesOf(style), policies: { ...stylesOf(style).policies, [style]: policyOf(style) } });
    talk.say(CUSTOMER, 'hello');
    let status = 'new';
    let ticket = 1;
    let had = false;
    for (const move of path) {
      const before = talk.lines.length;
      step(talk, move);
      if (status === 'closed' && move === 'customer.message') { ticket += 1; status = 'new'; }
      else status = (RULES[style][status] as Record<string, string> | undefined)?.[move] ?? status;
      const solved = status === 'solved' || status === 'unmet';
      expect([talk.status, talk.state?.number]).toEqual([solved ? 'solved' : status, ticket]);
      // What the customer is told never differs from what a customer may know.
      const shown = talk.lines.filter((l) => l.audience === 'everyone' && l.kind === 'status' && l.body.ticket === ticket).at(-1);
      expect(shown?.body.status ?? 'new').toBe(status === 'onHold' ? 'open' : solved ? 'solved' : status);
      // Nobody has what is New or a flow ended there, and somebody all the rest; the desk knows it whatever happened.
      had = status === 'new' ? false : status === 'closed' || status === 'unmet' ? had : true;
      expect(talk.agent !== null).toBe(had);
      expect(talk.stands?.standing).toMatchObject({ ticket, status: talk.status, agent: talk.agent === null ? null : { id: talk.agent } });
      const timers = talk.state?.timers.filter(({ owner }) => owner === 'ticket') ?? [];
      expect(timers.length).toBe(solved ? 1 : 0);
      expect(talk.lines.slice(before).every((line, i) => line.seq === before + i + 1)).toBe(true);
    }
  });
});

/** One move of a walk, on a conversation. */
function step(talk: Talk, move: Move): void {
  switch (move) {
    case 'customer.message': talk.say(CUSTOMER, 'hello again'); break;
    case 'agent.message': talk.say(ADA, 'here I am'); break;
    case 'agent.accept': talk.act({ ...ADA, id: WALKER.id }, 'accept'); break;
    case 'agent.open': talk.act(ADA, 'status', { status: 'open' }); break;
    case 'agent.pending': talk.act(ADA, 'status', { status: 'pending' }); break;
    case 'agent.hold': talk.act(ADA, 'status', { status: 'onHold' }); break;
    case 'agent.solve': talk.act(ADA, 'status', { status: 'solved' }); break;
    case 'desk.assign': talk.decide({ type: 'assign', agent: OTHER }); break;
    case 'requeue': talk.decide({ type: 'requeue', team: null }); break;
    case 'flow.solve': case 'flow.close': talk.ticket({ type: move, at: talk.at }); break;
    case 'window': talk.wait(talk.status === 'solved' ? talk.state?.ticket.context.policy.windowMs ?? 0 : 1); break;
    default: move satisfies never;
  }
}

it('names every move', () => {
  expect(new Set(MOVES).size).toBe(MOVES.length);
});
