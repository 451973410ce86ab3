/** The course of a ticket in the words of the house. */
import type { Happening } from '../ui/blocks.ts';
import { until } from './snoozes.ts';
import { LANGUAGE, STRINGS } from './strings.ts';
import { priorityOf, teamName, type Workspace } from './workspace.ts';

/** Null when it goes without saying. */
export function line(item: Happening, workspace: Workspace): string | null {
  switch (item.kind) {
    case 'status':
      // A ticket's beginning is told by its own line.
      return item.body.status === 'new' ? null : by(STRINGS.became(STRINGS.statuses[item.body.status]), item);
    case 'assigned': {
      const { agent } = item.body;
      return agent ? by(STRINGS.assigned(agent.name), item, agent.id) : by(STRINGS.unassigned, item);
    }
    case 'ticket':
      return STRINGS.ticketBegan(item.body.ticket, STRINGS.styles[item.body.style]);
    case 'session': {
      const { state, reason } = item.body;
      if (state === 'active') return STRINGS.session.active;
      const words: Partial<Record<typeof reason, string>> = STRINGS.session[state];
      return words[reason] ?? STRINGS.sessionStates[state];
    }
    case 'routing': {
      const { state, agent, team, opensAt } = item.body;
      const whom = agent?.name ?? teamName(workspace, team);
      if (state !== 'closed') return by(STRINGS.routing[state](whom), item);
      return opensAt > 0 ? STRINGS.closedUntil(until(opensAt, item.at, LANGUAGE)) : STRINGS.routing.closed;
    }
    case 'team':
      return by(STRINGS.toTeam(teamName(workspace, item.body.team)), item);
    case 'priority':
      return by(STRINGS.priorityBecame(STRINGS.priorities[priorityOf(item.body.priority)]), item);
    case 'tags':
      return by(item.body.tags.length === 0 ? STRINGS.tagsGone : STRINGS.tagsBecame(item.body.tags.join(', ')), item);
    case 'snooze':
      return by(item.body.until > 0 ? STRINGS.snoozedUntil(until(item.body.until, item.at, LANGUAGE)) : STRINGS.woke, item);
    case 'flow': {
      const { what, name, why } = item.body;
      const said = STRINGS.flowLines[what](name);
      return by(why === '' ? said : `${said}: ${why}`, item);
    }
    default:
      return null;
  }
}

/** With who did it, unless it was the house itself or whom the line names already. */
function by(text: string, item: Happening, named = ''): string {
  const { role, name, id } = item.author;
  return role === 'system' || name === '' || id === named ? text : `${text} · ${name}`;
}
