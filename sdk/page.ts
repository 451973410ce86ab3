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
  if (typeof document === 'undefined') return () => {};
  const ending = new AbortController();
  const on = (target: EventTarget, name: string, heard: () => void): void => {
    target.addEventListener(name, heard, ending);
  };
  on(window, 'online', () => network(true));
  on(window, 'offline', () => network(false));
  on(window, 'pageshow', shown);
  on(document, 'visibilitychange', () => document.visibilityState === 'visible' && shown());
  if (!navigator.onLine) network(false);
  return () => ending.abort();
};
