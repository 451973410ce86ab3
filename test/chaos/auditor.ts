/**
 * Holds what flows did to conversations against the rules of the nudge and the VIP flow, written down here once more and in
 * another way; and what they got from outside against what the CRM knows to have answered. Pure.
 */
import type { Line } from '../../machines/actor.ts';

/** Said by the flows of the run, each but once for its reason. */
export const WORDS = {
  question: 'What is your e-mail address?', retry: 'That is no e-mail address. Which one is it?', thanks: 'Thank you, one moment.',
  person: 'A colleague will help you.', welcome: 'Welcome, dear VIP.', reminder: 'Are you still there?', last: 'We close this now.',
} as const;
/** Notes of the VIP flow: what the CRM answered, that it did not, that nobody gave an address. */
export const NOTES = { answer: 'The CRM answers ', failure: 'The CRM could not say', unknown: 'The customer gave no e-mail' } as const;
export const DELAYS = { remindMs: 6_000, answerMs: 2_500, askMs: 4_000 } as const;
const RETRIES = 3;
/** An answer that has come is applied, or asked for again, long before this. */
const FORGOTTEN_MS = 5_000;

/** A request as the CRM has it. `status` 0: it has not answered. */
export interface Asked {
  key: string;
  email: string;
  /** Of its answer, and of no other. */
  nonce: string;
  vip: boolean;
  status: number;
  /** When it came, and when it was answered, 0 for not at all. */
  at: number;
  answeredAt: number;
}

export interface Kept {
  lines: readonly Line[];
  /** What its customer has been told stands. */
  said: number;
  email: string;
  state: { runs?: readonly unknown[]; timers?: readonly { owner: string }[]; outbox?: readonly unknown[]; team?: string; fields?: Readonly<Record<string, string>> };
}

export interface Audit {
  /** In sentences; empty when all is well. */
  faults: string[];
  conversations: number;
  tickets: number;
  reminders: number;
  closed: number;
  /** HTTP requests that flows made up their minds to send; results that were applied, of answers and of failures. */
  calls: number;
  answers: number;
  failures: number;
  /** Calls that were under way when their conversation was closed or an agent took over. */
  cutShort: number;
  /** Requests that the CRM had seen before. */
  repeated: number;
  /** At most so long after its time a reminder or a close came. */
  latestMs: number;
}

/** How one ticket stands, as far as both flows are concerned. */
interface Ticket {
  nudge: { at: 'none' | 'silent' | 'reminded' | 'lastSaid' | 'closed'; since: number };
  vip: 'begun' | 'asked' | 'looking' | 'decided' | 'over';
  /** Since when it waits for the CRM. */
  looksSince: number;
  invalid: number;
  /** What must be said next, in the step of the answer. */
  expected: string | undefined;
  vipCustomer: boolean;
}

export function audit(kept: ReadonlyMap<string, Kept>, asked: readonly Asked[]): Audit {
  const found: Audit = {
    faults: [], conversations: kept.size, tickets: 0, reminders: 0, closed: 0, calls: 0, answers: 0, failures: 0, cutShort: 0,
    repeated: asked.length - new Set(asked.map(({ key }) => key)).size, latestMs: 0,
  };
  const byNonce = new Map(asked.map((one) => [one.nonce, one]));
  /** Keys whose answer has been applied. */
  const applied = new Set<string>();
  const byEmail = new Map<string, Asked[]>();
  for (const one of asked) byEmail.set(one.email, [...byEmail.get(one.email) ?? [], one]);
  for (const [conversation, one] of kept) {
    const walk = new Walk(conversation, one, found, byNonce, applied);
    for (const line of one.lines) walk.take(line);
    walk.end();
    const own = byEmail.get(one.email) ?? [];
    for (const { since, until } of walk.cut) {
      const tries = own.filter(({ at }) => at >= since && at <= until);
      const answered = tries.find(({ status, answeredAt }) => status === 200 && answeredAt < until - FORGOTTEN_MS);
      if (tries.length === 0) found.faults.push(`${conversation} was closed while it waited for an answer, and the CRM was never asked`);
      if (answered !== undefined) found.faults.push(`${conversation} was closed while it waited, and the answer ${answered.nonce} had come long before`);
    }
    const keys = new Set(own.map(({ key }) => key)).size;
    if (keys > walk.calls) found.faults.push(`${conversation} made ${walk.calls} calls, and the CRM saw ${keys} keys for it`);
    found.calls += walk.calls;
  }
  return found;
}

