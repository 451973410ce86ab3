/**
 * A trial under way: the real conversation and the real contact between one customer and one agent, who hear each other at
 * once, and whose time stands still unless it is moved.
 */
import type { ActorState, Line, Stepped, Who } from '../actor.ts';
import { contact, type ContactCommand, type ContactState } from '../contact.ts';
import { conversation, type ConversationCommand } from '../conversation.ts';
import { runsShown } from '../shown.ts';
import { agentOf, statusOf, type ConversationState } from '../state.ts';
import { earliest } from '../timers.ts';
import type { World } from '../world.ts';
import { outsideOf, type Call, type Called } from './call.ts';
import { stepsOf, type Json } from './flow.ts';
import type { Compiled, Published, Shelf } from './run.ts';
import type { Asked, Move, Start, Trial, Tried } from './trial.ts';

/** Nobody waits longer in a trial than a year. */
const PASS_MAX_MS = 366 * 24 * 3_600_000;
/** All timers that fire in a trial, and its lines: far more than anybody reads. */
const RINGS_MAX = 1_000;
const LINES_MAX = 2_000;
/** What actors say to each other after one move: far more than they do. */
const WORDS_MAX = 10_000;

const ID = 'c/trial/01J00000000000000000000000';
const AGENT: Who = { role: 'agent', id: 'a_trial', name: 'Agent', identified: true };

export class Rehearsal {
  readonly #tried: Tried;
  readonly #start: Start;
  readonly #customer: Who;
  readonly #shelf: Shelf;
  readonly #conversation: ReturnType<typeof conversation>;
  readonly #contact: ReturnType<typeof contact>;
  readonly #lines: Line[] = [];
  readonly #calls: (Asked & { n: number; map: Call['map'] })[] = [];
  #at: number;
  #ids = 0;
  #rings = 0;
  #state: ConversationState | undefined;
  #person: ContactState | undefined;
  #refused: string | null = null;

  constructor(tried: Tried, start: Start) {
    this.#tried = tried;
    this.#start = start;
    this.#at = start.at ?? tried.now;
    const { identified = false, fields = {}, waiting, available } = start;
    this.#customer = { role: 'customer', id: identified ? 'u_trial' : 'v_trial', name: identified ? 'Customer' : 'Visitor', identified };
    this.#shelf = shelfOf(tried);
    const world: World = { ...tried.world, shelf: this.#shelf };
    if (waiting !== undefined) world.waiting = () => waiting;
    if (available !== undefined) world.available = () => available;
    this.#conversation = conversation(() => world);
    this.#contact = contact(() => world.fields);
    if (Object.keys(fields).length === 0) return;
    this.#refused = this.#tellContact({ type: 'set', fields, ifMissing: false, who: this.#customer });
  }

  /** What speaks against it, null if nothing: then it has been made. */
  move(move: Move): string | null {
    if (this.#refused !== null) return this.#refused;
    if (this.#lines.length > LINES_MAX) return `a trial has at most ${LINES_MAX} lines: begin another`;
    const refused = this.#make(move);
    this.#settle();
    return refused;
  }

  /** Anything else that an agent can do to a ticket, by the command's name. */
  act(name: string, args: Readonly<Record<string, unknown>> = {}, who: Who = AGENT): string | null {
    const refused = this.#tell({ type: 'act', who, device: who.id, cmid: this.#cmid(), name, args });
    this.#settle();
    return refused;
  }

  /** Fields of the contact, as the customer's own page sets them, or an agent. */
  set(fields: Readonly<Record<string, string>>, by: 'customer' | 'agent' = 'customer'): string | null {
    const refused = this.#tellContact({ type: 'set', fields, ifMissing: false, who: by === 'customer' ? this.#customer : AGENT });
    this.#settle();
    return refused;
  }

  result(refused: string | null): Trial {
    const state = this.#state;
    return {
      at: this.#at,
      lines: this.#lines.map(({ at, kind, author: { role, name }, body }) => ({
        at, kind, author: { role, name }, text: said(kind, body), choices: (body.choices ?? []) as string[],
      })),
      runs: this.#rows(),
      calls: this.#calls.map(({ step, method, url, headers, body, answered }) => ({ step, method, url, headers, body, answered })),
      fields: this.#person?.fields ?? {},
      ticket: state === undefined ? { status: 'none', team: '', agent: null, priority: 2, tags: [] } : {
        status: statusOf(state), team: state.team, agent: agentOf(state)?.name ?? null, priority: state.priority, tags: state.tags,
      },
      refused: refused ?? this.#refused,
    };
  }

