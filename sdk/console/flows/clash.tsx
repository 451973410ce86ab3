/** Two administrators at one flow: what the other changed, and what to do where both changed the same. */
import type { Change } from '../admin/changes.ts';
import { ORDER } from '../admin/changes.ts';
import { isTree, type Tree } from '../admin/tree.ts';
import { ADMIN } from '../strings.ts';
import type { Drafting } from './drafting.ts';
import { stepName } from './said.ts';
import { find } from './steps.ts';
import { FLOWS } from './words.ts';

const MOST_LETTERS = 160;

/** `flow`: where the names of steps are found. */
export function whereOf({ path }: Change, flow: Tree, other: Tree): string {
  const props: Readonly<Record<string, string>> = FLOWS.props;
  const names = path.flatMap((key) => {
    if (key === ORDER) return [ADMIN.order];
    const step = find(flow, key) ?? find(other, key);
    if (step) return [stepName(step.step)];
    return key === 'steps' || /^\d+$/u.test(key) ? [] : [props[key] ?? key];
  });
  return names.join(' › ') || FLOWS.steps;
}

function said(value: unknown, { path }: Change, flow: Tree, other: Tree): string {
  if (value === undefined) return ADMIN.removed;
  if (path.at(-1) === ORDER && Array.isArray(value)) {
    return value.map((id) => stepName((find(flow, String(id)) ?? find(other, String(id)))?.step ?? {})).join(', ');
  }
  if (isTree(value) && typeof value['do'] === 'string') return stepName(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
}

export function FlowClash({ drafting, onTheirs, onMine }: { drafting: Drafting; onTheirs(): void; onMine(): void }) {
  if (drafting.clash === null) return null;
  const { by, clash } = drafting.clash;
  const theirs = isTree(clash.theirs) ? clash.theirs : {};
  return (
    <section class="clash" role="alert" aria-label={ADMIN.conflict(by)}>
      <p><strong>{ADMIN.conflict(by)}</strong> {ADMIN.conflictHow}</p>
      <div class="clash-table" tabIndex={0} role="group" aria-label={ADMIN.conflict(by)}>
        <table class="figures">
          <thead><tr><td /><th scope="col">{ADMIN.theirs}</th><th scope="col">{ADMIN.mine}</th></tr></thead>
          <tbody>
            {clash.all.map(({ mine, theirs: their }) => (
              <tr key={`${mine.path.join('.')} ${their.path.join('.')}`}>
                <th scope="row">
                  {whereOf(mine.path.length > their.path.length ? mine : their, drafting.value, theirs)}
                </th>
                <td>{said(their.to, their, drafting.value, theirs)}</td>
                <td>{said(mine.to, mine, drafting.value, theirs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="clash-acts">
        <button type="button" class="secondary" onClick={onTheirs}>{ADMIN.loadTheirs}</button>
        <button type="button" class="primary" onClick={onMine}>{ADMIN.keepMine}</button>
      </p>
    </section>
  );
}

export function FlowTaken({ drafting }: { drafting: Drafting }) {
  if (drafting.taken === null || drafting.taken.by === '') return null;
  const { by, all } = drafting.taken;
  const places = [...new Set(all.map((change) => whereOf(change, drafting.value, drafting.base)))];
  return <p class="notice" role="status">{FLOWS.taken(by, places.join('; '))}</p>;
}
