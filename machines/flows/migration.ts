/**
 * Whether runs of a version can go over to the next one where they stand. They rest only at questions, requests and waits;
 * there the next version must take up what is under way: the timer, the question that somebody reads, the answer that is
 * on its way, and the variables that later steps count on.
 */
import { namesOf } from './answer.ts';
import { courseOf, from, nextOf, type Course } from './course.ts';
import type { Ask, Flow, Http, Problem, Step } from './flow.ts';
import type { Placed } from './shape.ts';
import { keptBy, readBy } from './uses.ts';

/** What stands against it; nothing when it is clean. Paths are those of the next version. */
export function migration(old: Flow, next: Flow): Problem[] {
  const [was, is] = [courseOf(old), courseOf(next)];
  return was.places.filter(({ step }) => ['ask', 'http', 'wait'].includes(step.do)).flatMap(({ step }) => {
    const place = is.places.find((other) => other.step.id === step.id);
    if (place === undefined) {
      return [{ path: 'steps', problem: `have no "${step.id}" any more, where runs may stand: keep that step, or let them finish` }];
    }
    if (place.step.do !== step.do) {
      const problem = `is "${place.step.do}", but runs may stand at "${step.id}" as "${step.do}": give the new step an id of its own`;
      return [{ path: `${place.path}.do`, problem }];
    }
    return [...changed(step, place), ...unset(was, is, step, place)];
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

/** Values that the next version has always set by then, and that a run from the old one may come without. */
function unset(was: Course, is: Course, step: Step, { step: now, path }: Placed): Problem[] {
  const kept = new Set(is.places.flatMap((place) => keptBy(place.step)));
  const read = new Set(is.places.flatMap((place) => readBy(place.step)).filter((field) => kept.has(field)));
  return [...read].flatMap((field) => {
    const without = (course: Course, first: Step | undefined): Set<Step> =>
      from(first === undefined ? [] : [first], (one) => (keptBy(one).includes(field) ? [] : nextOf(course.ways, one)));
    const mayLack = without(was, was.places[0]?.step).has(step) && !without(is, is.places[0]?.step).has(now);
    const reader = mayLack ? [...without(is, now)].find((one) => readBy(one).includes(field)) : undefined;
    return reader === undefined ? [] : [{
      path,
      problem: `may be where a run has no "${field}" yet, which step "${reader.id}" counts on: set it behind "${step.id}", or let runs finish`,
    }];
  });
}
