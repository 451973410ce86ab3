/** Each of the fifteen operators: what holds, what does not, and what a missing field makes of it. */
import { describe, expect, it } from 'vitest';
import { holds } from '../../../machines/flows/conditions.ts';
import type { Operator, Test, Value } from '../../../machines/flows/flow.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const passes = (held: Value | undefined, is: Operator, value?: Test['value'], exact?: boolean): boolean =>
  holds({ all: [{ field: 'vars.x', is, value, exact }] }, () => held, NOW);

describe.each<[Operator, yes: [Value, Test['value']?, boolean?][], no: [Value, Test['value']?, boolean?][]]>([
  ['equal', [['VIP', 'vip'], ['José', 'jose'], ['Straße', 'STRASSE'], ['VIP', 'VIP', true], [5, '5.0'], ['5', 5], [true, 'true'], ['2026-11-26', '26.11.2026']],
    [['VIP', 'vip', true], ['José', 'Jose', true], ['VIP', 'VI'], ['01', '1'], [5, '6'], ['2026-11-26', '2026-11-27'], [false, true]]],
  ['notEqual', [['a', 'b'], ['a', 'A', true], [1, 2]], [['a', 'Á'], [1, '1']]],
  ['contains', [['Hello World', 'world'], ['naïve', 'AIV'], ['abc', 'b', true], [1234, '23']], [['Hello', 'world'], ['abc', 'B', true]]],
  ['containsNot', [['Hello', 'world'], ['abc', 'B', true]], [['Hello World', 'WORLD']]],
  ['startsWith', [['+39 06', '+39'], ['Émile', 'emi']], [['06 +39', '+39'], ['Émile', 'emi', true]]],
  ['in', [['pt', ['it', 'PT']], [3, [1, '3']]], [['cs', ['it', 'pt']], ['PT', ['pt'], true]]],
  ['notIn', [['cs', ['it', 'pt']], ['PT', ['pt'], true]], [['pt', ['it', 'PT']]]],
  ['exists', [['x'], [0], [false]], []],
  ['missing', [], [['x'], [0], [false]]],
  ['greater', [[10, 9], ['10', '9'], [1.5, '1.4'], ['2026-11-27', '2026-11-26'], ['2026-11-26T00:00:01Z', '26.11.2026']], [[9, 9], ['9', '10'], ['b', 'a'], ['x', 1]]],
  ['less', [[9, 10], ['9', '10'], [-1, 0], ['2025-12-31', '2026-01-01']], [[9, 9], ['a', 'b'], [true, 2]]],
  ['between', [[1, [1, 3]], [3, [1, 3]], ['2', ['1', '3']], ['2026-05-01', ['2026-01-01', '2026-12-31']]], [[0, [1, 3]], [3.01, [1, 3]], ['x', [1, 3]]]],
  ['matches', [['a@b.co', 'email'], ['+390669812345', 'phone'], ['https://a.example', 'url'], ['1.5', 'number'], [7, 'number'], ['26/11/2026', 'date']],
    [['a@b', 'email'], ['12', 'phone'], ['not a url', 'url'], ['one', 'number'], ['2026-02-30', 'date']]],
  ['before', [['2026-11-26', 'now'], ['2026-11-25', '2026-11-26']], [['2026-11-27', 'now'], ['2026-11-26', '2026-11-26'], ['soon', 'now']]],
  ['after', [['2026-11-27', 'now'], ['2026-11-26T12:00:00.001Z', 'now']], [['2026-11-26T12:00:00Z', 'now'], ['2026-11-26', 'now'], ['soon', 'now']]],
])('%s', (is, yes, no) => {
  it.each([...yes.map((given) => [given, true] as const), ...no.map((given) => [given, false] as const)])('%j: %s', ([held, value, exact], expected) => {
    expect(passes(held, is, value, exact)).toBe(expected);
  });

  it('of a missing field, only what denies holds', () => {
    const denies = ['missing', 'notEqual', 'containsNot', 'notIn'].includes(is);
    expect([passes(undefined, is, 'x'), passes('', is, 'x')]).toEqual([denies, denies]);
  });
});

it('all and any', () => {
  const get = (field: string): Value | undefined => (field === 'vars.a' ? 'a' : undefined);
  const [yes, no] = [{ field: 'vars.a', is: 'exists' }, { field: 'vars.b', is: 'exists' }] as const;
  expect([holds({ all: [yes, no] }, get, NOW), holds({ all: [yes, yes] }, get, NOW)]).toEqual([false, true]);
  expect([holds({ any: [yes, no] }, get, NOW), holds({ any: [no, no] }, get, NOW)]).toEqual([true, false]);
});
