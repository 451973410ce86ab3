/**
 * Where one is stands in the address, so that links work and so does the browser's Back: `#/mine` is a list,
 * `#/mine/<id>` a conversation opened from it, `#/mine/<id>@42` one of its messages; `#/board`, `#/admin` and `#/flows` are pages.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ListName } from '../agent.ts';
import { keep, kept } from '../ui/keep.ts';
import { listNamed } from './views.ts';

export interface Place {
  readonly page: 'inbox' | 'board' | 'admin' | 'flows';
  readonly list: ListName;
  /** The conversation that is open. */
  readonly open: string | null;
  /** The message to show of it, by its sequence; 0 for the newest. */
  readonly at: number;
}

const KEPT = 'parley.console.list';
const TALK = /^([0-9A-HJKMNP-TV-Z]{26})(?:@(\d{1,15}))?$/u;

/** What the address says; `list` is the one to stay in where it names none. */
export function placeOf(hash: string, list: ListName): Place {
  const [first = '', second = ''] = hash.replace(/^#\/?/u, '').split('/').map(decoded);
  if (first === 'board' || first === 'admin' || first === 'flows') return { page: first, list, open: null, at: 0 };
  const named = listNamed(first);
  const [, open = null, at = 0] = TALK.exec(named ? second : first) ?? [];
  return { page: 'inbox', list: named ?? list, open, at: Number(at) };
}

export function hashOf({ page, list, open, at }: Place): string {
  if (page !== 'inbox') return `#/${page}`;
  return `#/${list}${open === null ? '' : `/${open}${at > 0 ? `@${at}` : ''}`}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** The place, and the way to another one: what is not named stays, except that another list or page closes what is open. */
export function usePlace(): [Place, (to: Partial<Place>) => void] {
  const [place, setPlace] = useState(() => placeOf(location.hash, listNamed(kept(KEPT) ?? '') ?? 'open'));
  useEffect(() => {
    const moved = () => setPlace((from) => placeOf(location.hash, from.list));
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  useEffect(() => keep(KEPT, place.list), [place.list]);
  const latest = useRef(place);
  latest.current = place;
  const go = useCallback((to: Partial<Place>) => {
    const from = latest.current;
    const next: Place = { ...from, page: 'inbox', open: to.list === undefined ? from.open : null, at: 0, ...to };
    latest.current = next;
    setPlace(next);
    location.hash = hashOf(next);
  }, []);
  return [place, go];
}
