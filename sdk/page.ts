/** What a browser says about the network and the screen. Elsewhere there is nothing to hear. */
export interface PlatformEvents {
  network(online: boolean): void;
  /** On the screen again, or thawed: connects, or looks whether the connection still lives. */
  shown(): void;
  /** In the background, where nothing runs: closes at once. */
  hidden(): void;
}
/** Begins to listen; returns the end of it. */
export type Watch = (events: PlatformEvents) => () => void;

/** A page in the background goes on living, so it stays connected. */
export const watchPage: Watch = ({ network, shown }) => {
  if (typeof document === 'undefined' || typeof window === 'undefined') return () => {};
  const ending = new AbortController();
  const { signal } = ending;
  window.addEventListener('online', () => network(true), { signal });
  window.addEventListener('offline', () => network(false), { signal });
  window.addEventListener('pageshow', ({ persisted }) => persisted && shown(), { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && shown(), { signal });
  if (!navigator.onLine) network(false);
  return () => ending.abort();
};
