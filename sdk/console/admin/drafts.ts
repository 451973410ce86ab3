/**
 * All drafts of one agent: kept while the page lives, wherever in the console its reader goes; the browser asks before
 * they are lost.
 */
import { useState } from 'preact/hooks';
import type { Agent, Settings } from '../../agent.ts';
import { ParleyError } from '../../index.ts';
import { troubleOf } from '../trouble.ts';
import { edited, kept as keptMine, settled, type Clash, type Draft, type Refusal } from './draft.ts';

type All = Readonly<Record<string, Draft>>;
const ofAgent = new WeakMap<Agent, All>();

export interface Drafts {
  /** The draft of a section on top of the section as it is now; and what it clashes with. */
  of(section: string): { draft: Draft | null; clash: Clash | null };
  /** Sections with something that is not saved. */
  readonly open: readonly string[];
  edit(section: string, value: unknown): void;
  discard(section: string): void;
  keepMine(section: string): void;
  /** Resolves with whether the gateway took it; why not stands in the draft. */
  save(section: string): Promise<boolean>;
}

export function useDrafts(agent: Agent, settings: Settings): Drafts {
  const [all, setAll] = useState<All>(() => ofAgent.get(agent) ?? {});
  const put = (section: string, draft: Draft | null) => {
    const { [section]: _, ...rest } = ofAgent.get(agent) ?? {};
    const next = draft === null ? rest : { ...rest, [section]: draft };
    ofAgent.set(agent, next);
    setAll(next);
    if (Object.keys(next).length > 0) addEventListener('beforeunload', hold);
    else removeEventListener('beforeunload', hold);
  };
  const of = (section: string) => {
    const draft = all[section];
    if (!draft || draft.state === 'saving') return { draft: draft ?? null, clash: null };
    return settled(draft, settings.sections[section], settings.revs[section] ?? 0);
  };
  return {
    of,
    open: Object.keys(all).filter((section) => of(section).draft !== null && of(section).draft?.state !== 'saved'),
    edit: (section, value) => put(section, edited(of(section).draft, settings.sections[section], settings.revs[section] ?? 0, value)),
    discard: (section) => put(section, null),
    keepMine(section) {
      const { draft, clash } = of(section);
      if (draft && clash) put(section, keptMine(draft, clash));
    },
    async save(section) {
      const { draft } = of(section);
      if (!draft) return true;
      put(section, { ...draft, state: 'saving', refusal: null });
      try {
        await agent.settings.change(section, draft.value, draft.rev);
        put(section, { ...draft, state: 'saved' });
        return true;
      } catch (error) {
        put(section, { ...draft, state: 'edited', refusal: refusalOf(error) });
        return false;
      }
    },
  };
}

function hold(event: Event): void {
  event.preventDefault();
}

function refusalOf(error: unknown): Refusal {
  const { what, mend } = troubleOf(error);
  const [name, detail] = error instanceof ParleyError ? [error.name, error.detail] : ['unknown', ''];
  return { name, detail, words: `${what} ${mend}`.trim() };
}
