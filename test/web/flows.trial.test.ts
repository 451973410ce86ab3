/** A trial in the console: moves are kept, taken back, and made anew with every draft; answers are made up that a flow can use. */
import { describe, expect, it } from 'vitest';
import type { Flows, Trial, TrialMove, TrialStart } from '../../sdk/agent.ts';
import type { Clock } from '../../sdk/console/flows/draft.ts';
import { namesOf } from '../../sdk/console/flows/names.ts';
import { stepName } from '../../sdk/console/flows/said.ts';
import { eventSaid, exampleAnswer } from '../../sdk/console/flows/tried-said.ts';
import { nextDue, openTrial } from '../../sdk/console/flows/trying.ts';
import { TEMPLATES } from '../../machines/flows/templates.ts';

const vip = TEMPLATES.find(({ id }) => id === 'vip')?.make({}) as unknown as Readonly<Record<string, unknown>>;

/** Shows what it was given; refuses the first move whose text the draft forbids. */
function house() {
  const asked: (readonly TrialMove[])[] = [];
  let planned: (() => void) | null = null;
  const clock: Clock = { now: () => 0, after: (_ms, call) => { planned = call; return () => { planned = null; }; } };
  const flows: Pick<Flows, 'trial'> = {
    trial(_id, flow, start: TrialStart, moves): Promise<Trial> {
      asked.push(moves);
      const forbidden = (flow as { forbids?: string }).forbids;
      const bad = moves.findIndex((move) => move.do === 'customer' && move.text === forbidden);
      const made = bad === -1 ? moves : moves.slice(0, bad);
      return Promise.resolve({
        at: start.at ?? 0, runs: [], calls: [], fields: {}, ticket: { status: 'new', team: '', agent: null, priority: 2, tags: [] },
        lines: made.map((move) => ({ at: 0, kind: 'message', author: { role: 'customer', name: '' }, text: 'text' in move ? move.text : '', choices: [] })),
        refused: bad === -1 ? null : 'that is forbidden',
      });
    },
  };
  const trying = openTrial(flows, 'one', { at: 5 }, clock);
  const say = (text: string) => trying.move({ do: 'customer', text });
  return {
    trying, asked, say,
    shown: () => trying.value.get().trial?.lines.map(({ text }) => text),
    /** The draft as it is after the pause in which somebody types. */
    async draft(flow: object) {
      trying.draft({ ...flow });
      planned?.();
      while (trying.value.get().working) await Promise.resolve();
    },
  };
}

describe('the moves of a trial', () => {
  it('are made one after the other, taken back one by one, and forgotten when one starts again', async () => {
    const { trying, say, shown, draft } = house();
    await draft({});
    // Two that are made at once are both kept.
    await Promise.all([say('one'), say('two')]);
    expect(shown()).toEqual(['one', 'two']);
    await trying.back();
    expect(shown()).toEqual(['one']);
    await trying.again(77);
    expect([shown(), trying.value.get().trial?.at]).toEqual([[], 77]);
  });

  it('stay as they were when one is refused, which is said', async () => {
    const { trying, say, shown, draft } = house();
    await draft({ forbids: 'bad' });
    await say('good');
    await say('bad');
    expect([shown(), trying.value.get().refused, trying.value.get().moves.length]).toEqual([['good'], 'that is forbidden', 1]);
    await say('fine');
    expect([shown(), trying.value.get().refused]).toEqual([['good', 'fine'], null]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('are shown as far as another draft lets them be made, here %i of 7, and whole again with the next', async (made) => {
    const { trying, say, shown, draft } = house();
    const words = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    await draft({});
    for (const word of words) await say(word);
    await draft({ forbids: words[made] });
    const { made: count, stuck, moves } = trying.value.get();
    expect([shown(), count, stuck, moves.length]).toEqual([words.slice(0, made), made, 'that is forbidden', 7]);
    await draft({ forbids: 'something else' });
    expect([shown(), trying.value.get().stuck]).toEqual([words, null]);
    await draft({ forbids: words[made] });
    await say('instead');
    expect([shown(), trying.value.get().stuck]).toEqual([[...words.slice(0, made), 'instead'], null]);
  });

  it('ask the gateway a few times at most, however many there are', async () => {
    const { asked, say, draft } = house();
    await draft({});
    for (let i = 0; i < 200; i++) await say(String(i));
    asked.length = 0;
    await draft({ forbids: '77' });
    expect(asked.length).toBeLessThan(12);
  });
});

describe('the next moment', () => {
  it('is the nearest one to come of all runs, and none when nothing waits for a time', () => {
    const run = (until: number) => ({ until }) as Trial['runs'][number];
    const at = (...all: number[]) => nextDue({ at: 100, runs: all.map(run) } as unknown as Trial);
    expect([at(), at(0), at(300, 200), at(100, 0)]).toEqual([null, null, 200, null]);
  });
});

describe('an answer of another system', () => {
  it('is made up so that the flow finds in it what it keeps, and takes the branch that looks for it', () => {
    expect(exampleAnswer(vip, 'lookup')).toEqual({ customerType: 'VIP' });
  });

  it('has lists and objects where the paths lead through them, and leaves out paths that ask for many places', () => {
    const map = [{ path: '$.people[1].name', save: 'vars.a' }, { path: "$['a b'].c", save: 'vars.b' }, { path: '$..x', save: 'vars.c' }];
    const flow = { steps: [{ id: 'ask', do: 'http', map }] };
    expect(exampleAnswer(flow, 'ask')).toEqual({ people: [null, { name: 'example' }], 'a b': { c: 'example' } });
  });
});

describe('what happens', () => {
  const names = namesOf(null, [], 'vip', vip, stepName);
  const said = (kind: string, text: string) =>
    eventSaid({ at: 0, kind, author: { role: 'system', name: '' }, text, choices: [] }, vip, { ...names, teams: [{ id: 'vip', name: 'VIP desk' }] });

  it('is said as the rest of the console says it, with names for ids', () => {
    expect([said('status', 'solved'), said('status', 'new'), said('team', 'vip'), said('session', 'inactive left'), said('assigned', '')])
      .toEqual(['Status: Solved', null, 'In the queue of VIP desk', 'The customer left the page', 'Back in the queue']);
  });

  it('to the flow itself is told with the step and the reason', () => {
    expect(said('flow', 'broke lookup the answer was 500')).toBe('VIP routing broke off at “Look them up”: the answer was 500');
    expect(said('flow', 'stopped an agent has replied')).toBe('VIP routing was stopped: an agent has replied');
  });
});
