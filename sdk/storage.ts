/**
 * Where the SDK keeps what must survive a reload: the device's id, its token, the outbox, read marks, drafts.
 *
 * `set` resolves when the value would survive a crash. Keys are up to 100 characters of ASCII without spaces.
 * Several tabs or processes may share one storage. Every implementation passes `test/sdk/storage.ts`.
 */
export interface Storage {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  /** Deleting what is not there is fine. */
  delete(key: string): Promise<void>;
  /** Keys that begin with `prefix`, in order. */
  keys(prefix: string): Promise<string[]>;
}

/** Lasts as long as the page or process. */
export function memory(): Storage {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
    keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
  };
}

/** A value that was kept as JSON; what cannot be read is as good as not there. */
export async function read(storage: Storage, key: string): Promise<unknown> {
  try {
    const text = await storage.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
