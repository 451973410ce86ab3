/**
 * The flows on a conversation: what starts them, what they hear, and what ends them, all within the step that is under way.
 * First the ticket moves, then the runs in the order in which they began, then triggers start new ones.
 */
import type { Line } from './actor.ts';
import { requeue } from './decisions.ts';
import { carryOut, save, type Outcome, type Scene } from './errands.ts';
import { factsOf } from './facts.ts';
import { answerTo } from './flows/answer.ts';
import { holds } from './flows/conditions.ts';
import { getIn, type Get } from './flows/fields.ts';
import { DEFAULTS } from './flows/flow.ts';
import type { Compiled, FlowAct, FlowContext, FlowEvent, Published, Run } from './flows/run.ts';
import { starts, type Happening } from './happenings.ts';
import { agentOf, statusOf, SYSTEM } from './state.ts';
import type { Step } from './step.ts';
import { choose } from './style.ts';
import { armed } from './timers.ts';
import { asleep, goneOver, onAgent, ownerOf, unbegun, versionOf, wake } from './versions.ts';
import type { World } from './world.ts';

/** On one conversation. */
const RUNS_MAX = 20;
/** In one step. */
const EVENTS_MAX = 100;
const STARTS_MAX = 10;
/** While nobody says or does anything. */
const UNPROMPTED_MAX = 100;

type Bare<E> = E extends unknown ? Omit<E, 'at' | 'facts'> : never;
/** XState's own events for its delays come by their names. */
export type Heard = Bare<FlowEvent> | { type: `xstate.${string}` };
type Asked = Exclude<FlowAct, { type: 'broke' }>;

/** Why a flow does not start. `failed`: not because it does not want to, or runs already, but because it cannot. */
interface Declined {
  why: string;
  failed: boolean;
}

export class Runs {
  readonly world: World;
  readonly #step: Step;
  readonly #at: number;
  readonly #facts;
  readonly #begun = new Set<string>();
  /** Flows that ran when it came: what ends such a run does not begin it again. */
  readonly #running: ReadonlySet<string>;
  #events = 0;

  constructor(step: Step, at: number, world: World) {
    this.#step = step;
    this.#at = at;
    this.world = world;
    this.#facts = factsOf(step, world, at);
    const { runs } = step.state;
    this.#running = new Set(runs.map(({ flow }) => flow));
    if (runs.length > 0 && runs.some((run) => world.shelf.successor(run.flow, run.version) !== undefined)) {
      step.set({ runs: runs.map((run) => goneOver(run, world.shelf)) });
    }
  }

  /** Starts a flow that begins when it is called, unless something speaks against it. */
  call(flow: string): Declined | undefined {
    const published = this.#live(flow);
    if (published === undefined || !published.compiled.flow.start.some(({ on }) => on === 'called')) {
      return { why: `there is no live flow ${flow.slice(0, 40)} that starts when it is called`, failed: true };
    }
    return this.#start(published);
  }