class Walk {
  calls = 0;
  /** Calls that were under way when the ticket was closed. */
  readonly cut: { since: number; until: number }[] = [];
  readonly #where: string;
  readonly #kept: Kept;
  readonly #found: Audit;
  readonly #byNonce: ReadonlyMap<string, Asked>;
  readonly #applied: Set<string>;
  #ticket: Ticket | undefined;
  #said = 0;
  #known = false;

  constructor(conversation: string, kept: Kept, found: Audit, byNonce: ReadonlyMap<string, Asked>, applied: Set<string>) {
    this.#where = conversation;
    this.#kept = kept;
    this.#found = found;
    this.#byNonce = byNonce;
    this.#applied = applied;
  }

  take({ kind, author, body, at, seq }: Line): void {
    const place = `at ${seq}`;
    const text = typeof body.text === 'string' ? body.text : '';
    if (kind === 'ticket') return this.#begin(at, place);
    const ticket = this.#ticket;
    if (ticket === undefined) return this.#fault(`${kind} ${place} before any ticket`);
    if (kind === 'status' && body.status === 'closed') return this.#close(ticket, at, place);
    if (kind === 'note' && author.role === 'system') return this.#note(ticket, text, place);
    if (kind !== 'message') return;
    if (ticket.expected !== undefined && author.role !== 'system') this.#fault(`"${ticket.expected}" is not said ${place}`);
    if (author.role === 'system') return this.#flowSays(ticket, text, at, place);
    ticket.nudge = { at: 'silent', since: at };
    if (author.role === 'agent') this.#over(ticket);
    else this.#customerSays(ticket, text);
  }

