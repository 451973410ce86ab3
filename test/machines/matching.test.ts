/** A desk under load: bounded steps, an outbox that is not carried out, and what is left over is done later, in the right order. */
import { expect, it } from 'vitest';
import { desk, type DeskCommand, type DeskState } from '../../machines/desk.ts';
import type { Decision, Priority, Standing } from '../../machines/routing.ts';
import type { Member, Team } from '../../machines/workspace.ts';
import { agent, member, team } from './office.ts';
import { START } from './talk.ts';

const kind = desk((_, value) => ({ value }));

/** A desk whose effects are carried out when the test says so. Now and then it is written and read back. */
class Crowd {
  at = START;
  state: DeskState | undefined;
  /** Most tickets that one step gave to somebody. */
  most = 0;
  readonly standings = new Map<string, Standing>();
  #words = new Map<string, number>();
  #steps = 0;

  constructor(support: Partial<Team>, agents: Member[]) {
    this.tell({ type: 'begin', node: 'n1', file: {}, defaults: { teams: [team('support', support)], agents, capacity: { messaging: 1_000 } } });
  }

  get now(): DeskState {
    if (this.state === undefined) throw new Error('the desk has begun');
    return this.state;
  }

  tell(command: DeskCommand): void {
    const before = this.state;
    const stepped = kind.step('d/demo', before, command, this.at);
    if ('refused' in stepped) throw new Error(stepped.detail);
    const { state } = stepped;
    const given = state.offers - (before?.offers ?? 0) + state.outbox.filter(({ n, command: c }) => n > (before?.effects ?? 0) && c.type === 'assign').length;
    this.most = Math.max(this.most, given);
    this.state = ++this.#steps % 100 > 0 ? state : kind.thaw(kind.freeze(state), new Map([...kind.parts?.(state, undefined) ?? []] as [string, string][]));
  }

  stands(id: string, change: Partial<Standing> = {}, heard = 0): void {
    const standing = {
      ticket: 1, status: 'new', style: 'chat', channel: 'web', team: '', priority: 2 as Priority, requires: [], prefers: [], agent: null, contact: 'Cleo',
      since: this.at, answeredAt: 0, active: true, held: false, by: null, ...this.standings.get(id), ...change,
    } as const;
    this.standings.set(id, standing);
    const n = (this.#words.get(id) ?? 0) + 1;
    this.#words.set(id, n);
    this.tell({ type: 'stands', standing, heard, from: `c/demo/${id}`, n });
  }

  /** Carries out the oldest effects, of those whose conversation answers. */
  carry(count: number, answers: (id: string) => boolean = () => true): number {
    const effects = this.now.outbox.filter(({ to }) => answers(to)).slice(0, count);
    for (const { n, to, command } of effects) {
      this.tell({ type: 'effectDone', n });
      const decision = command as Decision;
      if (decision.type === 'assign') this.stands(to.slice('c/demo/'.length), { status: 'open', agent: decision.agent }, n);
    }
    return effects.length;
  }

  /** Rings as often as the timer is due now. */
  ring(): number {
    let rings = 0;
    for (let timer = this.now.timers[0]; timer !== undefined && timer.at <= this.at; timer = this.now.timers[0]) {
      this.tell({ type: 'timer', owner: timer.owner, id: timer.id, gen: timer.gen });
      rings += 1;
    }
    return rings;
  }

  get offered(): string[] {
    return [...this.now.tickets].flatMap(([id, { seat }]) => (seat.at === 'offered' ? [{ id, offer: seat.offer }] : []))
      .sort((a, b) => a.offer - b.offer).map(({ id }) => id);
  }
}

const name = (i: number): string => `C${String(i).padStart(4, '0')}`;

it('gives at most 64 tickets a step, and the others at once afterwards, in the same order', () => {
  const crowd = new Crowd({}, [member('ada')]);
  for (let i = 0; i < 200; i++) {
    crowd.stands(name(i), { priority: (i % 2) as Priority });
    crowd.at += 1;
    crowd.carry(10);
  }
  crowd.tell({ type: 'here', agent: agent('ada'), node: 'n1' });
  expect(crowd.offered.length).toBe(64);
  expect(crowd.ring()).toBeGreaterThan(2);
  const all = Array.from({ length: 200 }, (_, i) => name(i));
  expect(crowd.offered).toEqual([...all.filter((_, i) => i % 2 === 0), ...all.filter((_, i) => i % 2 === 1)]);
  expect(crowd.most).toBe(64);
});

it('decides nothing while 256 effects are under way, then goes on; the most urgent of those who came meanwhile is first', () => {
  const crowd = new Crowd({ autoAccept: true }, [member('ada')]);
  crowd.tell({ type: 'here', agent: agent('ada'), node: 'n1' });
  for (let i = 0; i < 400; i++) {
    crowd.at += 1;
    crowd.stands(name(i));
  }
  // The last of more than one step can look at.
  crowd.stands('urgent', { priority: 0 });
  expect([crowd.now.outbox.length, crowd.now.lanes.waiting.size, crowd.now.timers]).toEqual([256, 145, []]);
  crowd.carry(127);
  expect(crowd.now.timers).toEqual([]);
  crowd.carry(1);
  crowd.ring();
  const later = crowd.now.outbox.filter(({ n }) => n > 256).map(({ to }) => to.slice('c/demo/'.length));
  expect(later).toEqual(['urgent', ...Array.from({ length: 127 }, (_, i) => name(256 + i))]);
});

it('goes on when some conversations never hear of it: what later ones have overtaken does not count', () => {
  const crowd = new Crowd({ autoAccept: true }, [member('ada', { capacity: { messaging: 100_000 } })]);
  crowd.tell({ type: 'here', agent: agent('ada'), node: 'n1' });
  const heldUp = (to: string): boolean => Number(to.slice(-4)) % 8 !== 0;
  for (let i = 0; i < 3_000; i++) {
    crowd.stands(name(i));
    if (i % 50 === 49) while (crowd.carry(50, heldUp) > 0) crowd.ring();
  }
  expect([crowd.now.lanes.waiting.size, crowd.now.outbox.length]).toEqual([0, 375]);
});

it('moves on all offers of a node that died with 300 agents, a bounded piece at a time, to those who are left', () => {
  const agents = Array.from({ length: 300 }, (_, i) => member(`g${String(i).padStart(3, '0')}`, { capacity: { messaging: 1 } }));
  const crowd = new Crowd({}, [...agents, member('zoe')]);
  for (const { id } of agents) crowd.tell({ type: 'here', agent: agent(id), node: 'n1' });
  for (let i = 0; i < 300; i++) crowd.stands(name(i));
  expect(crowd.offered.length).toBe(300);
  crowd.tell({ type: 'here', agent: agent('zoe'), node: 'n2' });
  crowd.tell({ type: 'nodes', alive: ['n2'] });
  crowd.at += 20_000;
  crowd.ring();
  const seats = [...crowd.now.tickets].map(([, { seat }]) => (seat.at === 'offered' ? seat.agent : seat.at));
  expect([new Set(seats), crowd.most]).toEqual([new Set(['a_zoe']), 64]);
});
