/** What a library keeps of its flows, and how it is looked at. */
import type { ActorState } from '../actor.ts';
import { padded } from '../roster.ts';
import type { Tree } from '../tree.ts';
import type { Flow, Problem } from './flow.ts';

export interface Version {
  readonly version: number;
  readonly flow: Flow;
  readonly note: string;
  readonly by: string;
  readonly at: number;
  /** The version to which its runs go over, 0 for none. */
  readonly successor: number;
}

/** What is kept of a flow beside its versions. */
export interface Draft {
  readonly draft: unknown;
  /** Grows with every change of the draft. */
  readonly rev: number;
  /** Name of who changed the draft last, and when. */
  readonly by: string;
  readonly at: number;
  /** 0: none. */
  readonly live: number;
  /** Its newest version, 0 for none. */
  readonly newest: number;
  readonly removed: boolean;
}

export interface Shelved extends Omit<Draft, 'newest'> {
  readonly id: string;
  /** Oldest first. */
  readonly versions: readonly Version[];
}

/** A flow in its live version. */
export interface Live {
  readonly id: string;
  readonly version: number;
  readonly flow: Flow;
}

export interface LibraryState extends ActorState {
  readonly v: 1;
  readonly drafts: Tree<Draft>;
  /** By flow and number. */
  readonly versions: Tree<Version>;
}

const PROBLEMS_MAX = 5;

/** With its versions; undefined for one that there never was. */
export function shelved(state: LibraryState, id: string): Shelved | undefined {
  const kept = state.drafts.get(id);
  if (kept === undefined) return undefined;
  const { newest, ...rest } = kept;
  const versions = Array.from({ length: newest }, (_, i) => versionOf(state, id, i + 1)).filter((found) => found !== undefined);
  return { id, ...rest, versions };
}

export function versionOf(state: LibraryState, flow: string, version: number): Version | undefined {
  return state.versions.get(versionKey(flow, version));
}

/** In the order of their ids. @param but the one that is left out */
export function liveFlows(state: LibraryState, but = ''): Live[] {
  return [...state.drafts].flatMap(([id, { live }]) => {
    const flow = id === but ? undefined : versionOf(state, id, live)?.flow;
    return flow === undefined ? [] : [{ id, version: live, flow }];
  });
}

/** The first of what is wrong, for people. */
export function spelt(problems: readonly Problem[]): string {
  const more = problems.length - PROBLEMS_MAX;
  const first = problems.slice(0, PROBLEMS_MAX).map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`));
  return [...first, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

export function versionKey(flow: string, version: number): string {
  return `${flow}/${padded(version)}`;
}
