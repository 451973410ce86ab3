/**
 * What every kind of actor is to the host that runs it: a pure step from state and command to state, log lines and an
 * answer. A step neither waits nor fails halfway; whatever must happen elsewhere stays in the state's outbox.
 */

/**
 * Who acts, as the gateway has established it. `formerly`: ids this person is proven to have had as a visitor. `language`:
 * what a customer's device says (BCP 47).
 */
export interface Who {
  role: 'customer' | 'agent' | 'system';
  id: string;
  name: string;
  identified: boolean;
  formerly?: readonly string[];
  language?: string | undefined;
}

export type Refused =
  | 'forbidden' | 'notFound' | 'invalid' | 'idReused' | 'ticketClosed' | 'wrongStatus' | 'unknownCommand' | 'overloaded'
  | 'superseded' | 'conflict' | 'noCapacity' | 'offerGone' | 'inUse';

/** A log line as a step proposes it; bodies are for the log, no state or machine keeps them. */
export interface Line {
  seq: number;
  prev: number;
  n: number;
  kind: string;
  at: number;
  author: { role: 'customer' | 'agent' | 'system'; id: string; name: string };
  cmid: string | null;
  body: Readonly<Record<string, unknown>>;
  audience: 'everyone' | 'agents';
}

/** Something that must happen to another actor, at least once, after the step is durable. */
export interface Effect {
  /** Counts this actor's effects; with the actor's id it names the effect for ever. */
  n: number;
  to: string;
  command: ActorCommand;
}

/** Commands are plain data; each kind narrows the ones it takes by `type`. */
export interface ActorCommand {
  type: string;
}

/** The parts of a state that the host looks at. */
export interface ActorState {
  readonly timers: readonly { at: number; id: string; gen: number; owner: string }[];
  readonly outbox: readonly Effect[];
}

/** Nothing has happened. `detail` says in one sentence what is wrong and what to do. */
export interface Refusal {
  refused: Refused;
  detail: string;
}

export type Stepped<S> = { state: S; lines: readonly Line[]; reply: Reply } | Refusal;

/** `repeated`: the answer of an earlier step. `state` unchanged (===) and no lines: nothing needs to be written. */
export interface Reply {
  seq: number;
  n: number;
  at: number;
  repeated: boolean;
}

export interface Kind<S extends ActorState> {
  /** First part of the ids of this kind's actors, before the `/`. */
  readonly prefix: string;
  /**
   * @param known the log line that already stands under the command's id, when `mayRepeat` asked for it.
   * @throws only for a bug: the host then quarantines the actor, and nothing of the step happens.
   */
  step(id: string, state: S | undefined, command: ActorCommand, at: number, known?: Line): Stepped<S>;
  /** The id under which this command may already have been carried out, if the state cannot rule that out. */
  mayRepeat(state: S | undefined, command: ActorCommand): string | undefined;
  freeze(state: S): string;
  /**
   * A large state lies in parts: `freeze` leaves them out, and a record holds those that changed since `before`, as JSON,
   * null for one that is gone. A part's key is at most 200 characters. Without this a state is one piece.
   */
  parts?(state: S, before: S | undefined): Iterable<readonly [key: string, json: string | null]>;
  /** Reads what `freeze` and `parts` of this or any earlier released version wrote. */
  thaw(json: string, parts?: ReadonlyMap<string, string>): S;
  /**
   * What a record of another node has made of a state that is known here: `json` and the parts that changed, null for one
   * that is gone. What did not change stays the same object. Without this a state is thawed whole each time.
   */
  renew?(state: S, json: string, changed: ReadonlyMap<string, string | null>): S;
}
