/**
 * What people do to a conversation beside saying something: every command by its name, and who may use it.
 */
import type { Refusal, Refused, Who } from './actor.ts';
import { requeue } from './decisions.ts';
import type { Runs } from './runs.ts';
import { agentOf, statusOf } from './state.ts';
import type { Step } from './step.ts';
import { sameTags, TAGS_ARE, tagsOf } from './tags.ts';

export interface Act {
  type: 'act';
  who: Who;
  device: string;
  cmid: string;
  name: string;
  args: Readonly<Record<string, unknown>>;
}

type Perform = (step: Step, act: Act, at: number, runs: Runs) => Refusal | undefined;

interface Command {
  by: readonly Who['role'][];
  /** Whether it may still be done to a Closed ticket. */
  whenClosed?: true;
  perform: Perform;
}

const SNOOZE_MAX_MS = 365 * 24 * 3_600_000;

/** A status that an agent may set by hand, and the ticket's event for it. */
const BY_HAND: Readonly<Record<string, 'agent.open' | 'agent.pending' | 'agent.hold' | 'agent.solve'>> = {
  open: 'agent.open', pending: 'agent.pending', onHold: 'agent.hold', solved: 'agent.solve',
};
const UNSOLVED = ['new', 'open', 'pending', 'onHold'];

export const COMMANDS: Readonly<Record<string, Command>> = {
  accept: { by: ['agent'], perform: accept },
  status: { by: ['agent'], perform: setStatus },
  end: { by: ['customer', 'agent'], whenClosed: true, perform: end },
  unassign: { by: ['agent'], perform: unassign },
  team: { by: ['agent'], perform: setTeam },
  priority: { by: ['agent'], perform: setPriority },
  tags: { by: ['agent'], whenClosed: true, perform: setTags },
  snooze: { by: ['agent'], perform: snooze },
  run: { by: ['agent'], perform: run },
  stopRun: { by: ['agent'], perform: stopRun },
};
/** For whoever asked for another. */
export const THERE_ARE = `there are ${Object.keys(COMMANDS).join(', ')}`;

/** Returns what speaks against it, if anything; then nothing has happened. */
export function perform(step: Step, act: Act, at: number, runs: Runs): Refusal | undefined {
  const command = Object.hasOwn(COMMANDS, act.name) ? COMMANDS[act.name] : undefined;
  if (command === undefined) return refuse('unknownCommand', THERE_ARE);
  if (!command.by.includes(act.who.role)) return refuse('forbidden', 'agents act on tickets');
  if (statusOf(step.state) === 'closed' && command.whenClosed !== true) return refuse('ticketClosed');
  return command.perform(step, act, at, runs);
}

/** `expect`: whom the agent saw having it, null for nobody. Who has it already may take it whatever they saw. */
function accept(step: Step, { who, cmid, args: { expect } }: Act, at: number): Refusal | undefined {
  const has = agentOf(step.state);
  if (expect !== undefined && expect !== null && typeof expect !== 'string') {
    return refuse('invalid', 'args.expect is an agent\'s id or null');
  }
  if (expect !== undefined && has?.id !== who.id && (has?.id ?? null) !== expect) {
    return refuse('conflict', has === null ? 'nobody has it now' : `${has.name} has it now`);
  }
  const agent = { id: who.id, name: who.name };
  if (step.ticket({ type: 'agent.accept', at, agent }, who, cmid)) step.happened.push({ type: 'taken', by: agent, why: `${who.name} has accepted the ticket` });
  return undefined;
}

function setStatus(step: Step, { who, cmid, args }: Act, at: number): Refusal | undefined {
  const status = statusOf(step.state);
  const event = typeof args.status === 'string' ? BY_HAND[args.status] : undefined;
  if (event === undefined) return refuse('invalid', 'args.status is one of open, pending, onHold, solved');
  const agent = { id: who.id, name: who.name };
  if (status === args.status || step.ticket({ type: event, at, agent }, who, cmid)) return undefined;
  return refuse('wrongStatus', status === 'new' ? 'the ticket is New: accept it first' : `the ticket is ${status}`);
}

