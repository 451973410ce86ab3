/** What a list is called. */
import type { ListName } from '../agent.ts';
import type { ConversationSummary } from '../index.ts';
import { STRINGS } from './strings.ts';
import { halves, STATUS_LISTS, VIEWS } from './views.ts';
import { teamName, type Workspace } from './workspace.ts';

/** `items`: conversations of the list, which know the name of a contact. */
export function listName(list: ListName, workspace: Workspace, items: readonly ConversationSummary[] = []): string {
  const view = VIEWS.find((one) => one === list);
  if (view) return STRINGS.viewNames[view];
  const { family, id } = halves(list) ?? {};
  const status = STATUS_LISTS.find((one) => one === id);
  switch (family) {
    case 'team': return teamName(workspace, id ?? '');
    case 'agent': return workspace.agents.find((agent) => agent.id === id)?.name ?? id ?? '';
    case 'status': return status ? STRINGS.statuses[status] : id ?? '';
    case 'contact': return items[0]?.contact.name || STRINGS.visitor;
    default: return list;
  }
}
