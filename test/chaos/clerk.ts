/**
 * An agent of the chaos run: accepts, declines, lets lapse, answers, hands over, solves and goes away as chance has it,
 * and looks at every word of the desk and of the lists that reaches the screen.
 */
import { CODES } from '../../sdk/protocol/codes.ts';
import type { Told } from '../../sdk/protocol/frames.ts';
import { between, type Chance } from './chance.ts';
import type { Done } from './inspector.ts';
import { Line, type Answer } from './line.ts';

export interface ClerkParts {
  line: Line;
  /** As the token has it. */
  name: string;
  /** The id of the colleague to whom it hands over. Going round, nothing comes back before the lists know that it went. */
  next: string;
  teams: readonly string[];
  limit: number;
  chance: Chance;
  /** Whatever was answered. */
  done(done: Done): void;
  /** What must never be seen. */
  fault(what: string): void;
  /** Something was told. */
  moved(): void;
}

type Deed = 'solve' | 'reply' | 'toAgent' | 'toTeam' | 'away' | 'leave';

export const MINE = 1;
const HANDLING_MS = 150;
/** Longer than an agent may be without a connection. */
const ABSENCE_MS = 2_000;
/** Of each deed, with which chance it is this one or one before it. */
const DEEDS: readonly (readonly [Deed, number])[] = [
  ['solve', 0.3], ['reply', 0.4], ['toAgent', 0.65], ['toTeam', 0.88], ['away', 0.94], ['leave', 1],
];
const ALLOWED: Readonly<Record<string, readonly number[]>> = {
  accept: [CODES.offerGone.code], decline: [CODES.offerGone.code], handOver: [CODES.noCapacity.code],
};

export class Clerk {
  readonly #parts: ClerkParts;
  readonly #decided = new Set<number>();
  #offers: readonly { offer: number; conversation: string }[] = [];
  #calm = false;
  #resting = false;
  readonly #mine = new Set<string>();
  readonly #busy = new Set<string>();
  /** Passed on, while the list does not know it yet. */
  readonly #passed = new Set<string>();

  constructor(parts: ClerkParts) {
    this.#parts = parts;
    const { line } = parts;
    line.greeted = () => line.say({ t: 'watch', wid: MINE, list: 'mine', sort: 'newest', limit: 100, since: null });
    line.hear = (told) => this.#hear(told);
  }

  get id(): string {
    return `a_${this.#parts.name}`;
  }

  /** From now on everything is accepted, also what was to lapse, and nothing is handed over. */
  settleDown(): void {
    this.#calm = true;
    for (const { offer, conversation } of this.#offers) this.#decide('accept', conversation, offer);
  }

  /** What is held is kept. */
  set resting(resting: boolean) {
    this.#resting = resting;
    this.#goOn();
  }

  /** Nothing that it did is under way. */
  get quiet(): boolean {
    return this.#parts.line.quiet && this.#passed.size === 0;
  }

  #hear(told: Told): void {
    if (told.t === 'desk') this.#desk(told);
    if (told.t === 'listed' && told.wid === MINE) this.#listed(told);
    this.#parts.moved();
  }

  #desk({ lanes, offers }: Extract<Told, { t: 'desk' }>): void {
    const { name, chance, fault } = this.#parts;
    for (const [group, held, limit] of lanes) {
      if (held > limit) fault(`${name} holds ${held} of ${limit} in ${group}`);
    }
    this.#offers = offers;
    for (const { offer, conversation } of offers) {
      if (this.#decided.has(offer)) continue;
      this.#decided.add(offer);
      const roll = this.#calm ? 0 : chance();
      // A quarter of them lapses.
      if (roll < 0.75) this.#soon(() => this.#decide(roll < 0.6 ? 'accept' : 'decline', conversation, offer));
    }
  }

