/** What stands where nothing does: what would be there, and what to do meanwhile. */
import type { ListName } from '../agent.ts';
import { useValue } from '../ui/value.ts';
import { Caps } from './caps.tsx';
import { useConsole } from './context.ts';
import { STRINGS } from './strings.ts';
import { halves, VIEWS } from './views.ts';

export function Empty({ list }: { list: ListName }) {
  const { agent, show } = useConsole();
  const status = useValue(agent.desk.state)?.status;
  const view = VIEWS.find((one) => one === list);
  const [head, text] = view ? STRINGS.empty[view] : STRINGS.emptyOthers[halves(list)?.family ?? 'team'];
  // Whoever is away gets no offers, and may wonder why it is so quiet.
  const quiet = list === 'mine' && status !== undefined && status !== 'online';
  return (
    <div class="empty">
      <h3>{head}</h3>
      <p>{text}</p>
      {quiet && (
        <>
          <p>{STRINGS.notOnline}</p>
          <button type="button" class="secondary" onClick={() => show('status')}>{STRINGS.changeStatus}</button>
        </>
      )}
    </div>
  );
}

/** The keys to begin with. */
const TAUGHT = ['next', 'previous', 'enter', 'accept', 'reply', 'search', 'palette', 'keys'] as const;

/** Beside a list, while no conversation is open. */
export function Nothing() {
  return (
    <main class="nothing">
      <h2>{STRINGS.choose}</h2>
      <dl>
        {TAUGHT.map((act) => <div key={act}><dt><Caps act={act} /></dt><dd>{STRINGS.acts[act]}</dd></div>)}
      </dl>
    </main>
  );
}
