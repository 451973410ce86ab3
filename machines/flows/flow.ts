/**
 * A flow as somebody writes it: plain data, from the console's forms, from YAML or from TypeScript. `schema.ts` says which
 * data are flows, `check.ts` whether one fits its workspace, `compile.ts` makes the XState machine that runs.
 *
 * Steps run from top to bottom; the lists inside a step (`cases`, `else`, `onTimeout` and so on) run when their time
 * comes, and then the flow goes on behind that step, unless they end with `end`, `close` or `jump`.
 */
import type { Priority } from '../routing.ts';
import type { Status } from '../style.ts';
import type { Method } from '../workspace.ts';

/** A sentence, or one for each language (`{ en: '…', 'pt': '…' }`). `{{contact.name}}` and other fields are filled in. */
export type Text = string | Readonly<Record<string, string>>;

/**
 * What a flow can look at: `contact.<field>` (name, email, phone, phoneCountry, language, country, identified, or one of
 * the workspace's own), `vars.<name>`, `conversation.<what>` (channel, style, status, team, priority, agent, inbound,
 * ticket, lastWord, tags), `message.text` (the newest message of the customer), `hours` or `hours.<team>` (open, closed),
 * `queue` or `queue.<team>` (tickets that wait), `available` or `available.<team>` (agents who could take one), `now`.
 */
export type Field = string;
export type Value = string | number | boolean;

export type Operator =
  | 'equal' | 'notEqual' | 'contains' | 'containsNot' | 'startsWith' | 'in' | 'notIn' | 'exists' | 'missing'
  | 'greater' | 'less' | 'between' | 'matches' | 'before' | 'after';
export type Kind = 'email' | 'phone' | 'url' | 'number' | 'date';

export interface Test {
  field: Field;
  is: Operator;
  /** A list for `in` and `notIn`, two of them for `between`, a `Kind` for `matches`, an ISO date or `now` for `before` and
   * `after`, nothing for `exists` and `missing`. */
  value?: Value | readonly Value[] | undefined;
  /** Texts are compared without case and accents; with this, letter by letter. Default false. */
  exact?: boolean | undefined;
}
export type Condition = { all: readonly Test[] } | { any: readonly Test[] };

export type Trigger =
  /** A ticket begins with a message of the customer. */
  | { on: 'opened' }
  | { on: 'message'; from: 'customer' | 'agent' }
  /** Default: any status. */
  | { on: 'status'; to?: readonly Status[] | undefined }
  /** The session became inactive. Default: for any reason. */
  | { on: 'idle'; reasons?: readonly ('silence' | 'left' | 'offline')[] | undefined }
  | { on: 'ended' }
  | { on: 'assigned' }
  | { on: 'field'; field: Field }
  /** By another flow, by an agent, or over the API. */
  | { on: 'called' };

export interface Flow {
  /** For agents and operators. */
  name: string;
  about?: string | undefined;
  /** Under which name it writes to customers. Default `Assistant`. */
  sender?: string | undefined;
  /** Of texts whose languages the contact's is none of. Default `en`. */
  language?: string | undefined;
  start: readonly Trigger[];
  /** Else a trigger starts nothing. */
  when?: Condition | undefined;
  /** Only for conversations that the customer began. Default false. */
  inboundOnly?: boolean | undefined;
  /** What a new trigger does while it runs on the conversation. Default `ignore`. */
  again?: 'restart' | 'ignore' | 'beside' | undefined;
  /**
   * What an agent who steps in does to it. `end`: whoever accepts, replies, takes over or sends the ticket to a team;
   * `restart`: a reply alone. Default: `end` if it asks or assigns, else `goOn`.
   */
  onAgent?: 'end' | 'restart' | 'goOn' | undefined;
  steps: readonly Step[];
}

interface Named {
  /** Unique within the flow; running conversations remember it. 1 to 40 of a-z, 0-9, `-` and `_`, a letter or digit first. */
  id: string;
  /** For operators and agents. Default: what kind of step it is. */
  name?: string | undefined;
}

export interface Say extends Named {
  do: 'say';
  text: Text;
}

export interface Choice {
  /** What is kept. */
  value: string;
  /** What the customer reads, and may tap or type. */
  label: Text;
}

/** The answer is the customer's next message after the question; it is kept in the form that its kind has. */
export interface Ask extends Named {
  do: 'ask';
  text: Text;
  answer: 'text' | 'choice' | 'email' | 'phone' | 'number' | 'date';
  choices?: readonly Choice[] | undefined;
  /** `vars.<name>` or `contact.<field>`. */
  save: Field;
  /** Said when an answer is not valid. Default: the question again. */
  retry?: Text | undefined;
  /** So many more tries after an answer that is not valid, from 0 to 10. Default 3. */
  retries?: number | undefined;
  /** How long it waits for each answer, in milliseconds, at most 28 days. Default 1 day. */
  forMs?: number | undefined;
  /** After the last try. Without it the step fails. */
  onInvalid?: readonly Step[] | undefined;
  /** Without it the step fails. */
  onTimeout?: readonly Step[] | undefined;
}

export interface Case {
  name?: string | undefined;
  when: Condition;
  steps: readonly Step[];
}

