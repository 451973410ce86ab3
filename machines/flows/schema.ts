/**
 * Which data are flows: their form and their limits, with a sentence for each fault. What this lets through can be compiled;
 * whether it makes sense in its workspace, `check.ts` says.
 */
import { z } from 'zod';
import { isField, isKept } from './fields.ts';
import {
  LONGEST_WAIT_MS, type Condition, type Flow, type Json, type Problem, type Step, type Test, type Text, type Trigger, type Value,
} from './flow.ts';
import { moment } from './kinds.ts';
import { problemsOf, sentence, tooDeep, tooLarge } from './problems.ts';
import { jumpsToNowhere, nestedTooDeep, twice } from './shape.ts';

export const LIMITS = {
  steps: 200, nesting: 8, textChars: 4_000, definitionBytes: 100_000, cases: 20, tests: 20, values: 100, choices: 20, headers: 30,
  mapped: 20, tags: 20, starts: 10, languages: 40,
} as const;

/** What should have stood there, for whoever gave something else. */
function meant(what: string): { error: z.core.$ZodErrorMap } {
  return { error: ({ input }) => (input === undefined ? `is missing: give ${what}` : `must be ${what}`) };
}

const ID = z.string().regex(/^(?!constructor$)[a-z0-9][a-z0-9_-]{0,39}$/,
  'is no id: it has 1 to 40 of a-z, 0-9, "-" and "_", a letter or digit first');
const characters = z.string().refine((text) => !/\p{Cs}/u.test(text), 'holds half a character: write it anew');
const name = characters.trim().min(1).max(80);
/** A text for people, or one that is sent. */
const words = characters.min(1).max(LIMITS.textChars);
const TAG = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const tag = z.string().regex(TAG, 'is no language: write a tag, for instance "en" or "pt-BR"');
const text: z.ZodType<Text> = z.union([
  words,
  z.record(tag, words).refine((all) => Object.keys(all).length > 0, 'has no language: write { "en": "…" }')
    .refine((all) => Object.keys(all).length <= LIMITS.languages, `has more than ${LIMITS.languages} languages`),
], meant('a text, or one for each language, for instance { "en": "Hello" }')).meta({ id: 'Text' });
const field = z.string().refine(isField, 'is no field: write for instance "contact.language" or "vars.answer"').meta({ id: 'Field' });
const kept = z.string().refine(isKept,
  'nothing can be kept there: write "vars.<name>" or "contact.<field>", with a-z, A-Z, 0-9, "-" and "_"');
const value: z.ZodType<Value> = z.union([characters.max(1_000), z.number(), z.boolean()], meant('a text, a number, true or false'));
const span = (least: number) => z.int().min(least).max(LONGEST_WAIT_MS);
const tags = z.array(characters.trim().min(1).max(40)).min(1).max(LIMITS.tags).optional();

const OPERATORS = [
  'equal', 'notEqual', 'contains', 'containsNot', 'startsWith', 'in', 'notIn', 'exists', 'missing', 'greater', 'less', 'between', 'matches',
  'before', 'after',
] as const;
const KINDS: readonly unknown[] = ['email', 'phone', 'url', 'number', 'date'];

const test: z.ZodType<Test> = z.strictObject({
  field, is: z.enum(OPERATORS), exact: z.boolean().optional(),
  value: z.union([value, z.array(value).max(LIMITS.values)], meant('a value or a list of values')).optional(),
}).superRefine((given, context) => {
  const wrong = wrongValue(given);
  if (wrong !== undefined) context.addIssue({ code: 'custom', path: ['value'], message: wrong });
}).meta({ id: 'Test' });
const tests = z.array(test).min(1).max(LIMITS.tests);
const condition: z.ZodType<Condition> = z.union([
  z.strictObject({ all: tests }), z.strictObject({ any: tests }),
], meant('{ "all": [tests] } or { "any": [tests] }')).meta({ id: 'Condition' });

