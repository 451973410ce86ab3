/** Observable values: what is true now, and a word when it changes. They fit any framework's store hook. */

export interface Value<T> {
  /** What is true now: immutable, and the same object (===) until it changes. */
  get(): T;
  /** Calls the listener after each change, not at once. Returns the end of the subscription. */
  subscribe(listener: (value: T) => void): () => void;
}

export interface Cell<T> extends Value<T> {
  set(value: T): void;
}

export interface Derived<T> extends Value<T> {
  /** What it is computed from has changed. */
  stale(): void;
}

/** Values whose listeners wait for the end of the batch. */
const waiting = /* @__PURE__ */ new Set<() => void>();
let depth = 0;

/** Runs `work` and tells each listener once afterwards, however often its value changed. */
export function batch(work: () => void): void {
  depth++;
  try {
    work();
  } finally {
    if (--depth === 0) {
      for (const notify of waiting) {
        waiting.delete(notify);
        notify();
      }
    }
  }
}

export function cell<T>(initial: T): Cell<T> {
  let value = initial;
  const { subscribe, changed } = listeners(() => value);
  return {
    get: () => value,
    subscribe,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      changed();
    },
  };
}

/** A value that is computed when somebody looks, and again only after `stale`. */
export function derived<T>(compute: () => T): Derived<T> {
  let value: { is: T } | null = null;
  const get = (): T => (value ??= { is: compute() }).is;
  const { subscribe, changed } = listeners(get);
  return {
    get,
    subscribe,
    stale() {
      if (value === null) return;
      value = null;
      changed();
    },
  };
}

function listeners<T>(get: () => T): { subscribe: Value<T>['subscribe']; changed: () => void } {
  const all = new Set<{ listener: (value: T) => void; last: T }>();
  const notify = (): void => {
    for (const entry of [...all]) {
      // Only computed when somebody listens; and a listener before may have changed it.
      const value = get();
      if (!all.has(entry) || Object.is(entry.last, value)) continue;
      entry.last = value;
      try {
        entry.listener(value);
      } catch (error) {
        // A listener's mistake is its own: it is reported as unhandled, and the other listeners hear the news.
        void Promise.reject(error);
      }
    }
  };
  return {
    subscribe(listener) {
      const entry = { listener, last: get() };
      all.add(entry);
      return () => void all.delete(entry);
    },
    changed() {
      if (depth > 0) waiting.add(notify);
      else notify();
    },
  };
}
