/** A workspace's published flows without its library: what conversations see of them. */
import { compile } from '../../machines/flows/compile.ts';
import type { Flow } from '../../machines/flows/flow.ts';
import type { Compiled, Shelf } from '../../machines/flows/run.ts';
import { parseFlow } from '../../machines/flows/schema.ts';

export function compiled(flow: Flow): Compiled {
  const parsed = parseFlow(JSON.parse(JSON.stringify(flow)));
  if ('problems' in parsed) throw new Error(parsed.problems.map(({ path, problem }) => `${path}: ${problem}`).join('\n'));
  return compile(parsed.flow);
}

/** All live, in their first version. */
export function shelfOf(flows: Readonly<Record<string, Flow>>): Shelf {
  return shelfWith(Object.fromEntries(Object.entries(flows).map(([id, flow]) => [id, [flow]])));
}

/** Each flow in its versions, of which the last is live. `migrates`: older ones go over to it. */
export function shelfWith(flows: Readonly<Record<string, readonly Flow[]>>, migrates = false): Shelf {
  const versions = new Map(Object.entries(flows).map(([id, list]) => [id, list.map(compiled)]));
  return {
    live: Array.from(versions, ([id, list]) => ({ id, version: list.length, compiled: list.at(-1) as Compiled })),
    at: (flow, version) => versions.get(flow)?.[version - 1],
    successor: (flow, version) => {
      const newest = versions.get(flow)?.length ?? 0;
      return migrates && version < newest ? newest : undefined;
    },
  };
}
