/** The fields of a template's parameters, each by its JSON Schema; what they are called stands in the words of the console. */
import { Icon } from '../../ui/icons.tsx';
import type { Template } from '../../agent.ts';
import { problemsOf } from '../admin/problems.ts';
import { blank, fieldOf, solid, unsetOf, type Schema } from '../admin/schema.ts';
import { isTree } from '../admin/tree.ts';
import { span } from '../../ui/span.ts';
import { ADMIN, LANGUAGE } from '../strings.ts';
import { Duration, Fieldset, Line, NumberField, Picks, Select, Words } from './fields.tsx';
import { useAt, useForm } from './form.ts';
import type { Placed } from './places.ts';
import { Pairs } from './step-form.http.tsx';
import { Texts } from './texts.tsx';
import { FLOWS } from './words.ts';

export function Parameters({ template }: { template: Template }) {
  const schema = asSchema(template.parameters);
  return (
    <div class="flow-form">
      {Object.entries(schema.properties ?? {}).map(([key, own]) => (
        <Parameter key={key} path={key} name={key} parent={schema} schema={own} of={template.id} />
      ))}
    </div>
  );
}

/** What is wrong with them before the gateway has seen them. */
export function problemsOfParameters(schema: unknown, value: unknown): Placed[] {
  return [...problemsOf(asSchema(schema), value)].map(([field, problem]) => ({ step: null, field, problem: saidOf(problem) }));
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
  if (isSentence(schema)) return <Texts {...shared} rows={2} />;
  switch (field.is) {
    case 'flag': return <Flag {...shared} />;
    case 'time': return <Duration {...shared} />;
    case 'number': return <NumberField {...shared} least={field.least} most={field.most} />;
    case 'choice':
      return <Select {...shared} of={field.of.map((one) => ({ id: String(one), name: choiceOf(name, String(one)) }))} {...(may ? { none: ADMIN.notSet } : {})} />;
    case 'text': {
      const optional = field.least === 0;
      if (isTeam(name)) return <Select {...shared} of={names.teams} {...(optional ? { none: noneOf(name) } : {})} blankIs={optional ? '' : undefined} />;
      if (isAgent(name)) return <Select {...shared} of={names.agents} {...(optional ? { none: noneOf(name) } : {})} blankIs={optional ? '' : undefined} />;
      if (isField(name)) return <Line {...shared} mono />;
      return <Line {...shared} />;
    }
    case 'list': {
      const item = solid(field.item);
      const keys = Object.keys(item.properties ?? {});
      if (keys.join() === 'name,value') return <Pairs path={path} label={label} hint={hint} add={FLOWS.addRow} />;
      if (item.type === 'object') return <Things {...shared} item={item} most={field.most} of={of} />;
      if (/[tT]eams$/u.test(name)) return <Picks {...shared} of={names.teams} empty={ADMIN.noTeams} />;
      return <Words {...shared} known={/[tT]ags$/u.test(name) ? names.tags : []} />;
    }
    case 'group':
      return (
        <Fieldset {...shared}>
          <div class="nested">
            {field.fields.map(([key, one]) => <Parameter key={key} path={`${path}.${key}`} name={key} parent={solid(schema)} schema={one} of={of} />)}
          </div>
        </Fieldset>
      );
    default: return null;
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
function Things({ path, label, hint, item, most, of }: { path: string; label: string; hint: string; item: Schema; most: number; of: string }) {
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
            <button type="button" class="plain" aria-label={FLOWS.removeRow(label, i + 1)} onClick={() => set(all.filter((_one, at) => at !== i))}>
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ol>
      {all.length < most && <button type="button" class="plain-add" onClick={() => set([...all, blank(item)])}><Icon name="plus" />{FLOWS.addRow}</button>}
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
const isField = (name: string): boolean => /([fF]ield|^save|[pP]ath|^url)$/u.test(name);

function noneOf(name: string): string {
  return name === 'hoursOf' ? FLOWS.houseHours : FLOWS.nobodyNamed;
}

function wordsOf(template: string, name: string, schema: Schema): { label: string; hint: string } {
  const known: Readonly<Record<string, string>> = FLOWS.parameters;
  const label = known[`${template}.${name}`] ?? known[name];
  return label === undefined ? { label: schema.description ?? name, hint: '' } : { label, hint: '' };
}

function choiceOf(name: string, choice: string): string {
  const known: Readonly<Record<string, string>> = FLOWS.parameterChoices;
  return known[`${name}.${choice}`] ?? choice;
}

function asSchema(schema: unknown): Schema {
  return isTree(schema) ? schema : {};
}

function saidOf(problem: ReturnType<typeof problemsOf> extends ReadonlyMap<string, infer P> ? P : never): string {
  const number = new Intl.NumberFormat(LANGUAGE);
  switch (problem.is) {
    case 'least': case 'most': return ADMIN.problems[problem.is](problem.time ? span(problem.limit, LANGUAGE) : number.format(problem.limit));
    case 'pattern': return ADMIN.problems.pattern[problem.of];
    case 'long': case 'short': case 'many': return ADMIN.problems[problem.is](problem.limit);
    default: return ADMIN.problems[problem.is];
  }
}