const statuses = z.array(z.enum(['new', 'open', 'pending', 'onHold', 'solved', 'closed'])).min(1).optional();
const trigger: z.ZodType<Trigger> = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('opened') }),
  z.strictObject({ on: z.literal('message'), from: z.enum(['customer', 'agent']) }),
  z.strictObject({ on: z.literal('status'), to: statuses }),
  z.strictObject({ on: z.literal('idle'), reasons: z.array(z.enum(['silence', 'left', 'offline'])).min(1).optional() }),
  z.strictObject({ on: z.literal('ended') }),
  z.strictObject({ on: z.literal('assigned') }),
  z.strictObject({ on: z.literal('field'), field }),
  z.strictObject({ on: z.literal('called') }),
]).meta({ id: 'Trigger' });

const named = { id: ID, name: name.optional() };
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}$/;
const header = z.strictObject({
  name: z.string().regex(HEADER, 'is no name of a header'),
  value: z.string().max(1_000).regex(/^[\x20-\x7e]*$/, 'has characters that no header may have: write one line of ASCII'),
});
const json = z.json(meant('JSON: texts, numbers, true, false, null, and lists and objects of these'))
  .meta({ id: 'Json' }) as z.ZodType<Json>;
const steps: z.ZodType<readonly Step[]> = z.lazy(() => z.array(step));

const step: z.ZodType<Step> = z.discriminatedUnion('do', [
  z.strictObject({ ...named, do: z.literal('say'), text }),
  z.strictObject({
    ...named, do: z.literal('ask'), text, answer: z.enum(['text', 'choice', 'email', 'phone', 'number', 'date']),
    choices: z.array(z.strictObject({ value: characters.trim().min(1).max(200), label: text })).max(LIMITS.choices).optional(),
    save: kept, retry: text.optional(), retries: z.int().min(0).max(10).optional(), forMs: span(1_000).optional(),
    onInvalid: steps.optional(), onTimeout: steps.optional(),
  }),
  z.strictObject({
    ...named, do: z.literal('branch'), else: steps.optional(),
    cases: z.array(z.strictObject({ name: name.optional(), when: condition, steps })).min(1).max(LIMITS.cases),
  }),
  z.strictObject({
    ...named, do: z.literal('http'), method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']), url: words,
    headers: z.array(header).max(LIMITS.headers).optional(), body: json.optional(),
    map: z.array(z.strictObject({ path: z.string().min(1).max(400), save: kept })).max(LIMITS.mapped).optional(),
    timeoutMs: z.int().min(100).max(60_000).optional(), retries: z.int().min(0).max(5).optional(), onFailure: steps.optional(),
  }),
  z.strictObject({
    ...named, do: z.literal('assign'), team: z.string().min(1).max(80).optional(), agent: z.string().min(1).max(200).optional(),
    skills: z.array(z.string().min(1).max(80)).min(1).max(20).optional(), nobody: z.literal(true).optional(),
    by: z.enum(['leastBusy', 'roundRobin', 'longestIdle']).optional(),
  }).superRefine(({ team, agent, skills, nobody, by }, context) => {
    const message = [team ?? skills, agent, nobody].filter((to) => to !== undefined).length !== 1
      ? 'says to whom in no way or in several: give exactly one of "team", "agent", "skills" and "nobody"; "skills" may go with "team"'
      : by !== undefined && agent !== undefined ? 'names an agent, so nobody is chosen: leave out "by"' : undefined;
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  }),
  z.strictObject({
    ...named, do: z.literal('wait'), forMs: span(1).optional(), untilDate: z.string().min(1).max(200).optional(),
    untilOpen: z.string().max(80).optional(), untilReply: z.enum(['customer', 'agent', 'anybody']).optional(), onReply: steps.optional(),
  }).superRefine(({ forMs, untilDate, untilOpen, untilReply, onReply }, context) => {
    const message = [forMs, untilDate, untilOpen, untilReply].every((end) => end === undefined)
      ? 'says not what it waits for: give "forMs", "untilDate", "untilOpen" or "untilReply"'
      : onReply !== undefined && untilReply === undefined ? 'waits for no reply: give "untilReply", or leave out "onReply"' : undefined;
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  }),
  z.strictObject({
    ...named, do: z.literal('set'), field: kept, value: characters.max(LIMITS.textChars), ifMissing: z.boolean().optional(),
  }),
  z.strictObject({ ...named, do: z.literal('tag'), add: tags, remove: tags })
    .refine(({ add, remove }) => add !== undefined || remove !== undefined, 'names no tag: give "add" or "remove"'),
  z.strictObject({ ...named, do: z.literal('note'), text: words }),
  z.strictObject({ ...named, do: z.literal('priority'), priority: z.literal([0, 1, 2, 3]) }),
  z.strictObject({ ...named, do: z.literal('status'), status: z.enum(['open', 'pending', 'onHold', 'solved']) }),
  z.strictObject({ ...named, do: z.literal('jump'), to: z.string(), times: z.int().min(1).max(20) }),
  z.strictObject({ ...named, do: z.literal('run'), flow: z.string().min(1).max(80) }),
  z.strictObject({ ...named, do: z.literal('close') }),
  z.strictObject({ ...named, do: z.literal('end') }),
]).meta({ id: 'Step' });

