/** Portuguese. */
import type { Some } from './fallback.ts';
import type { Words } from './en.ts';

export const pt: Some<Words> = {
};