/** The first case that holds. */
export interface Branch extends Named {
  do: 'branch';
  cases: readonly Case[];
  else?: readonly Step[] | undefined;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Fields in `url`, `headers` and `body` are filled in, each in the way of its place; `{{secrets.<name>}}` in headers only. */
export interface Http extends Named {
  do: 'http';
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: readonly { name: string; value: string }[] | undefined;
  /** Sent as JSON. A text that is one field alone keeps the field's type. */
  body?: Json | undefined;
  /** RFC 9535; the first thing that a path finds is kept, text of at most 1,000 characters, a number or a boolean. */
  map?: readonly { path: string; save: Field }[] | undefined;
  /** Of one try, from 100 ms to 60 s. Default 10 s. */
  timeoutMs?: number | undefined;
  /** After no answer, or 408, 425, 429 or 5xx; from 0 to 5. Default 2. */
  retries?: number | undefined;
  /** No answer, or a status that is not 2xx. Without it the step fails. */
  onFailure?: readonly Step[] | undefined;
}

/** To whom the desk offers the ticket. Exactly one of `team`, `agent`, `skills` and `nobody`; `skills` may go with `team`. */
export interface Assign extends Named {
  do: 'assign';
  team?: string | undefined;
  /** By the id in the settings; deliberately, also over capacity. */
  agent?: string | undefined;
  skills?: readonly string[] | undefined;
  /** Back to the queue. */
  nobody?: true | undefined;
  /** How its agent is chosen. Default: as the team does. */
  by?: Method | undefined;
}

/** The first of what it names to happen; without a time at most 28 days. */
export interface Wait extends Named {
  do: 'wait';
  forMs?: number | undefined;
  /** An ISO date, or a field that holds one. */
  untilDate?: string | undefined;
  /** Until somebody is there: of the team, or `''` for the workspace's own hours. */
  untilOpen?: string | undefined;
  untilReply?: 'customer' | 'agent' | 'anybody' | undefined;
  /** When a reply ended the wait. */
  onReply?: readonly Step[] | undefined;
}

export interface SetField extends Named {
  do: 'set';
  /** `contact.<field>` or `vars.<name>`. */
  field: Field;
  /** '' removes it. Fields are filled in. */
  value: string;
  /** Leaves what is there. Default false. */
  ifMissing?: boolean | undefined;
}

/** Fields are filled in. */
export interface Tag extends Named {
  do: 'tag';
  add?: readonly string[] | undefined;
  remove?: readonly string[] | undefined;
}

export interface Note extends Named {
  do: 'note';
  text: string;
}

export interface SetPriority extends Named {
  do: 'priority';
  priority: Priority;
}

/** Fails when the ticket cannot go there: a New one can only be solved. */
export interface SetStatus extends Named {
  do: 'status';
  status: 'open' | 'pending' | 'onHold' | 'solved';
}

/** Back or forward to another step of the flow, at most so often in one run; after that it goes on behind. */
export interface Jump extends Named {
  do: 'jump';
  to: string;
  /** From 1 to 20. */
  times: number;
}

/** Starts another flow beside this one, in its published version, if that one starts on `called`. */
export interface RunFlow extends Named {
  do: 'run';
  flow: string;
}

/** The ticket is closed, and with it every run ends. */
export interface Close extends Named {
  do: 'close';
}

export interface End extends Named {
  do: 'end';
}

export type Step = Say | Ask | Branch | Http | Assign | Wait | SetField | Tag | Note | SetPriority | SetStatus | Jump | RunFlow | Close | End;

export const DEFAULTS = {
  sender: 'Assistant', language: 'en', again: 'ignore', retries: 3, askForMs: 24 * 3_600_000, httpTimeoutMs: 10_000, httpRetries: 2,
} as const;
/** Nothing waits longer. */
export const LONGEST_WAIT_MS = 28 * 24 * 3_600_000;

/** What is wrong with a flow: where (`steps.2.cases.0.when.all.1.value`), and in one sentence what, and what to do. */
export interface Problem {
  path: string;
  problem: string;
}

/** For whoever writes one in TypeScript: the types, and nothing else. */
export function defineFlow(flow: Flow): Flow {
  return flow;
}

/** Whether it asks or routes: then the desk proposes nobody before it has decided. */
export function routes(flow: Flow): boolean {
  return stepsOf(flow.steps).some((step) => step.do === 'ask' || step.do === 'assign');
}

/** All steps, each before those inside it, in the order in which they are written. */
export function stepsOf(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...listsIn(step).flatMap(({ steps: inside }) => stepsOf(inside))]);
}

/** The lists of steps inside a step, with where each stands in it. */
export function listsIn(step: Step): { at: string; steps: readonly Step[] }[] {
  const given = (at: string, steps: readonly Step[] | undefined) => (steps === undefined ? [] : [{ at, steps }]);
  switch (step.do) {
    case 'branch': return [...step.cases.map(({ steps }, i) => ({ at: `cases.${i}.steps`, steps })), ...given('else', step.else)];
    case 'ask': return [...given('onInvalid', step.onInvalid), ...given('onTimeout', step.onTimeout)];
    case 'http': return given('onFailure', step.onFailure);
    case 'wait': return given('onReply', step.onReply);
    default: return [];
  }
}