  /** What the list still shows from before is not taken again: nobody could tell the one from the other. */
  #decide(what: 'accept' | 'decline', conversation: string, offer: number): void {
    const name = this.#passed.has(conversation) ? 'decline' : what;
    const id = this.#parts.line.nextId();
    void this.#parts.line.ask({ t: 'act', id, name, args: { conversation, offer } }).then((answer) => this.#heard(name, conversation, id, '', answer));
  }

  #listed({ reset, rows, gone }: Extract<Told, { t: 'listed' }>): void {
    const { name, limit, fault } = this.#parts;
    if (reset) this.#mine.clear();
    for (const id of gone) this.#mine.delete(id);
    for (const { conversation, assignee, status } of rows) {
      if (assignee?.id !== this.id) fault(`${name} has ${conversation} in Mine, which is with ${assignee?.id ?? 'nobody'}`);
      if (status === 'open') this.#mine.add(conversation);
    }
    for (const id of this.#passed) if (!this.#mine.has(id) && !this.#busy.has(id)) this.#passed.delete(id);
    const held = [...this.#mine].filter((id) => !this.#passed.has(id));
    if (held.length > limit) fault(`${name} has ${held.length} of ${limit} in Mine`);
    this.#goOn();
  }

  #goOn(): void {
    if (this.#resting) return;
    for (const id of this.#mine) if (!this.#passed.has(id) && !this.#busy.has(id)) this.#work(id);
  }

  /** One thing after the other is done to a conversation. */
  #work(conversation: string): void {
    this.#busy.add(conversation);
    this.#soon(() => {
      if (this.#resting || !this.#mine.has(conversation)) return void this.#busy.delete(conversation);
      void this.#handle(conversation).finally(() => {
        this.#busy.delete(conversation);
        if (!this.#mine.has(conversation)) this.#passed.delete(conversation);
        this.#goOn();
        this.#parts.moved();
      });
    });
  }

  async #handle(conversation: string): Promise<void> {
    const { line, name, chance, next, teams } = this.#parts;
    const roll = chance();
    const what = this.#calm ? 'solve' : DEEDS.find(([, upTo]) => roll < upTo)?.[0];
    const id = line.nextId();
    if (what === 'leave') return line.leave(between(chance, 0, ABSENCE_MS));
    if (what === 'away') {
      await this.#status('away');
      await new Promise((resolve) => setTimeout(resolve, between(chance, 0, ABSENCE_MS)));
      return this.#status('online');
    }
    if (what === 'reply') {
      const said = { t: 'send', cmid: id, conversation, kind: 'message', text: `${name} answers ${id}`, channel: null, seen: null } as const;
      return this.#heard('reply', conversation, id, '', await line.ask(said));
    }
    this.#passed.add(conversation);
    if (what === 'solve') {
      const command = { t: 'command', id, conversation, name: 'status', args: { status: 'solved' } } as const;
      return this.#heard('solve', conversation, id, '', await line.ask(command));
    }
    const team = teams[between(chance, 0, teams.length - 1)] ?? '';
    const to: Record<string, string> = what === 'toAgent' ? { agent: next } : { team };
    const args = { conversation, ...to, note: `${name} hands over ${id}` };
    const answer = await line.ask({ t: 'act', id, name: 'handOver', args });
    if (!answer.done) this.#passed.delete(conversation);
    this.#heard('handOver', conversation, id, to['agent'] ?? '', answer);
  }

  async #status(status: 'online' | 'away'): Promise<void> {
    const id = this.#parts.line.nextId();
    this.#heard('status', '', id, '', await this.#parts.line.ask({ t: 'act', id, name: 'status', args: { status } }));
  }

  #heard(name: Done['name'], conversation: string, id: string, to: string, answer: Answer): void {
    const { done, fault } = this.#parts;
    if (!answer.done && ALLOWED[name]?.includes(answer.code) !== true) {
      fault(`${this.id}: ${name} of ${conversation} was refused with ${answer.code}: ${answer.detail}`);
    }
    done({ agent: this.id, name, conversation, id, to, answer });
  }

  #soon(act: () => void): void {
    setTimeout(act, between(this.#parts.chance, 0, HANDLING_MS));
  }
}
