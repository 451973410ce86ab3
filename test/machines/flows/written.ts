/** Flows as somebody might write them, with every kind of step in every other, for properties that hold for all of them. */
import fc from 'fast-check';
import { hurried, restless } from '../../../machines/flows/course.ts';
import type { Flow } from '../../../machines/flows/flow.ts';
import { parseFlow } from '../../../machines/flows/schema.ts';

const HOUR = 3_600_000;
const save = fc.constantFrom('vars.a', 'vars.b', 'contact.email');
const condition = fc.record({ all: fc.array(fc.record({ field: save, is: fc.constantFrom('exists', 'missing') }), { minLength: 1, maxLength: 2 }) });
/** Steps without ids, since each needs one of its own. */
const bare = fc.letrec<{ step: object; steps: object[] }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 4 }),
  step: fc.oneof({ depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<object>({ do: 'say', text: 'Hi {{vars.a}}' }, { do: 'tag', add: ['x'] }, { do: 'close' }, { do: 'end' }, { do: 'assign', team: 'sales' }),
    fc.record({ do: fc.constant('jump'), to: fc.nat(20), times: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant('set'), field: save, value: fc.constantFrom('x', '', '{{vars.b}}'), ifMissing: fc.boolean() }),
    fc.record({ do: fc.constant('ask'), text: fc.constant('?'), answer: fc.constantFrom('text', 'email', 'number'), save, retries: fc.nat(2), onInvalid: tie('steps'), onTimeout: tie('steps') },
      { requiredKeys: ['do', 'text', 'answer', 'save'] }),
    fc.record({ do: fc.constant('http'), method: fc.constant('GET'), url: fc.constant('https://a.example'), map: fc.array(fc.record({ path: fc.constant('$'), save }), { maxLength: 2 }), onFailure: tie('steps') },
      { requiredKeys: ['do', 'method', 'url'] }),
    fc.record({ do: fc.constant('wait'), forMs: fc.integer({ min: 1, max: HOUR }), untilOpen: fc.constant(''), untilReply: fc.constantFrom('customer', 'agent', 'anybody'), onReply: tie('steps') },
      { requiredKeys: ['do', 'untilReply'] }),
    fc.record({ do: fc.constant('branch'), cases: fc.array(fc.record({ when: condition, steps: tie('steps') }), { minLength: 1, maxLength: 2 }), else: tie('steps') })),
}));
/** None of them turns in circles. */
export const flows = bare.steps.map((steps) => parseFlow({ name: 'x', start: [{ on: 'called' }], steps: named(steps) }))
  .filter((parsed): parsed is { flow: Flow } => 'flow' in parsed).map(({ flow }) => flow)
  .filter((flow) => restless(flow).length === 0 && hurried(flow).length === 0);

/** Each with an id, and jumps to one of them. */
function named(steps: object[]): unknown {
  let count = 0;
  const withIds = JSON.parse(JSON.stringify(steps), (_, value: unknown) => (isStep(value) ? { ...value, id: `s${count++}` } : value)) as unknown;
  return JSON.parse(JSON.stringify(withIds), (_, value: unknown) => (isStep(value) && 'to' in value ? { ...value, to: `s${Number(value.to) % count}` } : value)) as unknown;
}

function isStep(value: unknown): value is object {
  return value !== null && typeof value === 'object' && 'do' in value;
}
