/** Light, dark, or like the system; remembered in this browser. */
import { keep, kept } from '../ui/keep.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
const KEPT = 'parley.console.theme';

export function theme(): Theme {
  const chosen = kept(KEPT);
  return THEMES.find((one) => one === chosen) ?? 'auto';
}

export function setTheme(chosen: Theme): void {
  keep(KEPT, chosen === 'auto' ? null : chosen);
  showTheme();
}

export function showTheme(): void {
  document.documentElement.dataset['theme'] = theme();
}