  #make(move: Move): string | null {
    const { channel = 'web', language } = this.#start;
    switch (move.do) {
      case 'customer': {
        const { text } = move;
        return this.#tell({
          type: 'say', who: this.#customer, device: 'customer', cmid: this.#cmid(), kind: 'message', text, channel, language, seen: null,
        }) ?? this.#call();
      }
      case 'agent': {
        const { text } = move;
        const word = { who: AGENT, device: AGENT.id, cmid: this.#cmid(), text, channel };
        return this.#tell(this.#state === undefined ? { type: 'reach', ...word, contact: this.#customer, fields: this.#person?.fields ?? {} }
          : { type: 'say', ...word, kind: 'message', seen: null });
      }
      case 'accept': return this.act('accept');
      case 'solve': return this.act('status', { status: 'solved' });
      case 'leave': return this.#tell({ type: 'gone', who: this.#customer, reason: 'left' });
      case 'answer': return this.#answer({ status: move.status, body: move.body });
      case 'noAnswer': return this.#answer('noAnswer');
      case 'pass': return this.#pass(move.ms);
      default: return move satisfies never;
    }
  }

  /** One that only starts when it is called is called once the customer has spoken. */
  #call(): string | null {
    this.#settle();
    const { id, compiled } = this.#tried;
    if (this.#state?.runCount !== 0 || compiled.flow.start.some(({ on }) => on !== 'called')) return null;
    return this.act('run', { flow: id });
  }

  #pass(ms: number): string | null {
    if (!Number.isInteger(ms) || ms < 0 || ms > PASS_MAX_MS) return 'time passes by whole milliseconds, at most a year at once';
    const end = this.#at + ms;
    for (;;) {
      const timer = this.#state === undefined ? undefined : earliest(this.#state.timers);
      if (timer === undefined || timer.at > end) break;
      if (++this.#rings > RINGS_MAX) return `more than ${RINGS_MAX} delays have gone by in this trial: look whether the flow turns in circles`;
      this.#at = Math.max(this.#at, timer.at);
      this.#tell({ type: 'timer', owner: timer.owner, id: timer.id, gen: timer.gen });
      this.#settle();
    }
    this.#at = end;
    return null;
  }

  #answer(answer: 'noAnswer' | { status: number; body: Json }): string | null {
    const call = this.#calls.find(({ answered }) => answered === null);
    if (call === undefined) return 'nobody waits for an answer over HTTP';
    call.answered = answer;
    return this.#tell({ type: 'called', n: call.n, outcome: this.#outcome(call.map, answer) });
  }

  #outcome(map: Call['map'], answer: 'noAnswer' | { status: number; body: Json }): Called['outcome'] {
    if (answer === 'noAnswer') return { why: 'nobody answered' };
    const { status, body } = answer;
    return status >= 200 && status < 300 ? this.#tried.read(map, body) : { why: `the answer was ${status}` };
  }

  #tell(command: ConversationCommand): string | null {
    const stepped = this.#conversation.step(ID, this.#state, command, this.#at);
    if ('refused' in stepped) return wordsOf(stepped);
    this.#state = stepped.state;
    this.#lines.push(...stepped.lines);
    return null;
  }

  #tellContact(command: ContactCommand): string | null {
    const stepped = this.#contact.step(this.#contactId, this.#person, command, this.#at);
    if ('refused' in stepped) return wordsOf(stepped);
    this.#person = stepped.state;
    return null;
  }

  #rows(): ReturnType<typeof runsShown> {
    return this.#state === undefined ? [] : runsShown(this.#state, this.#shelf);
  }

  get #contactId(): string {
    return `p/trial/${this.#customer.id}`;
  }

  /** Conversation and contact hear each other until both are silent; requests wait for an answer, the desk hears nothing. */
  #settle(): void {
    for (let words = 0; words < WORDS_MAX; words++) {
      const own = this.#state?.outbox.find(({ to }) => to !== OUTSIDE);
      const theirs = this.#person?.outbox[0];
      if (own !== undefined) {
        if (own.to === this.#contactId) this.#tellContact({ ...own.command, from: ID, n: own.n } as unknown as ContactCommand);
        this.#tell({ type: 'effectDone', n: own.n });
      } else if (theirs !== undefined) {
        if (theirs.to === ID) this.#tell({ ...theirs.command, from: this.#contactId, n: theirs.n } as unknown as ConversationCommand);
        this.#tellContact({ type: 'effectDone', n: theirs.n });
      } else break;
    }
    this.#collect();
  }

  /** Requests that wait now, and those that nobody waits for any more. */
  #collect(): void {
    const waiting = this.#state?.outbox.filter(({ to }) => to === OUTSIDE) ?? [];
    for (const call of this.#calls) {
      if (call.answered === null && !waiting.some(({ n }) => n === call.n)) call.answered = 'dropped';
    }
    for (const { n, command } of waiting.filter((effect) => !this.#calls.some((call) => call.n === effect.n))) {
      const { method, url, headers, body, map } = command as Call;
      const run = this.#state?.runs.find(({ call }) => call === n)?.id;
      const step = this.#rows().find((row) => row.run === run)?.step ?? '';
      this.#calls.push({
        n, map, step, method, url, body, headers: headers.map(({ name, value }) => ({ name, value: value.map(inWords).join('') })),
        answered: null,
      });
    }
  }

  /** As a client's ids are: each higher than the one before. */
  #cmid(): string {
    return `01J0${String(++this.#ids).padStart(22, '0')}`;
  }
}

