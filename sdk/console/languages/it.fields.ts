/** Italian: the settings' fields. */
import type { FieldWords } from './en.fields.ts';
import type { Some } from './fallback.ts';

export const itFields: Some<FieldWords> = {
};
