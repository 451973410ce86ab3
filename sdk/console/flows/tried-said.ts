/** What happens in a trial in the words of the console, and the answers of other systems that one may want to give. Pure. */
import type { Trial } from '../../agent.ts';
import { isTree, type Tree } from '../admin/tree.ts';
import { LANGUAGE, STRINGS } from '../strings.ts';
import { priorityOf } from '../workspace.ts';
import { testsIn } from './condition.tsx';
import type { Names } from './names.ts';
import { stepName } from './said.ts';
import { allSteps, casesOf, find, stepsOf } from './steps.ts';
import { TRIAL } from './words.ts';

export type TriedLine = Trial['lines'][number];

/** Null when it goes without saying. */
export function eventSaid({ kind, text }: TriedLine, flow: Tree, names: Names): string | null {
  switch (kind) {
    case 'status': return text === 'new' ? null : STRINGS.became(wordOf(STRINGS.statuses, text));
    case 'assigned': return text === '' ? STRINGS.unassigned : STRINGS.assigned(agentSaid(names, text));
    case 'ticket': return TRIAL.events.ticket(text);
    case 'team': return STRINGS.toTeam(teamSaid(names, text));
    case 'priority': return STRINGS.priorityBecame(STRINGS.priorities[priorityOf(Number(text))]);
    case 'tags': return text === '' ? STRINGS.tagsGone : STRINGS.tagsBecame(text);
    case 'session': return sessionSaid(text);
    case 'flow': return runSaid(text, flow);
    default: return null;
  }
}

function sessionSaid(text: string): string | null {
  const [state = '', reason = ''] = text.split(' ');
  if (state === 'active') return STRINGS.session.active;
  if (state !== 'inactive' && state !== 'ended') return null;
  const words: Readonly<Record<string, string>> = STRINGS.session[state];
  return words[reason] ?? STRINGS.sessionStates[state];
}

/** What, then perhaps at which step, then perhaps why. */
function runSaid(text: string, flow: Tree): string | null {
  const [what = '', ...rest] = text.split(' ');
  const name = String(flow['name'] ?? '');
  const step = find(flow, rest[0] ?? '');
  const why = rest.slice(step ? 1 : 0).join(' ');
  switch (what) {
    case 'began': return TRIAL.events.began(name);
    case 'ended': return TRIAL.events.ended(name);
    case 'stopped': return TRIAL.events.stopped(name, why);
    case 'broke': return TRIAL.events.broke(name, step ? stepName(step.step) : '', why);
    default: return null;
  }
}

/** The trial has one agent of its own; a flow may assign another by name. */
export function agentSaid({ agents }: Names, name: string): string {
  return agents.some((agent) => agent.name === name) ? name : TRIAL.asAgent;
}

export function teamSaid({ teams }: Names, id: string): string {
  return teams.find((team) => team.id === id)?.name ?? id;
}

/** "18:04:10" today, else with the day. */
export function momentSaid(at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(LANGUAGE, {
    ...(sameDay ? {} : { weekday: 'short', day: 'numeric', month: 'short' }), hour: 'numeric', minute: '2-digit', second: '2-digit',
  }).format(at);
}

/** Places in an answer as flows name them: `$.customer.type`, `$.items[0].name`. */
const PLAIN_PATH = /^\$(?:\.[A-Za-z_]\w*|\['[^']+'\]|\[\d+\])+$/u;

/**
 * An answer from which a request step finds all that it keeps; where later steps look for a value, it is that one. Paths
 * that ask for more than one place are left out.
 */
export function exampleAnswer(flow: Tree, id: string): unknown {
  const maps = stepsOf(find(flow, id)?.step['map']);
  return maps.reduce((answer: unknown, map) => {
    const path = String(map['path'] ?? '');
    return PLAIN_PATH.test(path) ? placedAt(answer, keysOf(path), wanted(flow, String(map['save'] ?? ''))) : answer;
  }, {});
}

function keysOf(path: string): (string | number)[] {
  return [...path.matchAll(/\.(\w+)|\['([^']+)'\]|\[(\d+)\]/gu)]
    .map(([, plain, quoted, place]) => (place === undefined ? plain ?? quoted ?? '' : Number(place)));
}

function placedAt(value: unknown, [key, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (key === undefined) return to;
  if (typeof key === 'number') {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    return Array.from({ length: Math.max(list.length, key + 1) }, (_, i) => (i === key ? placedAt(list[i], rest, to) : list[i] ?? null));
  }
  const tree = isTree(value) ? value : {};
  return { ...tree, [key]: placedAt(tree[key], rest, to) };
}

/** The first value with which a branch compares what is kept there. */
function wanted(flow: Tree, field: string): unknown {
  const tests = allSteps(flow).flatMap(({ step }) => casesOf(step).flatMap((one) => testsIn(one['when']).tests));
  const test = tests.find((one) => one['field'] === field && ['equal', 'in', 'greater'].includes(String(one['is'])));
  const value = Array.isArray(test?.['value']) ? test['value'][0] as unknown : test?.['value'];
  return value ?? 'example';
}

function wordOf(table: Readonly<Record<string, string>>, key: string): string {
  return table[key] ?? key;
}
