/** Czech. */
import type { Some } from './fallback.ts';
import type { Words } from './en.ts';

export const cs: Some<Words> = {
};
