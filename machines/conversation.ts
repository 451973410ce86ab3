/**
 * A conversation: its current ticket and session, beside each other, and what the log gains from each step.
 *
 * One pure reducer. It never sees a socket, a clock or a store; commands carry what the gateway has established.
 */
import type { ActorCommand, Kind, Line, Refusal, Refused, Reply, Stepped, Who } from './actor.ts';
import { perform, type Act } from './acts.ts';
import type { FieldsTold } from './contact.ts';
import { differing, told } from './copy.ts';
import { decide } from './decisions.ts';
import { fieldsOfLocale, type Fields } from './fields.ts';
import type { Called } from './flows/call.ts';
import { marked } from './marks.ts';
import { fromAgent, fromCustomer, overtakenBy } from './messages.ts';
import { begin, beginNext, open } from './opening.ts';
import type { Decision } from './routing.ts';
import { Runs } from './runs.ts';
import { freeze, thaw } from './snapshot.ts';
import { contactOf, SYSTEM, type Contact, type ConversationState } from './state.ts';
import { Step } from './step.ts';
import { isReady, runOf } from './versions.ts';
import type { World } from './world.ts';

export type ConversationCommand =
  /** `seen`: the newest sequence that an agent saw when they wrote, null if nobody asked. */
  | {
    type: 'say'; who: Who; device: string; cmid: string; kind: 'message' | 'note'; text: string; channel: string | null;
    seen: number | null;
    /** BCP 47, of a customer whose device or browser says so. */
    language?: string | undefined;
  }
  /** An agent begins a conversation with this contact, and has its ticket. */
  | {
    type: 'reach'; who: Who; contact: Contact; text: string; cmid: string; device: string; channel: string;
    /** The contact's, as they are known. */
    fields: Fields;
  }
  | Act
  | { type: 'mark'; who: Who; delivered: number; read: number; n: number }
  | { type: 'gone'; who: Who; reason: 'left' | 'offline' }
  | { type: 'timer'; owner: string; id: string; gen: number }
  /** The person `was` turned out to be `contact`. */
  | { type: 'contact'; was: string; contact: Contact; from: string; n: number }
  /** The contact's fields as they are now, after every `conversation` that it hears, and when `changed` of them have. */
  | (FieldsTold & { from: string; n: number })
  | Called
  | Decision
  | { type: 'effectDone'; n: number };

/** Commands without a line that are remembered: far more than one client has under way. */
const IDLE_MAX = 16;

/** Whether some flow may look at what is said. */
const looksOn = ({ runs }: ConversationState, { shelf }: World): boolean => runs.length > 0 || shelf.live.length > 0;

type Known = ConversationState | undefined;
type Of<T extends ConversationCommand['type']> = Extract<ConversationCommand, { type: T }>;

const refuse = (refused: Refused, detail = ''): Refusal => ({ refused, detail });

/** Whether this person may read and write here. The same answer for "missing" and "not yours". */
export function mayEnter(state: ConversationState, who: Who): boolean {
  if (who.role !== 'customer') return true;
  return state.contact.id === who.id || (who.formerly?.includes(state.contact.id) ?? false);
}

/** Whether a run could not go on, should it have to; what concerns no flow is taken all the same. */
function lacksVersion(state: ConversationState, { type }: ConversationCommand, { shelf }: World): boolean {
  return type !== 'mark' && type !== 'effectDone' && !isReady(state, shelf);
}

