/**
 * A conversation: its current ticket and session, beside each other, and what the log gains from each step.
 *
 * One pure reducer. It never sees a socket, a clock or a store; commands carry what the gateway has established.
 */
import type { ActorCommand, Kind, Line, Refusal, Refused, Stepped, Who } from './actor.ts';
import { perform, type Act } from './acts.ts';
import type { FieldsTold } from './contact.ts';
import { differing, told } from './copy.ts';
import { decide } from './decisions.ts';
import type { Called } from './flows/call.ts';
import { begin, beginNext } from './opening.ts';
import type { Decision } from './routing.ts';
import { freeze, thaw } from './snapshot.ts';
import { Step, SYSTEM, type Contact, type ConversationState, type Marked } from './step.ts';
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
  | { type: 'reach'; who: Who; contact: Contact; text: string; cmid: string; device: string; channel: string }
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

const MARKS_MAX = 64;
/** Commands without a line that are remembered: far more than one client has under way. */
const IDLE_MAX = 16;
const PREVIEW_CHARS = 120;

/** Never half of a character that takes two units: what is not well-formed cannot be told. */
const beginning = (text: string): string => text.slice(0, PREVIEW_CHARS).replace(/[\ud800-\udbff]$/, '');

type Known = ConversationState | undefined;
type Of<T extends ConversationCommand['type']> = Extract<ConversationCommand, { type: T }>;

/** An agent's word to the customer. */
function answer(step: Step, who: Who, text: string, cmid: string, at: number): { seq: number; n: number } {
  const agent = { id: who.id, name: who.name };
  const seq = step.state.seq + 1;
  const n = step.state.agentMessages + 1;
  const answeredAt = step.state.answeredAt || at;
  step.set({ agentMessages: n, at, preview: beginning(text), waitingSince: 0, answeredAt, lastReply: { seq, at, agent } });
  step.write('message', 'everyone', who, { text }, cmid, n);
  step.ticket({ type: 'agent.message', at, agent }, who);
  return { seq, n };
}

const refuse = (refused: Refused, detail = ''): Refusal => ({ refused, detail });

/** Whether this person may read and write here. The same answer for "missing" and "not yours". */
export function mayEnter(state: ConversationState, who: Who): boolean {
  if (who.role !== 'customer') return true;
  return state.contact.id === who.id || (who.formerly?.includes(state.contact.id) ?? false);
}

/** Which colleague answered after what this agent saw, in words for them. */
function overtakenBy(state: Known, who: Who, seen: number | null, at: number): string | undefined {
  const last = state?.lastReply ?? null;
  if (seen === null || last === null || last.agent.id === who.id || last.seq <= seen) return undefined;
  return `${last.agent.name} answered ${Math.max(Math.round((at - last.at) / 1000), 0)} s ago`;
}

