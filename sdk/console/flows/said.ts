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
  all: new Intl.ListFormat(LANGUAGE, { type: 'conjunction' }),
  any: new Intl.ListFormat(LANGUAGE, { type: 'disjunction' }),
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
    case 'tag': {
      const [add, remove] = [words(step['add']), words(step['remove'])];
      return [...add.map((one) => `+${one}`), ...remove.map((one) => `−${one}`)].join(' ');
    }
    case 'priority': return wordIn(STRINGS.priorities, step['priority']);
    case 'status': return wordIn(STRINGS.statuses, step['status']);
    case 'set': return `${fieldName(names, text('field'))} = ${text('value') || '–'}`;
    case 'http': return `${String(step['method'] ?? '')} ${text('url').replace(/^https?:\/\//u, '')}`.trim();
    default: return '';
  }
}

function waitSaid(step: Tree, names: Names): string {
  const open = step['untilOpen'];
  const parts = [
    ...(typeof step['forMs'] === 'number' ? [span(step['forMs'], LANGUAGE)] : []),
    ...(typeof step['untilDate'] === 'string' ? [FLOWS.untilDate(step['untilDate'])] : []),
    ...(typeof open === 'string' ? [FLOWS.untilOpen(open === '' ? '' : nameIn(names.teams, open))] : []),
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
    const values = all.map((one) => valueSaid(test, one, names));
    return `${fieldName(names, field)} ${operator} ${values.join(test['is'] === 'between' ? '–' : ', ')}`.trim();
  });
  return LISTS[joint].format(said);
}

/** What a flow starts on; the library tells only the words, a definition which ones exactly. */
export function triggerSaid(on: string): string {
  const known: Readonly<Record<string, string>> = FLOWS.triggers;
  return known[on] ?? on;
}

function valueSaid(test: Tree, value: unknown, names: Names): string {
  if (typeof value === 'boolean') return value ? FLOWS.yes : FLOWS.no;
  if (test['is'] === 'matches') return wordIn(FLOWS.answers, value);
  return value === 'now' ? FLOWS.fields.now : nameIn(valuesOf(names, String(test['field'])) ?? [], value);
}

function wordIn(table: Readonly<Record<string, string>>, id: unknown): string {
  return table[String(id)] ?? String(id ?? '');
}

function nameIn(all: readonly Option[], id: unknown): string {
  return all.find((one) => one.id === String(id))?.name ?? (id === undefined ? '' : String(id));
}

function words(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}
