/** What the fields of contacts hold: those that are always there, and the workspace's own. */
import type { Settings } from './settings.ts';

export interface FieldType {
  readonly id: string;
  readonly name: string;
  /** A value that does not fit is refused with `invalid`, and the detail says what would be right. */
  readonly type: 'text' | 'email' | 'phone' | 'url' | 'number' | 'date' | 'choice' | 'boolean' | 'language' | 'country';
  /** Of a choice. */
  readonly choices: readonly string[];
}

const ALWAYS: readonly FieldType[] = [
  { id: 'email', name: 'E-mail', type: 'email', choices: [] },
  { id: 'phone', name: 'Phone', type: 'phone', choices: [] },
  { id: 'language', name: 'Language', type: 'language', choices: [] },
  { id: 'country', name: 'Country', type: 'country', choices: [] },
];

/** In the order in which they are shown; only the first four while the settings are not known. */
export function fieldTypes(settings: Settings | null): readonly FieldType[] {
  const own = (settings?.sections['fields'] ?? []) as readonly (Omit<FieldType, 'choices'> & Partial<FieldType>)[];
  return [...ALWAYS, ...own.map((field) => ({ ...field, choices: field.choices ?? [] }))];
}
