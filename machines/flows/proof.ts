/**
 * Whether every state and every transition of a flow's machine can come about. The machine itself is walked, with what it
 * looks at left open: each answer valid and not, each case, each request answered and not, each time-out, each reply.
 * First with one try and one jump where there may be several, since that mostly shows all; else with as many as there are.
 */
import { pure } from '../pure.ts';
import { machineOf, statesOf } from './compile.ts';
import { listsIn, type Flow, type Step } from './flow.ts';
import type { FlowSnapshot } from './run.ts';
import type { Go, Node } from './states.ts';

export interface Transition {
  /** States as `step`, or as `step.asked` inside a step. */
  from: string;
  to: string;
  /** The event; `time` for a delay that is over, '' for one that the machine takes by itself. */
  on: string;
  /** What must hold, for instance `isAnswer`; '' for nothing. */
  when: string;
}

export interface Explored {
  states: readonly string[];
  transitions: readonly Transition[];
  unreached: { states: readonly string[]; transitions: readonly Transition[] };
  /** For each transition that can come about, the shortest way from the beginning, itself last; with the fewest tries and
   * jumps that show it, see above. */
  walks: ReadonlyMap<Transition, readonly Transition[]>;
  /** False when there was more to walk than could be: what is unreached may come about after all. */
  complete: boolean;
}

const VISITED_MAX = 20_000;
/** Guards whose answer depends on the world: both are walked. */
const OPEN: readonly string[] = ['isAnswer', 'holds', 'isThere', 'findsForContact', 'hasNoEnd', 'isOver'];
/** Ends that not every flow comes to. */
const ENDS: readonly string[] = ['Over', 'Broken'];
/** In place of what a machine does by itself, so that each choice is a move of its own. */
const DECIDE = 'decide';

interface Visit {
  snapshot: FlowSnapshot;
  /** Events of the delays that run. */
  delayed: readonly string[];
  way: readonly Transition[];
}

/** @param flow as `parseFlow` gives it */
export function explore(flow: Flow): Explored {
  const small = walk({ ...flow, steps: flow.steps.map(once) });
  if (small.unreached.transitions.length === 0) return small;
  const whole = walk(flow);
  return whole.complete || whole.walks.size >= small.walks.size ? whole : { ...small, complete: false };
}

function walk(flow: Flow): Explored {
  const transitions: Transition[] = [];
  const nodes = Object.fromEntries(Object.entries(statesOf(flow)).map(([id, node]) => [id, watched(node, id, transitions)]));
  const { start, step } = pure(machineOf(flow, nodes).provide({
    actions: { took: () => undefined },
    guards: { chosen: ({ event }: { event: { choice?: number } }, { index }: { index: number }) => event.choice === index },
  } as never), undefined);

  const walks = new Map<Transition, readonly Transition[]>();
  const reached = new Set(['Begin']);
  const seen = new Set<string>();
  const queue: Visit[] = [{ snapshot: start(undefined).snapshot, delayed: [], way: [] }];
  for (const { snapshot, delayed, way } of queue) {
    if (walks.size === transitions.length || seen.size > VISITED_MAX) break;
    const { on = {}, after = {} } = nodeAt(nodes, snapshot);
    const late = Object.values(after).flatMap((goes) => delayed.map((type): [string, typeof goes] => [type, goes]));
    const moves = [...Object.entries(on), ...late].flatMap(([type, goes]) => choicesOf(goes).map((choice) => ({ type, choice })));
    for (const event of moves) {
      const moved = step(snapshot, { at: 0, facts: UNKNOWN, text: '', values: {}, why: '', ...event } as never);
      const took = moved.acts.filter(({ type }) => type === 'took').map(({ params }) => transitions[params.transition as number]);
      const last = took.at(-1);
      if (last === undefined) continue;
      const on = new Set(delayed);
      for (const arm of moved.arms) {
        if (arm.op === 'set') on.add(arm.event);
        else on.delete(arm.id);
      }
      const visit = { snapshot: moved.snapshot, delayed: [...on], way: [...way, last] };
      reached.add(leafOf(moved.snapshot));
      if (!walks.has(last)) walks.set(last, visit.way);
      const key = keyOf(visit);
      if (!seen.has(key)) queue.push(visit);
      seen.add(key);
    }
  }
  const states = Object.entries(nodes).flatMap(([id, { states: inside = {} }]) => {
    const own = Object.keys(inside).map((name) => `${id}.${name}`);
    return own.length > 0 ? own : [id];
  }).filter((id) => !ENDS.includes(id) || transitions.some(({ to }) => to === id));
  return {
    states, transitions, walks, complete: seen.size <= VISITED_MAX,
    unreached: { states: states.filter((state) => !reached.has(state)), transitions: transitions.filter((one) => !walks.has(one)) },
  };
}

