/**
 * A customer and an agent in a real browser, against real `npm start` processes, through the three styles; the gateway is
 * killed with `kill -9` in the middle of each, and nothing is lost on either screen.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Started } from './start.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WINDOW_MS = 4_000;
const PATIENCE_MS = 30_000;

const gateway = new Started({
  workspaces: { demo: { policies: { repeat: { windowMs: WINDOW_MS, clock: 'calendar' }, social: { windowMs: WINDOW_MS } } } },
});
let browser: Browser;
let consolePage: Page;

beforeAll(async () => {
  await gateway.start();
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  consolePage = await (await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 800 } })).newPage();
  consolePage.setDefaultTimeout(PATIENCE_MS);
  await consolePage.goto(gateway.link);
  await consolePage.getByRole('button', { name: /All open/ }).waitFor();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await gateway.end();
});

/** A customer with the widget of one channel, in a browser of their own. */
class Customer {
  readonly page: Page;
  readonly #thread: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.#thread = page.getByRole('log');
  }

  static async enter(shop: string): Promise<Customer> {
    const page = await (await browser.newContext({ bypassCSP: true, viewport: { width: 900, height: 760 } })).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${gateway.url}/demo/${shop}.html`);
    const opener = page.getByRole('button', { name: /^Open the chat/ });
    const field = page.getByRole('textbox', { name: 'Message' });
    await opener.or(field).first().waitFor();
    if (await opener.isVisible()) await opener.click();
    return new Customer(page);
  }

  async write(text: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Message' });
    await field.fill(text);
    await field.press('Enter');
  }

  async sees(text: string): Promise<void> {
    await this.#thread.getByText(text, { exact: true }).first().waitFor();
  }

  count(text: string): Promise<number> {
    return this.#thread.getByText(text, { exact: true }).count();
  }
}

/** The agent's side of the conversation that says this. */
class Agent {
  readonly #thread = consolePage.getByRole('log');

  async opens(preview: string): Promise<void> {
    await consolePage.getByRole('navigation').getByRole('button').filter({ hasText: preview }).click();
    await this.sees(preview);
  }

  async accepts(): Promise<void> {
    await consolePage.getByRole('button', { name: 'Accept', exact: true }).click();
    await this.status('Open');
  }

  async writes(text: string, kind: 'Reply' | 'Internal note' = 'Reply'): Promise<void> {
    await consolePage.getByRole('group', { name: /./ }).getByRole('button', { name: kind, exact: true }).click();
    const field = consolePage.getByRole('textbox', { name: kind });
    await field.fill(text);
    await field.press('Control+Enter');
  }

  async sets(status: string): Promise<void> {
    await consolePage.getByRole('group', { name: 'Ticket status' }).getByRole('button', { name: status, exact: true }).click();
  }

  /** The control shows it as pressed; what nobody sets by hand stands as a word beside the name. */
  async status(status: string): Promise<void> {
    const header = consolePage.locator('main header');
    const said = status === 'New' || status === 'Closed' ? header.getByText(status, { exact: true })
      : header.getByRole('button', { name: status, exact: true, pressed: true });
    await said.waitFor();
  }

  async sees(text: string): Promise<void> {
    await this.#thread.getByText(text, { exact: true }).first().waitFor();
  }

  count(text: string): Promise<number> {
    return this.#thread.getByText(text, { exact: true }).count();
  }
}

/** The gateway dies, the customer goes on writing, it comes back: both sides have everything, once, in order. */
async function survive(customer: Customer, agent: Agent, name: string): Promise<void> {
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
    const customer = await Customer.enter('shop');
    const agent = new Agent();
    await customer.write('Is the oolong in stock?');
    await agent.opens('Is the oolong in stock?');
    await agent.status('New');
    await agent.accepts();
    await agent.writes('Yes, twelve tins.');
    await customer.sees('Yes, twelve tins.');
    await survive(customer, agent, 'chat');
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
    const customer = await Customer.enter('repeat');
    const agent = new Agent();
    await customer.write('Which tea for the evening?');
    await agent.opens('Which tea for the evening?');
    await agent.accepts();
    await survive(customer, agent, 'repeat');
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
    const customer = await Customer.enter('social');
    const agent = new Agent();
    await customer.write('My parcel is wet');
    await agent.opens('My parcel is wet');
    await agent.accepts();
    await agent.sets('Pending');
    await agent.status('Pending');
    await customer.write('Here is a photo');
    await agent.status('Open');
    await agent.sets('On-hold');
    await agent.status('On-hold');
    await survive(customer, agent, 'social');
    await agent.status('Open');
    await agent.sets('Solved');
    await agent.status('Solved');
    await gateway.kill();
    await gateway.start();
    await agent.status('Closed');
    await customer.sees('Your request was closed. Write again and a new one begins.');
  }, 180_000);

  it('a reload finds the conversation as it was, on both screens', async () => {
    const customer = await Customer.enter('shop');
    const agent = new Agent();
    await customer.write('Do you ship to Prague?');
    await agent.opens('Do you ship to Prague?');
    await agent.writes('We do.');
    await customer.sees('We do.');
    await customer.page.reload();
    const opener = customer.page.getByRole('button', { name: /^Open the chat/ });
    const field = customer.page.getByRole('textbox', { name: 'Message' });
    await opener.or(field).first().waitFor();
    if (await opener.isVisible()) await opener.click();
    await customer.sees('We do.');
    expect(await customer.count('Do you ship to Prague?')).toBe(1);
    await consolePage.reload();
    await agent.opens('We do.');
    expect(await agent.count('Do you ship to Prague?')).toBe(1);
  }, 120_000);

  it.each(['light', 'dark'] as const)('console and widget meet WCAG AA (%s)', async (colorScheme) => {
    const customer = await Customer.enter('shop');
    await customer.write(`Looking at colours, ${colorScheme}`);
    await new Agent().opens(`Looking at colours, ${colorScheme}`);
    for (const page of [customer.page, consolePage]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(AXE);
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(context: unknown, options: unknown): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
        const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
      });
      expect(violations).toEqual([]);
    }
  }, 60_000);
});
