/** Before one is signed in: how to get in. */
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
            <p class="muted">{STRINGS.signInWhere}</p>
          </>
        )}
      </div>
    </main>
  );
}
