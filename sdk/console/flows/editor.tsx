/** A flow that is open: its head, and what is shown of it: the editor, and what else there is to do with a flow. */
import { useEffect } from 'preact/hooks';
import type { Agent, Library } from '../../agent.ts';
import { Icon, Stroke } from '../../ui/icons.tsx';
import { useValue } from '../../ui/value.ts';
import { useActs } from '../acting.ts';
import { useConsole } from '../context.ts';
import { FlowClash, FlowTaken } from './clash.tsx';
import type { FlowDraft, Open } from './draft.ts';
import { isUnsaved } from './drafting.ts';
import { EditTab } from './edit-tab.tsx';
import { REDO, UNDO } from './kind-icon.tsx';
import { hashOfFlow } from './place.ts';
import { Publish } from './publish.tsx';
import { flowTrouble } from './trouble.ts';
import { TryTab } from './try-tab.tsx';
import { useDraft } from './use-draft.ts';
import { VersionsTab } from './versions-tab.tsx';
import { FLOWS } from './words.ts';

interface Props {
  agent: Agent;
  id: string;
  tab: string;
  library: Library;
  may: boolean;
}

/** What each part of a flow's page gets. */
export interface TabProps {
  draft: FlowDraft;
  open: Open;
  library: Library;
  /** Whether this agent changes flows. */
  may: boolean;
}

/** The parts, in the order of their tabs; the first is shown where the address names none. */
const TABS = { edit: EditTab, try: TryTab, versions: VersionsTab } as const;
type Tab = keyof typeof TABS;
const TAB_IDS = Object.keys(TABS) as readonly Tab[];

export function Editor({ agent, id, tab, library, may }: Props) {
  const { draft, error } = useDraft(agent, id, may);
  const { acting } = useConsole();
  useActs(acting, { back: () => leave() });
  if (error !== null) {
    const { what, mend } = flowTrouble(error);
    return <main class="admin-none"><h2>{what}</h2><p>{mend}</p><a href="#/flows">{FLOWS.backToAll}</a></main>;
  }
  if (draft === null) return <main class="admin-none" role="status"><p>{FLOWS.loading}</p></main>;
  return <Opened key={id} draft={draft} id={id} tab={TAB_IDS.find((one) => one === tab) ?? 'edit'} library={library}
    may={may} />;
}

/** Escape leaves the field first, then the flow. */
function leave(): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && focused.matches('input, textarea, select')) focused.blur();
  else location.hash = hashOfFlow(null);
}

function Opened({ draft, id, tab, library, may }: Omit<TabProps, 'open'> & { id: string; tab: Tab }) {
  const open = useValue(draft.value);
  const { drafting, view } = open;
  const name = String(drafting.value['name'] ?? '') || id;
  const Shown = TABS[tab];
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      const meant = (event.ctrlKey || event.metaKey) && !event.altKey && (key === 'z' || key === 'y');
      if (!may || !meant || tab !== TAB_IDS[0] || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) draft.redo();
      else draft.undo();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [draft, may, tab]);
  return (
    <main class="flow-page" aria-label={name}>
      <header class="flow-head">
        <a class="plain" href={hashOfFlow(null)} aria-label={FLOWS.backToAll}
          title={FLOWS.backToAll}><Icon name="back" /></a>
        <h2>{name}</h2>
        <span class={view.live > 0 ? 'chip is-solved' : 'chip is-closed'}>
          {view.live > 0 ? FLOWS.liveVersion(view.live) : view.versions.length > 0 ? FLOWS.off : FLOWS.draftOnly}
        </span>
        {TAB_IDS.length > 1 && (
          <nav class="segments" aria-label={FLOWS.parts}>
            {TAB_IDS.map((one) => (
              <a key={one} href={hashOfFlow(id, one === TAB_IDS[0] ? '' : one)}
                aria-current={one === tab ? 'page' : undefined}>{FLOWS.tabs[one]}</a>
            ))}
          </nav>
        )}
        {may ? <Saving draft={draft} open={open} library={library} tab={tab} />
          : <p class="flow-saved">{FLOWS.onlyLook}</p>}
      </header>
      <FlowClash drafting={drafting} onTheirs={() => draft.loadTheirs()} onMine={() => draft.keepMine()} />
      <FlowTaken drafting={drafting} />
      <Shown draft={draft} open={open} library={library} may={may} />
    </main>
  );
}

function Saving({ draft, open, library, tab }: Omit<TabProps, 'may'> & { tab: Tab }) {
  const { drafting, failure } = open;
  const unsaved = isUnsaved(drafting);
  const trouble = failure !== null && unsaved ? flowTrouble(failure) : null;
  const said = drafting.clash ? '' : unsaved ? FLOWS.saving : FLOWS.draftSaved;
  return (
    <div class="flow-saving">
      <p class={trouble ? 'flow-saved is-bad' : 'flow-saved'} role="status">
        {trouble ? FLOWS.notSaved(`${trouble.what} ${trouble.mend}`) : said}
      </p>
      {tab === TAB_IDS[0] && (
        <>
          <button type="button" class="plain" disabled={drafting.past.length === 0} aria-label={FLOWS.undo}
            title={`${FLOWS.undo} (Ctrl Z)`}
            onClick={() => draft.undo()}><Stroke d={UNDO} /></button>
          <button type="button" class="plain" disabled={drafting.future.length === 0} aria-label={FLOWS.redo}
            title={`${FLOWS.redo} (Ctrl Y)`}
            onClick={() => draft.redo()}><Stroke d={REDO} /></button>
        </>
      )}
      <Publish draft={draft} open={open} library={library} />
    </div>
  );
}
