/**
 * Whether runs of a version can go over to the next one where they stand. They rest only at questions, requests and waits;
 * there the next version must take up what is under way: the timer, the question that somebody reads, the answer that is
 * on its way, and the variables that later steps count on.
 */
import { namesOf } from './answer.ts';
import { courseOf, from, nextOf, type Course } from './course.ts';
import type { Ask, Field, Flow, Http, Problem, Step } from './flow.ts';
import type { Placed } from './shape.ts';
import { keptBy, readBy } from './uses.ts';

/** Which fields each step of the next version looks at. */
type Reads = ReadonlyMap<Step, readonly Field[]>;

/** What stands against it; nothing when it is clean. Paths are those of the next version. */
export function migration(old: Flow, next: Flow): Problem[] {
  const [was, is] = [courseOf(old), courseOf(next)];
  const reads: Reads = new Map(is.places.map(({ step }) => [step, readBy(step)]));
  const needed = neededIn(was, is, reads);
  return was.places.filter(({ step }) => ['ask', 'http', 'wait'].includes(step.do)).flatMap(({ step }) => {
    const place = is.places.find((other) => other.step.id === step.id);
    if (place === undefined) {
      return [{ path: 'steps', problem: `have no "${step.id}" any more, where runs may stand: keep that step, or let them finish` }];
    }
    if (place.step.do !== step.do) {
      const problem = `is "${place.step.do}", but runs may stand at "${step.id}" as "${step.do}": give the new step an id of its own`;
      return [{ path: `${place.path}.do`, problem }];
    }
    return [...changed(step, place), ...unset(needed, reads, is, step, place)];
  });
}

/** What somebody is already answering. */
function changed(step: Step, { step: now, path }: Placed): Problem[] {
  if (step.do === 'ask' && now.do === 'ask') return question(step, now, path);
  return step.do === 'http' && now.do === 'http' ? request(step, now, path) : [];
}

function question(step: Ask, now: Ask, path: string): Problem[] {
  if (step.answer !== now.answer) {
    const problem = `is "${now.answer}", but customers may be answering "${step.answer}": give the new question an id of its own`;
    return [{ path: `${path}.answer`, problem }];
  }
  const known = new Map((now.choices ?? []).map((choice) => [choice.value, namesOf(choice)]));
  const lost = (step.choices ?? []).find((choice) => namesOf(choice).some((name) => known.get(choice.value)?.includes(name) !== true));
  return step.answer !== 'choice' || lost === undefined ? [] : [{
    path: `${path}.choices`,
    problem: `no longer have "${lost.value}" as it was, which customers may be about to choose: keep it, or let runs finish`,
  }];
}

function request(step: Http, now: Http, path: string): Problem[] {
  const saved = (step.map ?? []).map(({ save }) => save);
  return (now.map ?? []).flatMap(({ save }, i) => (saved.includes(save) ? [] : [{
    path: `${path}.map.${i}.save`,
    problem: `is "${save}", which answers that are on their way do not bring: give the new request an id of its own`,
  }]));
}

/** A value that the next version reads, and where runs of each version may be without it. */
interface Needed {
  field: Field;
  was: ReadonlySet<Step>;
  is: ReadonlySet<Step>;
}

function neededIn(was: Course, is: Course, reads: Reads): Needed[] {
  const kept = new Set(is.places.flatMap(({ step }) => keptBy(step)));
  const read = new Set([...reads.values()].flat().filter((field) => kept.has(field)));
  const unsetIn = (course: Course, field: Field): Set<Step> => without(course, course.places[0]?.step, field);
  return [...read].map((field) => ({ field, was: unsetIn(was, field), is: unsetIn(is, field) }));
}

/** Values that the next version has always set by then, and that a run from the old one may come without. */
function unset(needed: readonly Needed[], reads: Reads, is: Course, step: Step, { step: now, path }: Placed): Problem[] {
  return needed.filter((value) => value.was.has(step) && !value.is.has(now)).flatMap(({ field }) => {
    const reader = [...without(is, now, field)].find((one) => reads.get(one)?.includes(field));
    return reader === undefined ? [] : [{
      path,
      problem: `may be where a run has no "${field}" yet, which step "${reader.id}" counts on: set it behind "${step.id}", or let runs finish`,
    }];
  });
}

/** Steps that can be come to from the first one before the field is kept. */
function without({ ways }: Course, first: Step | undefined, field: Field): Set<Step> {
  return from(first === undefined ? [] : [first], (one) => (keptBy(one).includes(field) ? [] : nextOf(ways, one)));
}
