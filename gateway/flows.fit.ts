/** Whether flows fit their workspace: whatever one names, the settings, the file's secrets or another live flow must have. */
import { check, type Known } from '../machines/flows/check.ts';
import type { Problem } from '../machines/flows/flow.ts';
import { liveFlows, spelt, type LibraryState, type Live } from '../machines/flows/shelved.ts';
import { pathProblem } from './jsonpath.ts';
import type { Sections } from './settings.sections.ts';
import { typesOf } from './world.ts';

type Setup = Pick<Sections, 'teams' | 'agents' | 'skills' | 'fields'>;

/** @param secrets their names @param live the flows that are live beside this one */
export function knownOf(flow: string, sections: Setup, secrets: readonly string[], live: readonly Pick<Live, 'id' | 'flow'>[]): Known {
  const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);
  return {
    flow, teams: ids(sections.teams), agents: ids(sections.agents), skills: ids(sections.skills), secrets, fields: typesOf(sections),
    flows: live.map(({ id, flow: other }) => ({ id, flow: other })), path: pathProblem,
  };
}

/** Problems that live flows would have with the settings as they are to be, and have not yet; in one sentence. */
export function hindranceOf(state: LibraryState, secrets: readonly string[], sections: Setup, next: Setup): string | undefined {
  // To judge a flow takes milliseconds, and the desk waits meanwhile: only those are looked at that may name what goes.
  const gone = goneIn(sections, next);
  for (const { id, flow } of gone.length === 0 ? [] : liveFlows(state)) {
    const text = JSON.stringify(flow);
    if (!gone.some((name) => text.includes(name))) continue;
    const of = (setup: Setup): readonly Problem[] => check(flow, knownOf(id, setup, secrets, liveFlows(state, id))).problems;
    const known = new Set(of(sections).map((problem) => JSON.stringify(problem)));
    const fresh = of(next).filter((problem) => !known.has(JSON.stringify(problem)));
    if (fresh.length > 0) return `the live flow "${id}" needs it: ${spelt(fresh)}: change the flow first, or take it off`;
  }
  return undefined;
}

/** Ids of what is there no more, or as something else. */
function goneIn(sections: Setup, next: Setup): string[] {
  return (['teams', 'agents', 'skills', 'fields'] as const).flatMap((section) => {
    const same = section === 'fields' ? (item: { id: string }) => JSON.stringify(item) : ({ id }: { id: string }) => id;
    const kept = new Set(next[section].map(same));
    return sections[section].filter((item) => !kept.has(same(item))).map(({ id }) => id);
  });
}
