/**
 * The state that each step becomes. Most ask for their step and rest until it is done; what a step needs beside that is a
 * state inside it: `asked` and `called` while it waits for somebody else, `keep` while the contact keeps what was found.
 */
import { answerTo } from './answer.ts';
import { getIn, type Moment } from './fields.ts';
import { aloneIn, fill } from './fill.ts';
import { DEFAULTS, type Ask, type Branch, type Http, type Jump, type SetField, type Step, type Value, type Wait } from './flow.ts';
import type { Placed } from './shape.ts';
import { endOf } from './waits.ts';

/** A transition, in XState's words. */
export interface Go {
  target?: string;
  guard?: { type: string; params: object };
  actions?: readonly Asked[];
  reenter?: true;
}
interface Asked {
  type: string;
  params: object | ((moment: Moment) => object);
}
export interface Node {
  description?: string;
  type?: 'final';
  entry?: readonly Asked[];
  always?: readonly Go[];
  after?: Readonly<Record<string, Go | readonly Go[]>>;
  on?: Readonly<Record<string, Go | readonly Go[]>>;
  initial?: string;
  states?: Readonly<Record<string, Node>>;
}
type Values = Readonly<Record<string, Value>>;

/** @param isUsedUp of a jump: whether it can come about more often than it may be made */
export function nodeOf({ step, behind }: Placed, isUsedUp: boolean): Node {
  const next = { target: to(behind) };
  switch (step.do) {
    case 'ask': return ask(step, behind);
    case 'branch': return branch(step, behind);
    case 'http': return http(step, behind);
    case 'wait': return wait(step, behind);
    case 'set': return set(step, next);
    case 'jump': return jump(step, next, isUsedUp);
    case 'end': return { type: 'final' };
    case 'close': return { entry: [perform(step)], on: done(step, { target: to(undefined) }) };
    case 'say': case 'assign': case 'tag': case 'note': case 'priority': case 'status': case 'run':
      return { entry: [perform(step)], on: done(step, next) };
    default: return step satisfies never;
  }
}

export function to(step: Step | undefined): string {
  return `#flow.${step?.id ?? 'Over'}`;
}

/** Name of a step's delay. Not the id alone: XState takes digits for milliseconds. */
export function limitOf(step: string): string {
  return `limit-${step}`;
}

/** Of values by field, those of variables or of the contact. */
export function ofWhom(owner: 'vars' | 'contact', values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([field]) => field.startsWith(`${owner}.`)));
}

function ask(step: Ask, behind: Step | undefined): Node {
  const { id, retries = DEFAULTS.retries } = step;
  const given = (moment: Moment): Values => {
    const value = moment.event.type === 'customer.message' ? answerTo(step, moment.event.text, getIn(moment)) : undefined;
    return value === undefined ? {} : { [step.save]: value };
  };
  return {
    // A question that is asked anew has all its tries.
    entry: [{ type: 'forgetTries', params: { step: id } }, perform(step)],
    ...resting('asked', {
      after: { [limitOf(id)]: instead(step, step.onTimeout, behind, 'nobody answered in time') },
      on: {
        'customer.message': [
          { guard: { type: 'isAnswer', params: { step: id } }, ...keeping(step, [step.save], behind, given) },
          ...(retries === 0 ? [] : [{
            guard: { type: 'hasTries', params: { step: id, retries } }, target: 'asked', reenter: true as const,
            actions: [{ type: 'countTry', params: { step: id } }, perform(step, true)],
          }]),
          instead(step, step.onInvalid, behind, `none of ${retries + 1} answers was valid`),
        ],
        failed: broken(step),
      },
    }, isKeptInContact([step.save]) ? { done: { target: to(behind) }, failed: broken(step) } : undefined),
  };
}

function http(step: Http, behind: Step | undefined): Node {
  const saves = (step.map ?? []).map(({ save }) => save);
  const found = ({ event }: Moment): Values => (event.type === 'answered' ? event.values : {});
  const failure = instead(step, step.onFailure, behind);
  const guard = { type: 'findsForContact', params: {} };
  const answered: Go[] = [
    ...(isKeptInContact(saves) ? [{ guard, ...keeping(step, saves, behind, found) }] : []), keeping(step, ofVars(saves), behind, found),
  ];
  return {
    entry: [perform(step)],
    ...resting('called', {
      after: { [limitOf(step.id)]: instead(step, step.onFailure, behind, 'there was no answer in time') },
      on: { answered, unanswered: failure, failed: failure },
    }, isKeptInContact(saves) ? { done: { target: to(behind) }, failed: failure } : undefined),
  };
}

/** A state that waits for somebody else, and beside it one in which the contact keeps what came of it, if it keeps any. */
function resting(name: string, node: Node, keep: Node['on'] | undefined): Pick<Node, 'initial' | 'states'> {
  return { initial: name, states: { [name]: node, ...(keep === undefined ? {} : { keep: { on: keep } }) } };
}

