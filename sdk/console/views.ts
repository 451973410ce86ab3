/** The lists that stand in the sidebar, in their order, and how each is sorted when nobody has said otherwise. */
import type { ListName, Sort } from '../agent.ts';
import type { Status } from '../index.ts';
import { keep, kept } from '../ui/keep.ts';

export const VIEWS = ['mine', 'unassigned', 'waiting', 'mentions', 'open', 'snoozed', 'done'] as const;
export type View = (typeof VIEWS)[number];

export const STATUS_LISTS = ['new', 'open', 'pending', 'onHold', 'solved', 'closed'] as const satisfies readonly Status[];

const FAMILIES = ['team', 'agent', 'status', 'contact'] as const;
type Family = (typeof FAMILIES)[number];
const KEPT = 'parley.console.sort.';

/** A list by its name; null for a name that is none. */
export function listNamed(name: string): ListName | null {
  const view = VIEWS.find((one) => one === name);
  if (view) return view;
  const [, family, id] = /^(team|agent|status|contact):([\w.~-]{1,64})$/u.exec(name) ?? [];
  const known = FAMILIES.find((one) => one === family);
  return known && id ? `${known}:${id}` : null;
}

/** `team:support` in its two halves; null for one of the views. */
export function halves(list: ListName): { family: Family; id: string } | null {
  const cut = list.indexOf(':');
  const family = FAMILIES.find((one) => one === list.slice(0, cut));
  return family ? { family, id: list.slice(cut + 1) } : null;
}

/** Those who look for somebody to answer see who has waited longest; everybody else sees what is new. */
export function sortOf(list: ListName): Sort {
  const chosen = kept(KEPT + list);
  if (chosen === 'newest' || chosen === 'waiting') return chosen;
  return list === 'waiting' || list === 'unassigned' ? 'waiting' : 'newest';
}

export function setSort(list: ListName, sort: Sort): void {
  keep(KEPT + list, sort);
}
