/** A condition: tests of which all or any must hold, each a field, an operator and a value. */
import { Icon } from '../../ui/icons.tsx';
import { isTree, type Tree } from '../admin/tree.ts';
import { Ticks } from '../ticks.tsx';
import { WordList } from '../word-list.tsx';
import { Options, Said, written } from './fields.tsx';
import { useAt, useForm } from './form.ts';
import { fieldsOf, shapeOf, valuesOf, type Names, type Option, type Shape } from './names.ts';
import { blankTest, stepsOf } from './steps.ts';
import { FLOWS } from './words.ts';

type Operator = keyof typeof FLOWS.operators;
/** What makes sense for a field. */
const OPERATORS: Readonly<Record<Shape | 'choice', readonly Operator[]>> = {
  text: ['equal', 'notEqual', 'contains', 'containsNot', 'startsWith', 'in', 'notIn', 'exists', 'missing', 'matches'],
  choice: ['equal', 'notEqual', 'in', 'notIn', 'exists', 'missing'],
  number: ['equal', 'notEqual', 'greater', 'less', 'between', 'exists', 'missing'],
  boolean: ['equal', 'notEqual', 'exists', 'missing'],
  date: ['before', 'after', 'between', 'equal', 'exists', 'missing'],
};
const ALWAYS: readonly Operator[] = ['greater', 'less', 'between', 'before', 'after'];
const VALUE_KINDS = ['email', 'phone', 'url', 'number', 'date'] as const;

export function testsIn(condition: unknown): { joint: 'all' | 'any'; tests: readonly Tree[] } {
  const tree = isTree(condition) ? condition : {};
  const joint = tree['any'] === undefined ? 'all' : 'any';
  return { joint, tests: stepsOf(tree[joint]) };
}

export function ConditionEditor({ path, label }: { path: string; label: string }) {
  const { change } = useForm();
  const { value, id, said } = useAt(path);
  const { joint, tests } = testsIn(value);
  const become = (how: 'all' | 'any', list: readonly Tree[]) => change(path, { [how]: list });
  const own = tests.length === 0 ? said : [];
  return (
    <fieldset class="field group condition" data-field={path}>
      <legend>{label}</legend>
      {tests.length > 1 && (
        <div class="segments" role="group" aria-label={FLOWS.joint}>
          {(['all', 'any'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={one === joint}
              onClick={() => become(one, tests)}>{FLOWS.joints[one]}</button>
          ))}
        </div>
      )}
      <ul class="tests">
        {tests.map((_, i) => (
          <TestRow key={i} path={`${path}.${joint}.${i}`}
            onRemove={tests.length > 1 ? () => become(joint, tests.filter((_test, at) => at !== i)) : null} />
        ))}
      </ul>
      <Said id={id} said={own} />
      <button type="button" class="plain-add"
        onClick={() => become(joint, [...tests, blankTest()])}><Icon name="plus" />{FLOWS.addTest}</button>
    </fieldset>
  );
}

function TestRow({ path, onRemove }: { path: string; onRemove: (() => void) | null }) {
  const { names, change } = useForm();
  const { id, value, said } = useAt(path);
  const test = isTree(value) ? value : {};
  const field = written(test['field']);
  const is = FLOWS.operators[test['is'] as Operator] === undefined ? null : test['is'] as Operator;
  const values = valuesOf(names, field);
  const shape = shapeOf(names, field);
  const fits = OPERATORS[values === null ? shape : 'choice'];
  const offered = [...fits, ...(shape === 'text' && values === null ? ALWAYS : [])];
  const become = (next: Tree) => (
    change(path, Object.fromEntries(Object.entries(next).filter(([, one]) => one !== undefined))));
  const look = (next: string) => {
    const other = shapeOf(names, next) !== shape || valuesOf(names, next) !== null || values !== null;
    const ok = is !== null && OPERATORS[valuesOf(names, next) === null ? shapeOf(names, next) : 'choice'].includes(is);
    const operator = ok ? is : 'equal';
    become({ ...test, field: next, is: operator, value: other ? beginning(names, next, operator) : test['value'] });
  };
  const operate = (next: Operator) => (
    become({ ...test, is: next, value: fitted(test['value'], is, next, names, field) }));
  return (
    <li class="test" data-field={path}>
      <select aria-label={FLOWS.field} value={field} aria-invalid={said.length > 0}
        aria-describedby={said.length > 0 ? `${id}-said` : undefined}
        onChange={(event) => look(event.currentTarget.value)}>
        <Options of={fieldsOf(names)} chosen={field} />
      </select>
      <select aria-label={FLOWS.operator} value={is ?? ''}
        onChange={(event) => operate(event.currentTarget.value as Operator)}>
        {is === null && <option value="">{FLOWS.choose}</option>}
        {[...new Set(is === null ? offered : [...offered, is])].map((one) => <option key={one}
          value={one}>{FLOWS.operators[one]}</option>)}
      </select>
      <TestValue path={`${path}.value`} is={is} field={field} />
      {onRemove && (
        <button type="button" class="plain" aria-label={FLOWS.removeTest} title={FLOWS.removeTest}
          onClick={onRemove}><Icon name="close" /></button>
      )}
      <Said id={id} said={said} />
    </li>
  );
}

