/** The fields of a template's parameters, each by its JSON Schema; the console's own words say what they are called. */
import { Icon } from '../../ui/icons.tsx';
import type { Template } from '../../agent.ts';
import { problemsOf } from '../admin/problems.ts';
import { blank, fieldOf, solid, unsetOf, type Schema } from '../admin/schema.ts';
import { isTree, type Tree } from '../admin/tree.ts';
import { problemSaid } from '../admin/words.ts';
import { ADMIN } from '../strings.ts';
import { Duration, Fieldset, Line, NumberField, Picks, Select, Words, type FieldProps } from './fields.tsx';
import { useAt, useForm } from './form.ts';
import { fieldsOf, type Names } from './names.ts';
import type { Placed } from './places.ts';
import { Pairs } from './step-form.http.tsx';
import { Texts } from './texts.tsx';
import { FLOWS } from './words.ts';

export function Parameters({ template }: { template: Template }) {
  const { value } = useForm();
  const schema = asSchema(template.parameters);
  const shown = Object.entries(schema.properties ?? {}).filter(([key]) => matters(template.id, key, value));
  return (
    <div class="flow-form">
      {shown.map(([key, own]) => (
        <Parameter key={key} path={key} name={key} parent={schema} schema={own} of={template.id} />
      ))}
    </div>
  );
}

type Matters = (given: Tree) => boolean;
const is = (key: string, wanted: unknown): Matters => (given) => given[key] === wanted;
const has = (key: string, wanted: string) => ({ [key]: list }: Tree): boolean => (
  Array.isArray(list) && list.includes(wanted));
const both = (a: Matters, b: Matters): Matters => (given) => a(given) && b(given);
const HERE = is('customers', 'team');
const ELSEWHERE = is('customers', 'elsewhere');
const CRM = is('crm', true);
/** Parameters that mean nothing unless others are so; all others always matter. */
const MATTERS: Readonly<Record<string, Matters>> = {
  'nudge.followUpText': is('followUp', true), 'nudge.followUpMs': is('followUp', true),
  'nudge.hoursOf': is('outsideHours', false),
  'operator.details': HERE, 'operator.customerTeam': HERE, 'operator.customerAgent': HERE, 'operator.served': HERE,
  'operator.customerEmail': both(HERE, has('details', 'email')),
  'operator.customerPhone': both(HERE, has('details', 'phone')),
  'operator.channel': ELSEWHERE, 'operator.place': ELSEWHERE, 'operator.solve': ELSEWHERE,
  'operator.byEmail': both(ELSEWHERE, is('channel', 'email')),
  'operator.byPage': both(ELSEWHERE, is('channel', 'page')),
  'operator.byPhone': both(ELSEWHERE, is('channel', 'phone')),
  'operator.prospectEmail': has('qualify', 'email'), 'operator.company': has('qualify', 'company'),
  'operator.size': has('qualify', 'size'), 'operator.sizes': has('qualify', 'size'),
  'operator.need': has('qualify', 'need'),
  'operator.url': CRM, 'operator.method': CRM, 'operator.headers': CRM, 'operator.body': CRM, 'operator.timeoutMs': CRM,
  'operator.httpRetries': CRM, 'operator.failedTag': CRM,
};

function matters(template: string, key: string, given: Tree): boolean {
  return MATTERS[`${template}.${key}`]?.(given) ?? true;
}

/** What is wrong with them before the gateway has seen them. */
export function problemsOfParameters(schema: unknown, value: unknown): Placed[] {
  return [...problemsOf(asSchema(schema), value)]
    .map(([field, problem]) => ({ step: null, field, problem: problemSaid(problem) }));
}

interface Props {
  path: string;
  name: string;
  /** Where it is a property. */
  parent: Schema;
  schema: Schema;
  /** Id of the template. */
  of: string;
}

