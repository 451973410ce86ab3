/** How a trial begins: when, where, and who the customer is. Whoever changes it sees the same talk anew. */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { FieldType, TrialStart } from '../../agent.ts';
import { useValue } from '../../ui/value.ts';
import type { Tree } from '../admin/tree.ts';
import { fieldName, type Names } from './names.ts';
import { languageName, languagesIn } from './texts.tsx';
import type { Trying } from './trying.ts';
import { FLOWS, TRIAL } from './words.ts';

interface Props {
  trying: Trying;
  flow: Tree;
  names: Names;
}

const LANGUAGES = ['en', 'it', 'pt', 'cs', 'de', 'es', 'fr'];

export function TryStart({ trying, flow, names }: Props) {
  const { start, moves } = useValue(trying.value);
  const [opened, open] = useState<boolean | null>(null);
  const change = (to: TrialStart) => void trying.begin({ ...start, ...to });
  const fallback = typeof flow['language'] === 'string' ? flow['language'] : 'en';
  const languages = [...new Set([fallback, ...languagesIn(flow), ...LANGUAGES])];
  const channels = [...new Set([...names.channels.map(({ id }) => id), start.channel ?? 'web', 'web'])];
  const shown = opened ?? moves.length === 0;
  const field = (id: string, value: string) => change({
    fields: Object.fromEntries(Object.entries({ ...start.fields, [id]: value }).filter(([, one]) => one !== '')),
  });
  return (
    <details class="try-start" open={shown}
      onToggle={({ currentTarget: { open: now } }) => { if (now !== shown) open(now); }}>
      <summary>{TRIAL.beginning}</summary>
      <p class="means">{TRIAL.beginningHow}</p>
      <div class="try-form">
        <Row label={TRIAL.startsAt}>{(id) => (
          <input id={id} type="datetime-local" value={localOf(start.at ?? 0)} onChange={(event) => {
            const at = new Date(event.currentTarget.value).getTime();
            if (!Number.isNaN(at)) change({ at });
          }} />
        )}</Row>
        <Row label={TRIAL.channel}>{(id) => (
          <select id={id} value={start.channel} onChange={(event) => change({ channel: event.currentTarget.value })}>
            {channels.map((one) => <option key={one} value={one}>{one}</option>)}
          </select>
        )}</Row>
        <Row label={TRIAL.browserLanguage}>{(id) => (
          <select id={id} value={start.language} onChange={(event) => change({ language: event.currentTarget.value })}>
            {languages.map((one) => <option key={one} value={one}>{languageName(one)}</option>)}
          </select>
        )}</Row>
        <Row label={TRIAL.identified}>{(id) => (
          <input id={id} type="checkbox" checked={start.identified ?? false}
            onChange={(event) => change({ identified: event.currentTarget.checked })} />
        )}</Row>
        {names.contact.filter(({ id }) => id !== 'language').map((type) => (
          <Row key={type.id} label={fieldName(names, `contact.${type.id}`)}>{(id) => (
            <Known id={id} type={type} value={start.fields?.[type.id] ?? ''} onChange={(value) => field(type.id, value)} />
          )}</Row>
        ))}
        {(['waiting', 'available'] as const).map((one) => (
          <Row key={one} label={TRIAL[one]}>{(id) => (
            <Count id={id} value={start[one]} onChange={(count) => change({ [one]: count })} />
          )}</Row>
        ))}
      </div>
    </details>
  );
}

function Row({ label, children }: { label: string; children(id: string): ComponentChildren }) {
  const id = useId();
  return <div class="try-row"><label for={id}>{label}</label>{children(id)}</div>;
}

interface KnownProps {
  id: string;
  type: FieldType;
  value: string;
  onChange(value: string): void;
}

function Known({ id, type: { type, choices }, value, onChange }: KnownProps) {
  const options = type === 'boolean' ? [{ id: 'true', name: FLOWS.yes }, { id: 'false', name: FLOWS.no }]
    : type === 'choice' ? choices.map((one) => ({ id: one, name: one })) : null;
  if (options === null) {
    return (
      <input id={id} type="text" value={value} placeholder={TRIAL.unknown} autoComplete="off"
        onChange={(event) => onChange(event.currentTarget.value.trim())} />
    );
  }
  return (
    <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{TRIAL.unknown}</option>
      {options.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
    </select>
  );
}

function Count({ id, value, onChange }: { id: string; value: number | undefined; onChange(value: number | undefined): void }) {
  return (
    <input id={id} type="number" min={0} step={1} value={value ?? ''} placeholder={TRIAL.asItIs}
      onChange={({ currentTarget: { valueAsNumber: n } }) => onChange(Number.isNaN(n) ? undefined : Math.max(0, Math.round(n)))} />
  );
}

/** As the browser's own field has it: the reader's time, to the minute. */
function localOf(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
