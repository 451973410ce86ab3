/** What agents ask over HTTP of flows that are not there yet: what a template makes, and how a definition would behave. */
import { z } from 'zod';
import { compile } from '../machines/flows/compile.ts';
import type { Json } from '../machines/flows/flow.ts';
import { problemsOf, sentence, tooDeep } from '../machines/flows/problems.ts';
import { spelt } from '../machines/flows/shelved.ts';
import { TEMPLATES } from '../machines/flows/templates.ts';
import { MOVES_MAX, trial, type Move, type Start, type Tried } from '../machines/flows/trial.ts';
import { noSuch } from '../machines/nearest.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Clock } from './clock.ts';
import type { Desks } from './desks.ts';
import type { Flows } from './flows.ts';
import { found } from './jsonpath.ts';
import type { AgentRoute, Routes } from './routes.ts';
import { Unanswered } from './unanswered.ts';

export interface TrialRoutesParts {
  desks: Desks;
  flows: Flows;
  clock: Clock;
}

const TEXT_CHARS = 4_000;
const FIELDS_MAX = 50;

const text = z.string().max(TEXT_CHARS);
/** It was JSON on its way here; looking through what is very deep takes more stack than there is. */
const answer = z.custom<Json>((value) => tooDeep(value) === undefined, 'is too deep or too wide for an answer');
const start: z.ZodType<Start> = z.strictObject({
  at: z.int().min(0).max(8.64e15 / 2).optional(), channel: z.string().max(40).optional(), language: z.string().max(35).optional(),
  identified: z.boolean().optional(), waiting: z.int().min(0).optional(), available: z.int().min(0).optional(),
  fields: z.record(z.string().max(40), text).refine((all) => Object.keys(all).length <= FIELDS_MAX, `has more than ${FIELDS_MAX} fields`).optional(),
});
const moves: z.ZodType<Move[]> = z.array(z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal(['customer', 'agent']), text }),
  z.strictObject({ do: z.literal(['accept', 'solve', 'leave', 'noAnswer']) }),
  z.strictObject({ do: z.literal('pass'), ms: z.int().min(0) }),
  z.strictObject({ do: z.literal('answer'), status: z.int().min(100).max(599), body: answer.default(null) }),
])).max(MOVES_MAX) as z.ZodType<Move[]>;
const asked = z.object({ flow: z.string(), definition: z.unknown(), start: start.default({}), moves: moves.default([]) });

/** For whoever chooses one: what it asks for, what stands when nothing is said, and the flow that this makes. */
export function templatesShown(): unknown[] {
  return TEMPLATES.map(({ id, name, about, parameters, make }) => ({
    id, name, about, parameters: z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }),
    preset: parameters.parse({}), definition: make({}),
  }));
}

export function trialRoutes({ desks, flows, clock }: TrialRoutesParts): Routes {
  const route = (agent: AgentRoute['agent']): AgentRoute => ({ agent });
  return {
    'POST /api/flows/trial': route(async ({ body }, { workspace }) => {
      const { flow: id, definition, start: from, moves: way } = parsed(asked, body);
      const checked = flows.check(workspace, id, definition);
      if (!('flow' in checked)) throw new Refusal('invalid', spelt(checked.problems));
      const tried: Tried = { world: desks.worldOf(workspace), id, compiled: compile(checked.flow), read, now: clock.now() };
      return trial(tried, from, way);
    }),

    'POST /api/templates/:template': route(async ({ at: { template = '' }, body: { parameters = {} } }) => {
      const known = TEMPLATES.find(({ id }) => id === template);
      if (known === undefined) throw new Refusal('notFound', noSuch('template', template, TEMPLATES.map(({ id }) => id)));
      parsed(known.parameters, parameters);
      return { definition: known.make(parameters) };
    }),
  };
}

const read: Tried['read'] = (map, body) => {
  try {
    return { values: found(map, body) };
  } catch (error) {
    if (error instanceof Unanswered) return { why: error.message };
    throw error;
  }
};

/** @throws Refusal `invalid` with what is wrong */
function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value, { error: sentence });
  if (!result.success) throw new Refusal('invalid', spelt(problemsOf(result.error)));
  return result.data;
}
