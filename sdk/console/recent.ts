/** The conversations that were open lately, newest first: the palette leads back to them. */
import { keep, kept } from '../ui/keep.ts';

export interface Recent {
  readonly id: string;
  readonly name: string;
}

const KEPT = 'parley.console.recent';
const MOST = 12;

export function recent(): readonly Recent[] {
  try {
    const found: unknown = JSON.parse(kept(KEPT) ?? '[]');
    return Array.isArray(found) ? found.filter(isRecent) : [];
  } catch {
    return [];
  }
}

export function opened(one: Recent): void {
  keep(KEPT, JSON.stringify([one, ...recent().filter(({ id }) => id !== one.id)].slice(0, MOST)));
}

function isRecent(value: unknown): value is Recent {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
    && 'name' in value && typeof value.name === 'string';
}
