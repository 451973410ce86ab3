/**
 * How a conversation begins, and each of its tickets: styled and routed as the workspace's rules say now.
 */
import type { Who } from './actor.ts';
import type { Fields } from './fields.ts';
import { stepsOf, type Flow } from './flows/flow.ts';
import { readBy } from './flows/uses.ts';
import { session } from './session.ts';
import { SYSTEM, type Contact } from './state.ts';
import { Step } from './step.ts';
import { choose } from './style.ts';
import { ticket } from './ticket.ts';
import { armed } from './timers.ts';
import type { World } from './world.ts';

/** A contact answers within moments; one that cannot holds nobody up. */
const OPENING_MS = 10_000;

/** The first word of a conversation: whose it is, and whether the customer began it. */
export interface First {
  contact: Contact;
  /** The contact's, as far as they are known already. */
  fields: Fields;
  text: string;
  channel: string;
  inbound: boolean;
  /** Of the customer's device, BCP 47. */
  language: string | undefined;
}

export function begin(id: string, { contact, fields, text, channel, inbound, language }: First, at: number, world: World): Step {
  const workspace = id.split('/')[1] ?? '';
  const step = new Step(id, {
    v: 3, workspace, channel, contact: { id: contact.id, name: contact.name, identified: contact.identified }, epoch: 1, seq: 0,
    publicSeq: 0, customerMessages: 0, agentMessages: 0, number: 1, ...fresh(world, channel, contact.identified, text, at),
    lastReply: null, spokeAt: at, at, preview: '', marks: [], devices: {}, floor: '', idle: [], outbox: [], effects: 0, taken: {},
    runs: [], runCount: 0, unprompted: 0, fields, inbound, opening: inbound && waitsForFields(world), said: '',
  }, at, true);
  const { style } = step.state.ticket.context.policy;
  step.write('ticket', 'everyone', SYSTEM, { ticket: 1, style, previous: 0 });
  step.tellContact(language);
  if (step.state.opening) {
    const arm = { op: 'set', id: 'opening', delayMs: OPENING_MS, event: 'opening' } as const;
    step.set({ timers: armed(step.state.timers, 'opening', [arm], at) });
  }
  return step;
}

/** Closed is final: the next word of the customer begins another ticket, routed and styled afresh. */
export function beginNext(step: Step, who: Who, text: string, at: number, world: World): void {
  const { channel, number } = step.state;
  step.set({ number: number + 1, ...fresh(world, channel, who.identified, text, at) });
  const { style } = step.state.ticket.context.policy;
  step.write('ticket', 'everyone', SYSTEM, { ticket: number + 1, style, previous: number });
  step.happened.push({ type: 'opened' });
}

/** The contact's fields are known, or have been waited for long enough: flows may start with the ticket, and with what was said. */
export function open(step: Step): void {
  step.set({ opening: false, timers: step.state.timers.filter(({ owner }) => owner !== 'opening') });
  step.happened.push({ type: 'opened' }, { type: 'message', from: 'customer', text: step.state.said });
}

/** A ticket and its session as they begin; a running ticket keeps the rules that it began with. */
function fresh({ styles }: World, channel: string, identified: boolean, text: string, at: number) {
  const { policy, ...routing } = choose(styles, { channel, identified, text });
  const opened = ticket.start({ policy });
  const joined = session.start({ silenceMs: policy.silenceMs });
  const timers = armed(armed([], 'ticket', opened.arms, at), 'session', joined.arms, at);
  return {
    ticket: opened.snapshot, session: joined.snapshot, timers, ...routing, tags: [], since: at, answeredAt: 0, mentions: [],
    place: null, waitingSince: 0, snoozed: null, by: null, opening: false,
  };
}

/** Only if some flow could make use of them. */
function waitsForFields({ shelf }: World): boolean {
  return shelf.live.some(({ compiled: { flow } }) => flow.start.some((start) => (
    start.on === 'opened' || (start.on === 'message' && start.from === 'customer' && looksAtContact(flow)))));
}

/** Of the contact, from the first word on. */
const KNOWN = ['contact.name', 'contact.identified'];
const looking = new WeakMap<Flow, boolean>();

function looksAtContact(flow: Flow): boolean {
  let looks = looking.get(flow);
  if (looks === undefined) {
    const tests = flow.when === undefined ? [] : 'all' in flow.when ? flow.when.all : flow.when.any;
    const fields = [...tests.map(({ field }) => field), ...stepsOf(flow.steps).flatMap(readBy)];
    looking.set(flow, looks = fields.some((field) => field.startsWith('contact.') && !KNOWN.includes(field)));
  }
  return looks;
}
