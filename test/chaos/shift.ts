/**
 * A shift at the desk: customers write, agents work, and the gateway is killed with `kill -9` again and again. In the end
 * what everybody was told is held against a cold read of the log.
 */
import { Turn } from '../bench/wire.ts';
import { visitorToken } from '../bench/peer.ts';
import { between, chanceOf, type Chance } from './chance.ts';
import { killAll } from './child.ts';
import { Clerk } from './clerk.ts';
import { readStanding } from './cold.ts';
import { gate, type Gate } from './gate.ts';
import { agentToken, Gateway } from './gateway.ts';
import { inspect, type Done, type Findings } from './inspector.ts';
import { Line, type Station } from './line.ts';

export interface ShiftPlan {
  /** An empty one, which whoever asked for the shift removes. */
  folder: string;
  conversations: number;
  agents: number;
  kills: number;
  seed: number;
  /** Without an end by then it fails and says what is left. */
  deadlineMs: number;
  say(line: string): void;
}

export interface Outcome extends Findings {
  /** Acts answered, and refused ones of them. */
  acts: number;
  refused: number;
  damage: readonly string[];
  seconds: number;
}

/** Fewer places than conversations: most of them wait. */
const PLACES = 2;
const TEAMS = ['support', 'returns'];
const OFFER_MS = 1_000;
const GRACE_MS = 1_000;
/** Customers write about so long one after the other; each says at most so much. */
const ARRIVAL_MS = 200;
const WORDS_MAX = 3;
/** Of agents, for each conversation: somebody accepts it, somebody solves it. */
const ACTS_LEAST = 2;
/** So long, at most, after its number of agents' acts a kill comes; or so long after a start. */
const WAIT_MS = 60;
const EARLY = 0.25;
const START_MS = 700;
const WAITING = 2;

export async function shift(plan: ShiftPlan): Promise<Outcome> {
  try {
    return await new Shift(plan).run();
  } finally {
    await killAll();
  }
}

class Shift {
  readonly #plan: ShiftPlan;
  readonly #chance: Chance;
  readonly #told: Done[] = [];
  readonly #faults = new Set<string>();
  readonly #lines: Line[] = [];
  readonly #clerks: Clerk[] = [];
  readonly #failure: Promise<never>;
  #fail: (error: unknown) => void = () => {};
  /** Whoever waits for the gateway to be back waits at the same gate, also when it dies again before. */
  #serves: Gate = gate();
  #looks: (() => void)[] = [];
  #waiting: number | undefined;

  constructor(plan: ShiftPlan) {
    this.#plan = plan;
    this.#chance = chanceOf(plan.seed);
    this.#failure = new Promise((_, reject) => (this.#fail = reject));
    this.#failure.catch(() => {});
  }

