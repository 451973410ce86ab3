/** Where a flow can go from each of its steps, what of it can never be reached, and where it would turn in circles. */
import type { Condition, Flow, Problem, Step, Test } from './flow.ts';
import { placed, type Placed } from './shape.ts';

/** `broken`: the run is over, and a person hears why. */
export type End = 'over' | 'broken';
export interface Way {
  to: Step | End;
  /** When it is taken, in a few words; '' for simply going on. */
  when: string;
}

/** The ways out of a step, save that carrying it out may fail. */
export function waysFrom({ step, behind }: Placed, stepOf: (id: string) => Step | undefined): Way[] {
  const on = (when = ''): Way => ({ to: behind ?? 'over', when });
  const into = (steps: readonly Step[], when: string): Way => ({ to: steps[0] ?? behind ?? 'over', when });
  const instead = (steps: readonly Step[] | undefined, when: string): Way =>
    (steps === undefined ? { to: 'broken', when } : into(steps, when));
  switch (step.do) {
    case 'branch': return [
      ...step.cases.map(({ name, when, steps }) => into(steps, name ?? inWords(when))), into(step.else ?? [], 'else'),
    ];
    case 'ask': return [on('answered'), instead(step.onInvalid, 'not valid'), instead(step.onTimeout, 'no answer in time')];
    case 'http': return [on('answered'), instead(step.onFailure, 'failed')];
    case 'wait': return [on(), ...(step.untilReply === undefined ? [] : [into(step.onReply ?? [], 'replied')])];
    case 'jump': return [{ to: stepOf(step.to) ?? 'over', when: `${step.times}×` }, on('after that')];
    case 'end': case 'close': return [{ to: 'over', when: '' }];
    default: return [on()];
  }
}

/** A condition as an operator would say it. */
export function inWords(condition: Condition): string {
  const [tests, word] = 'all' in condition ? [condition.all, ' and '] : [condition.any, ' or '];
  return tests.map(({ field, is, value }) => [field, WORDS[is], ...(value === undefined ? [] : [[value].flat().join(', ')])].join(' ')).join(word);
}

const WORDS: Readonly<Record<Test['is'], string>> = {
  equal: '=', notEqual: '≠', contains: 'contains', containsNot: 'does not contain', startsWith: 'starts with', in: 'in', notIn: 'not in',
  exists: 'is there', missing: 'is missing', greater: '>', less: '<', between: 'between', matches: 'is a', before: 'before', after: 'after',
};

export interface Course {
  places: readonly Placed[];
  /** By the step's id, in the order in which they are tried. */
  ways: ReadonlyMap<string, readonly Way[]>;
}

export function courseOf(flow: Flow): Course {
  const places = placed(flow);
  const steps = new Map(places.map(({ step }) => [step.id, step]));
  const ways = new Map(places.map((place) => [place.step.id, waysFrom(place, (id) => steps.get(id))]));
  for (const { step } of places) {
    const [there, after] = ways.get(step.id) ?? [];
    if (step.do !== 'jump' || there === undefined || after === undefined) continue;
    // A jump that nothing comes back to is never made so often that the flow goes on behind it.
    if (!from(nextOf(ways, step).slice(0, 1), (next) => nextOf(ways, next)).has(step)) ways.set(step.id, [{ ...there, when: '' }]);
  }
  return { places, ways };
}

/** Steps that no run ever comes to: the first of each such piece. */
export function unreachable(flow: Flow): Problem[] {
  const { places, ways } = courseOf(flow);
  const reached = from(flow.steps.slice(0, 1), (step) => nextOf(ways, step));
  const lost = places.filter(({ step }) => !reached.has(step));
  const first = lost.filter(({ path, within }) => !lost.some((other) => other.step === within?.step || follows(path, other.path)));
  return first.map(({ path }) => ({
    path, problem: 'is never reached, since what stands before it always ends or goes elsewhere: remove it, or "jump" to it',
  }));
}

/** Steps that a run comes to before any branch has looked whether it should. */
export function unasked(flow: Flow): Step[] {
  const { ways } = courseOf(flow);
  return [...from(flow.steps.slice(0, 1), (step) => (step.do === 'branch' ? [] : nextOf(ways, step)))];
}

