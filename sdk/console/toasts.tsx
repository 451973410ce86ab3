/** What went wrong and how to mend it, in a corner, until it is read. */
import { useCallback, useState } from 'preact/hooks';
import { ParleyError } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { STRINGS } from './strings.ts';

interface Toast { key: number; what: string; mend: string }
/** More than this at once would hide the work; the oldest goes. */
const MAX_TOASTS = 4;

export function useToasts() {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  /** Watches an act and reports its failure. */
  const watch = useCallback((act: Promise<unknown>) => {
    act.catch((error: unknown) => {
      const what = error instanceof Error ? (error instanceof ParleyError ? error.what : error.message) : String(error);
      const mend = error instanceof ParleyError ? error.mend : '';
      setToasts((shown) => [...shown, { key: (shown.at(-1)?.key ?? 0) + 1, what, mend }].slice(-MAX_TOASTS));
    });
  }, []);
  const dismiss = useCallback((key: number) => setToasts((shown) => shown.filter((toast) => toast.key !== key)), []);
  return { toasts, watch, dismiss };
}

export function Toasts({ toasts, dismiss }: { toasts: readonly Toast[]; dismiss(key: number): void }) {
  return (
    <div class="toasts" role="status" aria-live="assertive">
      {toasts.map((toast) => (
        <div key={toast.key} class="toast">
          <p><strong>{toast.what}</strong> {toast.mend}</p>
          <button type="button" class="plain" aria-label={STRINGS.dismiss} onClick={() => dismiss(toast.key)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
