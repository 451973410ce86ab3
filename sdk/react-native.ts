/** The SDK in React Native. What the platform has is handed in, so that nothing native is required. */
import { createClient as create, type Client, type ClientOptions, type Storage } from './index.ts';

/** React Native's `AppState`. */
export interface AppStateLike {
  addEventListener(type: 'change', listener: (state: string) => void): { remove(): void };
}
/** The default export of @react-native-community/netinfo. */
export interface NetInfoLike {
  addEventListener(listener: (state: { isConnected: boolean | null }) => void): () => void;
}
/** The default export of @react-native-async-storage/async-storage, and whatever looks like it. */
export interface AsyncStorageLike {
  getItem(key: string): Promise<string | null>;
  setItem(key: string, value: string): Promise<void>;
  removeItem(key: string): Promise<void>;
  getAllKeys(): Promise<readonly string[]>;
}

export interface NativeClientOptions extends Omit<ClientOptions, 'storage' | 'watch'> {
  AppState: AppStateLike;
  /** Without it the connection finds out by itself, later. */
  NetInfo?: NetInfoLike;
  storage: AsyncStorageLike | Storage;
}

/**
 * Closes with a goodbye as soon as the app is in the background, where its timers stand still, so that the server turns
 * to push notifications at once; connects, or looks whether the connection still lives, when it is back.
 */
export function createClient({ AppState, NetInfo, storage, ...options }: NativeClientOptions): Client {
  return create({
    ...options,
    storage: 'getItem' in storage ? asyncStorage(storage) : storage,
    watch({ network, shown, hidden }) {
      const app = AppState.addEventListener('change', (state) => {
        if (state === 'active') shown();
        else if (state === 'background') hidden();
      });
      const net = NetInfo?.addEventListener(({ isConnected }) => network(isConnected !== false));
      return () => {
        app.remove();
        net?.();
      };
    },
  });
}

const PREFIX = 'parley/';

/** AsyncStorage is one for the whole app: our keys begin with `parley/`. */
export function asyncStorage(store: AsyncStorageLike): Storage {
  return {
    get: async (key) => (await store.getItem(PREFIX + key)) ?? undefined,
    set: (key, value) => store.setItem(PREFIX + key, value),
    delete: (key) => store.removeItem(PREFIX + key),
    async keys(prefix) {
      const all = await store.getAllKeys();
      return all.filter((key) => key.startsWith(PREFIX + prefix)).map((key) => key.slice(PREFIX.length)).sort();
    },
  };
}
