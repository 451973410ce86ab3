/** Who can do what just now: whatever is on the screen says which acts it does; keys, palette and buttons ask here. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ACT_IDS, type ActId } from './acts.ts';

export interface Doing {
  run(): void;
  /** Why it cannot be done now; null: it can. */
  why?(): string | null;
}
export type Doings = { readonly [Id in ActId]?: Doing | (() => void) };

export interface Acting {
  /** Until the returned function is called. Who comes later goes first. */
  register(doings: () => Doings): () => void;
  /** Undefined: nothing on the screen does it. */
  why(id: ActId): string | null | undefined;
  /** True when it was done. */
  run(id: ActId): boolean;
  /** What can be done now. */
  possible(): readonly ActId[];
}

export function createActing(): Acting {
  const all: (() => Doings)[] = [];
  const doing = (id: ActId): Doing | undefined => {
    const found = all.findLast((doings) => doings()[id] !== undefined)?.()[id];
    return typeof found === 'function' ? { run: found } : found;
  };
  const why = (id: ActId): string | null | undefined => {
    const found = doing(id);
    return found && (found.why?.() ?? null);
  };
  return {
    register(doings) {
      all.push(doings);
      return () => void all.splice(all.indexOf(doings), 1);
    },
    why,
    run(id) {
      if (why(id) !== null) return false;
      doing(id)?.run();
      return true;
    },
    possible: () => ACT_IDS.filter((id) => why(id) === null),
  };
}

/** For as long as the component is there; always as its last drawing has them. */
export function useActs(acting: Acting, doings: Doings): void {
  const latest = useRef(doings);
  latest.current = doings;
  useLayoutEffect(() => acting.register(() => latest.current), [acting]);
}
