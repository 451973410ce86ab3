/** What a step looks at and what it keeps, by the names of fields; of itself, not of the steps inside it. */
import { fieldsIn } from './fill.ts';
import { listsIn, type Field, type Step } from './flow.ts';

/** Where a step keeps values. */
export function keptBy(step: Step): Field[] {
  if (step.do === 'ask') return [step.save];
  if (step.do === 'http') return (step.map ?? []).map(({ save }) => save);
  return step.do === 'set' ? [step.field] : [];
}

/** The fields of its conditions, and those that its texts are filled in with. */
export function readBy(step: Step): Field[] {
  const inside = listsIn(step).map(({ steps }): unknown => steps);
  const within = (part: unknown): Field[] => {
    if (typeof part === 'string') return fieldsIn(part);
    if (part === null || typeof part !== 'object' || inside.includes(part)) return [];
    const tested = 'field' in part && 'is' in part ? [String(part.field)] : [];
    return [...tested, ...Object.values(part).flatMap(within)];
  };
  return [...new Set(within(step))];
}
