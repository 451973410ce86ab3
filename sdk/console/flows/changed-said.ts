/** What a field of a flow says, in the reader's words, for who compares two versions. Pure. */
import { span } from '../../ui/span.ts';
import { isTree, same, type Tree } from '../admin/tree.ts';
import { FIELDS, LANGUAGE, STRINGS } from '../strings.ts';
import type { FieldChange, Standing } from './difference.ts';
import { fieldName, type Names, type Option } from './names.ts';
import { conditionSaid, listSaid, stepName, triggerSaid } from './said.ts';
import { find, listsIn, stepsOf } from './steps.ts';
import { languageName, sentenceIn } from './texts.tsx';
import { FLOWS, VERSIONS } from './words.ts';

type Words = Readonly<Record<string, string>>;

const PROPS: Words = FLOWS.props;
const MORE: Words = VERSIONS.fields;
/** What may be chosen, by field. */
const CHOSEN: Readonly<Record<string, Words>> = {
  do: FLOWS.kinds, answer: FLOWS.answers, again: FLOWS.again, onAgent: FLOWS.onAgent, untilReply: FLOWS.untilReply, status: STRINGS.statuses,
};

/** "Text, English"; "Case 2". */
export function changedName({ field, language, at }: FieldChange, step: Tree): string {
  const own = field === 'case' ? VERSIONS.caseNumber(at) : field === 'caseOrder' ? VERSIONS.caseOrder
    : field === 'forMs' && step['do'] === 'ask' ? VERSIONS.fields.askFor : MORE[field] ?? PROPS[field] ?? field;
  return language === null ? own : `${own}, ${languageName(language)}`;
}

/** Both sides, told so that they differ. */
export function changedSaid(change: FieldChange, names: Names): { from: string; to: string } {
  const [from, to] = [valueSaid(change.field, change.from, names), valueSaid(change.field, change.to, names)];
  return from !== to || same(change.from, change.to) ? { from, to } : { from: JSON.stringify(change.from), to: JSON.stringify(change.to) };
}

function valueSaid(field: string, value: unknown, names: Names): string {
  if (['onInvalid', 'onTimeout', 'onFailure', 'onReply'].includes(field)) return value === true ? VERSIONS.way.there : VERSIONS.way.gone;
  if (value === undefined || value === null || value === '') return VERSIONS.nowhere;
  if (typeof value === 'boolean') return value ? FLOWS.yes : FLOWS.no;
  if (typeof value === 'number' && field.endsWith('Ms')) return span(value, LANGUAGE);
  const chosen = CHOSEN[field]?.[String(value)];
  if (chosen !== undefined) return chosen;
  switch (field) {
    case 'when': return conditionSaid(value, names);
    case 'case': return caseSaid(value, names);
    case 'caseOrder': return Array.isArray(value) ? value.map((one) => caseSaid(one, names)).join(' · ') : '';
    case 'start': return stepsOf(value).map((one) => triggerSaid(String(one['on']))).join(' · ');
    case 'choices': return stepsOf(value).map(choiceSaid).join(', ');
    case 'team': case 'untilOpen': return nameOf(names.teams, value);
    case 'agent': return nameOf(names.agents, value);
    case 'flow': return nameOf(names.flows, value);
    case 'to': return nameOf(names.steps, value);
    case 'by': return FIELDS.choices[`method.${String(value)}` as keyof typeof FIELDS.choices] ?? String(value);
    case 'priority': return STRINGS.priorities[value as keyof typeof STRINGS.priorities] ?? String(value);
    case 'save': case 'field': return fieldName(names, String(value));
    case 'language': return languageName(String(value));
    case 'skills': case 'add': case 'remove':
      return Array.isArray(value) ? value.map((one) => nameOf(field === 'skills' ? names.skills : [], one)).join(', ') : String(value);
    case 'headers': return stepsOf(value).map((one) => `${String(one['name'])}: ${String(one['value'])}`).join('\n');
    case 'map': return stepsOf(value).map((one) => `${String(one['path'])} → ${fieldName(names, String(one['save']))}`).join('\n');
    default: return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value, null, 1);
  }
}

function caseSaid(value: unknown, names: Names): string {
  if (!isTree(value)) return VERSIONS.nowhere;
  const name = value['name'];
  const when = FLOWS.ifSaid(conditionSaid(value['when'], names));
  return typeof name === 'string' && name !== '' ? `${name}: ${when}` : when;
}

function choiceSaid(choice: Tree): string {
  return `${sentenceIn(choice['label'], LANGUAGE.split('-')[0] ?? 'en', 'en')} (${String(choice['value'])})`;
}

function nameOf(all: readonly Option[], id: unknown): string {
  return all.find((one) => one.id === String(id))?.name ?? String(id);
}

/** Where a step has come to: "in “No valid answer” of “Ask”, behind “Say”". */
export function standingSaid({ inside, behind }: Standing, flow: Tree, names: Names): string {
  const named = (id: string) => stepName(find(flow, id)?.step ?? {});
  const place = behind === null ? VERSIONS.atFirst : VERSIONS.behind(named(behind));
  if (inside === null) return place;
  const around = find(flow, inside.step)?.step ?? {};
  const list = listsIn(around).find(({ kind, at }) => kind === inside.list && at === inside.at);
  return `${VERSIONS.inside(list ? listSaid(list, around, names) : '', named(inside.step))}, ${place}`;
}
