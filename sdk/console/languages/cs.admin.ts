/** Czech: administration. */
import type { AdminWords } from './en.admin.ts';
import type { Some } from './fallback.ts';

export const csAdmin: Some<AdminWords> = {
};