export const flowSchema: z.ZodType<Flow> = z.strictObject({
  name, about: characters.max(LIMITS.textChars).optional(), sender: name.optional(),
  language: tag.optional(),
  start: z.array(trigger).min(1).max(LIMITS.starts), when: condition.optional(), inboundOnly: z.boolean().optional(),
  again: z.enum(['restart', 'ignore', 'beside']).optional(), onAgent: z.enum(['end', 'restart', 'goOn']).optional(),
  steps: z.array(step).min(1),
}).superRefine((flow, context) => {
  for (const { path, problem } of [...nestedTooDeep(flow, LIMITS), ...twice(flow), ...jumpsToNowhere(flow)]) {
    context.addIssue({ code: 'custom', path: path.split('.'), message: problem });
  }
}).meta({ id: 'Flow' });

/** A definition as a flow, or everything that is wrong with its form. */
export function parseFlow(definition: unknown): { flow: Flow } | { problems: Problem[] } {
  // Before anything looks at it in turn: no schema is safe on what never ends.
  const wrong = tooDeep(definition) ?? tooLarge(definition, LIMITS.definitionBytes);
  if (wrong !== undefined) return { problems: [wrong] };
  const parsed = flowSchema.safeParse(definition, { error: sentence });
  return parsed.success ? { flow: parsed.data } : { problems: problemsOf(parsed.error) };
}

/** For editors and for whoever writes flows by hand. */
export function flowJsonSchema(): unknown {
  return z.toJSONSchema(flowSchema, { io: 'input', unrepresentable: 'any' });
}

/** What is wrong with the value of a test, given its operator. */
function wrongValue({ is, value: given }: Test): string | undefined {
  const list = Array.isArray(given);
  switch (is) {
    case 'exists': case 'missing':
      return given === undefined ? undefined : `goes with no value: leave it out, since "${is}" only looks whether there is one`;
    case 'in': case 'notIn':
      return list && given.length > 0 ? undefined : `must be a list for "${is}", for instance ["en", "it"]`;
    case 'between':
      return list && given.length === 2 ? undefined : 'must be a list of two for "between", the lower one first, for instance [1, 10]';
    case 'matches':
      return KINDS.includes(given) ? undefined : `must be a kind for "matches": ${KINDS.join(', ')}`;
    case 'before': case 'after':
      return typeof given === 'string' && (given === 'now' || moment(given) !== undefined) ? undefined
        : `must be a date for "${is}", for instance "2026-11-26", or "now"`;
    default:
      if (given === undefined) return `is missing: give what "${is}" compares with`;
      return list ? `must be one value for "${is}"; for a list use "in" or "notIn"` : undefined;
  }
}
