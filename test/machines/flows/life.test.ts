/** Whatever flow somebody writes and whatever happens to it: it never hangs, never hurries, and survives a restart anywhere. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unreachable } from '../../../machines/flows/course.ts';
import { LONGEST_WAIT_MS, stepsOf, type Step } from '../../../machines/flows/flow.ts';
import { explore } from '../../../machines/flows/proof.ts';
import { placed } from '../../../machines/flows/shape.ts';
import { limitOf } from '../../../machines/flows/states.ts';
import { Stage } from './stage.ts';
import { flows } from './written.ts';

const moves = fc.array(fc.oneof(
  fc.constantFrom('a@b.co', '12', 'word', '').map((text) => ({ type: 'customer.message', text } as const)), fc.constant({ type: 'agent.message' } as const),
  fc.constantFrom({ 'vars.a': 1 }, { 'contact.email': 'a@b.co', 'vars.b': 'x' }, {}).map((values) => ({ type: 'answered', values } as const)),
  fc.constant({ type: 'unanswered', why: 'x' } as const), fc.constant({ type: 'pass' } as const),
), { maxLength: 25 });

it('always either is over or rests at a step with one timer under that step\'s name; and time alone ends it', () => {
  fc.assert(fc.property(flows, moves, fc.array(fc.nat(25)), (flow, happening, restarts) => {
    const run = new Stage(flow).begin();
    const sound = (): void => {
      if (run.status === 'done') expect(run.step).toBeUndefined();
      else {
        const step = stepsOf(flow.steps).find(({ id }) => id === run.step) as Step;
        expect(['ask', 'http', 'wait']).toContain(step.do);
        expect(run.timers.map(({ id }) => id.split('.')[2])).toEqual([limitOf(step.id)]);
        expect((run.timers[0]?.at ?? 0) - run.at).toBeLessThanOrEqual(LONGEST_WAIT_MS);
      }
    };
    sound();
    for (const [i, move] of happening.entries()) {
      if (restarts.includes(i)) run.restored();
      const before = run.asked.length;
      if (move.type === 'pass') run.pass(Math.max((run.timers[0]?.at ?? 0) - run.at, 0));
      else run.tell(move);
      sound();
      expect(run.asked.length - before).toBeLessThan(100);
    }
    for (let i = 0; run.status !== 'done' && i < 2_000; i++) run.pass(LONGEST_WAIT_MS);
    expect([run.status, run.timers]).toEqual(['done', []]);
  }), { numRuns: 100 });
});

it('what the check calls unreachable, the proof never comes to', () => {
  fc.assert(fc.property(flows, (flow) => {
    const lost = unreachable(flow).map(({ path }) => placed(flow).find((place) => place.path === path)?.step.id);
    const { unreached, complete, states } = explore(flow);
    const never = new Set(unreached.states.map((state) => state.split('.')[0]));
    expect(lost.filter((id) => !never.has(id ?? ''))).toEqual([]);
    // And the other way round, but for jumps that would have to be made more often than they may.
    const counted = stepsOf(flow.steps).some((step) => step.do === 'jump');
    if (lost.length === 0 && !counted) expect([unreached, complete, states.length > 0]).toEqual([{ states: [], transitions: [] }, true, true]);
  }), { numRuns: 100 });
});
