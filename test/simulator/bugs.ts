/**
 * Faults that somebody might put into the house by mistake, each as a change of its source. The simulator must find every
 * one: a run without violations says little unless a broken house has them.
 */
import type { Patch } from './bundle.ts';

export interface Bug {
  /** A file's name, too. */
  name: string;
  what: string;
  patches: readonly Patch[];
}

export const BUGS: readonly Bug[] = [];
