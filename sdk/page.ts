/** What a browser says about the network and the screen. Elsewhere there is nothing to hear. */
export interface PageEvents {
  network(online: boolean): void;
  /** The page is on the screen again, or was thawed. */
  shown(): void;
}

/** Returns the end of listening. */
export function watchPage({ network, shown }: PageEvents): () => void {
  if (typeof document === 'undefined' || typeof window === 'undefined') return () => {};
  const { signal, abort } = aborter();
  window.addEventListener('online', () => network(true), { signal });
  window.addEventListener('offline', () => network(false), { signal });
  window.addEventListener('pageshow', shown, { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && shown(), { signal });
  if (!navigator.onLine) network(false);
  return abort;
}

function aborter(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