function TestValue({ path, is, field }: { path: string; is: Operator | null; field: string }) {
  const { names } = useForm();
  const { id, value, set } = useAt(path);
  const values = valuesOf(names, field);
  const shape = shapeOf(names, field);
  switch (is) {
    case null: case 'exists': case 'missing': return null;
    case 'in': case 'notIn':
      if (values !== null) return <TestPicks id={id} of={values} value={value} onChange={set} />;
      return (
        <div class="test-words">
          <WordList id={id} label={FLOWS.value} words={Array.isArray(value) ? value.map(String) : []} known={[]}
            onChange={set} />
        </div>
      );
    case 'between': {
      const pair = Array.isArray(value) ? value.map(written) : ['', ''];
      const both = (at: number, next: string) => set([0, 1].map((i) => parsed(i === at ? next : pair[i] ?? '', shape)));
      return (
        <span class="test-pair">
          {[0, 1].map((at) => (
            <input key={at} type={shape === 'date' ? 'date' : 'text'} aria-label={at === 0 ? FLOWS.from : FLOWS.upTo}
              value={pair[at]}
              onInput={(event) => both(at, event.currentTarget.value)} />
          ))}
        </span>
      );
    }
    case 'matches':
      return (
        <select aria-label={FLOWS.value} value={written(value)} onChange={(event) => set(event.currentTarget.value)}>
          {VALUE_KINDS.map((one) => <option key={one} value={one}>{FLOWS.answers[one]}</option>)}
        </select>
      );
    case 'before': case 'after':
      return (
        <span class="test-pair test-words">
          <select aria-label={FLOWS.value} value={value === 'now' ? 'now' : ''}
            onChange={(event) => set(event.currentTarget.value === 'now' ? 'now' : '')}>
            <option value="now">{FLOWS.fields.now}</option><option value="">{FLOWS.date}</option>
          </select>
          {value !== 'now' && <input type="date" aria-label={FLOWS.date} value={written(value)}
            onInput={(event) => set(event.currentTarget.value)} />}
        </span>
      );
    default:
  }
  if (shape === 'boolean') {
    return (
      <select aria-label={FLOWS.value} value={written(value)}
        onChange={(event) => set(event.currentTarget.value === 'true')}>
        <option value="true">{FLOWS.yes}</option><option value="false">{FLOWS.no}</option>
      </select>
    );
  }
  if (values !== null) {
    return (
      <select aria-label={FLOWS.value} value={written(value)}
        onChange={(event) => set(parsed(event.currentTarget.value, shape))}>
        {written(value) === '' && <option value="">{FLOWS.choose}</option>}
        <Options of={values} chosen={written(value)} />
      </select>
    );
  }
  return (
    <input type="text" aria-label={FLOWS.value} placeholder={FLOWS.value} value={written(value)} autoComplete="off"
      onInput={(event) => set(parsed(event.currentTarget.value, shape))} />
  );
}

interface TestPicksProps {
  id: string;
  of: readonly Option[];
  value: unknown;
  onChange(value: unknown): void;
}

function TestPicks({ id, of, value, onChange }: TestPicksProps) {
  const chosen: readonly unknown[] = Array.isArray(value) ? value.map(String) : [];
  return (
    <div class="picks test-words" role="group" aria-label={FLOWS.value}>
      <Ticks name={id} of={of} chosen={chosen} onChange={onChange} />
    </div>
  );
}

/** A number where the field has numbers; what is none yet stays as it was typed. */
function parsed(text: string, shape: Shape): string | number {
  return shape === 'number' && /^-?\d+(\.\d+)?$/u.test(text) ? Number(text) : text;
}

function beginning(names: Names, field: string, is: Operator): unknown {
  if (is === 'exists' || is === 'missing') return undefined;
  if (shapeOf(names, field) === 'boolean') return true;
  const first = valuesOf(names, field)?.[0]?.id ?? '';
  return parsed(first, shapeOf(names, field));
}

/** The value in the form that another operator takes. */
function fitted(value: unknown, from: Operator | null, to: Operator, names: Names, field: string): unknown {
  const list = Array.isArray(value) ? value : value === undefined || value === '' ? [] : [value];
  if (to === 'exists' || to === 'missing') return undefined;
  if (to === 'in' || to === 'notIn') {
    const first = from === 'matches' || list.length === 0 ? beginning(names, field, to) : undefined;
    return first === undefined ? list : first === '' ? [] : [first];
  }
  if (to === 'between') return [list[0] ?? '', list[1] ?? ''];
  if (to === 'matches') return 'email';
  if (to === 'before' || to === 'after') return from === 'before' || from === 'after' ? value : 'now';
  return from === 'matches' || list[0] === undefined ? beginning(names, field, to) : list[0];
}
