/** What a person has set for this browser: sound, notifications, density. An observable value, kept over reloads. */
import type { Value } from '../index.ts';
import { keep, kept } from '../ui/keep.ts';

export const DENSITIES = ['comfortable', 'compact'] as const;
export type Density = (typeof DENSITIES)[number];

export interface Preferences {
  /** A chime for offers and messages of one's own customers. Default: on. */
  readonly sound: boolean;
  /** Notifications outside of the page; the browser asks once whether it may. Default: off. */
  readonly notifications: boolean;
  readonly density: Density;
  /** The panel beside the thread. Default: shown where there is room. */
  readonly about: boolean;
}

const KEPT = 'parley.console.preferences';
const DEFAULTS: Preferences = { sound: true, notifications: false, density: 'comfortable', about: true };

let current = read(kept(KEPT));
const listeners = new Set<(now: Preferences) => void>();

export const PREFERENCES: Value<Preferences> = {
  get: () => current,
  subscribe(listener) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  keep(KEPT, JSON.stringify(current));
  listeners.forEach((listener) => listener(current));
}

/** Whatever stands there that is no preference is as if it did not. */
export function read(text: string | null): Preferences {
  let found: unknown = null;
  try {
    found = JSON.parse(text ?? 'null');
  } catch {
    // Somebody else wrote there, or half of it was lost: the defaults are as good as any.
  }
  if (typeof found !== 'object' || found === null) return DEFAULTS;
  const at = new Map<string, unknown>(Object.entries(found));
  const flag = (name: 'sound' | 'notifications' | 'about') => {
    const value = at.get(name);
    return typeof value === 'boolean' ? value : DEFAULTS[name];
  };
  return {
    sound: flag('sound'), notifications: flag('notifications'), about: flag('about'),
    density: DENSITIES.find((one) => one === at.get('density')) ?? DEFAULTS.density,
  };
}
