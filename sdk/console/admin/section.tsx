/** One section on its page: its form, whether it may be changed, and what stands in the way of saving it. */
import { useMemo } from 'preact/hooks';
import type { Agent, Settings } from '../../agent.ts';
import { Icon } from '../../ui/icons.tsx';
import { ADMIN } from '../strings.ts';
import { Clashing, Taken } from './clash.tsx';
import type { Drafts } from './drafts.ts';
import type { Refusal } from './draft.ts';
import { EditingContext } from './editing.ts';
import { Field } from './field.tsx';
import { placed, problemsOf } from './problems.ts';
import { fieldOf, solid, type Schema } from './schema.ts';
import { Things } from './things.tsx';
import { problemSaid } from './words.ts';

interface Props {
  agent: Agent;
  section: string;
  settings: Settings;
  drafts: Drafts;
  /** Whether somebody has tried to save: only then is what is missing called missing. */
  tried: boolean;
  watch(act: Promise<unknown>): void;
}

export function Section({ agent, section, settings, drafts, tried, watch }: Props) {
  const schema = schemaOf(settings, section);
  const { draft, clash } = drafts.of(section);
  const saved = settings.sections[section];
  const value = draft ? draft.value : saved;
  const locked = settings.locked.includes(section);
  const refusal = draft?.refusal ?? null;
  const problems = useMemo(() => wordsOf(section, schema, value, tried, refusal), [section, schema, value, tried, refusal]);
  const changed = Object.fromEntries(drafts.open.map((one) => [one, drafts.of(one).draft?.value]));
  const withDrafts = { ...settings, sections: { ...settings.sections, ...changed } };
  const spot = { keys: [], path: '', schema, unset: null };
  const fixed = locked || draft?.state === 'saving' || clash !== null;
  const who = settings.by[section] ?? '';
  const change = (next: unknown) => drafts.edit(section, next);
  return (
    <EditingContext value={{ agent, section, settings: withDrafts, saved, schema, fixed, problems, watch }}>
      {locked && <p class="notice"><Icon name="lock" /> {ADMIN.locked}</p>}
      {clash && draft ? (
        <Clashing settings={settings} section={section} schema={schema} clash={clash} who={who}
          onTheirs={() => drafts.discard(section)} onMine={() => drafts.keepMine(section)} />
      ) : (
        <>
          {draft && draft.taken.length > 0 && (
            <Taken settings={settings} section={section} schema={schema} taken={draft.taken} who={who} />
          )}
          {refusal && refusal.name !== 'conflict' && <Refused section={section} refusal={refusal} />}
          {refusal?.name === 'conflict' && draft?.taken.length === 0 && (
            <p class="refused" role="alert">{ADMIN.refusals.conflict}</p>
          )}
        </>
      )}
      {isThings(schema) ? <Things spot={spot} value={value} onChange={change} /> : (
        <fieldset class="bare" disabled={fixed}><Field spot={spot} value={value} onChange={change} /></fieldset>
      )}
    </EditingContext>
  );
}

/** A section of one field is named by the field itself. */
export function isOneField(settings: Settings, section: string): boolean {
  return ['text', 'choice', 'number', 'time', 'flag'].includes(fieldOf(section, solid(schemaOf(settings, section))).is);
}

/** Whether anything of a section must be mended before it can be saved. */
export function problemsIn(settings: Settings, section: string, value: unknown): number {
  return problemsOf(schemaOf(settings, section), value).size;
}

function Refused({ section, refusal }: { section: string; refusal: Refusal }) {
  const known: Readonly<Record<string, string>> = ADMIN.refusals;
  const mends: Readonly<Record<string, string>> = ADMIN.inUse;
  const what = known[refusal.name];
  const all = placed(section, refusal.detail);
  const mend = refusal.name === 'inUse' ? mends[section] ?? ADMIN.inUse.other : '';
  const words = all.filter(({ path }) => path === '').map((one) => one.words);
  return (
    <div class="refused" role="alert">
      <p><strong>{what ?? refusal.words}</strong> {what === undefined ? '' : words.join('; ')}</p>
      {words.length < all.length && <p>{ADMIN.lookAtFields}</p>}
      {mend !== '' && <p>{mend}</p>}
    </div>
  );
}

function schemaOf(settings: Settings, section: string): Schema {
  const schema = settings.schema[section];
  return typeof schema === 'object' && schema !== null ? schema : {};
}

function isThings(schema: Schema): boolean {
  const field = fieldOf('', schema);
  return (field.is === 'list' || field.is === 'table') && solid(field.item).type === 'object';
}

/** By path. */
type Wrong = ReadonlyMap<string, string>;

function wordsOf(section: string, schema: Schema, value: unknown, tried: boolean, refusal: Refusal | null): Wrong {
  const found = new Map<string, string>();
  for (const [path, problem] of problemsOf(schema, value)) {
    if (tried || problem.is !== 'missing') found.set(path, problemSaid(problem));
  }
  if (refusal?.name === 'invalid' || refusal?.name === 'inUse') {
    for (const { path, words } of placed(section, refusal.detail)) if (path !== '') found.set(path, words);
  }
  return found;
}
