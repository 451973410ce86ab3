/** Storage in the browser's IndexedDB, one object store of strings. */
import type { Storage } from './storage.ts';

const STORE = 'parley';

export function indexedDb(name = 'parley', factory: IDBFactory = globalThis.indexedDB): Storage {
  let opening: Promise<IDBDatabase> | null = null;

  /** Opened at the first use, and again when the browser has closed it (it does so to make room, or for a newer tab). */
  const open = (): Promise<IDBDatabase> =>
    (opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = factory.open(name, 1);
      request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const database = request.result;
        database.onclose = () => (opening = null);
        database.onversionchange = () => {
          database.close();
          opening = null;
        };
        resolve(database);
      };
    }).catch((error: unknown) => {
      opening = null;
      throw error;
    }));

  async function within<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const transaction = (await open()).transaction(STORE, mode, { durability: 'strict' });
    const request = ask(transaction.objectStore(STORE));
    return new Promise<T>((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
    });
  }

  return {
    get: async (key) => {
      const found: unknown = await within('readonly', (store) => store.get(key));
      return typeof found === 'string' ? found : undefined;
    },
    set: async (key, value) => void (await within('readwrite', (store) => store.put(value, key))),
    delete: async (key) => void (await within('readwrite', (store) => store.delete(key))),
    keys: async (prefix) => (await within('readonly', (store) => store.getAllKeys())).map(String).filter((key) => key.startsWith(prefix)),
  };
}