  async run(): Promise<Outcome> {
    const timer = setTimeout(() => this.#fail(new Error(this.#left)), this.#plan.deadlineMs);
    try {
      return await Promise.race([this.#run(), this.#failure]);
    } finally {
      clearTimeout(timer);
      for (const line of this.#lines) line.close();
    }
  }

  async #run(): Promise<Outcome> {
    const begun = Date.now();
    const { folder, agents, say } = this.#plan;
    const names = Array.from({ length: agents }, (_, nth) => `agent${nth}`);
    const gateway = await Gateway.make(folder, (how) => this.#fail(new Error(how)), undefined, {
      teams: TEAMS.map((id) => ({ id, name: id, offerMs: OFFER_MS })),
      agents: names.map((id, nth) => ({ id, name: id, right: nth === 0 ? 'admin' : 'agent', teams: TEAMS })),
      capacity: { messaging: PLACES }, routing: { graceMs: GRACE_MS }, style: 'chat',
    });
    const station: Station = {
      port: gateway.port, turn: new Turn(), up: () => this.#serves.promise, failed: (error) => this.#fail(error),
    };
    await this.#serve(gateway);
    for (const [nth, name] of names.entries()) this.#employ(station, name, `a_${names[(nth + 1) % agents]}`);
    await Promise.all([this.#arrive(station), this.#kill(gateway)]);
    say(`All have written and the last kill is over, after ${(Date.now() - begun) / 1000} s.`);

    await this.#finish();
    await gateway.stop();
    const { conversations, damage } = await readStanding(gateway.log);
    const found = inspect(this.#told, conversations);
    return {
      ...found, faults: [...this.#faults, ...found.faults], damage, seconds: (Date.now() - begun) / 1000,
      acts: this.#told.length, refused: this.#told.filter(({ answer }) => !answer.done).length,
    };
  }

  #employ(station: Station, name: string, next: string): void {
    const line = new Line(station, () => agentToken(name));
    this.#lines.push(line);
    this.#clerks.push(new Clerk({
      line, name, next, teams: TEAMS, limit: PLACES, chance: this.#chance,
      done: (done) => this.#heard(done), fault: (what) => void this.#faults.add(what), moved: () => this.#look(),
    }));
  }

  /** Resolves when all customers have said all, and it is acknowledged. */
  async #arrive(station: Station): Promise<void> {
    const said: Promise<void>[] = [];
    for (let nth = 0; nth < this.#plan.conversations; nth++) {
      await passing(between(this.#chance, 0, ARRIVAL_MS));
      const line = new Line(station, (device) => visitorToken(station.port, device));
      this.#lines.push(line);
      said.push(this.#write(line, `customer${nth}`, between(this.#chance, 1, WORDS_MAX)));
    }
    await Promise.all(said);
  }

  async #write(line: Line, name: string, words: number): Promise<void> {
    const conversation = line.nextId();
    for (let nth = 1; nth <= words; nth++) {
      const id = line.nextId();
      const text = `${name} says ${nth}`;
      const answer = await line.ask({ t: 'send', cmid: id, conversation, kind: 'message', text, channel: 'web', seen: null });
      this.#heard({ agent: name, name: 'write', conversation, id, to: '', answer });
      await passing(between(this.#chance, 0, ARRIVAL_MS));
    }
  }

  async #kill(gateway: Gateway): Promise<void> {
    const { kills, conversations, say } = this.#plan;
    const most = conversations * ACTS_LEAST;
    const moments = Array.from({ length: kills }, () => Math.floor((0.02 + 0.9 * this.#chance()) * most)).sort((a, b) => a - b);
    for (const [nth, at] of moments.entries()) {
      const early = nth > 0 && this.#chance() < EARLY;
      const wait = between(this.#chance, 0, early ? START_MS : WAIT_MS);
      if (!early) {
        if (nth > 0) await this.#serve(gateway, false);
        await this.#until(() => this.#acted >= at);
      }
      await passing(wait);
      if (this.#serves.open) this.#serves = gate();
      await gateway.kill();
      const moment = early ? `${wait} ms after a start` : `${wait} ms after ${at} acts`;
      say(`Kill ${nth + 1} of ${kills}: ${moment}, ${this.#acted} by now.`);
      gateway.start();
    }
    await this.#serve(gateway, false);
  }

  async #serve(gateway: Gateway, start = true): Promise<void> {
    if (start) gateway.start();
    await gateway.ready();
    this.#serves.resolve();
  }

  /** Nobody lets anything lapse any more, until nobody waits. */
  async #finish(): Promise<void> {
    const [line] = this.#lines;
    if (line === undefined) throw new Error('Nobody works.');
    let wid = WAITING;
    const hear = line.hear;
    line.hear = (told) => {
      if (told.t === 'listed' && told.wid === wid) {
        this.#waiting = told.total;
        for (const clerk of this.#clerks) clerk.resting = told.total === 0;
      }
      hear(told);
    };
    const greeted = line.greeted;
    const watch = (limit: number): void => line.say({ t: 'watch', wid, list: 'unassigned', sort: 'newest', limit, since: null });
    const count = (): void => {
      watch(0);
      wid += 1;
      watch(1);
    };
    line.greeted = () => {
      greeted();
      count();
    };
    for (const clerk of this.#clerks) clerk.settleDown();
    const over = (): boolean => this.#waiting === 0 && this.#clerks.every(({ quiet }) => quiet);
    do {
      count();
      await this.#until(over);
      // What was handed over last may be known to whom it left, and not yet to whoever counts: so it is counted once more.
      this.#waiting = undefined;
      count();
      await this.#until(() => this.#waiting !== undefined);
    } while (!over());
  }

  /** What agents have done so far. */
  get #acted(): number {
    return this.#told.filter(({ name }) => name !== 'write').length;
  }

  #heard(done: Done): void {
    this.#told.push(done);
    this.#look();
  }

  /** Looks again at each answer, and at each word to an agent. */
  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#looks.push(resolve));
  }

  #look(): void {
    for (const look of this.#looks.splice(0)) look();
  }

  get #left(): string {
    const open = this.#lines.filter(({ quiet }) => !quiet).length;
    const what = `No end after ${this.#plan.deadlineMs} ms: ${this.#told.length} answers, ${open} clients without one`;
    return `${what}, ${this.#waiting ?? 'nobody knows how many'} conversations wait. ${[...this.#faults].join('; ')}`;
  }
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
