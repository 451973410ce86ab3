/**
 * Which pages administration has, which sections of the settings stand on each, and where one is, as the address says:
 * `#/admin/teams`.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Settings } from '../../agent.ts';
import { ADMIN } from '../strings.ts';
import { labelOf } from './words.ts';

export interface Page {
  readonly id: string;
  readonly group: keyof typeof ADMIN.groups;
  readonly sections: readonly string[];
}

const PAGES: readonly Page[] = [
  { id: 'teams', group: 'people', sections: ['teams'] }, { id: 'agents', group: 'people', sections: ['agents'] },
  { id: 'skills', group: 'people', sections: ['skills'] }, { id: 'statuses', group: 'people', sections: ['statuses'] },
  { id: 'capacity', group: 'people', sections: ['capacity'] },
  { id: 'channels', group: 'work', sections: ['channels', 'allowedOrigins'] },
  { id: 'styles', group: 'work', sections: ['style', 'policies'] },
  { id: 'hours', group: 'work', sections: ['hours'] }, { id: 'rules', group: 'work', sections: ['rules'] },
  { id: 'routing', group: 'work', sections: ['routing'] }, { id: 'fields', group: 'work', sections: ['fields'] },
  { id: 'macros', group: 'writing', sections: ['macros'] }, { id: 'tags', group: 'writing', sections: ['tags'] },
  { id: 'workspace', group: 'house', sections: ['name'] },
];

/** The pages whose sections this gateway has; a section that we do not know has a page of its own, so that nothing is hidden. */
export function pagesOf({ sections }: Settings): Page[] {
  const known = PAGES.map((page) => ({ ...page, sections: page.sections.filter((one) => Object.hasOwn(sections, one)) }))
    .filter((page) => page.sections.length > 0);
  const strange = Object.keys(sections).filter((one) => !PAGES.some((page) => page.sections.includes(one)));
  return [...known, ...strange.map((one): Page => ({ id: one, group: 'house', sections: [one] }))];
}

export function titleOf({ id }: Page): string {
  const titles: Readonly<Record<string, string>> = ADMIN.pages;
  return titles[id] ?? labelOf(id, []);
}

export function aboutOf({ id }: Page): string {
  const all: Readonly<Record<string, string>> = ADMIN.about;
  return all[id] ?? '';
}

/** Of the page, or null where none is named: on a phone that is the list of pages. */
export function pageIn(hash: string): string | null {
  return /^#\/admin\/([\w-]{1,40})$/u.exec(hash)?.[1] ?? null;
}

export function usePage(): string | null {
  const [page, setPage] = useState(() => pageIn(location.hash));
  useEffect(() => {
    const moved = () => setPage(pageIn(location.hash));
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return page;
}
