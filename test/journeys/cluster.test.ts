/**
 * A customer and an agent in two browsers on two nodes of a real cluster. The customer's node is killed with `kill -9` in the
 * middle of a sentence, then the agent's: nothing is lost or doubled on either screen, and nobody has to do anything.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findNats, missing } from '../../gateway/cluster.nats.ts';
import { openBrowser } from './browser.ts';
import { RunningCluster } from './cluster.ts';
import { Agent, Customer } from './people.ts';

const SHOTS = process.env['PARLEY_SHOTS'];
const cluster = new RunningCluster();
let browser: Browser;

beforeAll(async () => {
  if (await findNats() === undefined) throw new Error(missing());
  [browser] = await Promise.all([openBrowser(), cluster.start({})]);
}, 150_000);
afterAll(async () => {
  await browser?.close();
  await cluster.end();
});

async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `cluster.${name}.png`) });
}

/** Both are connected, each to one node, and not to the same. */
async function apart(agent: Agent): Promise<{ customers: string; agents: string }> {
  for (;;) {
    const [customers, agents] = [await cluster.nodeOf('customer'), await cluster.nodeOf('agent')];
    if (customers !== undefined && agents !== undefined && customers !== agents) return { customers, agents };
    // On the same: whoever comes anew gets the next in turn.
    if (customers !== undefined && customers === agents) {
      await agent.page.reload();
      await agent.lists('All open');
    }
  }
}

it('the customer\'s node dies mid-sentence, then the agent\'s: both screens have everything, once and in order', async () => {
  const customer = await Customer.enter(browser, cluster.url, 'shop');
  const agent = await Agent.enter(browser, cluster.link);
  const field = customer.page.getByRole('textbox', { name: 'Message' });
  const typing = agent.page.locator('.thread .typing, .typing').first();
  const asked = ['Is the oolong in stock?', 'I would take two tins', 'and a pot, if you have one', 'Blue it is.'];
  const answered = ['Yes, twelve tins.', 'We have pots, blue ones.'];
  await customer.write('Is the oolong in stock?');
  await agent.lists('All open');
  const before = await apart(agent);
  await agent.opens('Is the oolong in stock?');
  await agent.accepts();

  // Half a sentence is on the way to the field, and one is on the way to the log.
  await field.pressSequentially('I would take', { delay: 20 });
  await typing.waitFor();
  await shot(agent.page, '1-typing');
  await field.pressSequentially(' two tins', { delay: 20 });
  const sent = field.press('Enter');
  const killed = cluster.kill(before.customers);
  await sent;
  await field.pressSequentially('and a', { delay: 20 });
  await shot(customer.page, '2-killed');
  await killed;
  await agent.writes('Yes, twelve tins.');
  await customer.sees('Yes, twelve tins.');
  await field.pressSequentially(' pot, if you have one', { delay: 20 });
  expect(await field.inputValue()).toBe('and a pot, if you have one');
  await field.press('Enter');
  await agent.sees('and a pot, if you have one');
  await shot(customer.page, '3-after');
  await shot(agent.page, '3-after-agent');
  await cluster.says(/All \d+ shards have an owner again/, await killed);
  await cluster.says(new RegExp(`${before.customers} is back`), await killed);

  // And now the other side: the agent goes on writing into a node that is gone.
  const second = await apart(agent);
  await agent.opens('and a pot, if you have one');
  await agent.drafts('We have pots');
  await cluster.kill(second.agents);
  await agent.page.keyboard.type(', blue ones.');
  await agent.page.keyboard.press('Control+Enter');
  await customer.sees('We have pots, blue ones.');
  await customer.write('Blue it is.');
  await agent.sees('Blue it is.');
  await shot(customer.page, '4-end');
  await shot(agent.page, '4-end-agent');

  const said = await customer.said();
  expect(said.filter((text) => !answered.includes(text))).toEqual(asked);
  // What was on its way when the node died, and what the agent wrote just then, may stand in either order: but only in one.
  expect(said.filter((text) => !asked.includes(text))).toEqual(answered);
  expect(await agent.thread.locator('.said .balloon').allInnerTexts()).toEqual(said);
  await customer.page.reload();
  await customer.opens();
  await customer.sees('Blue it is.');
  expect(await customer.said()).toEqual(said);
  expect(await cluster.stop()).toBe(0);
}, 180_000);
