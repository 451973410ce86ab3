/** What a flow keeps of an answer: the whole of RFC 9535 but regular expressions, own properties only, and never without end. */
import { describe, expect, it } from 'vitest';
import { found, pathProblem } from '../../gateway/jsonpath.ts';
import type { Json } from '../../machines/flows/flow.ts';

const CRM = {
  customerType: 'VIP', score: 12.5, active: false, nothing: null, long: 'x'.repeat(1_001), limit: 'x'.repeat(1_000), half: '\ud83d', empty: '',
  orders: [{ id: 7, total: 30, tags: ['new'] }, { id: 9, total: 90, 'a name': 'b' }, { id: 11, total: 60 }],
  'http://x/y': 1, länge: 'ü', '☺': 'smile',
};
const keep = (path: string, answer: unknown = CRM): unknown => found([{ path, save: 'vars.x' }], answer as Json)['vars.x'];

it.each<[string, unknown]>([
  ['$.customerType', 'VIP'], ['$["customerType"]', 'VIP'], ["$['customerType']", 'VIP'], ['$.score', 12.5], ['$.active', false], ['$.empty', ''], ['$.limit', 'x'.repeat(1_000)],
  ['$.orders[0].id', 7], ['$.orders[-1].id', 11], ['$.orders[1]["a name"]', 'b'], ['$.orders[1:].id', 9], ['$.orders[::-1].id', 11], ['$.orders[*].total', 30], ['$..total', 30],
  ['$.orders[?@.total > 50].id', 9], ['$.orders[?@.total > 50 && @.total < 70].id', 11], ['$.orders[?@.tags[0] == "new"].total', 30], ['$.orders[?!@.tags].id', 9],
  ['$.orders[?length(@.tags) == 1].id', 7], ['$.orders[?count(@.*) == 2].id', 11], ['$.orders[?value(@..id) == 9].total', 90], ['$["http://x/y"]', 1], ['$.länge', 'ü'], ['$.☺', 'smile'], ['$["\\u0063ustomerType"]', 'VIP'],
])('%s', (path, value) => {
  expect(pathProblem(path)).toBeUndefined();
  expect(keep(path)).toBe(value);
});

it.each([
  '$.missing', '$.nothing', '$.long', '$.half', '$', '$.orders', '$.orders[0]', '$.orders[7].id', '$.customerType[0]', '$.customerType.length', '$.orders.length', '$.orders["0"]',
  '$.__proto__', '$.constructor', '$.constructor.name', '$.toString', '$["hasOwnProperty"]', '$.orders.constructor', '$.orders.map', '$..__proto__', '$..constructor', '$.orders[0].__proto__.id', '$.valueOf.name',
])('leaves nothing behind, %s', (path) => {
  expect(pathProblem(path)).toBeUndefined();
  expect(keep(path)).toBeUndefined();
});

it('names of the prototype that an answer has itself are data like others', () => {
  const answer = JSON.parse('{"__proto__": {"polluted": "yes"}, "constructor": "c"}') as Json;
  expect(keep('$.__proto__.polluted', answer)).toBe('yes');
  expect(keep('$.constructor', answer)).toBe('c');
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});

it('numbers that are none leave nothing', () => {
  expect(keep('$.n', JSON.parse('{"n": 1e999}') as Json)).toBeUndefined();
});

it.each<[string, RegExp]>([
  ['', /begins with "\$", for instance/], ['customerType', /begins with "\$"/], ['$.', /RFC 9535/], ['$.a[?', /RFC 9535/], ['$[01]', /RFC 9535/], ['$.a b', /RFC 9535/],
  ['$.~a', /RFC 9535/], ['$[~]', /RFC 9535/], ['$[?@.a ==]', /RFC 9535/], ['$[?foo(@.a)]', /RFC 9535/], ['$[9007199254740993]', /RFC 9535/], [`$.${'a'.repeat(200)}`, /longer than 200/],
  ['$.orders[?match(@.id, "(a+)+b")]', /uses match\(\), which is not offered/], ['$[?search(@.a, ".*")]', /uses search\(\), which is not offered/],
])('is refused with what would be right: %s', (path, why) => {
  expect(pathProblem(path)).toMatch(why);
});

