/** Portuguese: the settings' fields. */
import type { FieldWords } from './en.fields.ts';
import type { Some } from './fallback.ts';

export const ptFields: Some<FieldWords> = {
};
