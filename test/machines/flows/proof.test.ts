/** That the proof finds every way through a flow, and what nobody can ever come to. */
import { expect, it } from 'vitest';
import { check } from '../../../machines/flows/check.ts';
import type { Step } from '../../../machines/flows/flow.ts';
import { explore } from '../../../machines/flows/proof.ts';
import { FIELDS_ALWAYS } from '../../../machines/world.ts';
import { flowOf } from './stage.ts';

const say = (id: string): Step => ({ id, do: 'say', text: 'x' });
const has = { all: [{ field: 'contact.email', is: 'exists' }] } as const;
const EVERY: Step[] = [
  { id: 'b', do: 'branch', cases: [{ when: has, steps: [say('known')] }, { when: { any: [{ field: 'vars.mail', is: 'exists' }] }, steps: [] }], else: [say('new')] },
  { id: 'q', do: 'ask', text: '?', answer: 'email', save: 'contact.email', retries: 3, onInvalid: [say('bad')], onTimeout: [{ id: 'out', do: 'end' }] },
  { id: 'h', do: 'http', method: 'GET', url: 'https://a.example', map: [{ path: '$.a', save: 'vars.mail' }, { path: '$.b', save: 'contact.country' }], onFailure: [say('down')] },
  { id: 'plain', do: 'http', method: 'GET', url: 'https://a.example' },
  { id: 's', do: 'set', field: 'contact.language', value: 'it', ifMissing: true }, { id: 'v', do: 'set', field: 'vars.mail', value: 'x', ifMissing: true },
  { id: 'w', do: 'wait', forMs: 1, untilReply: 'anybody', onReply: [say('there')] },
  { id: 'd', do: 'wait', untilDate: '{{vars.mail}}', untilOpen: '' },
  { id: 'j', do: 'jump', to: 'q', times: 5 },
  { id: 'shut', do: 'close' },
];

it('reaches every state and takes every transition of a flow with every kind of step', () => {
  const { unreached, complete, states, transitions } = explore(flowOf(EVERY));
  expect([unreached, complete]).toEqual([{ states: [], transitions: [] }, true]);
  expect(states).toContain('q.keep');
  const ways = transitions.map(({ from, on, when, to }) => `${from} ${on} ${when} ${to}`);
  expect(ways.filter((way) => /^(q|j)\b/.test(way))).toEqual([
    'q.asked customer.message isAnswer q.keep', 'q.asked customer.message hasTries q.asked', 'q.asked customer.message  bad', 'q.asked failed  Broken',
    'q.asked time  out', 'q.keep done  h', 'q.keep failed  Broken', 'j  mayJump q', 'j   shut',
  ]);
});

it('tells the shortest way to each transition', () => {
  const { walks } = explore(flowOf([{ id: 'q', do: 'ask', text: '?', answer: 'email', save: 'vars.mail', retries: 2, onInvalid: [say('bad')] }]));
  const [, way] = [...walks].find(([{ to }]) => to === 'bad') ?? [];
  expect(way?.map(({ on, when }) => `${on} ${when}`)).toEqual(['begin ', 'customer.message hasTries', 'customer.message ']);
});

it('finds what nobody can come to', () => {
  const lost = explore(flowOf([{ id: 'e', do: 'end' }, say('behind'), { id: 'q', do: 'ask', text: '?', answer: 'text', save: 'vars.x', retries: 0 }])).unreached;
  expect(lost.states).toEqual(['Over', 'Broken', 'behind', 'q.asked']);
  // Nor is a jump used up that nothing comes back to.
  const once = explore(flowOf([{ id: 'q', do: 'ask', text: '?', answer: 'text', save: 'vars.x', retries: 0 }, { id: 'j', do: 'jump', to: 'z', times: 3 }, say('skipped'), say('z')])).unreached;
  expect(once.states).toEqual(['skipped']);
  expect(once.transitions.map(({ from, on, when }) => `${from} ${on} ${when}`)).toEqual(['skipped done ', 'skipped failed ']);
});

it('counts tries and jumps for real where one of them does not show everything', () => {
  const circle = (times: number): Step[] => [
    { id: 'q', do: 'ask', text: '?', answer: 'text', save: 'vars.x' },
    { id: 'b', do: 'branch', cases: [{ when: has, steps: [{ id: 'there', do: 'jump', to: 'x', times: 3 }] }] },
    { id: 'e', do: 'end' }, say('x'), { id: 'back', do: 'jump', to: 'q', times }, say('y'),
  ];
  expect(explore(flowOf(circle(2))).unreached.states).toEqual([]);
  // It comes here three times and goes back three times: never on.
  expect(explore(flowOf(circle(3)))).toMatchObject({ complete: true, unreached: { states: ['Over', 'y'] } });
});

it('and the check refuses the same, so that what may be published can be reached', () => {
  const known = { flow: 'x', teams: [], agents: [], skills: [], secrets: [], fields: FIELDS_ALWAYS, flows: [] };
  for (const steps of [EVERY, EVERY.slice(0, -2), [say('a'), { id: 'j', do: 'jump', to: 'z', times: 3 }, say('skipped'), say('z')] as Step[]]) {
    const flow = flowOf(steps);
    const refused = check(flow, known).problems.some(({ problem }) => problem.includes('never reached'));
    expect(explore(flow).unreached.transitions.length > 0).toBe(refused);
  }
});

it('goes through the largest of flows in a moment', () => {
  const steps = Array.from({ length: 20 }, (_, i): Step[] => [
    { id: `b${i}`, do: 'branch', cases: [{ when: has, steps: [say(`c${i}`)] }] },
    { id: `q${i}`, do: 'ask', text: '?', answer: 'text', save: 'vars.x', onInvalid: [] }, { id: `j${i}`, do: 'jump', to: `q${i}`, times: 2 },
  ]).flat();
  const began = performance.now();
  const { unreached, complete } = explore(flowOf(steps));
  expect([unreached.states, unreached.transitions, complete]).toEqual([[], [], true]);
  expect(performance.now() - began).toBeLessThan(5_000);
});