  /** An agent ends it. */
  stop(run: Run, who: Line['author'], why: string, cmid: string | null = null): void {
    if (this.#drop(run)) this.#write(run, 'stopped', '', why, who, cmid);
  }

  /** What only one of them hears: its delay, or the answer that it waits for. */
  hear(id: number, first: Heard): void {
    for (let heard: Heard | undefined = first; heard !== undefined;) {
      const run = this.#step.state.runs.find((one) => one.id === id);
      if (run === undefined || this.#isOver()) return;
      if (++this.#events > EVENTS_MAX) return this.#break(run, '', `a flow takes at most ${EVENTS_MAX} steps at once`);
      heard = this.#advance(run, heard);
    }
  }

  /** What the step has brought so far reaches those that run, and starts others. */
  settle(): void {
    const { happened, state } = this.#step;
    if (happened.length === 0 || this.#isOver()) return;
    const heard = [...happened];
    const others = this.#askingOthers(heard);
    for (const { id } of state.runs) for (const one of heard) if (one.type !== 'message' || !others.has(id)) this.#react(id, one);
    const { live } = this.world.shelf;
    // What flows do may start others; each starts once in a step, so this ends.
    for (let i = 0; i < happened.length && live.length > 0; i++) {
      const happening = happened[i] as Happening;
      for (const published of live) if (published.compiled.flow.start.some((trigger) => starts(trigger, happening))) this.#trigger(published, happening);
    }
  }

  /**
   * Of several questions a message of the customer answers one: the first that takes it, else the first that was asked. Runs
   * that ask the others do not hear it, so that nobody is told off for the answer to another question.
   */
  #askingOthers(heard: readonly Happening[]): ReadonlySet<number> {
    const message = heard.find((one) => one.type === 'message' && one.from === 'customer');
    const asking = message?.type !== 'message' ? [] : this.#step.state.runs.flatMap((run) => {
      const compiled = this.#versionOf(run);
      const task = compiled.standsAt(wake(compiled, run));
      return task?.do === 'ask' ? [{ id: run.id, takes: answerTo(task, message.text, this.#getIn(run)) !== undefined }] : [];
    });
    const answered = asking.find(({ takes }) => takes) ?? asking[0];
    return new Set(asking.filter((one) => one !== answered).map(({ id }) => id));
  }

  #react(id: number, happening: Happening): void {
    const run = this.#step.state.runs.find((one) => one.id === id);
    if (run === undefined) return;
    const stepsIn = onAgent(this.#versionOf(run));
    if (happening.type === 'message') {
      const { from, text } = happening;
      if (from === 'customer') return this.hear(id, { type: 'customer.message', text });
      // Whoever only takes over says nothing: what waits for a silence to end goes on waiting.
      if (stepsIn !== 'restart') return this.hear(id, { type: 'agent.message' });
      this.#end(run, 'it begins anew');
      const published = this.#live(run.flow);
      if (published !== undefined) this.#start(published);
      return;
    }
    if (happening.type === 'taken' && stepsIn === 'end') this.stop(run, { role: 'agent', ...happening.by }, happening.why);
  }

  #trigger(published: Published, { type }: Happening): void {
    // Somebody has taken the ticket while the contact's fields were on their way.
    if (type === 'opened' && agentOf(this.#step.state) !== null && onAgent(published.compiled) === 'end') return;
    this.#start(published);
  }

  #start({ id, version, compiled }: Published): Declined | undefined {
    const step = this.#step;
    const same = step.state.runs.filter((run) => run.flow === id);
    const { again = DEFAULTS.again, inboundOnly = false, when } = compiled.flow;
    if (statusOf(step.state) === 'closed') return { why: 'the ticket is closed', failed: false };
    if (this.#begun.has(id) || (again === 'ignore' && (same.length > 0 || this.#running.has(id)))) return { why: 'it runs already', failed: false };
    if (inboundOnly && !step.state.inbound) return { why: 'it is only for conversations that the customer began', failed: false };
    if (when !== undefined && !holds(when, this.#facts.get, this.#at)) return { why: 'its condition does not hold', failed: false };
    const run: Run = {
      id: step.state.runCount + 1, flow: id, version, snapshot: unbegun(compiled), at: this.#at,
      routed: !compiled.routes, call: 0,
    };
    const left = step.state.runs.length - (again === 'restart' ? same.length : 0);
    const full = left >= RUNS_MAX ? `at most ${RUNS_MAX} flows run on one conversation`
      : this.#begun.size >= STARTS_MAX ? `at most ${STARTS_MAX} flows start at once`
        : step.state.unprompted >= UNPROMPTED_MAX ? 'flows have started each other again and again, and nobody has said or done anything' : undefined;
    if (full !== undefined) {
      this.#write({ ...run, id: 0 }, 'broke', '', full);
      return { why: full, failed: true };
    }
    if (again === 'restart') for (const old of same) this.#end(old, 'it begins anew');
    this.#begun.add(id);
    step.set({ runs: [...step.state.runs, run], runCount: run.id, unprompted: step.state.unprompted + 1 });
    if (compiled.routes) this.#write(run, 'began', '', '');
    this.hear(run.id, { type: 'begin' });
    return undefined;
  }

  /** One event for its machine; returns what it hears next, in the same step. */
  #advance(run: Run, heard: Heard): Heard | undefined {
    const compiled = this.#versionOf(run);
    const before = wake(compiled, run);
    const { snapshot, acts, arms } = compiled.machine.step(before, { ...heard, at: this.#at, facts: this.#facts });
    if (snapshot === before && arms.length === 0) return undefined;
    const step = this.#step;
    if (run.call !== 0) step.release(run.call);
    const next = this.#change(run, { snapshot: asleep(snapshot), call: 0 });
    step.set({ timers: armed(step.state.timers, ownerOf(run), arms, this.#at) });
    let answer: Heard | undefined;
    for (const act of acts as unknown as readonly FlowAct[]) {
      if (act.type === 'broke') this.#break(next, act.params.step, act.params.why);
      else answer = this.#answer(next, act, compiled);
    }
    if (snapshot.status === 'done') this.#end(next, '');
    return answer;
  }

  /** Carries out what the machine asks for. */
  #answer(run: Run, act: Asked, compiled: Compiled): Heard | undefined {
    const { why, waits, call, routed } = this.#carryOut(run, act, compiled);
    if (call !== undefined) this.#change(run, { call });
    if (routed) this.#change(run, { routed });
    if (waits) return undefined;
    return why === undefined ? { type: 'done' } : { type: 'failed', why };
  }

  #carryOut(run: Run, act: Asked, compiled: Compiled): Outcome {
    const scene: Scene = { step: this.#step, world: this.world, at: this.#at, flow: compiled.flow, get: this.#getIn(run) };
    if (act.type === 'save') return save(scene, act.params.values);
    const task = compiled.steps.get(act.params.step);
    if (task === undefined) throw new Error(`${run.flow} ${run.version} asks for a step that it has not: ${act.params.step}`);
    if (task.do !== 'run') return carryOut(task, act.params.again, scene);
    const declined = this.call(task.flow);
    return declined?.failed === true ? { why: declined.why } : {};
  }

  #getIn({ snapshot }: Run): Get {
    return getIn({ context: snapshot.context as FlowContext, event: { type: 'begin', at: this.#at, facts: this.#facts } });
  }

  /** A step failed without a branch for that: whoever waited for it goes to a person. */
  #break(run: Run, at: string, why: string): void {
    this.#drop(run);
    this.#write(run, 'broke', at, why);
    const { state } = this.#step;
    if (run.routed || statusOf(state) !== 'new') return;
    const { channel, contact: { identified }, said } = state;
    const { team, requires, prefers } = choose(this.world.styles, { channel, identified, text: said });
    requeue(this.#step, team, SYSTEM, this.#at);
    this.#step.set({ requires, prefers, by: null });
  }

  #end(run: Run, why: string): void {
    if (this.#drop(run) && this.#versionOf(run).routes) this.#write(run, 'ended', '', why);
  }

  /** With its timers, and the request whose answer nobody waits for any more. */
  #drop({ id, call }: Run): boolean {
    const { runs, timers } = this.#step.state;
    const left = runs.filter((run) => run.id !== id);
    if (left.length === runs.length) return false;
    const owner = ownerOf({ id });
    this.#step.set({ runs: left, timers: timers.filter((timer) => timer.owner !== owner) });
    if (call !== 0) this.#step.release(call);
    return true;
  }

  /** A Closed ticket has none. */
  #isOver(): boolean {
    if (statusOf(this.#step.state) !== 'closed') return false;
    for (const run of this.#step.state.runs) this.#end(run, 'the ticket is closed');
    return true;
  }

  #live(flow: string): Published | undefined {
    return this.world.shelf.live.find(({ id }) => id === flow);
  }

  #versionOf(run: Run): Compiled {
    return versionOf(run, this.world.shelf);
  }

  #change(run: Run, change: Partial<Run>): Run {
    const changed = { ...run, ...change };
    this.#step.set({ runs: this.#step.state.runs.map((one) => (one.id === run.id ? changed : one)) });
    return changed;
  }

  #write({ id, flow, version }: Run, what: string, step: string, why: string, who: Line['author'] = SYSTEM, cmid: string | null = null): void {
    const { name } = this.world.shelf.at(flow, version)?.flow ?? { name: flow };
    this.#step.write('flow', 'agents', who, { run: id, flow, name, what, step, why }, cmid);
  }
}
