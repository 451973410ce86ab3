/**
 * A customer and an agent in a real browser, against real `npm start` processes, through the three styles; the gateway is
 * killed with `kill -9` in the middle of each, and nothing is lost on either screen.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, violations } from './browser.ts';
import { Agent, Customer } from './people.ts';
import { Started } from './start.ts';

const WINDOW_MS = 4_000;

const gateway = new Started({
  workspaces: { demo: { policies: { repeat: { windowMs: WINDOW_MS, clock: 'calendar' }, social: { windowMs: WINDOW_MS } } } },
});
let browser: Browser;
let agent: Agent;

beforeAll(async () => {
  [browser] = await Promise.all([openBrowser(), gateway.start()]);
  agent = await Agent.enter(browser, gateway.link);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await gateway.end();
});

const enters = (shop: string): Promise<Customer> => Customer.enter(browser, gateway.url, shop);

/** The gateway dies, the customer goes on writing, it comes back: both sides have everything, once, in order. */
async function survive(customer: Customer, name: string): Promise<void> {
  await customer.write(`${name} before the crash`);
  await gateway.kill();
  await customer.write(`${name} while it is dead`);
  await agent.writes(`${name}, the agent while it is dead`);
  await gateway.start();
  const all = [`${name} before the crash`, `${name} while it is dead`, `${name}, the agent while it is dead`];
  for (const text of all) {
    await agent.sees(text);
    await customer.sees(text);
  }
  for (const text of all) expect([await customer.count(text), await agent.count(text)]).toEqual([1, 1]);
}

describe('a day', () => {
  it('chat: closes at once, and the next word opens a new ticket', async () => {
    const customer = await enters('shop');
    await customer.write('Is the oolong in stock?');
    await agent.opens('Is the oolong in stock?');
    await agent.status('New');
    await agent.accepts();
    await agent.writes('Yes, twelve tins.');
    await customer.sees('Yes, twelve tins.');
    await survive(customer, 'chat');
    await agent.writes('A colleague should look at this', 'Internal note');
    await agent.sees('A colleague should look at this');
    await agent.sets('Solved');
    await agent.status('Closed');
    await customer.sees('Your request was solved. Write again and a new one begins.');
    await customer.write('One more question');
    await agent.status('New');
    await customer.sees('A new request began');
    expect(await customer.page.getByText('A colleague should look at this').count()).toBe(0);
  }, 180_000);

  it('chat with a repeat customer: comes back to the same ticket within the window, then it closes', async () => {
    const customer = await enters('repeat');
    await customer.write('Which tea for the evening?');
    await agent.opens('Which tea for the evening?');
    await agent.accepts();
    await survive(customer, 'repeat');
    await agent.sets('Solved');
    await agent.status('Solved');
    await customer.write('And for the morning?');
    await agent.status('Open');
    await customer.sees('Your request is open again');
    await agent.sets('Solved');
    await agent.status('Closed');
    await customer.write('A new matter');
    await agent.status('New');
  }, 180_000);

  it('social messaging: Pending, On-hold and Solved, and a reply opens it again; closed by the durable timer after a crash', async () => {
    const customer = await enters('social');
    await customer.write('My parcel is wet');
    await agent.opens('My parcel is wet');
    await agent.accepts();
    await agent.sets('Pending');
    await agent.status('Pending');
    await customer.write('Here is a photo');
    await agent.status('Open');
    await agent.sets('On-hold');
    await agent.status('On-hold');
    await survive(customer, 'social');
    await agent.status('Open');
    await agent.sets('Solved');
    await agent.status('Solved');
    await gateway.kill();
    await gateway.start();
    await agent.status('Closed');
    await customer.sees('Your request was closed. Write again and a new one begins.');
  }, 180_000);

  it('a reload finds the conversation as it was, on both screens', async () => {
    const customer = await enters('shop');
    await customer.write('Do you ship to Prague?');
    await agent.opens('Do you ship to Prague?');
    await agent.writes('We do.');
    await customer.sees('We do.');
    await customer.page.reload();
    await customer.opens();
    await customer.sees('We do.');
    expect(await customer.count('Do you ship to Prague?')).toBe(1);
    await agent.page.reload();
    await agent.opens('We do.');
    expect(await agent.count('Do you ship to Prague?')).toBe(1);
  }, 120_000);

  it('console and widget meet WCAG AA', async () => {
    const customer = await enters('shop');
    await customer.write('Looking at colours');
    await agent.opens('Looking at colours');
    expect([...await violations(customer.page, 'widget'), ...await violations(agent.page, 'console')]).toEqual([]);
  }, 60_000);
});
