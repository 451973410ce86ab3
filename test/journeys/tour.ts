/** A tour of the console's pages and of what lies above them, with axe: what keeps somebody out, a sentence for each place. */
import { violations } from './browser.ts';
import type { Agent } from './people.ts';

/** What lies above the page, by its key. */
const CARDS = [
  ['palette', 'Control+k'], ['hand-over', 't'], ['snooze', 'z'], ['priority', 'y'], ['tags', 'l'], ['macros', 'm'], ['keys', '?'],
  ['preferences', ','], ['status', 'w'],
] as const;
const LISTS = ['Mine', 'Unassigned', 'Waiting longest', 'Mentions', 'All open', 'Snoozed', 'Done', 'Returns', 'On-hold'];

/** With a conversation open. */
export async function cards(agent: Agent): Promise<string[]> {
  const dialog = agent.page.getByRole('dialog');
  const found: string[] = [];
  for (const [card, key] of CARDS) {
    await agent.keys(key);
    await dialog.waitFor();
    found.push(...await violations(agent.page, `card ${card}`));
    await agent.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }
  return found;
}

export async function lists(agent: Agent): Promise<string[]> {
  const found: string[] = [];
  for (const list of LISTS) {
    await agent.lists(list);
    await agent.page.getByRole('heading', { name: list, exact: true }).waitFor();
    found.push(...await violations(agent.page, `list ${list}`));
  }
  return found;
}

/** Of an administrator. */
export async function administration(agent: Agent): Promise<string[]> {
  await agent.lists('Administration');
  const pages = agent.page.getByRole('navigation', { name: 'Administration' }).getByRole('link');
  await pages.first().waitFor();
  const found: string[] = [];
  for (const link of await pages.all()) {
    await link.click();
    found.push(...await violations(agent.page, `administration ${await link.innerText()}`));
  }
  return found;
}
