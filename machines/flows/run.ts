/**
 * A flow under way on a conversation, and what it is run with. The machine of its version decides; the conversation
 * carries out what it asks for and tells it what happened, all in the step that is under way.
 */
import type { AnyStateMachine, SnapshotFrom } from 'xstate';
import type { Frozen, Pure } from '../pure.ts';
import type { Flow, Step, Value } from './flow.ts';

/** What a machine looks at while it steps; the conversation under way answers. */
export interface Facts {
  /** By its name, as in `Field`; undefined for what is not known. Never of `vars`: those the run has itself. */
  get(field: string): Value | undefined;
  /** When somebody is there next, `at` itself if somebody is, undefined if nobody ever is. Team '' for the workspace's hours. */
  opensAt(team: string): number | undefined;
}

/**
 * What a run hears. `begin` starts it; `done` and `failed` answer what it asked for last, in the same step; `answered` and
 * `unanswered` an HTTP request. Beside these it takes XState's own events for its delays.
 */
export type FlowEvent = { at: number; facts: Facts } & (
  | { type: 'begin' }
  | { type: 'done' }
  | { type: 'failed'; why: string }
  | { type: 'answered'; values: Readonly<Record<string, Value>> }
  | { type: 'unanswered'; why: string }
  | { type: 'customer.message'; text: string }
  | { type: 'agent.message' }
);

export interface FlowContext {
  vars: Readonly<Record<string, Value>>;
  /** By step: answers that were not valid, jumps that were made. */
  tries: Readonly<Record<string, number>>;
  jumps: Readonly<Record<string, number>>;
}

/**
 * What a machine asks the conversation for, at most one in a step. After `perform` and `save` it waits for `done` or
 * `failed`; only after the `perform` of an ask and of an http for what their names say. A wait asks for nothing.
 */
export type FlowAct =
  /** Carry out this step; of an ask, show the question, `again` after an answer that is not valid. */
  | { type: 'perform'; params: { step: string; again: boolean } }
  /** Keep these in the contact, by `contact.<field>`; '' removes one. Asked for by ask, http and set. */
  | { type: 'save'; params: { step: string; values: Readonly<Record<string, Value>> } }
  /** The step failed and has no branch for that: the run is over, and a person must hear why. */
  | { type: 'broke'; params: { step: string; why: string } };

export interface Compiled {
  readonly flow: Flow;
  readonly machine: Pure<AnyStateMachine>;
  readonly steps: ReadonlyMap<string, Step>;
  readonly routes: boolean;
  /** What comes behind a step when it goes well and does not branch; undefined at the end. */
  behind(step: string): Step | undefined;
  /** The step that a run stands at; undefined when it is over. */
  standsAt(snapshot: FlowSnapshot): Step | undefined;
}
export type FlowSnapshot = SnapshotFrom<AnyStateMachine>;

/** As the conversation keeps it. */
export interface Run {
  /** Counts the runs of the conversation. */
  readonly id: number;
  readonly flow: string;
  readonly version: number;
  /** Asleep, as a value: whoever steps it wakes it through its version. */
  readonly snapshot: Frozen;
  readonly at: number;
  /** It has said to whom the ticket goes, or never will: the desk need not wait for it. */
  readonly routed: boolean;
  /** Effect of the HTTP request that it waits for, 0 for none. */
  readonly call: number;
}

/** A flow of a workspace in one of its published versions. */
export interface Published {
  readonly id: string;
  readonly version: number;
  readonly compiled: Compiled;
}

/** The flows of a workspace, as far as conversations need them. */
export interface Shelf {
  /** Those that start on their triggers, in the order of their ids. */
  readonly live: readonly Published[];
  /** Any version that was ever published. */
  at(flow: string, version: number): Compiled | undefined;
  /** The version to which runs of this one go over, if there is one; its steps are those of the old one where runs stand. */
  successor(flow: string, version: number): number | undefined;
}

export const NO_FLOWS: Shelf = { live: [], at: () => undefined, successor: () => undefined };
