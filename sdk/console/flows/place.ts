/**
 * Where one is among the flows, as the address says: `#/flows` is the library, `#/flows/nudge` a flow,
 * `#/flows/nudge/try` a part of it.
 */
import { useEffect, useState } from 'preact/hooks';

export interface FlowPlace {
  /** Null: the library. */
  readonly flow: string | null;
  /** The tab of a flow, '' for the first. */
  readonly tab: string;
}

export function flowPlaceIn(hash: string): FlowPlace {
  const [, flow = null, tab = ''] = /^#\/flows\/([\w-]{1,40})(?:\/([a-z]{1,20}))?$/u.exec(hash) ?? [];
  return { flow, tab };
}

export function hashOfFlow(flow: string | null, tab = ''): string {
  return flow === null ? '#/flows' : `#/flows/${flow}${tab === '' ? '' : `/${tab}`}`;
}

export function useFlowPlace(): FlowPlace {
  const [place, setPlace] = useState(() => flowPlaceIn(location.hash));
  useEffect(() => {
    const moved = () => setPlace(flowPlaceIn(location.hash));
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return place;
}
