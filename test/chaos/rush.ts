/**
 * A rush of customers through flows: each is asked for an e-mail address and looked up in a CRM, and reminded and closed
 * when they fall silent, while the gateway is killed with `kill -9` again and again. In the end a cold read of the log is
 * held against the rules of the flows and against what the CRM has answered.
 */
import { TEMPLATES } from '../../machines/flows/templates.ts';
import type { Flow, Step } from '../../machines/flows/flow.ts';
import { visitorToken } from '../bench/peer.ts';
import { publish } from '../bench/publish.ts';
import { Turn } from '../bench/wire.ts';
import { audit, DELAYS, NOTES, WORDS, type Audit, type Kept } from './auditor.ts';
import { between, chanceOf, type Chance } from './chance.ts';
import { killAll } from './child.ts';
import { readStanding } from './cold.ts';
import { Crm } from './crm.ts';
import { gate, type Gate } from './gate.ts';
import { agentToken, Gateway } from './gateway.ts';
import { Line, type Station } from './line.ts';
import { Talk } from './talk.ts';

export interface RushPlan {
  /** An empty one, which whoever asked for the rush removes. */
  folder: string;
  conversations: number;
  kills: number;
  seed: number;
  /** Without an end by then it fails and says what is left. */
  deadlineMs: number;
  say(line: string): void;
}

export interface Outcome extends Audit {
  /** Actors that still had something to carry out. */
  pending: readonly string[];
  damage: readonly string[];
  seconds: number;
}

const ADMIN = 'ada';
/** A kill comes so long after the gateway serves, or after a start. */
const LIFE_MS = { least: 500, most: 3_500 };
const EARLY = 0.25;
const START_MS = 900;
const SETTLE_MS = 1_000;
/** Customers come one after the other, over as long as kills last. */
const KILL_MS = 2_800;

export async function rush(plan: RushPlan): Promise<Outcome> {
  try {
    return await new Rush(plan).run();
  } finally {
    await killAll();
  }
}

class Rush {
  readonly #plan: RushPlan;
  readonly #chance: Chance;
  readonly #crm: Crm;
  readonly #talks: Talk[] = [];
  readonly #failure: Promise<never>;
  #fail: (error: unknown) => void = () => {};
  /** Whoever waits for the gateway to be back waits at the same gate, also when it dies again before. */
  #serves: Gate = gate();
  /** Finished conversations, as the lists count them. */
  #done = -1;
  #counted: () => void = () => {};

  constructor(plan: RushPlan) {
    this.#plan = plan;
    this.#chance = chanceOf(plan.seed);
    this.#crm = new Crm(chanceOf(plan.seed + 1));
    this.#failure = new Promise((_, reject) => (this.#fail = reject));
    this.#failure.catch(() => {});
  }

