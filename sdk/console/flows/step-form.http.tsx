/** The form of an HTTP request: where to, headers, body, and what is kept of the answer. */
import { useState } from 'preact/hooks';
import { Icon } from '../../ui/icons.tsx';
import { isTree } from '../admin/tree.ts';
import { Duration, Fieldset, Line, NumberField, Said, Select, written } from './fields.tsx';
import { useAt } from './form.ts';
import { KeepIn } from './keep-in.tsx';
import { stepsOf } from './steps.ts';
import { FLOWS } from './words.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((id) => ({ id, name: id }));
/** What the engine takes where nothing is said. */
const TIMEOUT_MS = 10_000;
const RETRIES = 2;

export function HttpForm() {
  return (
    <>
      <div class="request">
        <Select path="method" label={FLOWS.method} of={METHODS} />
        <Line path="url" label={FLOWS.url} mono />
      </div>
      <p class="means">{FLOWS.urlHint}</p>
      <Pairs path="headers" label={FLOWS.headers} hint={FLOWS.headersHint} add={FLOWS.addHeader} />
      <Body />
      <Mapping />
      <div class="fields">
        <Duration path="timeoutMs" label={FLOWS.timeout} standard={TIMEOUT_MS} />
        <NumberField path="retries" label={FLOWS.httpRetries} least={0} most={5} standard={RETRIES} />
      </div>
    </>
  );
}

/** Rows of a name and a value. */
export function Pairs({ path, label, hint, add }: { path: string; label: string; hint?: string; add: string }) {
  const { value, set } = useAt(path);
  const all = stepsOf(value);
  return (
    <Fieldset path={path} label={label} hint={hint}>
      <Rows rows={all.map((one) => [written(one['name']), written(one['value'])])} label={label} add={add}
        onChange={(rows) => set(rows.length === 0 ? undefined : rows.map(([name, text]) => ({ name, value: text })))} />
    </Fieldset>
  );
}

type Row = readonly [name: string, value: string];

interface RowsProps {
  rows: readonly Row[];
  label: string;
  add: string;
  onChange(rows: readonly Row[]): void;
}

function Rows({ rows, label, add, onChange }: RowsProps) {
  const put = (at: number, row: Row) => onChange(rows.map((one, i) => (i === at ? row : one)));
  return (
    <>
      <ul class="pairs">
        {rows.map(([name, value], i) => (
          <li key={i}>
            <input type="text" class="mono" aria-label={FLOWS.rowName(label, i + 1)} placeholder={FLOWS.name}
              value={name} spellcheck={false}
              onInput={(event) => put(i, [event.currentTarget.value, value])} />
            <input type="text" class="mono" aria-label={FLOWS.rowValue(label, i + 1)} placeholder={FLOWS.value}
              value={value} spellcheck={false}
              onInput={(event) => put(i, [name, event.currentTarget.value])} />
            <button type="button" class="plain" aria-label={FLOWS.removeRow(label, i + 1)}
              onClick={() => onChange(rows.filter((_, at) => at !== i))}>
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="plain-add"
        onClick={() => onChange([...rows, ['', '']])}><Icon name="plus" />{add}</button>
    </>
  );
}

/** A body of names and plain values is shown as rows; any other as JSON. */
export function rowsOf(body: unknown): readonly Row[] | null {
  if (body === undefined) return [];
  if (!isTree(body) || Object.values(body).some((one) => typeof one !== 'string')) return null;
  return Object.entries(body).map(([name, value]): Row => [name, String(value)]);
}

function Body() {
  const { value, set } = useAt('body');
  const rows = rowsOf(value);
  const [asText, setAsText] = useState(rows === null);
  // Two rows without a name are one key: while rows are written they stand here.
  const [writing, setWriting] = useState<readonly Row[] | null>(null);
  const shown = writing !== null && JSON.stringify(bodyOf(writing)) === JSON.stringify(value) ? writing : rows;
  const write = (next: readonly Row[]) => {
    setWriting(next);
    set(bodyOf(next));
  };
  const how = asText || shown === null;
  return (
    <Fieldset path="body" label={FLOWS.body} hint={FLOWS.bodyHint}>
      <div class="segments" role="group" aria-label={FLOWS.body}>
        <button type="button" aria-pressed={!how} disabled={rows === null}
          onClick={() => setAsText(false)}>{FLOWS.bodyRows}</button>
        <button type="button" aria-pressed={how} onClick={() => setAsText(true)}>{FLOWS.bodyJson}</button>
      </div>
      {how || shown === null ? <JsonText value={value} onChange={set} />
        : <Rows rows={shown} label={FLOWS.body} add={FLOWS.addBodyRow} onChange={write} />}
    </Fieldset>
  );
}

function bodyOf(rows: readonly Row[]): unknown {
  return rows.length === 0 ? undefined : Object.fromEntries(rows);
}

/** What is no JSON yet is kept here until it is. */
function JsonText({ value, onChange }: { value: unknown; onChange(value: unknown): void }) {
  const { id } = useAt('body');
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [wrong, setWrong] = useState(false);
  const write = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() === '' ? undefined : JSON.parse(next) as unknown);
      setWrong(false);
    } catch {
      setWrong(true);
    }
  };
  return (
    <>
      <textarea class="mono" rows={6} aria-label={FLOWS.bodyJson} aria-invalid={wrong} spellcheck={false} value={text}
        onInput={(event) => write(event.currentTarget.value)} />
      <Said id={id} said={wrong ? [FLOWS.noJson] : []} />
    </>
  );
}

function Mapping() {
  const { value, set } = useAt('map');
  const all = stepsOf(value);
  const write = (at: number, path: string) => set(all.map((one, i) => (i === at ? { ...one, path } : one)));
  return (
    <Fieldset path="map" label={FLOWS.map} hint={FLOWS.mapHint}>
      <ul class="pairs is-map">
        {all.map((one, i) => (
          <li key={i} data-field={`map.${i}`}>
            <input type="text" class="mono" aria-label={FLOWS.pathNumber(i + 1)} placeholder="$.customerType"
              value={written(one['path'])} spellcheck={false}
              onInput={(event) => write(i, event.currentTarget.value)} />
            <KeepIn path={`map.${i}.save`} label={FLOWS.saveNumber(i + 1)} bare />
            <button type="button" class="plain" aria-label={FLOWS.removeRow(FLOWS.map, i + 1)}
              onClick={() => set(all.filter((_, at) => at !== i))}>
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="plain-add"
        onClick={() => set([...all, { path: '$.', save: 'vars.value' }])}><Icon name="plus" />{FLOWS.addMap}</button>
    </Fieldset>
  );
}
