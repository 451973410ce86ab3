/** The live flows that an agent may start by hand. Asked for where they are needed, and again when that was a while ago. */
import { useEffect, useState } from 'preact/hooks';
import type { Agent, FlowRow } from '../agent.ts';

interface Known {
  readonly at: number;
  readonly flows: Promise<readonly FlowRow[]>;
  told: readonly FlowRow[] | null;
}

const ofAgent = new WeakMap<Agent, Known>();
const FRESH_MS = 60_000;

/** Null until they are known. */
export function useCalled(agent: Agent): readonly FlowRow[] | null {
  const [flows, set] = useState<readonly FlowRow[] | null>(() => ofAgent.get(agent)?.told ?? null);
  useEffect(() => {
    let current = true;
    calledOf(agent).then((told) => { if (current) set(told); }, () => {});
    return () => { current = false; };
  }, [agent]);
  return flows;
}

function calledOf(agent: Agent): Promise<readonly FlowRow[]> {
  const known = ofAgent.get(agent);
  if (known && agent.now() - known.at < FRESH_MS) return known.flows;
  const flows = agent.flows.list().then((library) => library.flows.filter(({ live, start }) => live > 0 && start.includes('called')));
  const asked: Known = { at: agent.now(), flows, told: known?.told ?? null };
  ofAgent.set(agent, asked);
  // What could not be had is asked for again by the next one.
  flows.then((told) => { asked.told = told; }, () => { if (ofAgent.get(agent) === asked) ofAgent.delete(agent); });
  return flows;
}
