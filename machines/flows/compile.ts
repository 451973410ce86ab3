/**
 * A flow as an ordinary XState machine: one state for each step, under the step's id, with named actions, guards and
 * delays. Beside the steps there are `Begin`, `Over` and `Broken`; no step is called so, since ids have no capitals.
 * Ids of timers hang on the step's id alone: they still fit when the flow around it changes.
 */
import { assign, setup, type AnyStateMachine } from 'xstate';
import { pure } from '../pure.ts';
import { answerTo } from './answer.ts';
import { holds } from './conditions.ts';
import { courseOf } from './course.ts';
import { getIn, type Moment } from './fields.ts';
import { routes, stepsOf, type Flow, type Step, type Value } from './flow.ts';
import { beginning, VALUE_CHARS } from './kinds.ts';
import type { Compiled, FlowContext, FlowEvent } from './run.ts';
import { placed } from './shape.ts';
import { limitOf, nodeOf, ofWhom, to, type Node } from './states.ts';
import { endOf, limitMs } from './waits.ts';

const VARS_MAX = 50;
/** Without a rest; far more than a flow has steps that only decide. */
const MICROSTEPS_MAX = 1_000;

/** @param flow as `parseFlow` gives it: what that lets through compiles. */
export function compile(flow: Flow): Compiled {
  const places = new Map(placed(flow).map((place) => [place.step.id, place]));
  const steps = new Map([...places].map(([id, { step }]) => [id, step]));
  return {
    flow, steps, routes: routes(flow), machine: pure(machineOf(flow, statesOf(flow)), undefined),
    behind(id) {
      const place = places.get(id);
      return place?.step.do === 'end' || place?.step.do === 'close' ? undefined : place?.behind;
    },
    standsAt({ status, value }) {
      if (status === 'done') return undefined;
      return steps.get(typeof value === 'string' ? value : Object.keys(value as object)[0] ?? '');
    },
  };
}

export function statesOf(flow: Flow): Readonly<Record<string, Node>> {
  const states: Record<string, Node> = {
    Begin: { on: { begin: { target: to(flow.steps[0]) } } }, Over: { type: 'final' }, Broken: { type: 'final' },
  };
  const { places, ways } = courseOf(flow);
  for (const place of places) {
    const { id, name, do: kind } = place.step;
    states[id] = { description: name ?? kind, ...nodeOf(place, ways.get(id)?.length === 2) };
  }
  return states;
}

/** @param states as `statesOf` gives them */
export function machineOf(flow: Flow, states: Readonly<Record<string, Node>>): AnyStateMachine {
  const steps = new Map(stepsOf(flow.steps).map((step) => [step.id, step]));
  const stepAt = <D extends Step['do']>(id: string, kind: D): Extract<Step, { do: D }> => {
    const step = steps.get(id);
    if (step?.do !== kind) throw new Error(`${flow.name}: ${id} is no ${kind}`);
    return step as Extract<Step, { do: D }>;
  };
  const end = (moment: Moment, id: string) => endOf(stepAt(id, 'wait'), getIn(moment), moment.event.facts.opensAt, moment.event.at);
  const delays: Record<string, number | ((moment: Moment) => number)> = {};
  for (const step of steps.values()) {
    const ms = step.do === 'wait' ? (moment: Moment) => msOf(end(moment, step.id)) : limitMs(step);
    if (ms !== undefined) delays[limitOf(step.id)] = ms;
  }

  return setup({
    types: {} as { context: FlowContext; events: FlowEvent },
    actions: {
      // Asked for by name, and carried out by the conversation.
      perform: (_, _params: { step: string; again: boolean }) => undefined,
      save: (_, _params: { step: string; values: Readonly<Record<string, Value>> }) => undefined,
      broke: (_, _params: { step: string; why: string }) => undefined,
      keep: assign({ vars: ({ context }, { values }: { values: Readonly<Record<string, Value>> }) => kept(context.vars, values) }),
      forgetTries: assign({ tries: ({ context }, { step }: { step: string }) => without(context.tries, step) }),
      countTry: assign({ tries: ({ context }, { step }: { step: string }) => counted(context.tries, step) }),
      countJump: assign({ jumps: ({ context }, { step }: { step: string }) => counted(context.jumps, step) }),
    },
    guards: {
      isAnswer: (moment, { step }: { step: string }) => moment.event.type === 'customer.message'
        && answerTo(stepAt(step, 'ask'), moment.event.text, getIn(moment)) !== undefined,
      hasTries: ({ context }, { step, retries }: { step: string; retries: number }) => countOf(context.tries, step) < retries,
      mayJump: ({ context }, { step, times }: { step: string; times: number }) => countOf(context.jumps, step) < times,
      holds: (moment, { step, index }: { step: string; index: number }) => {
        const when = stepAt(step, 'branch').cases[index]?.when;
        return when !== undefined && holds(when, getIn(moment), moment.event.at);
      },
      isThere: (moment, { field }: { field: string }) => (getIn(moment)(field) ?? '') !== '',
      findsForContact: ({ event }) => event.type === 'answered' && Object.keys(ofWhom('contact', event.values)).length > 0,
      hasNoEnd: (moment, { step }: { step: string }) => 'why' in end(moment, step),
      isOver: (moment, { step }: { step: string }) => msOf(end(moment, step)) === 0,
    },
    delays,
  }).createMachine({
    id: 'flow',
    options: { maxIterations: MICROSTEPS_MAX },
    context: { vars: {}, tries: {}, jumps: {} },
    initial: 'Begin',
    // Made step by step, which XState's types cannot follow.
    states: states as never,
  }) as unknown as AnyStateMachine;
}

/** What never ends is left in the same step. */
function msOf(end: ReturnType<typeof endOf>): number {
  return 'ms' in end ? end.ms : 0;
}

/** With values by `vars.<name>`; '' removes one. No more than so many, and none longer than so much. */
function kept(vars: FlowContext['vars'], values: Readonly<Record<string, Value>>): FlowContext['vars'] {
  const next = new Map(Object.entries(vars));
  for (const [field, value] of Object.entries(values)) {
    const name = field.slice('vars.'.length);
    next.delete(name);
    if (value !== '' && next.size < VARS_MAX) next.set(name, typeof value === 'string' ? beginning(value, VALUE_CHARS) : value);
  }
  return Object.fromEntries(next);
}

function countOf(counts: Readonly<Record<string, number>>, step: string): number {
  return Object.hasOwn(counts, step) ? counts[step] ?? 0 : 0;
}

function counted(counts: Readonly<Record<string, number>>, step: string): Readonly<Record<string, number>> {
  return { ...counts, [step]: countOf(counts, step) + 1 };
}

function without(counts: Readonly<Record<string, number>>, step: string): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).filter(([id]) => id !== step));
}
