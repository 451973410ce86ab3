/** Whether the sections of a workspace fit together: whatever one names, another must have. */
import { noSuch } from '../machines/nearest.ts';
import { problemOf, type Policy, type Style } from '../machines/style.ts';
import type { Sections } from './settings.sections.ts';
import { stylesOf } from './settings.styles.ts';

/** What does not fit. `key` tells it from others; its sentence says where it stands, what is wrong and what would be right. */
export interface Misfit {
  key: string;
  /** There may be very many, and to find the name that was meant takes time: only what is read is said. */
  say(): string;
}

export function misfits(sections: Sections): Misfit[] {
  const teams = sections.teams.map(({ id }) => id);
  const skills = sections.skills.map(({ id }) => id);
  const channels = Object.keys(sections.channels);
  const groups = [...new Set(['messaging', ...Object.values(sections.channels).map(({ group }) => group)])];
  const found: Misfit[] = [];
  const name = (where: string, what: string, own: string | undefined, known: readonly string[]): void => {
    if (own === undefined || known.includes(own)) return;
    found.push({ key: `${where}: ${what} ${own}`, say: () => `${where}: ${noSuch(what, own, known)}` });
  };
  const names = (where: string, what: string, list: readonly string[] | undefined, known: readonly string[]): void => {
    for (const [i, own] of (list ?? []).entries()) name(`${where}.${i}`, what, own, known);
  };
  const lanes = (where: string, capacity: Readonly<Record<string, number>>): void => {
    for (const group of Object.keys(capacity)) name(`${where}.${group}`, 'channel group', group, groups);
  };

  for (const [i, { id, fallback }] of sections.teams.entries()) {
    name(`teams.${i}.fallback.team`, 'team', fallback?.team, teams);
    if (loops(id, sections)) {
      found.push(said(`teams.${i}.fallback: leads back to "${id}", so a ticket would go round for ever: end the chain at a team without fallback`));
    }
  }
  for (const [i, { teams: own, skills: can, capacity }] of sections.agents.entries()) {
    names(`agents.${i}.teams`, 'team', own, teams);
    names(`agents.${i}.skills`, 'skill', can, skills);
    lanes(`agents.${i}.capacity`, capacity);
  }
  lanes('capacity', sections.capacity);
  for (const [id, { team, requires, prefers }] of Object.entries(sections.channels)) {
    name(`channels.${id}.team`, 'team', team, teams);
    names(`channels.${id}.requires`, 'skill', requires, skills);
    names(`channels.${id}.prefers`, 'skill', prefers, skills);
  }
  for (const [i, { channel, team, requires, prefers }] of sections.rules.entries()) {
    name(`rules.${i}.channel`, 'channel', channel, channels);
    name(`rules.${i}.team`, 'team', team, teams);
    names(`rules.${i}.requires`, 'skill', requires, skills);
    names(`rules.${i}.prefers`, 'skill', prefers, skills);
  }
  return [...found, ...delays(sections)];
}

function said(sentence: string): Misfit {
  return { key: sentence, say: () => sentence };
}

/** Whether a ticket that nobody takes would come back to this team. */
function loops(from: string, { teams }: Sections): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = from; at !== undefined && !seen.has(at);) {
    seen.add(at);
    const here: string = at;
    at = teams.find(({ id }) => id === here)?.fallback?.team;
    if (at === from) return true;
  }
  return false;
}

/** Delays that do not suit a style, also where a channel has its own and a rule gives it that style. */
function delays(sections: Sections): Misfit[] {
  const { policies } = stylesOf(sections);
  const found: Misfit[] = [];
  const look = (where: string, policy: Policy): void => {
    const problem = problemOf(policy);
    if (problem !== undefined) found.push(said(`${where}: ${problem}`));
  };
  for (const policy of Object.values(policies)) look(`policies.${policy.style}`, policy);
  for (const [id, { style = sections.style, policy }] of Object.entries(sections.channels)) {
    if (policy?.windowMs === undefined) continue;
    const { windowMs } = policy;
    const ruled = sections.rules.filter(({ channel }) => channel === undefined || channel === id).map((rule) => rule.style);
    const reached = new Set<Style>([style, ...ruled.filter((own) => own !== undefined)]);
    for (const own of reached) look(`channels.${id}.policy`, { ...policies[own], windowMs });
  }
  return found;
}