/** @param worldOf what a conversation may know of its workspace now. */
export function conversation(worldOf: (workspace: string) => World): Kind<ConversationState> {
  const around = (id: string): World => worldOf(id.split('/')[1] ?? '');

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

    const first = { contact: who, text, channel: command.channel ?? 'web', inbound: true, language: command.language };
    const step = state === undefined ? begin(id, first, at, around(id)) : new Step(id, state, at);
    step.remember(command.device, cmid);
    if (kind === 'note') {
      step.note(who, text, cmid);
      return step.done();
    }
    if (closed) beginNext(step, who, text, at, around(id));
    if (who.role === 'agent') return step.done(answer(step, who, text, cmid, at));
    const seq = step.state.seq + 1;
    const n = step.state.customerMessages + 1;
    step.set({ customerMessages: n, at, preview: beginning(text), spokeAt: at, waitingSince: step.state.waitingSince || at });
    step.write('message', 'everyone', who, { text }, cmid, n);
    step.wake();
    step.ticket({ type: 'customer.message', at }, who);
    step.session({ type: 'customer.message', at, spokeAt: at });
    return step.done({ seq, n });
  }

  function reach(id: string, state: Known, command: Of<'reach'>, at: number, known?: Line): Stepped<ConversationState> {
    const { who, contact, text, cmid, device, channel } = command;
    if (who.role !== 'agent') return refuse('forbidden', 'agents reach out to contacts');
    if (state !== undefined) {
      return known?.cmid === cmid && known.author.id === who.id
        ? { state, lines: [], reply: { seq: known.seq, n: known.n, at: known.at, repeated: true } }
        : refuse('idReused', 'this conversation has begun already');
    }
    const step = begin(id, { contact, text, channel, inbound: false, language: undefined }, at, around(id));
    step.remember(device, cmid);
    return step.done(answer(step, who, text, cmid, at));
  }

  function act(id: string, state: Known, command: Of<'act'>, at: number, known?: Line): Stepped<ConversationState> {
    const { who, cmid } = command;
    if (state === undefined || !mayEnter(state, who)) return refuse('notFound');
    if (known !== undefined || state.idle.includes(cmid)) {
      return { state, lines: [], reply: { seq: known?.seq ?? 0, n: 0, at: known?.at ?? at, repeated: true } };
    }
    const step = new Step(id, state, at);
    const refused = perform(step, command, at, around(id));
    if (refused !== undefined) return refused;
    step.remember(command.device, cmid);
    // One that had nothing to change leaves no line to know it by.
    if (step.lines.length === 0) step.set({ idle: [...state.idle, cmid].slice(-IDLE_MAX) });
    return step.done();
  }

  function mark(id: string, state: Known, command: Of<'mark'>, at: number): Stepped<ConversationState> {
    const { who } = command;
    if (state === undefined || !mayEnter(state, who)) return refuse('notFound');
    const role = who.role === 'agent' ? 'agent' : 'customer';
    const head = role === 'agent' ? state.seq : state.publicSeq;
    const said = role === 'agent' ? state.customerMessages : state.agentMessages;
    const old = state.marks.find((m) => m.person === who.id) ?? { person: who.id, role, delivered: 0, read: 0, n: 0 };
    const read = Math.max(old.read, Math.min(command.read, head));
    const next: Marked = {
      person: who.id, role, read, delivered: Math.max(old.delivered, read, Math.min(command.delivered, head)),
      n: Math.max(old.n, read === head ? said : Math.min(command.n, said)),
    };
    const step = new Step(id, state, at);
    if (next.read === old.read && next.delivered === old.delivered && next.n === old.n) return step.done();
    const others = state.marks.filter((m) => m.person !== who.id);
    step.set({ marks: [...others.slice(-(MARKS_MAX - 1)), next] });
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
    const fields = told(command, state);
    // Nearly always it is what was known.
    if (!state.opening && differing(state.fields, fields).length === 0) return step.done();
    step.set({ taken: { ...state.taken, [command.from]: command.n }, fields, opening: false });
    return step.done();
  }

  /** What came of an HTTP request, once: whoever has let go of it already hears nothing. */
  function called(id: string, state: Known, command: Called, at: number): Stepped<ConversationState> {
    if (state === undefined) return refuse('notFound');
    const step = new Step(id, state, at);
    step.release(command.n);
    return step.done();
  }

  function fire(id: string, state: Known, command: Of<'timer'>, at: number): Stepped<ConversationState> {
    if (state === undefined) return refuse('notFound');
    const step = new Step(id, state, at);
    const timer = state.timers.find((t) => t.owner === command.owner && t.id === command.id && t.gen === command.gen);
    // Cancelled, fired already, or armed anew for later: a ring is only ever a hint.
    if (timer === undefined || timer.at > at) return step.done();
    step.set({ timers: state.timers.filter((t) => t !== timer) });
    if (timer.owner === 'snooze') {
      step.wake();
      return step.done();
    }
    // XState's own name for the delayed event; the machine takes it as it would from a live clock.
    const event = { type: timer.event, at, spokeAt: state.spokeAt } as never;
    if (timer.owner === 'ticket') step.ticket(event, SYSTEM);
    else step.session(event);
    return step.done();
  }

  return {
    prefix: 'c',
    step(id, state, anyCommand, at, known) {
      const command = anyCommand as ConversationCommand;
      switch (command.type) {
        case 'say': return say(id, state, command, at, known);
        case 'act': return act(id, state, command, at, known);
        case 'mark': return mark(id, state, command, at);
        case 'reach': return reach(id, state, command, at, known);
        case 'fields': return learn(id, state, command, at);
        case 'called': return called(id, state, command, at);
        case 'timer': return fire(id, state, command, at);
        case 'contact': return adopt(id, state, command, at);
        case 'assign': case 'requeue': case 'place':
          return state === undefined ? refuse('notFound') : decide(id, state, command, at);
        case 'gone': {
          if (state === undefined || !mayEnter(state, command.who)) return refuse('notFound');
          const step = new Step(id, state, at);
          step.session({ type: 'customer.gone', at, spokeAt: state.spokeAt, reason: command.reason });
          return step.done();
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
