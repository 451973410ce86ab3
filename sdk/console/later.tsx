/** A page that is loaded when somebody first opens it. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { STRINGS } from './strings.ts';

export function Later({ load }: { load: () => Promise<ComponentType> }) {
  const [shown, show] = useState<{ Page: ComponentType } | 'loading' | 'failed'>('loading');
  const [tries, tryAgain] = useState(0);
  useEffect(() => {
    let current = true;
    load().then((Page) => current && show({ Page }), () => current && show('failed'));
    return () => { current = false; };
  }, [load, tries]);
  if (shown === 'loading') return <main class="admin-none" role="status"><p>{STRINGS.loading}</p></main>;
  if (shown !== 'failed') return <shown.Page />;
  return (
    <main class="admin-none" role="alert">
      <p>{STRINGS.pageFailed}</p>
      <p><button type="button" class="secondary" onClick={() => { show('loading'); tryAgain(tries + 1); }}>{STRINGS.retry}</button></p>
    </main>
  );
}
