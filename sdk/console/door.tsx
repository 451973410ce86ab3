/** Before one is signed in: how to get in. */
import { useEffect, useState } from 'preact/hooks';
import { Sign } from '../ui/icons.tsx';
import { STRINGS } from './strings.ts';

export function Door({ because, working = false }: { because: string | null; working?: boolean }) {
  return (
    <main class="door">
      <div class="card">
        <Sign />
        <h1>{STRINGS.signIn}</h1>
        {because && <p class={working ? 'muted' : 'because'} role="status">{because}</p>}
        {!working && (
          <>
            <p>{STRINGS.signInHow}</p>
            <pre><code>{STRINGS.signInCommand}</code></pre>
            <p class="muted">{STRINGS.signInWhere(location.origin)}</p>
            <Demo />
          </>
        )}
      </div>
    </main>
  );
}

/** The other way in, where the gateway has it: it signs in readers of its demo on its own machine. */
function Demo() {
  const [there, setThere] = useState(false);
  useEffect(() => {
    let current = true;
    fetch('/demo/agent', { method: 'HEAD', cache: 'no-store' })
      .then(({ ok }) => current && setThere(ok), () => {});
    return () => { current = false; };
  }, []);
  return there ? <p class="muted">{STRINGS.signInDemo} <a href="/">{STRINGS.demoPage}</a>.</p> : null;
}