  /** Everything is over, and nothing is left to be done. */
  end(): void {
    const { said, state, email } = this.#kept;
    if (this.#said !== said) this.#fault(`its customer was told that ${said} messages stand, and ${this.#said} do`);
    if (this.#ticket?.nudge.at !== 'closed') this.#fault(`it was never closed: ${this.#ticket?.nudge.at ?? 'no ticket'}`);
    if ((state.runs?.length ?? 0) > 0) this.#fault(`${state.runs?.length} runs are left on it`);
    if (state.timers?.some(({ owner }) => owner.startsWith('flow:')) === true) this.#fault('a timer of a flow is left on it');
    if ((state.outbox?.length ?? 0) > 0) this.#fault(`${state.outbox?.length} effects are left in its outbox`);
    if (this.#known && state.fields?.['email'] !== email) this.#fault(`its contact's e-mail is ${state.fields?.['email'] ?? 'missing'}`);
    if (this.#ticket?.vip === 'decided' && this.#ticket.vipCustomer !== (state.team === 'vip')) this.#fault(`it is with the team ${state.team}`);
  }

  #begin(at: number, place: string): void {
    if (this.#ticket !== undefined && this.#ticket.nudge.at !== 'closed') this.#fault(`a ticket begins ${place} while the one before it is not closed`);
    this.#ticket = { nudge: { at: 'none', since: 0 }, vip: 'begun', looksSince: 0, invalid: 0, expected: undefined, vipCustomer: false };
    this.#found.tickets += 1;
    if (this.#known) this.#look(this.#ticket, at);
  }

  #customerSays(ticket: Ticket, text: string): void {
    this.#said += 1;
    if (ticket.vip !== 'asked') return;
    if (text.includes('@')) ticket.expected = WORDS.thanks;
    else ticket.expected = ++ticket.invalid > RETRIES ? WORDS.person : WORDS.retry;
  }

  #flowSays(ticket: Ticket, text: string, at: number, place: string): void {
    const { nudge, expected } = ticket;
    if (text === WORDS.reminder) {
      if (nudge.at !== 'silent') this.#fault(`a reminder ${place} while the nudge is ${nudge.at}`);
      else this.#due(nudge.since + DELAYS.remindMs, at, place);
      this.#found.reminders += 1;
      ticket.nudge = { at: 'reminded', since: at };
    } else if (text === WORDS.last) {
      if (nudge.at !== 'reminded') this.#fault(`a last message ${place} while the nudge is ${nudge.at}`);
      else this.#due(nudge.since + DELAYS.answerMs, at, place);
      ticket.nudge = { at: 'lastSaid', since: at };
    } else if (text === WORDS.question) {
      if (ticket.vip !== 'begun') this.#fault(`a question ${place} while the VIP flow is ${ticket.vip}`);
      ticket.vip = 'asked';
    } else if (text === expected) {
      ticket.expected = undefined;
      if (text === WORDS.thanks) {
        this.#known = true;
        this.#look(ticket, at);
      }
      if (text === WORDS.person) ticket.vip = 'decided';
    } else this.#fault(`"${text}" ${place}, where ${expected === undefined ? 'nothing' : `"${expected}"`} was to be said`);
  }

  #note(ticket: Ticket, text: string, place: string): void {
    const nonce = text.startsWith(NOTES.answer) ? text.slice(NOTES.answer.length) : undefined;
    const wanted = text.startsWith(NOTES.unknown) ? 'asked' : 'looking';
    if (ticket.vip !== wanted) this.#fault(`"${text}" ${place} while the VIP flow is ${ticket.vip}`);
    ticket.vip = 'decided';
    if (text.startsWith(NOTES.failure)) this.#found.failures += 1;
    if (nonce === undefined) return;
    this.#found.answers += 1;
    const answer = this.#byNonce.get(nonce);
    if (answer === undefined || answer.status !== 200 || answer.email !== this.#kept.email) {
      return this.#fault(`the answer ${nonce} ${place} is not one that the CRM gave it`);
    }
    if (this.#applied.has(answer.key)) this.#fault(`the answer to ${answer.key} is applied again ${place}`);
    this.#applied.add(answer.key);
    ticket.vipCustomer = answer.vip;
    ticket.expected = answer.vip ? WORDS.welcome : undefined;
  }

  #close(ticket: Ticket, at: number, place: string): void {
    if (ticket.nudge.at !== 'lastSaid' || ticket.nudge.since !== at) this.#fault(`closed ${place} while the nudge is ${ticket.nudge.at}`);
    if (ticket.vip === 'begun') this.#fault(`closed ${place} before the VIP flow had done anything`);
    if (ticket.expected !== undefined) this.#fault(`"${ticket.expected}" is not said before ${place}`);
    ticket.nudge = { at: 'closed', since: at };
    if (ticket.vip === 'looking') this.cut.push({ since: ticket.looksSince, until: at });
    this.#found.closed += 1;
    this.#over(ticket);
  }

  /** Whatever the VIP flow is doing ends here. */
  #over(ticket: Ticket): void {
    if (ticket.vip === 'looking') this.#found.cutShort += 1;
    if (ticket.vip !== 'decided') ticket.vip = 'over';
  }

  #look(ticket: Ticket, at: number): void {
    ticket.vip = 'looking';
    ticket.looksSince = at;
    this.calls += 1;
  }

  #due(due: number, at: number, place: string): void {
    if (at < due) this.#fault(`${due - at} ms too early ${place}`);
    this.#found.latestMs = Math.max(this.#found.latestMs, at - due);
  }

  #fault(what: string): void {
    this.#found.faults.push(`${this.#where}: ${what}`);
  }
}