function Parameter({ path, name, parent, schema, of }: Props) {
  const { names } = useForm();
  const { label, hint } = wordsOf(of, name, schema);
  const shared = { path, label, hint };
  const field = fieldOf(name, solid(schema));
  const may = unsetOf(parent, name) !== null;
  if (isSentence(schema)) return <Texts {...shared} rows={isWord(name) ? 1 : 2} />;
  switch (field.is) {
    case 'flag': return <Flag {...shared} />;
    case 'time': return <Duration {...shared} />;
    case 'number': return <NumberField {...shared} least={field.least} most={field.most} />;
    case 'choice':
      return <Select {...shared} of={field.of.map((one) => ({ id: String(one), name: choiceOf(name, String(one)) }))}
        {...(may ? { none: ADMIN.notSet } : {})} />;
    case 'text': {
      const none = field.least === 0 ? { none: noneOf(name), blankIs: '' } : {};
      if (isTeam(name)) return <Select {...shared} of={names.teams} {...none} />;
      if (isAgent(name)) return <Select {...shared} of={names.agents} {...none} />;
      if (isLookedAt(name)) return <Select {...shared} of={fieldsOf(names)} />;
      return <Line {...shared} mono={isCode(name)} />;
    }
    case 'list': {
      const item = solid(field.item);
      const own = fieldOf('', item);
      if (Object.keys(item.properties ?? {}).join() === 'name,value') return <Pairs {...shared} add={FLOWS.addRow} />;
      if (item.type === 'object') return <Things {...shared} item={item} most={field.most} of={of} />;
      if (own.is === 'choice') {
        const choices = own.of.map((one) => ({ id: String(one), name: choiceOf(name, String(one)) }));
        return <Picks {...shared} of={choices} empty="" blankIs={[]} />;
      }
      return <Words {...shared} />;
    }
    case 'group':
      return (
        <Fieldset {...shared}>
          <div class="nested">
            {field.fields.map(([key, one]) => <Parameter key={key} path={`${path}.${key}`} name={key}
              parent={solid(schema)} schema={one} of={of} />)}
          </div>
        </Fieldset>
      );
    default: return (schema.anyOf ?? []).some(({ type }) => type === 'string') ? <Line {...shared} /> : null;
  }
}

function Flag({ path, label, hint }: { path: string; label: string; hint: string }) {
  const { id, value, set } = useAt(path);
  return (
    <div class="field tick" data-field={path}>
      <input type="checkbox" id={id} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />
      <label for={id}>{label}</label>
      {hint !== '' && <p class="means">{hint}</p>}
    </div>
  );
}

/** Things of one shape one below the other, as choices with the team of each. */
function Things({ path, label, hint, item, most, of }: FieldProps & { item: Schema; most: number; of: string }) {
  const { value, set } = useAt(path);
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    <Fieldset path={path} label={label} hint={hint}>
      <ol class="nested-things">
        {all.map((_, i) => (
          <li key={i} class="nested">
            {Object.entries(item.properties ?? {}).map(([key, one]) => (
              <Parameter key={key} path={`${path}.${i}.${key}`} name={key} parent={item} schema={one} of={of} />
            ))}
            <button type="button" class="plain" aria-label={FLOWS.removeRow(label, i + 1)}
              onClick={() => set(all.filter((_one, at) => at !== i))}>
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ol>
      {all.length < most && (
        <button type="button" class="plain-add" onClick={() => set([...all, blank(item)])}>
          <Icon name="plus" />{FLOWS.addRow}
        </button>
      )}
    </Fieldset>
  );
}

/** A text for customers: one for all, or one for each language. */
export function isSentence(schema: Schema): boolean {
  const kinds = (schema.anyOf ?? []).map(({ type }) => type);
  return kinds.includes('string') && kinds.includes('object');
}

const isTeam = (name: string): boolean => /([tT]eam|^hoursOf)$/u.test(name);
const isAgent = (name: string): boolean => /([aA]gent|^person|[pP]erson)$/u.test(name);
const isWord = (name: string): boolean => /^(label|yes|no)$/u.test(name);
const isCode = (name: string): boolean => /(^path|^url)$/u.test(name);
const isLookedAt = (name: string): boolean => /^(field|from)$/u.test(name);

/** Teams and agents that this workspace has not are to be chosen: they become ''. */
export function known(value: unknown, names: Names, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => known(one, names, key));
  if (isTree(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, known(one, names, name)]));
  }
  const all = isTeam(key) ? names.teams : isAgent(key) ? names.agents : null;
  return all === null || all.some(({ id }) => id === value) ? value : '';
}

function noneOf(name: string): string {
  return name === 'hoursOf' ? FLOWS.houseHours : FLOWS.nobodyNamed;
}

function wordsOf(template: string, name: string, schema: Schema): { label: string; hint: string } {
  const known: Readonly<Record<string, string>> = FLOWS.parameters;
  const label = known[`${template}.${name}`] ?? known[name];
  return label === undefined ? { label: schema.description ?? name, hint: '' } : { label, hint: '' };
}

function choiceOf(name: string, choice: string): string {
  const known: Readonly<Record<string, string>> = { ...FLOWS.parameterChoices, ...FLOWS.operators };
  return known[`${name}.${choice}`] ?? known[choice] ?? choice;
}

function asSchema(schema: unknown): Schema {
  return isTree(schema) ? schema : {};
}
