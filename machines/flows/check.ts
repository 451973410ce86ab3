/**
 * Whether a definition can run in its workspace: its form, all that it names, and where it goes. Everything that is wrong
 * is said, with where it stands and what to do; a flow without problems can be published.
 */
import { noSuch } from '../nearest.ts';
import type { FieldType } from '../world.ts';
import { hurried, restless, shadowed, unasked, unreachable } from './course.ts';
import { aloneIn } from './fill.ts';
import {
  fitAsk, fitCondition, fitField, fitHttp, fitKept, fitTarget, fitTemplate, fitText, namesOf, type Names, type Say,
} from './fitting.ts';
import type { Condition, Flow, Problem, Step, Trigger } from './flow.ts';
import { moment } from './kinds.ts';
import { parseFlow } from './schema.ts';
import { placed } from './shape.ts';
import { keptBy } from './uses.ts';

/** What there is in a workspace, by ids. */
export interface Known {
  /** Id of the flow itself. */
  flow: string;
  teams: readonly string[];
  agents: readonly string[];
  skills: readonly string[];
  secrets: readonly string[];
  fields: readonly FieldType[];
  /** The others that are live, and itself if it is. */
  flows: readonly { id: string; flow: Flow }[];
  /** What is wrong with a JSONPath, if anything is. Default: nothing is looked at. */
  path?: ((path: string) => string | undefined) | undefined;
}

const VARS_MAX = 50;
/** So many are told at once; more nobody reads. */
const TOLD = 50;

export function check(definition: unknown, known: Known): { flow: Flow; problems: [] } | { problems: Problem[] } {
  const parsed = parseFlow(definition);
  if ('problems' in parsed) return parsed;
  const { flow } = parsed;
  const problems: Problem[] = [];
  const say = (base: string): Say => (at, problem) => {
    if (problems.length >= TOLD) return;
    const path = [base, at].filter((part) => part !== '').join('.');
    problems.push({ path, problem: typeof problem === 'string' ? problem : problem() });
  };
  const names = namesOf(flow, known);

  if (names.vars.length > VARS_MAX) say('')('steps', `keep ${names.vars.length} variables, at most ${VARS_MAX} may be`);
  for (const [i, trigger] of flow.start.entries()) fitTrigger(trigger, flow, names, say(`start.${i}`));
  if (flow.when !== undefined) fitWhen(flow.when, names, say(''));
  for (const { step, path } of placed(flow)) fitStep(step, names, known, say(path));
  const circles = restless(flow);
  problems.push(...unreachable(flow), ...shadowed(flow), ...circles, ...(circles.length === 0 ? hurried(flow) : []));
  // One mistake may show in several ways; each is said once.
  const distinct = [...new Map(problems.map((one) => [`${one.path} ${one.problem}`, one])).values()];
  return distinct.length === 0 ? { flow, problems: [] } : { problems: distinct.slice(0, TOLD) };
}

function fitWhen(when: Condition, names: Names, say: Say): void {
  const [tests, word] = 'all' in when ? [when.all, 'all'] : [when.any, 'any'];
  const early = tests.findIndex(({ field }) => field.startsWith('vars.'));
  if (early < 0) fitCondition(when, names, say, 'when');
  else say(`when.${word}.${early}.field`, 'is looked at before the flow begins, when no variable is set: look at it in a "branch"');
}

function fitTrigger(trigger: Trigger, flow: Flow, names: Names, say: Say): void {
  const steps = placed(flow).map(({ step }) => step);
  if (trigger.on === 'field') {
    if (!trigger.field.startsWith('contact.')) say('field', 'starts nothing: only fields of the contact do, for instance "contact.country"');
    else if (fitField(trigger.field, names, say, 'field') && steps.some((step) => keptBy(step).includes(trigger.field))) {
      say('field', `is changed by the flow itself, which would start it again and again: keep that elsewhere, or start on something else`);
    }
  }
  if (trigger.on === 'assigned' && flow.when === undefined) {
    const again = unasked(flow).find((step) => step.do === 'assign');
    const mend = 'put a "branch" before it, or start on something else';
    if (again !== undefined) say('', `is what step "${again.id}" does, which would start it again and again: ${mend}`);
  }
  if (trigger.on !== 'status') return;
  if (trigger.to?.every((status) => status === 'closed') === true) {
    say('to', 'starts nothing: a closed ticket is final, and has no flows; start on "solved", or "run" a flow before "close"');
  }
  const set = steps.find((step) => step.do === 'status' && (trigger.to ?? [step.status]).includes(step.status));
  if (set !== undefined) say('', `is what step "${set.id}" does, which would start it again and again: start on other statuses`);
}