const OUTSIDE = outsideOf('trial', ID.slice(ID.lastIndexOf('/') + 1));

/** The draft, and beside it what it runs itself, which starts on nothing else here. */
function shelfOf({ id, compiled, world: { shelf } }: Tried): Shelf {
  const named = stepsOf(compiled.flow.steps).flatMap((step) => (step.do === 'run' ? [step.flow] : []));
  const called = (one: Compiled): Compiled => ({ ...one, flow: { ...one.flow, start: one.flow.start.filter(({ on }) => on === 'called') } });
  const others = shelf.live.filter((published) => published.id !== id && named.includes(published.id))
    .map((published): Published => ({ ...published, compiled: called(published.compiled) }));
  const live = [...others, { id, version: 1, compiled }].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    live, successor: () => undefined,
    at: (flow, version) => live.find((published) => published.id === flow && published.version === version)?.compiled,
  };
}

function wordsOf({ refused, detail }: Extract<Stepped<ActorState>, { refused: unknown }>): string {
  return detail === '' ? refused : detail;
}

function inWords(part: string | { secret: string }): string {
  return typeof part === 'string' ? part : `{{secrets.${part.secret}}}`;
}

/** What a line says, in short. */
function said(kind: string, body: Line['body']): string {
  switch (kind) {
    case 'assigned': return (body.agent as { name: string } | null)?.name ?? '';
    case 'session': return `${String(body.state)} ${String(body.reason)}`;
    case 'tags': return (body.tags as string[]).join(', ');
    case 'routing': return String(body.state);
    case 'flow': return [body.what, body.step, body.why].filter((part) => part !== '').join(' ');
    default: return String(body.text ?? body.status ?? body.team ?? body.priority ?? body.until ?? body.ticket ?? '');
  }
}
