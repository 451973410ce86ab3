/** To whom a ticket may be handed over, and how each stands: those with a free place first. */
import type { Board } from '../agent.ts';
import { handleOf, type Workspace } from './workspace.ts';

interface Person {
  readonly is: 'agent';
  readonly agent: string;
  readonly status: string;
  readonly here: boolean;
  readonly held: number;
  /** Null where it is not told: only supervisors see how full their colleagues are. */
  readonly limit: number | null;
  readonly full: boolean;
  /** Is not here, or takes nothing just now. */
  readonly absent: boolean;
}
interface Group {
  readonly is: 'team';
  readonly team: string;
}
export type Candidate = (Person | Group) & {
  readonly id: string;
  readonly name: string;
  /** Found by these, too. */
  readonly words: string;
};

/** In these one takes nothing that is handed over; the workspace's own statuses are the desk's to judge. */
const TAKES_NOTHING: readonly string[] = ['away', 'offline'];

/** `online`: ids of agents who are here; `without`: of those to leave out, oneself for one. */
export function candidates(
  { agents, teams }: Workspace, board: Board | null, online: readonly string[], without: readonly string[],
): Candidate[] {
  const stand = new Map(board?.agents.map((agent) => [agent.id, agent]));
  const people = new Map(agents.map(({ id, handle, name, teams: own }) =>
    [id, { name, words: `${handle} ${own.join(' ')}` }]));
  for (const { id, name } of stand.values()) if (!people.has(id)) people.set(id, { name, words: handleOf(id) });
  const persons = [...people].filter(([id]) => !without.includes(id)).map(([id, { name, words }]) => {
    const { status = 'online', here = online.includes(id), held = 0, limit = null } = stand.get(id) ?? {};
    const full = limit !== null && held >= limit;
    const absent = !here || TAKES_NOTHING.includes(status);
    const shown = here ? status : 'offline';
    return { is: 'agent' as const, id: `agent ${id}`, agent: id, name, words, status: shown, here, held, limit, full, absent };
  });
  const free = ({ full, absent, limit, held }: Person) => (absent ? -2 : full ? -1 : (limit ?? 0) - held);
  persons.sort((a, b) => free(b) - free(a) || a.name.localeCompare(b.name));
  const groups = teams.map(({ id, name }) => ({ is: 'team' as const, id: `team ${id}`, team: id, name, words: id }));
  return [...persons, ...groups];
}
