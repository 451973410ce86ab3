/**
 * Every state and every transition of each template's machine, taken by a running gateway: the walks are found with trials,
 * made by a customer and two agents over sockets, and compared with the trial after each move. That a transition was taken
 * is told by XState, of the very machine that the gateway steps.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../machines/flows/compile.ts';
import { stepsOf, type Step } from '../../machines/flows/flow.ts';
import { explore } from '../../machines/flows/proof.ts';
import { TEMPLATES } from '../../machines/flows/templates.ts';
import { OFFICE_HOURS } from '../../machines/hours.ts';
import { Taken, wholeOf, wordsOf } from '../machines/flows/taken.ts';
import { Replay } from './replay.both.ts';
import { ReplayHouse } from './replay.house.ts';
import { flowOf, Plan, type Planned, type Wording } from './replay.plan.ts';
import { channelOf, TOURS, type Tour } from './replay.tours.ts';
import { named, Trying } from './replay.trial.ts';

/** What no gateway does, whatever the machine would do then: of which steps, and why. */
const NEVER: readonly { of: Step['do']; takes: RegExp; why: string }[] = [
  { of: 'close', takes: /, (done|failed) → /, why: 'a ticket with a run can be closed, and that ends the run before it hears of it' },
  { of: 'status', takes: /, failed → /, why: 'a ticket with a run can be solved' },
  { of: 'note', takes: /, failed → /, why: 'a note can be left anywhere' },
  { of: 'http', takes: /\.called, failed → /, why: 'anything can be asked for: what goes wrong is an answer' },
  { of: 'branch', takes: /^answer → Over$/, why: 'only one of the choices is kept, and each has its case' },
];
const WORDINGS: readonly Wording[] = ['own', 'given'];

it('is so of every template', () => {
  expect(new Set(TOURS.map(({ template }) => template))).toEqual(new Set(TEMPLATES));
});

describe.each(TOURS.map((tour) => [tour.name, tour] as const))('%s', (_, tour: Tour) => {
  const { id } = tour.template;
  const flow = flowOf(tour, 'own');
  const { transitions, states } = wholeOf(compile(flow));
  const steps = new Map(stepsOf(flow.steps).map((step) => [step.id, step.do]));
  const possible = transitions.filter((one) => !NEVER.some(({ of, takes }) => takes.test(one) && steps.get(/^[^.,\s]+/.exec(one)?.[0] ?? '') === of));
  const walks = new Plan(tour).walks();
  const taken = new Taken();
  const stage = new ReplayHouse();
  const versions = {} as Record<Wording, number>;

  const walked = async ({ wording, lost, at, walk }: Planned): Promise<void> => {
    // What names something that is gone could not be made live any more.
    if (!lost) await stage.ada.flows.live(id, versions[wording]);
    const compiled = compile(flowOf(tour, wording, `http://${stage.crm}/`));
    const replay = new Replay(stage, new Trying({ id, compiled, at: stage.nextAt(at), lost, ...channelOf(tour) }), tour.channel);
    try {
      for (const move of walk) await replay.make(move);
    } finally {
      await replay.end();
      if (walk.some(({ do: what }) => what === 'hours')) await stage.setHours(OFFICE_HOURS);
    }
  };
  const names = (those: readonly Planned[]) => those.map((planned) => [planned.walk.map(named).join(' → '), planned] as const);

  beforeAll(async () => {
    await stage.open();
    for (const wording of WORDINGS) versions[wording] = (await stage.publish(id, flowOf(tour, wording, `http://${stage.crm}/`))).version;
    for (const wording of WORDINGS) taken.watch(stage.compiled(id, versions[wording]));
  }, 60_000);
  afterAll(() => stage.close());

  it.each(names(walks.filter(({ lost }) => !lost)))('%s', (_, planned) => walked(planned));

  describe.runIf(walks.some(({ lost }) => lost))('when its workspace has lost whom it names', () => {
    beforeAll(async () => {
      await stage.ada.flows.live(id, versions.own);
      await stage.reopen();
      for (const wording of WORDINGS) taken.watch(stage.compiled(id, versions[wording]));
    });

    it.each(names(walks.filter(({ lost }) => lost)))('%s', (_, planned) => walked(planned));
  });

  it('takes every transition, and is in every state', () => {
    expect([...taken.transitions].sort()).toEqual([...possible].sort());
    const apart = states.filter((state) => state === 'Over' && !possible.some((one) => one.endsWith(' → Over')));
    expect(states.filter((state) => !taken.states.has(state))).toEqual(apart);
  });

  it('has those that the proof walks', () => {
    const proof = explore(flow);
    expect([...states].sort()).toEqual([...proof.states].sort());
    expect([...transitions].sort()).toEqual(proof.transitions.map(({ from, on, when, to }) => wordsOf(from, on, when, to)).sort());
  });
});