/** Keeps values where they belong, and goes on. */
function keeping(step: Step, fields: readonly string[], behind: Step | undefined, values: (moment: Moment) => Values): Go {
  const inVars: Asked[] = ofVars(fields).length === 0 ? []
    : [{ type: 'keep', params: (moment) => ({ values: ofWhom('vars', values(moment)) }) }];
  return isKeptInContact(fields)
    ? { target: 'keep', actions: [...inVars, save(step, (moment) => ofWhom('contact', values(moment)))] }
    : { target: to(behind), actions: inVars };
}

function isKeptInContact(fields: readonly string[]): boolean {
  return ofVars(fields).length < fields.length;
}

function ofVars(fields: readonly string[]): string[] {
  return fields.filter((field) => field.startsWith('vars.'));
}

function branch(step: Branch, behind: Step | undefined): Node {
  return {
    always: [
      ...step.cases.map(({ steps }, index) => ({
        guard: { type: 'holds', params: { step: step.id, index } }, target: to(steps[0] ?? behind),
      })),
      { target: to(step.else?.[0] ?? behind) },
    ],
  };
}

function wait(step: Wait, behind: Step | undefined): Node {
  const { id, forMs, untilDate, untilOpen, untilReply, onReply } = step;
  const replied = { target: to(onReply?.[0] ?? behind) };
  const over = { target: to(behind) };
  const why = (moment: Moment): string => {
    const end = endOf(step, getIn(moment), moment.event.facts.opensAt, moment.event.at);
    return 'why' in end ? end.why : '';
  };
  // Only what depends on the day or on a field may be over at once, or never.
  const varies = untilDate !== undefined || untilOpen !== undefined;
  return {
    always: varies ? [
      ...(forMs === undefined ? [{ guard: { type: 'hasNoEnd', params: { step: id } }, ...broken(step, why) }] : []),
      { guard: { type: 'isOver', params: { step: id } }, ...over },
    ] : [],
    // Whoever was there when it ended may have gone before it was heard: then it waits for the next opening.
    after: {
      [limitOf(id)]: untilOpen === undefined || forMs !== undefined || untilDate !== undefined ? over
        : [{ guard: { type: 'isOver', params: { step: id } }, ...over }, { target: to(step), reenter: true }],
    },
    on: {
      ...(untilReply === 'customer' || untilReply === 'anybody' ? { 'customer.message': replied } : {}),
      ...(untilReply === 'agent' || untilReply === 'anybody' ? { 'agent.message': replied } : {}),
    },
  };
}

function jump(step: Jump, next: Go, isUsedUp: boolean): Node {
  const there: Go = { target: `#flow.${step.to}`, actions: [{ type: 'countJump', params: { step: step.id } }] };
  return { always: isUsedUp ? [{ guard: { type: 'mayJump', params: { step: step.id, times: step.times } }, ...there }, next] : [there] };
}

function set(step: SetField, next: Go): Node {
  const value = (moment: Moment): Values => ({ [step.field]: filled(step.value, moment) });
  const isThere = step.ifMissing === true ? [{ guard: { type: 'isThere', params: { field: step.field } }, ...next }] : [];
  if (step.field.startsWith('vars.')) {
    return { always: [...isThere, { ...next, actions: [{ type: 'keep', params: (moment) => ({ values: value(moment) }) }] }] };
  }
  const keep: Node = { entry: [save(step, value)], on: done(step, next) };
  return isThere.length === 0 ? keep : { initial: 'look', states: { look: { always: [...isThere, { target: 'keep' }] }, keep } };
}

/** A field alone keeps its type. */
function filled(template: string, moment: Moment): Value {
  const alone = aloneIn(template);
  return (alone === undefined ? undefined : getIn(moment)(alone)) ?? fill(template, getIn(moment));
}

function perform(step: Step, again = false): Asked {
  return { type: 'perform', params: { step: step.id, again } };
}

function save(step: Step, values: (moment: Moment) => Values): Asked {
  return { type: 'save', params: (moment) => ({ step: step.id, values: values(moment) }) };
}

function done(step: Step, next: Go): Node['on'] {
  return { done: next, failed: broken(step) };
}

/** The list for what went wrong; without one, the end. */
function instead(step: Step, list: readonly Step[] | undefined, behind: Step | undefined, why?: string): Go {
  return list === undefined ? broken(step, why === undefined ? told : () => why) : { target: to(list[0] ?? behind) };
}

function broken(step: Step, why: (moment: Moment) => string = told): Go {
  return { target: '#flow.Broken', actions: [{ type: 'broke', params: (moment) => ({ step: step.id, why: why(moment) }) }] };
}

function told({ event }: Moment): string {
  return 'why' in event ? event.why : '';
}
