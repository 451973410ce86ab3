/** The flows of the workspace: the library, or the one that the address names. Administrators change, others look. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Agent, Library } from '../../agent.ts';
import { useValue } from '../../ui/value.ts';
import { useConsole } from '../context.ts';
import { troubleOf } from '../trouble.ts';
import { Editor } from './editor.tsx';
import { LibraryPage } from './library.tsx';
import { useFlowPlace } from './place.ts';
import { FLOWS } from './words.ts';

/** What colleagues do shows within this. */
const LOOK_EVERY_MS = 10_000;

export function FlowsPage() {
  const { agent } = useConsole();
  const { flow, tab } = useFlowPlace();
  const may = useValue(agent.desk.state)?.right === 'admin';
  const { library, error, refresh } = useLibrary(agent, flow);
  if (library === null) {
    const trouble = error === null ? null : troubleOf(error);
    return <main class="admin-none"
      role="status"><p>{trouble ? `${trouble.what} ${trouble.mend}` : FLOWS.loading}</p></main>;
  }
  return flow === null ? <LibraryPage agent={agent} library={library} may={may} refresh={refresh} />
    : <Editor key={flow} agent={agent} id={flow} tab={tab} library={library} may={may} />;
}

interface Listed {
  readonly library: Library | null;
  readonly error: unknown;
}

/** Read anew whenever one comes back to it, and now and then. */
function useLibrary(agent: Agent, flow: string | null) {
  const [{ library, error }, set] = useState<Listed>({ library: null, error: null });
  const refresh = useCallback(async () => {
    try {
      set({ library: await agent.flows.list(), error: null });
    } catch (failed) {
      set((known) => ({ ...known, error: failed }));
    }
  }, [agent]);
  useEffect(() => {
    void refresh();
    if (flow !== null) return;
    const again = setInterval(() => void (document.visibilityState === 'visible' && refresh()), LOOK_EVERY_MS);
    return () => clearInterval(again);
  }, [refresh, flow]);
  return { library, error, refresh };
}