/** @param worldOf what a conversation may know of its workspace now. */
export function conversation(worldOf: (workspace: string) => World): Kind<ConversationState> {
  const around = (id: string): World => worldOf(id.split('/')[1] ?? '');

  /** What has happened reaches the flows, in the same step. */
  function settled(step: Step, at: number, reply: Partial<Reply> = {}): Stepped<ConversationState> {
    const { happened, state } = step;
    if (happened.length === 0) return step.done(reply);
    const world = worldOf(state.workspace);
    if (looksOn(state, world)) new Runs(step, at, world).settle();
    return step.done(reply);
  }

  function say(id: string, state: Known, command: Of<'say'>, at: number, known?: Line): Stepped<ConversationState> {
    const { who, cmid, kind, text } = command;
    if (state === undefined && (who.role !== 'customer' || kind !== 'message')) return refuse('notFound');
    if (state !== undefined && !mayEnter(state, who)) return refuse('notFound');
    if (known !== undefined) {
      // A customer may have signed in since they said it; that it is their conversation is proven.
      const same = known.kind === kind && known.body.text === text && known.author.role === who.role
        && (who.role === 'customer' || known.author.id === who.id);
      return same && state !== undefined
        ? { state, lines: [], reply: { seq: known.seq, n: known.n, at: known.at, repeated: true } }
        : refuse('idReused');
    }
    if (kind === 'note' && who.role !== 'agent') return refuse('forbidden', 'notes are written by agents');
    const closed = state?.ticket.value === 'closed';
    if (closed && who.role === 'agent' && kind === 'message') return refuse('ticketClosed');
    const overtaken = kind === 'message' && who.role === 'agent' ? overtakenBy(state, who, command.seen, at) : undefined;
    if (overtaken !== undefined) return refuse('superseded', overtaken);

    const { channel, language } = command;
    const first = { contact: who, fields: fieldsOfLocale(language ?? ''), text, channel: channel ?? 'web', inbound: true, language };
    const step = state === undefined ? begin(id, first, at, around(id)) : new Step(id, state, at);
    step.remember(command.device, cmid);
    if (kind === 'note') {
      step.note(who, text, cmid);
      return step.done();
    }
    if (closed) beginNext(step, who, text, at, around(id));
    if (who.role === 'agent') return settled(step, at, fromAgent(step, who, text, cmid, at));
    return settled(step, at, fromCustomer(step, who, text, cmid, at, looksOn(step.state, around(id))));
  }

  function reach(id: string, state: Known, command: Of<'reach'>, at: number, known?: Line): Stepped<ConversationState> {
    const { who, contact, fields, text, cmid, device, channel } = command;
    if (who.role !== 'agent') return refuse('forbidden', 'agents reach out to contacts');
    if (state !== undefined) {
      return known?.cmid === cmid && known.author.id === who.id
        ? { state, lines: [], reply: { seq: known.seq, n: known.n, at: known.at, repeated: true } }
        : refuse('idReused', 'this conversation has begun already');
    }
    const step = begin(id, { contact, fields, text, channel, inbound: false, language: undefined }, at, around(id));
    step.remember(device, cmid);
    return settled(step, at, fromAgent(step, who, text, cmid, at));
  }

  function act(id: string, state: Known, command: Of<'act'>, at: number, known?: Line): Stepped<ConversationState> {
    const { who, cmid } = command;
    if (state === undefined || !mayEnter(state, who)) return refuse('notFound');
    if (known !== undefined || state.idle.includes(cmid)) {
      return { state, lines: [], reply: { seq: known?.seq ?? 0, n: 0, at: known?.at ?? at, repeated: true } };
    }
    const step = new Step(id, state, at);
    step.set({ unprompted: 0 });
    const runs = new Runs(step, at, around(id));
    const refused = perform(step, command, at, runs);
    if (refused !== undefined) return refused;
    runs.settle();
    step.remember(command.device, cmid);
    // One that had nothing to change, or of which only flows had something to say, leaves no line to know it by.
    if (!step.lines.some((line) => line.cmid === cmid)) step.set({ idle: [...state.idle, cmid].slice(-IDLE_MAX) });
    return step.done();
  }

  function mark(id: string, state: Known, command: Of<'mark'>, at: number): Stepped<ConversationState> {
    if (state === undefined || !mayEnter(state, command.who)) return refuse('notFound');
    const step = new Step(id, state, at);
    const marks = marked(state, command.who, command);
    if (marks !== state.marks) step.set({ marks });
    return step.done();
  }

  function adopt(id: string, state: Known, command: Of<'contact'>, at: number): Stepped<ConversationState> {
    if (state === undefined) return refuse('notFound');
    const step = new Step(id, state, at);
    if ((state.taken[command.from] ?? 0) >= command.n) return step.done({ repeated: true });
    step.set({ taken: { ...state.taken, [command.from]: command.n } });
    // Whoever owns it by now keeps it.
    if (state.contact.id !== command.was) return step.done();
    step.set({ contact: command.contact });
    step.tellContact();
    return step.done();
  }

  function learn(id: string, state: Known, command: Of<'fields'>, at: number): Stepped<ConversationState> {
    if (state === undefined) return refuse('notFound');
    const step = new Step(id, state, at);
    if ((state.taken[command.from] ?? 0) >= command.n) return step.done({ repeated: true });
    // What a visitor was known to be is nothing of the person whom they turned out to be: that one tells it anew.
    if (command.from !== contactOf(state)) return step.done();
    const fields = told(command, state);
    const names = differing(state.fields, fields);
    // Nearly always it is what was known.
    if (!state.opening && names.length === 0) return step.done();
    step.set({ taken: { ...state.taken, [command.from]: command.n }, fields });
    for (const name of names) if (command.changed.includes(name)) step.happened.push({ type: 'field', name });
    if (state.opening) open(step);
    return settled(step, at);
  }

  /** What came of an HTTP request, once: whoever has let go of it already hears nothing. */
  function called(id: string, state: Known, { n, outcome }: Called, at: number): Stepped<ConversationState> {
    if (state === undefined) return refuse('notFound');
    const step = new Step(id, state, at);
    const run = state.runs.find(({ call }) => call === n);
    step.release(n);
    if (run === undefined) return step.done();
    const runs = new Runs(step, at, around(id));
    runs.hear(run.id, 'values' in outcome ? { type: 'answered', values: outcome.values } : { type: 'unanswered', why: outcome.why });
    runs.settle();
    return step.done();
  }

  function fire(id: string, state: Known, command: Of<'timer'>, at: number): Stepped<ConversationState> {
    if (state === undefined) return refuse('notFound');
    const step = new Step(id, state, at);
    const timer = state.timers.find((t) => t.owner === command.owner && t.id === command.id && t.gen === command.gen);
    // Cancelled, fired already, or armed anew for later: a ring is only ever a hint.
    if (timer === undefined || timer.at > at) return step.done();
    step.set({ timers: state.timers.filter((t) => t !== timer) });
    const run = runOf(timer);
    if (run !== undefined) {
      const runs = new Runs(step, at, around(id));
      runs.hear(run, { type: timer.event as `xstate.${string}` });
      runs.settle();
      return step.done();
    }
    // XState's own name for the delayed event; the machine takes it as it would from a live clock.
    const event = { type: timer.event, at, spokeAt: state.spokeAt } as never;
    switch (timer.owner) {
      case 'snooze': step.wake(); break;
      case 'opening': open(step); break;
      case 'ticket': step.ticket(event, SYSTEM); break;
      default: step.session(event);
    }
    return settled(step, at);
  }

  return {
    prefix: 'c',
    step(id, state, anyCommand, at, known) {
      const command = anyCommand as ConversationCommand;
      if (state !== undefined && state.runs.length > 0 && lacksVersion(state, command, around(id))) {
        return refuse('overloaded', 'the flows that run here are not known yet');
      }
      switch (command.type) {
        case 'say': return say(id, state, command, at, known);
        case 'act': return act(id, state, command, at, known);
        case 'mark': return mark(id, state, command, at);
        case 'reach': return reach(id, state, command, at, known);
        case 'fields': return learn(id, state, command, at);
        case 'called': return called(id, state, command, at);
        case 'timer': return fire(id, state, command, at);
        case 'contact': return adopt(id, state, command, at);
        case 'assign': case 'requeue': case 'place': {
          if (state === undefined) return refuse('notFound');
          const step = new Step(id, state, at);
          return decide(step, command, at) ? settled(step, at) : step.done({ repeated: true });
        }
        case 'gone': {
          if (state === undefined || !mayEnter(state, command.who)) return refuse('notFound');
          const step = new Step(id, state, at);
          step.session({ type: 'customer.gone', at, spokeAt: state.spokeAt, reason: command.reason });
          return settled(step, at);
        }
        case 'effectDone': {
          if (state === undefined) return refuse('notFound');
          const step = new Step(id, state, at);
          step.release(command.n);
          return step.done();
        }
        default: throw new Error(`a conversation does not take ${String((command satisfies never as ActorCommand).type)}`);
      }
    },
    mayRepeat(state, anyCommand) {
      const command = anyCommand as ConversationCommand;
      if (state === undefined || (command.type !== 'say' && command.type !== 'act' && command.type !== 'reach')) return undefined;
      const newest = state.devices[command.device] ?? state.floor;
      return command.cmid <= newest ? command.cmid : undefined;
    },
    freeze, thaw,
  };
}
