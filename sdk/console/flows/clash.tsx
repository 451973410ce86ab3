/** Two administrators at one flow: what the other changed, and what to do where both changed the same. */
import type { Change } from '../admin/changes.ts';
import { ORDER } from '../admin/changes.ts';
import { ClashCard } from '../admin/clash.tsx';
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
  const rows = clash.all.map(({ mine, theirs: their }) => ({
    key: `${mine.path.join('.')} ${their.path.join('.')}`,
    where: whereOf(mine.path.length > their.path.length ? mine : their, drafting.value, theirs),
    theirs: said(their.to, their, drafting.value, theirs), mine: said(mine.to, mine, drafting.value, theirs),
  }));
  return <ClashCard who={by} rows={rows} onTheirs={onTheirs} onMine={onMine} />;
}

export function FlowTaken({ drafting }: { drafting: Drafting }) {
  if (drafting.taken === null || drafting.taken.by === '') return null;
  const { by, all } = drafting.taken;
  const places = [...new Set(all.map((change) => whereOf(change, drafting.value, drafting.base)))];
  return <p class="notice" role="status">{FLOWS.taken(by, places.join('; '))}</p>;
}
