/** The drafts that are open in this page, by flow: one that is not saved yet is found again by whoever comes back. */
import { useEffect, useState } from 'preact/hooks';
import type { Agent } from '../../agent.ts';
import { openDraft, PAGE_CLOCK, type FlowDraft } from './draft.ts';
import { isUnsaved } from './drafting.ts';

const ofAgent = new WeakMap<Agent, Map<string, FlowDraft>>();

export type Opened = { readonly draft: FlowDraft | null; readonly error: unknown };

export function useDraft(agent: Agent, id: string, may: boolean): Opened {
  const [opened, setOpened] = useState<Opened>({ draft: null, error: null });
  useEffect(() => {
    let current = true;
    let leave = (): void => {};
    const shown = (draft: FlowDraft) => {
      if (!current) return;
      leave = draft.watch();
      setOpened({ draft, error: null });
    };
    const kept = draftsOf(agent).get(id);
    if (kept && isUnsaved(kept.value.get().drafting)) shown(kept);
    else {
      const open = agent.flows.read(id).then((view) => held(agent, id, openDraft(agent.flows, view, may, PAGE_CLOCK)));
      open.then(shown, (error: unknown) => current && setOpened({ draft: null, error }));
    }
    return () => {
      current = false;
      leave();
    };
  }, [agent, id, may]);
  return opened;
}

function draftsOf(agent: Agent): Map<string, FlowDraft> {
  const all = ofAgent.get(agent) ?? new Map<string, FlowDraft>();
  ofAgent.set(agent, all);
  return all;
}

/** From now on the browser asks before something of it is lost. */
function held(agent: Agent, id: string, draft: FlowDraft): FlowDraft {
  draftsOf(agent).set(id, draft);
  let holding = false;
  draft.value.subscribe(({ drafting }) => {
    const unsaved = isUnsaved(drafting);
    if (unsaved === holding) return;
    holding = unsaved;
    if (unsaved) addEventListener('beforeunload', hold);
    else removeEventListener('beforeunload', hold);
  });
  return draft;
}

function hold(event: Event): void {
  event.preventDefault();
}
