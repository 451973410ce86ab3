/** Steps, conditions and triggers in a few words, for the tree, for lists and for who compares. Pure. */
import { span } from '../../ui/span.ts';
import type { Tree } from '../admin/tree.ts';
import { LANGUAGE, STRINGS } from '../strings.ts';
import { testsIn } from './condition.tsx';
import { fieldName, valuesOf, type Names, type Option } from './names.ts';
import { casesOf, kindOf, type InnerList } from './steps.ts';
import { sentenceIn } from './texts.tsx';
import { FLOWS } from './words.ts';

/** Made once: they are costly to make. */
const LISTS = {
  all: new Intl.ListFormat(LANGUAGE, { type: 'conjunction' }), any: new Intl.ListFormat(LANGUAGE, { type: 'disjunction' }),
};

/** What a step is called: by its writer, else by its kind. */
export function stepName(step: Tree): string {
  const kind = kindOf(step);
  const name = step['name'];
  return typeof name === 'string' && name !== '' ? name : kind === null ? FLOWS.unknownStep : FLOWS.kinds[kind];
}

/** What it does, beside its name. */
export function stepSaid(step: Tree, names: Names, language: string, fallback: string): string {
  const text = (key: string) => sentenceIn(step[key], language, fallback);
  switch (kindOf(step)) {
    case 'say': case 'ask': case 'note': return text('text');
    case 'branch': return FLOWS.caseCount(casesOf(step).length);
    case 'wait': return waitSaid(step, names);
    case 'jump': return FLOWS.jumpTo(nameIn(names.steps, step['to']));
    case 'run': return nameIn(names.flows, step['flow']);
    case 'assign': return assignSaid(step, names);
    case 'tag': return [...words(step['add']).map((one) => `+${one}`), ...words(step['remove']).map((one) => `−${one}`)].join(' ');
    case 'priority': return nameIn(Object.entries(STRINGS.priorities).map(([id, name]) => ({ id, name })), step['priority']);
    case 'status': return nameIn(Object.entries(STRINGS.statuses).map(([id, name]) => ({ id, name })), step['status']);
    case 'set': return `${fieldName(names, text('field'))} = ${text('value') || '–'}`;
    case 'http': return `${String(step['method'] ?? '')} ${text('url').replace(/^https?:\/\//u, '')}`.trim();
    default: return '';
  }
}

function waitSaid(step: Tree, names: Names): string {
  const parts = [
    ...(typeof step['forMs'] === 'number' ? [span(step['forMs'], LANGUAGE)] : []),
    ...(typeof step['untilDate'] === 'string' ? [FLOWS.untilDate(step['untilDate'])] : []),
    ...(typeof step['untilOpen'] === 'string' ? [FLOWS.untilOpen(step['untilOpen'] === '' ? '' : nameIn(names.teams, step['untilOpen']))] : []),
    FLOWS.replySaid[step['untilReply'] as keyof typeof FLOWS.replySaid] ?? '',
  ];
  return LISTS.any.format(parts.filter((one) => one !== ''));
}

function assignSaid(step: Tree, names: Names): string {
  if (step['nobody'] === true) return FLOWS.toNobody;
  const parts = [
    ...(typeof step['agent'] === 'string' ? [nameIn(names.agents, step['agent'])] : []),
    ...(typeof step['team'] === 'string' ? [nameIn(names.teams, step['team'])] : []),
    ...words(step['skills']).map((one) => nameIn(names.skills, one)),
  ];
  return parts.join(' · ');
}

/** What a list of steps inside a step is for: a case by its name, else "If E-mail is known"; "No answer in time". */
export function listSaid(list: InnerList, step: Tree, names: Names): string {
  if (list.kind !== 'case') return FLOWS.lists[list.kind];
  const one = casesOf(step)[list.at];
  const name = one?.['name'];
  return typeof name === 'string' && name !== '' ? name : FLOWS.ifSaid(conditionSaid(one?.['when'], names));
}

export function conditionSaid(condition: unknown, names: Names): string {
  const { joint, tests } = testsIn(condition);
  const said = tests.map((test) => {
    const field = String(test['field'] ?? '');
    const operator = FLOWS.operators[test['is'] as keyof typeof FLOWS.operators] ?? '';
    const all = Array.isArray(test['value']) ? test['value'] : test['value'] === undefined ? [] : [test['value']];
    const values = all.map((one) => nameIn(valuesOf(names, field) ?? [], one));
    return `${fieldName(names, field)} ${operator} ${values.join(', ')}`.trim();
  });
  return LISTS[joint].format(said);
}

/** What a flow starts on; the library tells only the words, a definition which ones exactly. */
export function triggerSaid(on: string): string {
  const known: Readonly<Record<string, string>> = FLOWS.triggers;
  return known[on] ?? on;
}

function nameIn(all: readonly Option[], id: unknown): string {
  return all.find((one) => one.id === String(id))?.name ?? (id === undefined ? '' : String(id));
}

function words(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}