  async run(): Promise<Outcome> {
    const late = setTimeout(() => this.#fail(new Error(this.#left)), this.#plan.deadlineMs);
    try {
      return await Promise.race([this.#failure, this.#go()]);
    } finally {
      clearTimeout(late);
      this.#crm.close();
    }
  }

  async #go(): Promise<Outcome> {
    const { folder, say, conversations, kills } = this.#plan;
    const begun = Date.now();
    const port = await this.#crm.open();
    const gateway = await Gateway.make(folder, (how) => this.#fail(new Error(how)), undefined, {
      teams: ['support', 'vip'].map((id) => ({ id, name: id })), agents: [{ id: ADMIN, name: ADMIN, right: 'admin', teams: [] }],
      style: 'chat', http: { allow: [`127.0.0.1:${port}`] },
    });
    const station: Station = { port: gateway.port, turn: new Turn(), up: () => this.#serves.promise, failed: (error) => this.#fail(error) };
    await this.#serve(gateway);
    for (const [id, flow] of Object.entries(flows(port))) await publish(gateway.url, await agentToken(ADMIN), id, flow);
    const agent = new Line(station, () => agentToken(ADMIN));

    const arrivalMs = (KILL_MS * kills) / conversations;
    const visits: Promise<void>[] = [];
    const killing = this.#kill(gateway);
    for (let nth = 0; nth < conversations; nth++) {
      visits.push(this.#visit(station, agent, nth));
      await passing(between(this.#chance, 0, 2 * arrivalMs));
    }
    await Promise.all(visits);
    await killing;
    say(`All have written and the last kill is over, after ${(Date.now() - begun) / 1000} s.`);

    await this.#settle(agent);
    await gateway.stop();
    const { conversations: lines, states, pending, damage } = await readStanding(gateway.log);
    const kept = new Map(this.#talks.map(({ conversation, said, email }): [string, Kept] => {
      const state = JSON.parse(new TextDecoder().decode(states.get(conversation)) || '{}') as Kept['state'];
      return [conversation, { lines: lines.get(conversation) ?? [], said, email, state }];
    }));
    return { ...audit(kept, this.#crm.asked), pending: pending.filter((actor) => /^[cp]\//.test(actor)), damage, seconds: (Date.now() - begun) / 1000 };
  }

  /** One customer, as chance has them. */
  async #visit(station: Station, agent: Line, nth: number): Promise<void> {
    const line = new Line(station, (device) => visitorToken(station.port, device));
    const talk = new Talk(line, `customer${nth}@example.com`);
    this.#talks.push(talk);
    const roll = this.#chance();
    await talk.say('Hello, is anybody there?');
    // An agent takes it out of the flow's hands, at any moment.
    if (roll > 0.9) {
      await passing(between(this.#chance, 0, DELAYS.remindMs * 1.2));
      const reply = { t: 'send', cmid: agent.nextId(), conversation: talk.conversation, kind: 'message', text: 'I am here.', channel: null, seen: null } as const;
      await agent.ask(reply);
    }
    if (roll < 0.85 && await talk.sees(WORDS.question)) await this.#answer(talk, roll);
    // Some come back, to the reminder or after the end.
    if (roll % 0.1 < 0.02) {
      await talk.sees(roll % 0.1 < 0.01 ? WORDS.reminder : WORDS.last);
      await talk.say('I am still here.');
    }
    line.close();
  }

  async #answer(talk: Talk, roll: number): Promise<void> {
    const wrong = roll < 0.6 ? 0 : roll < 0.75 ? 1 : 4;
    for (let nth = 1; nth <= wrong; nth++) {
      await talk.say('Which one do you mean?');
      if (nth < 4 && !await talk.sees(WORDS.retry, nth)) return;
    }
    if (wrong < 4) await talk.say(talk.email);
  }

  async #kill(gateway: Gateway): Promise<void> {
    const { kills, say } = this.#plan;
    for (let nth = 1; nth <= kills; nth++) {
      const early = nth > 1 && this.#chance() < EARLY;
      if (!early && nth > 1) await this.#serve(gateway, false);
      await passing(early ? between(this.#chance, 0, START_MS) : between(this.#chance, LIFE_MS.least, LIFE_MS.most));
      if (this.#serves.open) this.#serves = gate();
      await gateway.kill();
      say(`Kill ${nth} of ${kills}${early ? ', at a start' : ''}: ${this.#talks.length} have come, the CRM was asked ${this.#crm.asked.length} times.`);
      gateway.start();
    }
    await this.#serve(gateway, false);
  }

  async #serve(gateway: Gateway, start = true): Promise<void> {
    if (start) gateway.start();
    await gateway.ready();
    this.#serves.resolve();
  }

  /** Until every conversation is closed, as an agent's list counts them. */
  async #settle(agent: Line): Promise<void> {
    let wid = 0;
    agent.hear = (told) => {
      if (told.t !== 'listed' || told.wid !== wid) return;
      this.#done = told.total;
      this.#counted();
    };
    const watch = (): void => agent.say({ t: 'watch', wid: ++wid, list: 'status:closed', sort: 'newest', limit: 1, since: null });
    agent.greeted = watch;
    // The lists lag behind the log by a moment, so it is counted twice; meanwhile outboxes are carried out.
    for (let nth = 0; nth < 2; nth++) {
      this.#done = -1;
      watch();
      while (this.#done < this.#plan.conversations) await new Promise<void>((resolve) => (this.#counted = resolve));
      await passing(SETTLE_MS);
    }
    agent.close();
  }

  get #left(): string {
    return `No end after ${this.#plan.deadlineMs} ms: ${this.#talks.length} have come, ${this.#done} are closed, the CRM was asked ${this.#crm.asked.length} times.`;
  }
}

/** The templates' flows, with delays as short as the run, and a note of what the CRM has answered. */
function flows(port: number): Record<string, Flow> {
  const made = (id: string, parameters: object): Flow => {
    const template = TEMPLATES.find((one) => one.id === id);
    if (template === undefined) throw new Error(`There is no template ${id}.`);
    return template.make(parameters);
  };
  const { reminder, last, question, retry, thanks, person, welcome } = WORDS;
  const vip = made('vip', {
    url: `http://127.0.0.1:${port}/customers?email={{contact.email}}`, timeoutMs: 1_000, httpRetries: 3, answerMs: DELAYS.askMs,
    question, retry, thanks, toPerson: person, welcome,
  });
  const noted = vip.steps.flatMap((step): Step[] => (step.do !== 'http' ? [step] : [
    { ...step, map: [...step.map ?? [], { path: '$.nonce', save: 'vars.nonce' }] },
    { id: 'answered', do: 'branch', cases: [{
      when: { all: [{ field: 'vars.nonce', is: 'exists' }] }, steps: [{ id: 'answer', do: 'note', text: `${NOTES.answer}{{vars.nonce}}` }],
    }] },
  ]));
  return {
    nudge: made('nudge', { remindAfterMs: DELAYS.remindMs, answerMs: DELAYS.answerMs, reminder, last, outsideHours: true, alsoWhenOurTurn: true }),
    vip: { ...vip, steps: noted },
  };
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
