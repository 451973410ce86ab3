/**
 * What a template owes to its customer, written down as a person would do it: a script that says, assigns and asks from top
 * to bottom, with a clock moved by hand. It knows nothing of flows.
 */

/** An answer, or `silence` when none came in time. */
export type Heard = string | typeof SILENCE | { status: number; body: Readonly<Record<string, string | number>> };
export const SILENCE = Symbol('silence');
/** Waits for the customer, or for somebody who was asked over HTTP, so many milliseconds. */
export type Waits = { for: 'customer' | 'answer'; ms: number };
export type Script = Generator<Waits, void, Heard>;

/** What a script does, each at its moment. */
export class Doings {
  at: number;
  readonly all: [number, string][] = [];
  readonly calls: string[] = [];
  team: string;
  readonly tags: string[] = [];
  #tagsOfEarlier = 0;

  constructor(at: number, team: string) {
    this.at = at;
    this.team = team;
  }

  say(text: string): void { this.all.push([this.at, `message ${text}`]); }
  note(): void { this.all.push([this.at, 'note']); }
  call(what: string): void { this.calls.push(what); }

  assign(team: string): void {
    if (team !== this.team) this.all.push([this.at, `team ${team}`]);
    this.team = team;
  }

  tag(tag: string): void {
    this.tags.push(tag);
    this.all.push([this.at, `tags ${this.tags.slice(this.#tagsOfEarlier).join(', ')}`]);
  }

  /** Another ticket, with nothing of the earlier one. */
  afresh(team: string): void {
    this.team = team;
    this.#tagsOfEarlier = this.tags.length;
  }
}

/** A script under way, which the customer, agents and time run into. */
export class Expected {
  readonly doings: Doings;
  readonly #begin: (doings: Doings, ticket: number) => Script | undefined;
  readonly #team: string;
  #script: Script | undefined;
  #waits: Waits | undefined;
  #due = Infinity;
  #ticket = 0;
  #closed = true;

  /** @param begin what happens when a ticket begins; undefined: nothing. @param team of a ticket that nobody has assigned. */
  constructor(at: number, team: string, begin: (doings: Doings, ticket: number) => Script | undefined) {
    this.doings = new Doings(at, team);
    this.#begin = begin;
    this.#team = team;
  }

  get waitsForAnswer(): boolean {
    return this.#waits?.for === 'answer';
  }

  get isUnderWay(): boolean {
    return this.#waits !== undefined;
  }

  customer(text: string): void {
    if (!this.#closed) {
      if (this.#waits?.for === 'customer') this.#goOn(text);
      return;
    }
    this.#closed = false;
    this.#ticket += 1;
    this.doings.afresh(this.#team);
    this.#script = this.#begin(this.doings, this.#ticket);
    // The message that began it is never its answer.
    this.#next(this.#script?.next());
  }

  answer(heard: Heard): void {
    if (this.waitsForAnswer) this.#goOn(heard);
  }

  pass(ms: number): void {
    const end = this.doings.at + ms;
    while (this.#due <= end) {
      this.doings.at = this.#due;
      this.#goOn(SILENCE);
    }
    this.doings.at = end;
  }

  /** Accepts, or replies: whatever asks or routes is over. */
  agent(): void {
    this.#next(undefined);
  }

  closed(): void {
    this.#next(undefined);
    this.#closed = true;
  }

  #goOn(heard: Heard): void {
    this.#next(this.#script?.next(heard));
  }

  #next(result: IteratorResult<Waits, void> | undefined): void {
    this.#waits = result === undefined || result.done === true ? undefined : result.value;
    this.#due = this.#waits === undefined ? Infinity : this.doings.at + this.#waits.ms;
  }
}

/** Asks until an answer is good; undefined when there are no more tries, or no time. */
export function* asks(
  doings: Doings, { question, retry, retries, ms }: { question: string; retry: string; retries: number; ms: number },
  good: (text: string) => boolean,
): Generator<Waits, { answer: string } | 'invalid' | 'silence', Heard> {
  doings.say(question);
  for (let wrong = 0; ; wrong++) {
    const heard = yield { for: 'customer', ms };
    if (typeof heard !== 'string') return 'silence';
    if (good(heard)) return { answer: heard };
    if (wrong === retries) return 'invalid';
    doings.say(retry);
  }
}
