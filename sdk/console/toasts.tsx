/** What went wrong and how to mend it, until it is read; and for a moment what went well, with what may follow. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Icon } from '../ui/icons.tsx';
import { useActs } from './acting.ts';
import { Caps } from './caps.tsx';
import { useConsole, type Console } from './context.ts';
import { STRINGS } from './strings.ts';
import { troubleOf } from './trouble.ts';

interface Toast {
  readonly key: number;
  readonly what: string;
  readonly mend: string;
  readonly good: boolean;
  readonly next: Next | null;
}
/** What one may want to do about it. */
export interface Next {
  readonly is: 'undo' | 'open';
  run(): void;
}
/** More than this at once would hide the work; the oldest goes. */
const MAX_TOASTS = 4;
/** How long good news stay. */
const GOOD_MS = 6_000;

export function useToasts() {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const add = useCallback((toast: Omit<Toast, 'key'>) =>
    setToasts((shown) => [...shown, { ...toast, key: (shown.at(-1)?.key ?? 0) + 1 }].slice(-MAX_TOASTS)), []);
  /** A word in passing. */
  const tell = useCallback((what: string, next: Next | null = null) => add({ what, mend: '', good: true, next }), []);
  const watch: Console['watch'] = useCallback((act, done) => {
    act.then(() => {
      const undo = done?.undo;
      if (done) tell(done.said, undo ? { is: 'undo', run: () => watch(undo()) } : null);
    }, (error: unknown) => add({ ...troubleOf(error), good: false, next: null }));
  }, []);
  const dismiss = useCallback((key: number) => setToasts((shown) => shown.filter((toast) => toast.key !== key)), []);
  return { toasts, watch, tell, dismiss };
}

interface Props {
  toasts: readonly Toast[];
  dismiss(key: number): void;
}

export function Toasts({ toasts, dismiss }: Props) {
  const { acting } = useConsole();
  const last = toasts.findLast(({ next }) => next?.is === 'undo');
  const undo = () => {
    last?.next?.run();
    if (last) dismiss(last.key);
  };
  useActs(acting, last ? { undo } : {});
  return (
    <div class="toasts" role="status" aria-live="assertive">
      {toasts.map((toast) => <Card key={toast.key} toast={toast} dismiss={dismiss} />)}
    </div>
  );
}

function Card({ toast, dismiss }: { toast: Toast; dismiss: Props['dismiss'] }) {
  const { key, good, next } = toast;
  useEffect(() => {
    if (!good) return;
    const over = setTimeout(() => dismiss(key), GOOD_MS);
    return () => clearTimeout(over);
  }, [key, good]);
  return (
    <div class={good ? 'toast is-good' : 'toast'}>
      <p><strong>{toast.what}</strong> {toast.mend}</p>
      {next && (
        <button type="button" class="next" onClick={() => { next.run(); dismiss(key); }}>
          {next.is === 'undo' ? <>{STRINGS.undo}<Caps act="undo" /></> : STRINGS.acts.enter}
        </button>
      )}
      <button type="button" class="plain" aria-label={STRINGS.dismiss} onClick={() => dismiss(key)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