const UNKNOWN = { get: () => undefined, opensAt: () => undefined };

/** A step with as few tries and jumps as it can have. */
function once(step: Step): Step {
  if (step.do === 'jump') return { ...step, times: 1 };
  const inner = Object.fromEntries(listsIn(step).filter(({ at }) => !at.startsWith('cases')).map(({ at, steps }) => [at, steps.map(once)]));
  if (step.do === 'branch') return { ...step, ...inner, cases: step.cases.map((one) => ({ ...one, steps: one.steps.map(once) })) };
  return { ...step, ...inner, ...(step.do === 'ask' && step.retries !== 0 ? { retries: 1 } : {}) };
}

/** The same state, which tells of each transition that it takes, and lets others choose what depends on the world. */
function watched(node: Node, id: string, all: Transition[]): Node {
  const watch = (on: string, goes: Go | readonly Go[]): Go[] => list(goes).map((go, index) => {
    all.push({ from: id, to: targetOf(go, id), on, when: go.guard === undefined ? '' : wordsOf(go.guard) });
    const guard = go.guard !== undefined && OPEN.includes(go.guard.type) ? { type: 'chosen', params: { index } } : go.guard;
    const took = { type: 'took', params: { transition: all.length - 1 } };
    return { ...go, ...(guard === undefined ? {} : { guard }), actions: [took, ...(go.actions ?? [])] };
  });
  const { always = [], on = {}, after = {}, states = {}, ...rest } = node;
  return {
    ...rest,
    on: {
      ...(always.length === 0 ? {} : { [DECIDE]: watch('', always) }),
      ...Object.fromEntries(Object.entries(on).map(([type, goes]) => [type, watch(type, goes)])),
    },
    after: Object.fromEntries(Object.entries(after).map(([delay, goes]) => [delay, watch('time', goes)])),
    ...(node.states === undefined ? {}
      : { states: Object.fromEntries(Object.entries(states).map(([name, inner]) => [name, watched(inner, `${id}.${name}`, all)])) }),
  };
}

/** Which of its transitions to choose: each that is open, or none of these. */
function choicesOf(goes: Go | readonly Go[]): number[] {
  return [...list(goes).flatMap(({ guard }, index) => (guard?.type === 'chosen' ? [index] : [])), -1];
}

function leafOf({ value }: FlowSnapshot): string {
  return typeof value === 'string' ? value : Object.entries(value as Record<string, string>)[0]?.join('.') ?? '';
}

function nodeAt(nodes: Readonly<Record<string, Node>>, snapshot: FlowSnapshot): Node {
  const [id = '', name] = leafOf(snapshot).split('.');
  return (name === undefined ? nodes[id] : nodes[id]?.states?.[name]) ?? {};
}

/** What tells one visit from another: tries count only for the question that is asked. */
function keyOf({ snapshot, delayed }: Visit): string {
  const { tries, jumps } = snapshot.context as { tries: Record<string, number>; jumps: object };
  const leaf = leafOf(snapshot);
  return JSON.stringify([leaf, tries[leaf.split('.')[0] ?? ''] ?? 0, Object.entries(jumps).sort(), [...delayed].sort()]);
}

function targetOf({ target = '' }: Go, id: string): string {
  if (!target.startsWith('#')) return `${id.split('.')[0] ?? ''}.${target}`;
  return target.slice('#flow.'.length);
}

function wordsOf({ type, params }: { type: string; params: object }): string {
  return 'index' in params ? `${type} ${String(params.index)}` : type;
}

function list<T>(one: T | readonly T[]): readonly T[] {
  return Array.isArray(one) ? one as readonly T[] : [one as T];
}
