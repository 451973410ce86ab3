/** What every editor of a section needs beside its own value. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Agent, Settings } from '../../agent.ts';
import type { Path } from './changes.ts';
import { within } from './problems.ts';
import type { Schema } from './schema.ts';
import { labelOf } from './words.ts';

export interface Editing {
  readonly agent: Agent;
  readonly section: string;
  /** As they will be once all drafts are saved: a new team can be chosen for an agent at once. */
  readonly settings: Settings;
  /** The section as the gateway has it, and its schema. */
  readonly saved: unknown;
  readonly schema: Schema;
  /** It is only shown: the file sets it, it is being saved, or a clash waits for a decision. */
  readonly fixed: boolean;
  /** What is wrong, in words, by path. */
  readonly problems: ReadonlyMap<string, string>;
  watch(act: Promise<unknown>): void;
}

const Context = createContext<Editing | null>(null);
export const EditingContext = Context.Provider;

export function useEditing(): Editing {
  const found = useContext(Context);
  if (found === null) throw new Error('A field is drawn outside of a section.');
  return found;
}

/** Where a field stands. */
export interface Spot {
  /** Names of properties from the section down, without places in lists: how it is called. */
  readonly keys: Path;
  /** With places in lists, `0.offerMs`: where problems are told. */
  readonly path: string;
  readonly schema: Schema;
  /** How it is left out, null when it must be there. */
  readonly unset: 'absent' | 'null' | null;
}

export interface EditorProps {
  readonly spot: Spot;
  readonly value: unknown;
  onChange(value: unknown): void;
}

/** A property of what stands at `spot`. */
export function inner(spot: Spot, key: string, schema: Schema, unset: Spot['unset']): Spot {
  return { keys: [...spot.keys, key], path: within(spot.path, key), schema, unset };
}

/** A document's id for what belongs to this spot. */
export function domId(section: string, { path }: Spot, part = 'field'): string {
  return `set-${part}-${section}-${path.replace(/[^\w-]/gu, '-')}`;
}

/** Name and ids of a field; `described` names the hint and the problem for screen readers. */
export function useField(spot: Spot, hint: string) {
  const { section, problems } = useEditing();
  const problem = problems.get(spot.path) ?? null;
  const [id, hintId, problemId] = [domId(section, spot), domId(section, spot, 'hint'), domId(section, spot, 'problem')];
  const below = [...(hint === '' ? [] : [hintId]), ...(problem === null ? [] : [problemId])];
  const described = below.length === 0 ? undefined : below.join(' ');
  return { id, hintId, problemId, problem, described, label: labelOf(section, spot.keys) };
}