function fitStep(step: Step, names: Names, known: Known, say: Say): void {
  const { teams, agents, skills } = known;
  const oneOf = (what: string, id: string | undefined, all: readonly string[], at: string): void => {
    if (id !== undefined && !all.includes(id)) say(at, () => noSuch(what, id, all));
  };
  switch (step.do) {
    case 'say': fitText(step.text, names, say, 'text'); break;
    case 'ask':
      fitText(step.text, names, say, 'text');
      if (step.retry !== undefined) fitText(step.retry, names, say, 'retry');
      fitTarget(step.save, names, say, 'save');
      fitAsk(step, names, say);
      break;
    case 'branch':
      for (const [i, { when }] of step.cases.entries()) fitCondition(when, names, say, `cases.${i}.when`);
      break;
    case 'http': fitHttp(step, names, say, known.path); break;
    case 'assign':
      oneOf('team', step.team, teams, 'team');
      oneOf('agent', step.agent, agents, 'agent');
      for (const [i, skill] of (step.skills ?? []).entries()) oneOf('skill', skill, skills, `skills.${i}`);
      break;
    case 'wait':
      if (step.untilOpen !== '') oneOf('team', step.untilOpen, teams, 'untilOpen');
      if (step.untilDate !== undefined) fitDate(step.untilDate, names, say);
      break;
    case 'set':
      fitTarget(step.field, names, say, 'field');
      fitTemplate(step.value, names, say, 'value');
      fitKept(step.field, step.value, names, say, 'value');
      break;
    case 'note': fitTemplate(step.text, names, say, 'text'); break;
    case 'tag':
      for (const [i, tag] of (step.add ?? []).entries()) fitTemplate(tag, names, say, `add.${i}`);
      for (const [i, tag] of (step.remove ?? []).entries()) fitTemplate(tag, names, say, `remove.${i}`);
      break;
    case 'run': fitRun(step.flow, known, say); break;
    case 'priority': case 'status': case 'jump': case 'close': case 'end': break;
    default: step satisfies never;
  }
}

function fitDate(date: string, names: Names, say: Say): void {
  const field = aloneIn(date);
  if (field !== undefined) fitField(field, names, say, 'untilDate');
  else if (moment(date) === undefined) {
    say('untilDate', 'is no date: write for instance "2026-11-26", or a field alone, for instance {{contact.renewal}}');
  }
}

function fitRun(id: string, { flow: own, flows }: Known, say: Say): void {
  const ids = flows.map((other) => other.id);
  const flow = flows.find((other) => other.id === id)?.flow;
  if (id === own) say('flow', 'is this flow itself, which would never end: "jump" to a step instead');
  else if (flow === undefined) say('flow', () => noSuch('live flow', id, ids.filter((other) => other !== own)));
  else if (!flow.start.some(({ on }) => on === 'called')) {
    say('flow', `"${id}" does not start when it is called: give it the start { "on": "called" }`);
  } else if (runBy(id, flows).has(own)) say('flow', `"${id}" runs this flow again in turn, which would never end: leave out one of the two`);
}

/** The flows that a flow runs, and those that these run. */
function runBy(id: string, flows: Known['flows']): Set<string> {
  const all = new Set([id]);
  for (const other of all) {
    const flow = flows.find((one) => one.id === other)?.flow;
    for (const { step } of flow === undefined ? [] : placed(flow)) if (step.do === 'run') all.add(step.flow);
  }
  return all;
}
