/** The trials of this page, by flow: whoever comes back to one finds the talk as it was left. */
import { useEffect, useMemo } from 'preact/hooks';
import type { Agent } from '../../agent.ts';
import type { Tree } from '../admin/tree.ts';
import { LANGUAGE } from '../strings.ts';
import { PAGE_CLOCK } from './draft.ts';
import { languagesIn } from './texts.tsx';
import { openTrial, type Trying } from './trying.ts';

const ofAgent = new WeakMap<Agent, Map<string, Trying>>();

/** `flow`: the draft as it is now. */
export function useTrying(agent: Agent, id: string, flow: Tree): Trying {
  const trying = useMemo(() => tryingOf(agent, id, flow), [agent, id]);
  useEffect(() => trying.draft(flow), [trying, flow]);
  return trying;
}

function tryingOf(agent: Agent, id: string, flow: Tree): Trying {
  const all = ofAgent.get(agent) ?? new Map<string, Trying>();
  ofAgent.set(agent, all);
  const own = LANGUAGE.split('-')[0] ?? 'en';
  const fallback = typeof flow['language'] === 'string' ? flow['language'] : 'en';
  const language = languagesIn(flow).includes(own) ? own : fallback;
  const trying = all.get(id)
    ?? openTrial(agent.flows, id, { at: agent.now(), channel: 'web', language, identified: false, fields: {} }, PAGE_CLOCK);
  all.set(id, trying);
  return trying;
}