describe('the standard\'s own edges', () => {
  it.each([
    '$ .a', '$[ "a" ]', '$\n["a"]', '$[?@.a == -0]', '$[?@.a<1.5E3]', '$[?@.a==-1.5e-2]', '$[?length("abc")==3]', '$[?@ == "a" || !(@.b)]', '$[1:3:0]', '$[::]', '$["\\\\"]',
    "$['\\'']", '$["\\u263A"]', '$["\\ud83d\\ude00"]', '$[?@["a"][0]]', '$[?$.x==@.y]', '$..[0,"a"]', '$[?@.a,?@.b]', '$[?(@.a&&@.b)||@.c]', '$[?@.a==null]', '$.ab-c', '$[?@.a[?@.b>1]]',
  ])('is one: %s', (path) => {
    expect(pathProblem(path)).toBeUndefined();
  });

  it.each([
    '$.a ', ' $', '$.. a', '$. a', '$[-0]', '$[1.0]', '$["a]', '$.-a', '$.0a', '$[?@.a==01]', '$[?@.a=1]', '$[?true]', '$[?"a"]', '$[?1==1', '$[?length(@.a)]', '$[?count(1)==1]', '$[?@.*==1]', '$[]',
    '$[,]', '$["a",]', '$[?]', '$..', '$["\\ud83d"]', '$["\\x"]', '$["\u0001"]', '$[?@.a === 1]', '$[?@.a in [1]]', '$[(@.length-1)]', '$.a.length()', '$[?$..a==1]', '$[?@.a==True]', '$[?@.a==.5]', '$[?Count(@.*)==1]',
  ])('is none: %s', (path) => {
    expect(pathProblem(path)).toMatch(/is no JSONPath/);
  });
});

describe('work', () => {
  const nested = (depth: number): string => '['.repeat(depth) + '1'.repeat(1) + ']'.repeat(depth);
  const ANSWERS: Readonly<Record<string, string>> = {
    flat: `[${'1,'.repeat(131_000)}1]`, objects: `[${'{"a":{}},'.repeat(29_000)}1]`, arrays: `[${'[],'.repeat(87_000)}1]`, deep: nested(100_000), 'deep and wide': `[${Array(2_700).fill(nested(45)).join(',')}]`,
  };
  const PATHS = ['$..*..*..*..z', '$..[?$..[?@.x]].z', '$[?count($..*) > 1000000000]', `$..[${Array(90).fill('0').join(',')}].z`, `$${'[*,*,*,*]'.repeat(19)}.z`, '$..[?@ == $]', '$..[?@..x == 1]'];

  it.each(Object.keys(ANSWERS))('has an end on an answer that is %s', (name) => {
    const answer = JSON.parse(ANSWERS[name] ?? '') as Json;
    for (const path of PATHS) {
      const begun = performance.now();
      try {
        expect(keep(path, answer)).toBeUndefined();
      } catch (error) {
        expect(String(error)).toMatch(/the answer is too large or too deep for the path/);
      }
      // Some 200 ms here; without the count it is minutes.
      expect(performance.now() - begun).toBeLessThan(3_000);
    }
  });

  it('is counted for all paths of one answer together', () => {
    const answer = JSON.parse(`[${'{"a":1},'.repeat(10_000)}{"z":1}]`) as Json;
    const paths = (count: number) => Array.from({ length: count }, (_, i) => ({ path: '$[-1].z', save: `vars.${i}` })).concat({ path: '$..z', save: 'vars.z' });
    expect(found(paths(3), answer)['vars.z']).toBe(1);
    const wide = Array.from({ length: 3 }, (_, i) => ({ path: '$..z', save: `vars.${i}` }));
    expect(() => found(wide, answer)).toThrow(/too large or too deep/);
  });

  it('of 256 KiB as a back end sends them is done in full', () => {
    const customers = Array.from({ length: 3_000 }, (_, id) => ({ id, name: `Customer ${id}`, type: 'regular', address: { city: 'Rome', country: 'IT' } }));
    const answer = { customers: [...customers, { id: 3_001, name: 'Last', type: 'VIP', address: null }] } as unknown as Json;
    expect(JSON.stringify(answer).length).toBeGreaterThan(256_000);
    expect(keep('$.customers[?@.type == "VIP"].name', answer)).toBe('Last');
    expect(keep('$.customers[-1].type', answer)).toBe('VIP');
  });
});
