/**
 * A flow under trial: how it begins and the moves made so far, with what the gateway says came of them. Every move is made
 * anew from the first, so that one can be taken back, and a draft that changes shows the same talk anew.
 */
import type { Flows, Trial, TrialMove, TrialStart } from '../../agent.ts';
import type { Value } from '../../index.ts';
import { same, type Tree } from '../admin/tree.ts';
import type { Clock } from './draft.ts';

export interface Tried {
  readonly start: TrialStart;
  readonly moves: readonly TrialMove[];
  /** Null: none yet. */
  readonly trial: Trial | null;
  /** How many of the moves it shows; with the draft as it is now the others cannot be made, for this reason. */
  readonly made: number;
  readonly stuck: string | null;
  /** Why the move that was wanted last was not made. */
  readonly refused: string | null;
  /** Why the gateway did not try it; what is shown is of before. */
  readonly failure: unknown;
  readonly working: boolean;
}

export interface Trying {
  readonly value: Value<Tried>;
  /** Tries the moves with another draft, a moment after the last change of it. */
  draft(flow: Tree): void;
  move(move: TrialMove): Promise<void>;
  /** Takes back the last move that is shown. */
  back(): Promise<void>;
  /** Another beginning for the same moves. */
  begin(start: TrialStart): Promise<void>;
  /** No moves, at another time. */
  again(at: number): Promise<void>;
}

const DRAFT_AFTER_MS = 250;

export function openTrial(flows: Pick<Flows, 'trial'>, id: string, start: TrialStart, clock: Clock): Trying {
  const listeners = new Set<(now: Tried) => void>();
  let tried: Tried = { start, moves: [], trial: null, made: 0, stuck: null, refused: null, failure: null, working: false };
  let flow: Tree | null = null;
  let stop = (): void => {};
  let last: Promise<void> = Promise.resolve();

  function set(change: Partial<Tried>): void {
    tried = { ...tried, ...change };
    for (const listener of [...listeners]) listener(tried);
  }

  /** One after the other: each begins with what the one before has left. */
  function queue(act: () => Promise<void>): Promise<void> {
    set({ working: true });
    const own = last.then(act).catch((failure: unknown) => set({ failure }))
      .finally(() => { if (last === own) set({ working: false }); });
    last = own;
    return own;
  }

  async function make(moves: readonly TrialMove[], from: TrialStart = tried.start): Promise<Trial> {
    const trial = await flows.trial(id, flow, from, moves);
    set({ failure: null });
    return trial;
  }

  /** As many of the moves as can be made: what can be made does not depend on what comes behind. */
  async function replay(moves: readonly TrialMove[], from: TrialStart = tried.start): Promise<void> {
    const whole = await make(moves, from);
    if (whole.refused === null || moves.length === 0) {
      return set({ start: from, moves, trial: whole, made: moves.length, stuck: whole.refused, refused: null });
    }
    let [good, bad, shown] = [0, moves.length, await make([], from)];
    while (bad - good > 1) {
      const middle = Math.floor((good + bad) / 2);
      const trial = await make(moves.slice(0, middle), from);
      if (trial.refused === null) [good, shown] = [middle, trial];
      else bad = middle;
    }
    const why = shown.refused ?? whole.refused;
    set({ start: from, moves, trial: shown, made: good, stuck: why, refused: null });
  }

  return {
    value: {
      get: () => tried,
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    draft(next) {
      if (flow !== null && same(flow, next)) return;
      const first = flow === null;
      flow = next;
      stop();
      stop = clock.after(first ? 0 : DRAFT_AFTER_MS, () => void queue(() => replay(tried.moves)));
    },
    move: (move) => queue(async () => {
      const moves = [...tried.moves.slice(0, tried.made), move];
      const trial = await make(moves);
      if (trial.refused === null) set({ moves, trial, made: moves.length, stuck: null, refused: null });
      else set({ refused: trial.refused });
    }),
    back: () => queue(() => replay(tried.moves.slice(0, Math.max(0, tried.made - 1)))),
    begin: (from) => queue(() => replay(tried.moves, from)),
    again: (at) => queue(() => replay([], { ...tried.start, at })),
  };
}

/** The next moment at which something comes by itself, null for none. */
export function nextDue({ at, runs }: Trial): number | null {
  const due = runs.map(({ until }) => until).filter((until) => until > at);
  return due.length === 0 ? null : Math.min(...due);
}
