/** Tickets of which a flow has yet to say to whom they go, and those whose agent is chosen in another way than their team's. */
import { describe, expect, it } from 'vitest';
import { desk } from '../../machines/desk.ts';
import type { Standing, Stands } from '../../machines/routing.ts';
import { agent, member, Office, team } from './office.ts';

/** How tickets stand, told by hand: a desk does not ask how its conversations came to it. */
class Front extends Office {
  readonly #standings = new Map<string, Standing>();
  #words = 0;

  stands(id: string, change: Partial<Standing> = {}): void {
    const standing: Standing = {
      ticket: 1, status: 'new', style: 'chat', channel: 'web', team: '', priority: 2, requires: [], prefers: [], agent: null, contact: 'Cleo',
      since: this.at, answeredAt: 0, active: true, held: false, by: null, ...this.#standings.get(id), ...change,
    };
    this.#standings.set(id, standing);
    this.tell({ type: 'stands', standing, heard: this.state.effects, from: `c/demo/${id}`, n: ++this.#words } satisfies Stands);
  }

  waiting(of = 'support'): number | undefined {
    return this.board().teams.find(({ team: id }) => id === of)?.waiting;
  }

  place(id: string): string | undefined {
    return this.state.tickets.get(id)?.place;
  }
}

describe('a ticket that a flow holds', () => {
  it('is known, but on offer to nobody, told nothing and counted nowhere, until the flow says to whom it goes', () => {
    const front = new Front({ teams: [team('support'), team('sales')], agents: [member('ada', { right: 'admin' }), member('ben', { teams: ['sales'] })] });
    front.here('ada', 'ben');
    front.stands('A', { held: true });
    front.wait(600_000);
    expect([front.asked('A'), front.place('A'), front.waiting(), front.board().hours.at(-1)?.[1]]).toEqual([undefined, '', 0, 0]);
    front.stands('A', { held: false, team: 'sales' });
    expect([front.asked('A'), front.waiting('sales')]).toEqual(['ben', 1]);
  });

  it('waits from its first moment on: it goes before whoever came later', () => {
    const front = new Front();
    front.stands('A', { held: true });
    front.wait(1_000);
    front.stands('B');
    front.stands('A', { held: false });
    expect([front.place('A'), front.board().teams[0]?.since]).toEqual(['waiting', front.at - 1_000]);
    front.here('ada');
    expect(front.offers('ada')).toEqual(['A', 'B']);
  });

  it('is taken back from whom it was on offer to, who gets their place back; they may be asked again', () => {
    const front = new Front({ capacity: { messaging: 1 }, agents: [member('ada', { right: 'admin' })] });
    front.here('ada');
    front.stands('A');
    front.stands('B');
    front.stands('A', { held: true });
    expect([front.asked('A'), front.asked('B')]).toEqual([undefined, 'ada']);
    expect(front.answer('ada', 'accept', 'A')).toBe('offerGone');
    front.stands('B', { status: 'closed' });
    front.stands('A', { held: false });
    expect(front.asked('A')).toBe('ada');
  });

  it('may be taken by hand, and is then like every other', () => {
    const front = new Front();
    front.here('ada');
    front.stands('A', { held: true });
    front.stands('A', { held: false, agent: agent('ada'), status: 'open' });
    expect([front.held('ada'), front.board().agents.find(({ id }) => id === 'a_ada')?.open]).toEqual([1, 1]);
  });

  it('a colleague hands it over by the desk, and its queue\'s fallback begins when it is let go', () => {
    const front = new Front({ teams: [team('support', { fallback: { team: 'sales', afterMs: 60_000 } }), team('sales')] });
    front.here('ada', 'ben');
    front.stands('A', { held: true });
    expect(front.act('ada', 'handOver', { conversation: 'A', agent: 'a_ben' })).toBe('done');
    expect(front.held('ben')).toBe(1);
    front.stands('B', { held: true });
    front.gone('ada');
    front.gone('ben');
    front.wait(59_000);
    front.stands('B', { held: false });
    front.wait(59_999);
    expect(front.state.tickets.get('B')?.team).toBe('support');
    front.wait(1);
    expect(front.state.tickets.get('B')?.team).toBe('sales');
  });
});

describe('a ticket with a method of its own', () => {
  /** Ada has not had a turn, Ben has been without anything new for longest, Cid has the most free places. */
  function differing(): Front {
    const front = new Front({
      teams: [team('support', { autoAccept: true, method: 'roundRobin' })],
      agents: [member('ada', { right: 'admin', capacity: { messaging: 3 } }), member('ben'), member('cid', { capacity: { messaging: 20 } })],
    });
    front.here('ben', 'cid');
    front.stands('A');
    front.stands('B');
    front.here('ada');
    return front;
  }
  const whose = (front: Front, id: string): string | undefined => {
    const seat = front.state.tickets.get(id)?.seat;
    return seat?.at === 'held' ? seat.agent.id : undefined;
  };

  it.each([['leastBusy', 'a_cid'], ['longestIdle', 'a_ben'], ['roundRobin', 'a_ada'], [null, 'a_ada']] as const)('by %s it goes to %s', (by, to) => {
    const front = differing();
    front.stands('C', { by });
    expect(whose(front, 'C')).toBe(to);
  });

  it('asks only whoever fits and has not been asked', () => {
    const front = new Front({ agents: [member('ada', { right: 'admin', capacity: { messaging: 9 } }), member('ben', { skills: ['it'] }), member('cid', { skills: ['it'] })], skills: [{ id: 'it', name: 'it' }] });
    front.here('ada', 'ben', 'cid');
    front.stands('A', { by: 'leastBusy', requires: ['it'] });
    expect(front.asked('A')).toBe('ben');
    front.answer('ben', 'decline', 'A');
    expect(front.asked('A')).toBe('cid');
    front.answer('cid', 'decline', 'A');
    expect(front.asked('A')).toBeUndefined();
  });
});

it('what earlier versions kept and told is of no flow', () => {
  const kind = desk((_, value) => ({ value }));
  const front = new Front();
  front.here('ada');
  front.stands('A');
  const parts = new Map([...kind.parts?.(front.state, undefined) ?? []].map(([key, json]) => [key, (json ?? '').replace(',"held":false,"by":null', '')]));
  expect(parts.get('t/A')).not.toContain('held');
  const thawed = kind.thaw(kind.freeze(front.state), parts);
  expect(thawed.tickets.get('A')).toEqual(front.state.tickets.get('A'));
  const { held: _, by: __, ...standing } = front.state.tickets.get('A')?.standing as Standing;
  front.tell({ type: 'stands', standing: { ...standing, priority: 1 } as Standing, heard: 0, from: 'c/demo/A', n: 99 });
  expect(front.state.tickets.get('A')?.standing).toMatchObject({ priority: 1, held: false, by: null });
});
