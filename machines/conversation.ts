/**
 * A conversation: its current ticket and session, beside each other, and what the log gains from each step.
 *
 * One pure reducer. It never sees a socket, a clock or a store; commands carry what the gateway has established.
 */
import type { ActorCommand, Kind, Line, Refusal, Refused, Stepped, Who } from './actor.ts';
import { perform, type Act } from './acts.ts';
import { decide } from './decisions.ts';
import type { Decision } from './routing.ts';
import { session } from './session.ts';
import { freeze, thaw } from './snapshot.ts';
import { Step, SYSTEM, type Contact, type ConversationState, type Marked } from './step.ts';
import { choose, type Styles } from './style.ts';
import { ticket } from './ticket.ts';
import { armed } from './timers.ts';

export type ConversationCommand =
  /** `seen`: the newest sequence that an agent saw when they wrote, null if nobody asked. */
  | {
    type: 'say'; who: Who; device: string; cmid: string; kind: 'message' | 'note'; text: string; channel: string | null;
    seen: number | null;
  }
  | Act
  | { type: 'mark'; who: Who; delivered: number; read: number; n: number }
  | { type: 'gone'; who: Who; reason: 'left' | 'offline' }
  | { type: 'timer'; owner: string; id: string; gen: number }
  /** The person `was` turned out to be `contact`. */
  | { type: 'contact'; was: string; contact: Contact; from: string; n: number }
  | Decision
  /** What is known of the contact now. */
  | { type: 'fields'; fields: Readonly<Record<string, string>>; changed: readonly string[]; from: string; n: number }
  | { type: 'effectDone'; n: number };

const MARKS_MAX = 64;
/** Commands without a line that are remembered: far more than one client has under way. */
const IDLE_MAX = 16;
const PREVIEW_CHARS = 120;

/** Never half of a character that takes two units: what is not well-formed cannot be told. */
const beginning = (text: string): string => text.slice(0, PREVIEW_CHARS).replace(/[\ud800-\udbff]$/, '');

type Known = ConversationState | undefined;
type Of<T extends ConversationCommand['type']> = Extract<ConversationCommand, { type: T }>;

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

/** @param stylesOf the styles of a workspace, as its settings say now; a running ticket keeps the ones it began with. */
export function conversation(stylesOf: (workspace: string) => Styles): Kind<ConversationState> {
  /** A ticket and its session as they begin, as the rules choose now. */
  function fresh(workspace: string, channel: string, who: Who, text: string, at: number) {
    const { policy, ...routing } = choose(stylesOf(workspace), { channel, identified: who.identified, text });
    const opened = ticket.start({ policy });
    const joined = session.start({ silenceMs: policy.silenceMs });
    const timers = armed(armed([], 'ticket', opened.arms, at), 'session', joined.arms, at);
    return {
      ticket: opened.snapshot, session: joined.snapshot, timers, ...routing, tags: [], since: at, answeredAt: 0, mentions: [],
      place: null, waitingSince: 0, snoozed: null,
    };
  }

  function begin(id: string, who: Who, text: string, channel: string, at: number): Step {
    const workspace = id.split('/')[1] ?? '';
    const step = new Step(id, {
      v: 2, workspace, channel, contact: { id: who.id, name: who.name, identified: who.identified }, epoch: 1, seq: 0, publicSeq: 0,
      customerMessages: 0, agentMessages: 0, number: 1, ...fresh(workspace, channel, who, text, at), lastReply: null,
      spokeAt: at, at, preview: '', marks: [], devices: {}, floor: '', idle: [], outbox: [], effects: 0, taken: {},
    }, at, true);
    const { style } = step.state.ticket.context.policy;
    step.write('ticket', 'everyone', SYSTEM, { ticket: 1, style, previous: 0 });
    step.tellContact();
    return step;
  }

  /** Closed is final: the next word of the customer begins another ticket, routed and styled afresh. */
  function beginNext(step: Step, who: Who, text: string, at: number): void {
    const { workspace, channel, number } = step.state;
    step.set({ number: number + 1, ...fresh(workspace, channel, who, text, at) });
    const { style } = step.state.ticket.context.policy;
    step.write('ticket', 'everyone', SYSTEM, { ticket: number + 1, style, previous: number });
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

    const step = state === undefined ? begin(id, who, text, command.channel ?? 'web', at) : new Step(id, state, at);
    step.remember(command.device, cmid);
    if (kind === 'note') {
      step.note(who, text, cmid);
      return step.done();
    }
    if (closed) beginNext(step, who, text, at);
    const seq = step.state.seq + 1;
    const preview = beginning(text);
    let n: number;
    if (who.role === 'agent') {
      const agent = { id: who.id, name: who.name };
      n = step.state.agentMessages + 1;
      const answeredAt = step.state.answeredAt || at;
      step.set({ agentMessages: n, at, preview, waitingSince: 0, answeredAt, lastReply: { seq, at, agent } });
      step.write('message', 'everyone', who, { text }, cmid, n);
      step.ticket({ type: 'agent.message', at, agent }, who);
    } else {
      n = step.state.customerMessages + 1;
      step.set({ customerMessages: n, at, preview, spokeAt: at, waitingSince: step.state.waitingSince || at });
      step.write('message', 'everyone', who, { text }, cmid, n);
      step.wake();
      step.ticket({ type: 'customer.message', at }, who);
      step.session({ type: 'customer.message', at, spokeAt: at });
    }
    return step.done({ seq, n });
  }

  function act(id: string, state: Known, command: Of<'act'>, at: number, known?: Line): Stepped<ConversationState> {
    const { who, cmid } = command;
    if (state === undefined || !mayEnter(state, who)) return refuse('notFound');
    if (known !== undefined || state.idle.includes(cmid)) {
      return { state, lines: [], reply: { seq: known?.seq ?? 0, n: 0, at: known?.at ?? at, repeated: true } };
    }
    const step = new Step(id, state, at);
    const refused = perform(step, command, at, stylesOf(state.workspace).teams);
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
        case 'timer': return fire(id, state, command, at);
        case 'contact': return adopt(id, state, command, at);
        case 'fields': return state === undefined ? refuse('notFound') : new Step(id, state, at).done();
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
          const left = state.outbox.filter((effect) => effect.n !== command.n);
          if (left.length < state.outbox.length) step.set({ outbox: left });
          return step.done();
        }
        default: throw new Error(`a conversation does not take ${String((command satisfies never as ActorCommand).type)}`);
      }
    },
    mayRepeat(state, anyCommand) {
      const command = anyCommand as ConversationCommand;
      if (state === undefined || (command.type !== 'say' && command.type !== 'act')) return undefined;
      const newest = state.devices[command.device] ?? state.floor;
      return command.cmid <= newest ? command.cmid : undefined;
    },
    freeze, thaw,
  };
}
