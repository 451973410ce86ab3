/**
 * What the steps of flows do to a conversation. Each is carried out at once, so that the next branch sees it; of an HTTP
 * request, the asking is.
 */
import type { ActorCommand } from './actor.ts';
import { requeue } from './decisions.ts';
import { keep } from './fields.ts';
import { labelsOf, spoken } from './flows/answer.ts';
import { outsideOf, type Call } from './flows/call.ts';
import type { Get } from './flows/fields.ts';
import { fill, fillHeader, fillJson, fillUrl } from './flows/fill.ts';
import { DEFAULTS, type Assign, type Ask, type Flow, type Http, type Say, type SetStatus, type Step as Task, type Tag, type Value } from './flows/flow.ts';
import { fromFlow } from './messages.ts';
import { agentOf, contactOf, statusOf, SYSTEM } from './state.ts';
import type { Step } from './step.ts';
import { tagsOf, TAGS_ARE, sameTags } from './tags.ts';
import type { World } from './world.ts';

/** Where a step of a flow is carried out. */
export interface Scene {
  step: Step;
  world: World;
  at: number;
  flow: Flow;
  get: Get;
}

/** How it went: `why` it failed; `waits` for an answer; `routed`, when it has said to whom the ticket goes. */
export interface Outcome {
  why?: string;
  waits?: true;
  /** The effect of the HTTP request. */
  call?: number;
  routed?: true;
}

const DONE: Outcome = {};
const FIELDS_MAX = 50;
/** Of a request once it is filled in, as JSON: it waits in the conversation's state, and so in a record. */
const CALL_CHARS = 100_000;

/** @param again a question, after an answer that is not valid. Steps that do nothing to a conversation are not asked for. */
export function carryOut(task: Task, again: boolean, scene: Scene): Outcome {
  switch (task.do) {
    case 'say': return say(scene, task.text);
    case 'ask': return ask(scene, task, again);
    case 'http': return request(scene, task);
    case 'assign': return assign(scene, task);
    case 'tag': return tag(scene, task);
    case 'note': return note(scene, task.text);
    case 'priority': return setPriority(scene, task.priority);
    case 'status': return setStatus(scene, task.status);
    case 'close': return scene.step.ticket({ type: 'flow.close', at: scene.at }, SYSTEM) ? DONE : { why: 'the ticket is closed' };
    case 'branch': case 'wait': case 'set': case 'jump': case 'run': case 'end':
      throw new Error(`${task.do} is not for the conversation to carry out`);
    default: return task satisfies never;
  }
}

/** Keeps values in the contact: here at once, there as soon as it hears of it. By `contact.<field>`; '' removes one. */
export function save({ step, world }: Scene, values: Readonly<Record<string, Value>>): Outcome {
  const wanted = Object.fromEntries(Object.entries(values).map(([field, value]) => [field.replace(/^contact\./, ''), String(value)]));
  const { fields, wrong } = keep(step.state.fields, wanted, { types: world.fields, ifMissing: false, most: FIELDS_MAX });
  if (wrong.length > 0) return { why: wrong.join('; ') };
  step.know(fields);
  const kept = Object.fromEntries(Object.keys(wanted).map((name) => [name, fields[name] ?? '']));
  step.effect(contactOf(step.state), { type: 'set', fields: kept, ifMissing: false } as ActorCommand);
  return DONE;
}

function say({ step, flow, get, at }: Scene, text: Say['text'], choices?: readonly string[]): Outcome {
  const said = spoken(text, flow, get);
  if (said.trim() === '') return { why: 'nothing is left to say when its fields are filled in' };
  fromFlow(step, flow.sender ?? DEFAULTS.sender, choices === undefined ? { text: said } : { text: said, choices }, at);
  return DONE;
}

function ask(scene: Scene, task: Ask, again: boolean): Outcome {
  const { text, retry = text } = task;
  const { why } = say(scene, again ? retry : text, task.answer === 'choice' ? labelsOf(task, scene.flow, scene.get) : undefined);
  return why === undefined ? { waits: true } : { why };
}

function request({ step, get }: Scene, task: Http): Outcome {
  const { workspace } = step.state;
  const call: Call = {
    type: 'call', method: task.method, url: fillUrl(task.url, get),
    headers: (task.headers ?? []).map(({ name, value }) => ({ name, value: fillHeader(value, get) })),
    body: task.body === undefined ? undefined : fillJson(task.body, get),
    map: task.map ?? [], timeoutMs: task.timeoutMs ?? DEFAULTS.httpTimeoutMs, retries: task.retries ?? DEFAULTS.httpRetries,
  };
  const chars = JSON.stringify(call).length;
  if (chars > CALL_CHARS) return { why: `the request has ${chars} characters when its fields are filled in, and at most ${CALL_CHARS} are sent` };
  return { waits: true, call: step.effect(outsideOf(workspace, step.conversation), call) };
}

function assign({ step, world, at }: Scene, { team, agent, skills, by }: Assign): Outcome {
  const status = statusOf(step.state);
  if (status === 'solved' || status === 'closed') return { why: `the ticket is ${status}` };
  if (agent !== undefined) {
    const name = world.agent(agent);
    if (name === undefined) return { why: `there is no agent ${agent}` };
    step.ticket({ type: 'desk.assign', at, agent: { id: `a_${agent}`, name } }, SYSTEM);
    return { routed: true };
  }
  if (team !== undefined && !world.styles.teams.includes(team)) return { why: `there is no team ${team}` };
  requeue(step, team ?? null, SYSTEM, at);
  step.set({ by: by ?? null, requires: skills ?? step.state.requires });
  return { routed: true };
}

function tag({ step, flow, get }: Scene, { add = [], remove = [] }: Tag): Outcome {
  const { tags: have, number } = step.state;
  const gone = tagsOf(remove.map((one) => fill(one, get))) ?? [];
  const tags = tagsOf([...have.filter((one) => !gone.includes(one)), ...add.map((one) => fill(one, get)).filter((one) => one.trim() !== '')]);
  if (tags === undefined) return { why: `tags are ${TAGS_ARE}` };
  if (sameTags(tags, have)) return DONE;
  step.set({ tags });
  step.write('tags', 'agents', { ...SYSTEM, name: flow.name }, { tags, ticket: number });
  return DONE;
}

function note({ step, flow, get }: Scene, text: string): Outcome {
  step.note({ ...SYSTEM, name: flow.name }, fill(text, get), null);
  return DONE;
}

function setPriority({ step, flow }: Scene, priority: Step['state']['priority']): Outcome {
  if (priority === step.state.priority) return DONE;
  step.set({ priority });
  step.write('priority', 'agents', { ...SYSTEM, name: flow.name }, { priority, ticket: step.state.number });
  return DONE;
}

/** The ticket's events of agents, by whoever has it: a flow takes nothing from them. */
const AS_AGENT = { open: 'agent.open', pending: 'agent.pending', onHold: 'agent.hold' } as const;

function setStatus({ step, at }: Scene, wanted: SetStatus['status']): Outcome {
  const status = statusOf(step.state);
  if (status === wanted) return DONE;
  const agent = agentOf(step.state);
  const done = wanted === 'solved' ? step.ticket({ type: 'flow.solve', at }, SYSTEM)
    : agent !== null && step.ticket({ type: AS_AGENT[wanted], at, agent }, SYSTEM);
  return done ? DONE : { why: `the ticket is ${status}: it cannot become ${wanted}` };
}
