/** Storage in the browser's IndexedDB, one object store of strings. */
import type { Storage } from './storage.ts';

const STORE = 'parley';

export function indexedDb(name = 'parley', factory: IDBFactory = globalThis.indexedDB): Storage {
  let opened: Promise<IDBDatabase> | undefined;

  async function within<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    opened ??= new Promise((resolve, reject) => {
      const request = factory.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => resolve(request.result);
    });
    try {
      const transaction = (await opened).transaction(STORE, mode, { durability: 'strict' });
      const request = ask(transaction.objectStore(STORE));
      return await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } catch (error) {
      // The browser may have closed it, to make room for instance: the next use opens it again.
      opened = undefined;
      throw error;
    }
  }

  return {
    get: (key) => within('readonly', (store) => store.get(key) as IDBRequest<string | undefined>),
    set: async (key, value) => void (await within('readwrite', (store) => store.put(value, key))),
    delete: (key) => within('readwrite', (store) => store.delete(key)),
    keys: async (prefix) => {
      const keys = await within('readonly', (store) => store.getAllKeys());
      return keys.map(String).filter((key) => key.startsWith(prefix));
    },
  };
}
