/**
 * The settings of a workspace, section by section, each under its revision. What the configuration file names wins at
 * every start; the rest an administrator may change while the desk works, as long as nothing that runs depends on it.
 */
import type { Refusal, Who } from './actor.ts';
import type { DeskState, Floor, Section } from './floor.ts';
import { hindrance } from './inuse.ts';
import { lanesOf, takesTickets } from './lanes.ts';
import { keeping, nodesGone } from './presence.ts';
import { Roster } from './roster.ts';
import { Tree } from './tree.ts';

/**
 * What a section may be: its value, made whole; or what is wrong with it, in words for the person who wrote it. Beside a
 * value the problem is only that other sections do not fit to it.
 */
export type Check = (section: string, value: unknown, sections: Readonly<Record<string, unknown>>)
=> { value: unknown } | { problem: string; value?: unknown };

/** What else of a workspace needs its sections as they are, in one sentence; undefined when nothing does. */
export type Elsewhere = (workspace: string, sections: Readonly<Record<string, unknown>>, next: Readonly<Record<string, unknown>>) => string | undefined;

export interface Sections {
  sections: Readonly<Record<string, unknown>>;
  revs: Readonly<Record<string, number>>;
  locked: readonly string[];
  /** Name of the agent who changed each section last, '' when none has. */
  by: Readonly<Record<string, string>>;
  /** Grows with every change of any section. */
  rev: number;
}
type Values = Readonly<Record<string, unknown>>;

export function sectionsOf({ sections, locked, rev }: DeskState): Sections {
  const all = [...sections];
  return {
    sections: valuesOf(sections), revs: Object.fromEntries(all.map(([name, { rev: own }]) => [name, own])), locked, rev,
    by: Object.fromEntries(all.map(([name, { by, source }]) => [name, source === 'console' ? by : ''])),
  };
}

/** A node starts: whoever was connected to it is not any more, and the file is read. */
export function begin(floor: Floor, node: string, file: Values, defaults: Values): void {
  const { sections: old } = floor.state;
  let { rev } = floor.state;
  let sections = old;
  const put = (name: string, value: unknown, source: Section['source']): void => {
    const was = sections.get(name);
    const stays = was !== undefined && same(was.value, value);
    if (stays && was.source === source) return;
    const by = source === 'file' ? 'the configuration file' : '';
    sections = sections.set(name, { value, source, by, at: floor.at, rev: stays ? was.rev : ++rev });
  };
  for (const [name, value] of Object.entries(file)) put(name, value, 'file');
  for (const [name, value] of Object.entries(defaults)) {
    if (!Object.hasOwn(file, name) && (sections.get(name)?.source ?? 'default') === 'default') put(name, value, 'default');
  }
  const locked = Object.keys(file).sort();
  // What the file named once stays as it was; now it may be changed.
  for (const [name, section] of sections) {
    const freed = section.source === 'file' && !Object.hasOwn(file, name);
    if (freed) sections = sections.set(name, { ...section, source: 'console' });
  }
  if (!same(locked, floor.state.locked)) floor.set({ locked });
  if (sections !== old) apply(floor, sections, rev);
  nodesGone(floor, (lost) => lost === node);
}

export function configure(floor: Floor, check: Check, elsewhere: Elsewhere, { who, section: name, value, rev }: {
  who: Who; section: string; value: unknown; rev: number;
}): Refusal | undefined {
  const { sections, locked, roster } = floor.state;
  if (who.role !== 'agent' || roster.right(who.id) !== 'admin') {
    return { refused: 'forbidden', detail: 'settings are changed by administrators: ask one of them' };
  }
  const section = sections.get(name);
  if (section === undefined) {
    const known = [...sections].map(([one]) => one).join(', ');
    return { refused: 'invalid', detail: `there is no section "${name}"; there are ${known}` };
  }
  if (locked.includes(name)) {
    return { refused: 'forbidden', detail: `the configuration file sets "${name}": change it there and start again` };
  }
  if (rev !== section.rev) {
    const what = section.by === '' ? 'it was changed' : `${section.by} changed it`;
    const when = new Date(section.at).toISOString();
    return { refused: 'conflict', detail: `${what} at ${when}: look at it again, then change it` };
  }
  const checked = check(name, value, valuesOf(sections));
  const problem = 'problem' in checked ? { refused: 'invalid', detail: checked.problem } as const : undefined;
  if (checked.value === undefined) return problem;
  if (same(checked.value, section.value)) return undefined;
  const changed = { value: checked.value, rev: floor.state.rev + 1, source: 'console', by: who.name, at: floor.at } as const;
  const next = sections.set(name, changed);
  // What names something that goes away is better told by who has it than by where it stands.
  const values = valuesOf(next);
  const hindered = hindrance(floor.state, new Roster(values), values) ?? elsewhere(floor.workspace, valuesOf(sections), values);
  if (hindered !== undefined) return { refused: 'inUse', detail: hindered };
  if (problem !== undefined) return problem;
  apply(floor, next, changed.rev);
  return undefined;
}

function apply(floor: Floor, sections: Tree<Section>, rev: number): void {
  const { keepMs } = floor.roster.staff.routing;
  floor.set({ sections, rev });
  restaff(floor);
  if (floor.roster.staff.routing.keepMs !== keepMs) keeping(floor);
}

/** Everybody may stand elsewhere; and customers whose team has other hours now may have to hear so. */
function restaff(floor: Floor): void {
  const { roster: old, sections, agents } = floor.state;
  const roster = new Roster(valuesOf(sections));
  const otherHours = roster.staff.teams.filter((team) => !same(team.hours, old.team(team.id)?.hours));
  const hours = new Set(otherHours.map(({ id }) => id));
  let { tickets } = floor.state;
  for (const [id, ticket] of tickets) {
    const team = roster.teamFor({ team: ticket.team, channel: ticket.standing.channel }).id;
    const officeAt = ticket.seat.at === 'queue' && hours.has(team) ? floor.at : ticket.officeAt;
    if (team !== ticket.team || officeAt !== ticket.officeAt) tickets = tickets.set(id, { ...ticket, team, officeAt });
  }
  floor.set({ roster, tickets, lanes: lanesOf(tickets, agents, roster) });
  for (const [id, agent] of agents) if (takesTickets(agent, roster)) floor.looks.agents.add(id);
}

export function valuesOf(sections: Tree<Section>): Values {
  return Object.fromEntries([...sections].map(([name, { value }]) => [name, value]));
}

/** Values are plain data, and one schema has put their fields in order. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
