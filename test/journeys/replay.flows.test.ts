/**
 * Random walks of four templates, replayed against a running gateway: a customer and two agents on the SDK, over real sockets,
 * a real HTTP server as CRM, and a clock moved by hand from one timer to the next. What they see is compared with a trial of
 * the same moves, which `test/machines/flows/templates` compares with PRODUCT.md.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { compile } from '../../machines/flows/compile.ts';
import type { Compiled } from '../../machines/flows/run.ts';
import { nudge } from '../../machines/flows/templates/nudge.ts';
import { operator } from '../../machines/flows/templates/operator.ts';
import { teamByAnswer } from '../../machines/flows/templates/team-by-answer.ts';
import { vip } from '../../machines/flows/templates/vip.ts';
import type { Template } from '../../machines/flows/templates/template.ts';
import { DAY, HOUR } from '../machines/talk.ts';
import { Replay } from './replay.both.ts';
import { ReplayHouse } from './replay.house.ts';
import { named, Trying, type Walk } from './replay.trial.ts';

const WALKS = 12;
const SEED = 4;
const stage = new ReplayHouse();

beforeAll(() => stage.open(), 60_000);
afterAll(() => stage.close());

function pass(...delays: number[]): fc.Arbitrary<Walk> {
  return fc.constantFrom(...delays.flatMap((ms) => [ms - 1, ms, ms + 1])).map((ms) => ({ do: 'pass', ms }));
}
const nudges = fc.array(fc.oneof(
  { weight: 4, arbitrary: pass(300_000, HOUR, 7 * HOUR, DAY, 3 * DAY) },
  { weight: 4, arbitrary: fc.constantFrom<Walk>({ do: 'customer', text: 'And?' }, { do: 'agent', text: 'Here I am' }) },
  { weight: 1, arbitrary: fc.constantFrom<Walk>({ do: 'accept' }, { do: 'takeOver' }, { do: 'hold' }, { do: 'solve' }) },
), { minLength: 8, maxLength: 14 });
const asking = (...texts: string[]): fc.Arbitrary<Walk[]> => fc.array(fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...texts).map((text): Walk => ({ do: 'customer', text })) },
  { weight: 2, arbitrary: pass(120_000, 300_000) },
  { weight: 3, arbitrary: fc.constantFrom<Walk>(
    { do: 'answer', status: 200, body: { customerType: 'VIP' } }, { do: 'answer', status: 200, body: { customerType: 'new' } },
    { do: 'answer', status: 500, body: {} }, { do: 'noAnswer' },
  ) },
  { weight: 1, arbitrary: fc.constantFrom<Walk>({ do: 'accept' }, { do: 'agent', text: 'Here I am' }, { do: 'solve' }) },
), { minLength: 6, maxLength: 12 });

describe.each([
  ['nudge', nudge, nudges, () => ({ followUp: true })],
  ['vip', vip, asking('what?', 'ada@', 'ada@example.com'), () => ({ url: `http://${stage.crm}/?email={{contact.email}}`, personTeam: 'managers', httpRetries: 0, timeoutMs: 5_000 })],
  ['team-by-answer', teamByAnswer, asking('sales', 'Support', 'what?'), () => ({})],
  ['operator', operator, asking('no', 'no', 'yes', 'ada@example.com', '11-50', 'what?'), () => ({ url: `http://${stage.crm}/`, crm: true, httpRetries: 0, timeoutMs: 5_000 })],
] as const)('%s', (id, template: Template, walks: fc.Arbitrary<Walk[]>, form: () => object) => {
  let compiled: Compiled;
  beforeAll(async () => {
    const flow = template.make(form());
    compiled = compile(flow);
    await stage.publish(id, flow);
  });
  afterAll(() => stage.ada.flows.live(id, 0));

  it.each(fc.sample(walks, { numRuns: WALKS, seed: SEED }).map((walk) => [walk.map(named).join(' → '), walk] as const))('%s', async (_, walk) => {
    const replay = new Replay(stage, new Trying({ id, compiled, at: stage.house.clock.now() }));
    await replay.make({ do: 'customer', text: 'Hello' });
    for (const move of walk) await replay.make(move);
    await replay.end();
  });
});