/** Cases before which another one always holds too. */
export function shadowed(flow: Flow): Problem[] {
  return placed(flow).flatMap(({ step, path }) => {
    const whens = step.do === 'branch' ? step.cases.map(({ when }) => keyed(when)) : [];
    return whens.flatMap((when, i) => {
      const first = whens.findIndex((other, j) => j < i && implies(when, other));
      return first < 0 ? [] : [{
        path: `${path}.cases.${i}`,
        problem: `never comes about, since cases.${first} holds whenever it does: put it before that one, or remove it`,
      }];
    });
  });
}

/** Jumps that come round again without a rest: all of it would be done at once. */
export function restless(flow: Flow): Problem[] {
  const { places, ways } = courseOf(flow);
  const moving = (step: Step): Step[] => nextOf(ways, step).filter((next) => !rests(next));
  return places.flatMap(({ step, path }) => (step.do !== 'jump' || !from(moving(step), moving).has(step) ? [] : [{
    path: `${path}.to`,
    problem: 'comes back here without a rest, so that all of it is done at once: put a "wait" with "forMs" or a question in between',
  }]));
}

/** A run breaks that does more in one go: what it does counts together with its neighbours. */
const AT_ONCE = 90;

/** Steps from which too much is done without a rest. Only for a flow without `restless` jumps. */
export function hurried(flow: Flow): Problem[] {
  const { places, ways } = courseOf(flow);
  const known = new Map<Step, number>();
  const doings = (step: Step): number => {
    const before = known.get(step);
    if (before !== undefined) return before;
    const behind = Math.max(0, ...nextOf(ways, step).map((next) => (rests(next) ? 1 : doings(next))));
    const most = behind + (step.do === 'branch' || step.do === 'jump' ? 0 : 1);
    known.set(step, most);
    return most;
  };
  const first = places.find(({ step }) => doings(step) > AT_ONCE);
  return first === undefined ? [] : [{
    path: first.path, problem: `begins more than ${AT_ONCE} things that are done without a rest: put a "wait" or a question in between`,
  }];
}

/** Whether a run always stays at this step for a while. A date may be past, and somebody there already. */
function rests(step: Step): boolean {
  return step.do === 'ask' || step.do === 'http' || (step.do === 'wait' && step.untilDate === undefined && step.untilOpen === undefined);
}

/** The steps that can come next. */
export function nextOf(ways: ReadonlyMap<string, readonly Way[]>, step: Step): Step[] {
  return (ways.get(step.id) ?? []).flatMap(({ to }) => (typeof to === 'string' ? [] : [to]));
}

/** All that can be come to, the first ones too. */
export function from(first: readonly Step[], next: (step: Step) => readonly Step[]): Set<Step> {
  const reached = new Set(first);
  for (const step of reached) for (const other of next(step)) reached.add(other);
  return reached;
}

/** Whether a step stands somewhere behind another one in the same list. */
function follows(path: string, other: string): boolean {
  const [list, at] = split(path);
  const [otherList, otherAt] = split(other);
  return list === otherList && at > otherAt;
}

function split(path: string): [list: string, at: number] {
  const dot = path.lastIndexOf('.');
  return [path.slice(0, dot), Number(path.slice(dot + 1))];
}

/** A condition with its tests as texts, so that like ones are equal. */
interface Keyed {
  all: boolean;
  tests: ReadonlySet<string>;
}

function keyed(condition: Condition): Keyed {
  const tests = 'all' in condition ? condition.all : condition.any;
  const texts = tests.map(({ field, is, value, exact = false }) => JSON.stringify([field, is, value, exact]));
  return { all: 'all' in condition, tests: new Set(texts) };
}

/** Whether the second holds whenever the first does, as far as their tests show it. */
function implies(a: Keyed, b: Keyed): boolean {
  const [ours, theirs] = [[...a.tests], [...b.tests]];
  if (a.all) return b.all ? theirs.every((test) => a.tests.has(test)) : theirs.some((test) => a.tests.has(test));
  // One of ours holds, and nobody knows which.
  return (!b.all || theirs.length === 1) && ours.every((test) => b.tests.has(test));
}