function end(step: Step, { who, cmid }: Act, at: number): Refusal | undefined {
  const by = who.role === 'agent' ? 'agent' : 'customer';
  step.session({ type: 'session.end', at, spokeAt: step.state.spokeAt, by }, who, cmid);
  return undefined;
}

function unassign(step: Step, { who, cmid }: Act, at: number): Refusal | undefined {
  if (!isUnsolved(step)) return refuse('wrongStatus', `the ticket is ${statusOf(step.state)}`);
  requeue(step, null, who, at, cmid);
  return undefined;
}

function setTeam(step: Step, { who, cmid, args: { team } }: Act, at: number, { world: { styles } }: Runs): Refusal | undefined {
  if (typeof team !== 'string' || !styles.teams.includes(team)) {
    return refuse('invalid', 'args.team is the id of a team of this workspace');
  }
  if (!isUnsolved(step)) return refuse('wrongStatus', `the ticket is ${statusOf(step.state)}`);
  requeue(step, team, who, at, cmid);
  // Now a person has said to whom it goes.
  step.happened.push({ type: 'taken', by: { id: who.id, name: who.name }, why: `${who.name} has sent the ticket to a team` });
  return undefined;
}

function setPriority(step: Step, { who, cmid, args: { priority } }: Act): Refusal | undefined {
  if (priority !== 0 && priority !== 1 && priority !== 2 && priority !== 3) {
    return refuse('invalid', 'args.priority is 0 (urgent), 1 (high), 2 (normal) or 3 (low)');
  }
  if (priority === step.state.priority) return undefined;
  step.set({ priority });
  step.write('priority', 'agents', who, { priority, ticket: step.state.number }, cmid);
  return undefined;
}

/** `expect`: the tags that the agent saw, in any order; whoever changed them meanwhile is not overwritten. */
function setTags(step: Step, { who, cmid, args: { tags: wanted, expect } }: Act): Refusal | undefined {
  const tags = tagsOf(wanted);
  if (tags === undefined) {
    return refuse('invalid', `args.tags is ${TAGS_ARE}`);
  }
  const { tags: have, number } = step.state;
  if (expect !== undefined) {
    const seen = tagsOf(expect);
    if (seen === undefined) return refuse('invalid', 'args.expect is the list of tags seen');
    // Who wants what is there already has nobody against them.
    if (!sameTags(seen, have) && !sameTags(tags, have)) return refuse('conflict', 'its tags have changed meanwhile');
  }
  if (sameTags(tags, have)) return undefined;
  step.set({ tags });
  step.write('tags', 'agents', who, { tags, ticket: number }, cmid);
  return undefined;
}

function snooze(step: Step, { who, cmid, args: { until } }: Act, at: number): Refusal | undefined {
  if (until === 0) {
    step.wake(who, cmid);
    return undefined;
  }
  if (typeof until !== 'number' || !Number.isInteger(until) || until <= at || until > at + SNOOZE_MAX_MS) {
    return refuse('invalid', 'args.until is a time to come, at most a year ahead, in milliseconds since 1970; 0 ends it');
  }
  if (!isUnsolved(step)) return refuse('wrongStatus', `the ticket is ${statusOf(step.state)}`);
  step.snooze(until, who, cmid);
  return undefined;
}

/** A live flow that starts when it is called. */
function run(_: Step, { args: { flow } }: Act, __: number, runs: Runs): Refusal | undefined {
  if (typeof flow !== 'string') return refuse('invalid', 'args.flow is the id of a flow');
  const declined = runs.call(flow);
  return declined === undefined ? undefined : refuse('conflict', declined.why);
}

function stopRun(step: Step, { who, cmid, args }: Act, _: number, runs: Runs): Refusal | undefined {
  const under = step.state.runs.find(({ id }) => id === args.run);
  if (under === undefined) return refuse('conflict', 'it does not run any more: args.run is the number of a run');
  runs.stop(under, who, '', cmid);
  return undefined;
}

function isUnsolved({ state }: Step): boolean {
  return UNSOLVED.includes(statusOf(state));
}

function refuse(refused: Refused, detail = ''): Refusal {
  return { refused, detail };
}
