/**
 * Two administrators in a real browser against a real gateway: what they set up, what they are refused, and what happens
 * when both change the same.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepsOut, openBrowser } from '../journeys/browser.ts';
import { Started } from '../journeys/start.ts';

const PATIENCE_MS = 20_000;

const gateway = new Started({ workspaces: { demo: { tags: ['vip'], statuses: [{ id: 'lunch', name: 'Lunch', takes: 'nothing' }] } } });
let browser: Browser;
let ada: Page;
let bo: Page;

beforeAll(async () => {
  await gateway.start();
  browser = await openBrowser();
  ada = await enter(gateway.link);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await gateway.end();
});

async function enter(link: string): Promise<Page> {
  const page = await (await browser.newContext({ bypassCSP: true, locale: 'en-US', viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(link);
  await page.locator('#app > *').first().waitFor();
  return page;
}

async function enterShop(): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-US' })).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${gateway.url}/demo/shop.html`);
  const [opener, text] = [page.getByRole('button', { name: /^Open the chat/u }), page.getByRole('textbox', { name: 'Message' })];
  await opener.or(text).first().waitFor();
  if (await opener.isVisible()) await opener.click();
  return page;
}

async function go(page: Page, to: string, heading: string): Promise<void> {
  await page.evaluate((hash) => { location.hash = hash; }, to);
  await page.getByRole('main').getByRole('heading', { name: heading, exact: true, level: 2 }).waitFor();
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
/** The line of a thing: its name, and what is told of it beside. */
const thing = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name: new RegExp(`^${name}`, 'u') }).and(page.locator('[aria-expanded]'));
const field = (page: Page, name: string) => page.getByRole('main').getByLabel(name, { exact: true });

async function saved(page: Page): Promise<void> {
  await button(page, 'Save').click();
  await page.getByText('Saved.', { exact: true }).waitFor();
}

describe('an administrator', () => {
  it('makes a team and an agent, who signs in by a link and is there at once', async () => {
    await go(ada, '#/admin/teams', 'Teams');
    await button(ada, 'Add a team').click();
    await ada.keyboard.type('Returns & refunds');
    await expect.poll(() => field(ada, 'Id').inputValue()).toBe('returns-refunds');
    await field(ada, 'Id').fill('returns');
    await saved(ada);

    await go(ada, '#/admin/agents', 'Agents');
    await button(ada, 'Add an agent').click();
    await ada.keyboard.type('Bo');
    await field(ada, 'Right').selectOption('admin');
    await field(ada, 'Returns & refunds').check();
    await saved(ada);
    await button(ada, 'Make a sign-in link for Bo').click();
    bo = await enter(await ada.getByRole('textbox', { name: 'Sign-in link' }).inputValue());
    await go(bo, '#/admin/teams', 'Teams');
    await thing(bo, 'Returns & refunds').waitFor();
    await go(ada, '#/board', 'Live board');
    await ada.getByRole('row', { name: /Bo.*Here/u }).waitFor();
  }, 90_000);

  it('sets business hours and a channel\'s delay, and finds them after a reload', async () => {
    await go(ada, '#/admin/hours', 'Business hours');
    await field(ada, 'Time zone').fill('Europe/Rome');
    await ada.getByLabel('Monday, opens').fill('08:30');
    await button(ada, 'Copy to working days: Monday').click();
    await button(ada, 'Add hours: Saturday').click();
    await saved(ada);
    await go(ada, '#/admin/channels', 'Channels');
    await thing(ada, 'social').click();
    await field(ada, 'From Solved to Closed').selectOption('day');
    await field(ada, 'From Solved to Closed').fill('2');
    await saved(ada);

    await ada.reload();
    await thing(ada, 'social').click();
    expect([await field(ada, 'From Solved to Closed').inputValue(), await field(ada, 'From Solved to Closed, unit').inputValue()]).toEqual(['2', 'day']);
    await go(ada, '#/admin/hours', 'Business hours');
    expect(await field(ada, 'Time zone').inputValue()).toBe('Europe/Rome');
    expect(await ada.getByLabel('Friday, opens').inputValue()).toBe('08:30');
    await ada.getByText('50.5 hours open each week').waitFor();
  }, 60_000);

  it('is told at the field what the gateway refuses, before and after asking it', async () => {
    await go(ada, '#/admin/teams', 'Teams');
    await thing(ada, 'Support').click();
    await field(ada, 'Priority of the queue').fill('12');
    await ada.getByText('At most 9.', { exact: true }).waitFor();
    await field(ada, 'Priority of the queue').fill('4');
    await field(ada, 'Fallback team').check();
    await field(ada, 'Then to').selectOption('support');
    await button(ada, 'Save').click();
    await ada.getByText(/^leads back to "support"/u).waitFor();
    await button(ada, 'Discard').click();
    expect(await field(ada, 'Fallback team').isChecked()).toBe(false);
  }, 60_000);

  it('may not take away what is in use, and is told by what and what to do', async () => {
    await thing(ada, 'Returns & refunds').click();
    await button(ada, 'Remove Returns & refunds').click();
    await button(ada, 'Save').click();
    await ada.getByRole('alert').filter({ hasText: 'It is still in use. Returns & refunds has the members Bo: take them out of the team first' }).waitFor();
    await button(ada, 'Discard').click();
    await thing(ada, 'Returns & refunds').waitFor();
  }, 60_000);

  it('sees what the file has set, and why it cannot be changed here', async () => {
    await go(ada, '#/admin/statuses', 'Statuses');
    await ada.getByText(/The configuration file sets this/u).waitFor();
    expect(await button(ada, 'Add a status').count()).toBe(0);
    await thing(ada, 'Lunch').click();
    expect(await field(ada, 'Name').isDisabled()).toBe(true);
  }, 60_000);
});

describe('the board', () => {
  it('shows who waits while they wait, and lets a supervisor set a colleague\'s status', async () => {
    await go(ada, '#/board', 'Live board');
    await ada.getByLabel('Status of Ada').selectOption('away');
    await ada.getByLabel('Status of Bo').selectOption('away');
    await go(bo, '#/board', 'Live board');
    await expect.poll(() => bo.getByLabel('Status of Bo').inputValue()).toBe('away');
    const customer = await enterShop();
    await customer.getByRole('textbox', { name: 'Message' }).fill('Is anybody here?');
    await customer.keyboard.press('Enter');
    await ada.getByRole('row', { name: /^Support 1 \d+ sec 0$/u }).waitFor();
    await ada.getByRole('img', { name: 'Customers waiting. At most 1, newest 1.' }).waitFor();
    await customer.getByText('We have your message. Somebody will be with you soon.').waitFor();
  }, 60_000);
});

describe('two administrators', () => {
  it('who change different things both keep theirs', async () => {
    await go(ada, '#/admin/teams', 'Teams');
    await go(bo, '#/admin/teams', 'Teams');
    await thing(ada, 'Support').click();
    await field(ada, 'Priority of the queue').fill('3');
    await thing(bo, 'Returns & refunds').click();
    await field(bo, 'Who is asked first').selectOption('roundRobin');
    await saved(bo);
    await ada.getByText('Bo has changed something here meanwhile').waitFor();
    await ada.getByText('Most free places → Whose turn it is').waitFor();
    await saved(ada);
    await thing(bo, 'Support').click();
    await expect.poll(() => field(bo, 'Priority of the queue').inputValue()).toBe('3');
    expect(await thing(ada, 'Returns & refunds').textContent()).toContain('Whose turn it is');
  }, 60_000);

  it('who change the same are both asked, and nothing is overwritten unseen', async () => {
    await field(ada, 'Priority of the queue').fill('1');
    await field(bo, 'Priority of the queue').fill('7');
    await saved(bo);
    const clash = ada.getByRole('alert').filter({ hasText: 'Bo has changed the same meanwhile.' });
    await clash.getByRole('row', { name: 'Support › Priority of the queue 7 1' }).waitFor();
    expect(await button(ada, 'Save').isDisabled()).toBe(true);
    await button(ada, 'Load theirs').click();
    await expect.poll(() => field(ada, 'Priority of the queue').inputValue()).toBe('7');

    await field(ada, 'Priority of the queue').fill('2');
    await field(bo, 'Priority of the queue').fill('8');
    await saved(bo);
    await button(ada, 'Keep mine').click();
    await saved(ada);
    await expect.poll(() => field(bo, 'Priority of the queue').inputValue()).toBe('2');
  }, 60_000);

  it('who leave with something unsaved find it again, and the browser asks before it is lost', async () => {
    await go(bo, '#/admin/macros', 'Macros');
    await button(bo, 'Add a macro').click();
    await bo.keyboard.type('Hello');
    await field(bo, 'Text').fill('Hello {contact}');
    await bo.evaluate(() => { location.hash = '#/board'; });
    await bo.getByText('Not saved yet: Macros.').waitFor();
    const asked = new Promise<string>((resolve) => {
      bo.once('dialog', (dialog) => { resolve(dialog.type()); void dialog.dismiss(); });
    });
    await bo.evaluate(() => { setTimeout(() => location.reload()); });
    expect(await asked).toBe('beforeunload');
    await go(bo, '#/admin/macros', 'Macros');
    await thing(bo, 'Hello').waitFor();
    await saved(bo);
  }, 60_000);

  it('are as many as both want: who is none any more is told whom to ask', async () => {
    await go(ada, '#/admin/agents', 'Agents');
    await thing(ada, 'Bo').click();
    await field(ada, 'Right').selectOption('supervisor');
    await saved(ada);
    await bo.getByRole('heading', { name: 'Only administrators change the settings' }).waitFor();
    await bo.getByText('Ask an administrator: Ada.').waitFor();
  }, 60_000);
});

/** Pages whose address is another word. */
const PAGES: Readonly<Record<string, string>> = { 'Business hours': 'hours', Name: 'workspace' };

it.each(['light', 'dark'] as const)('every page of administration and the board meet WCAG AA (%s)', async (colorScheme) => {
  await ada.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  for (const width of [1280, 390]) {
    await ada.setViewportSize({ width, height: 900 });
    for (const page of ['Teams', 'Agents', 'Skills', 'Statuses', 'Capacity', 'Channels', 'Styles', 'Business hours', 'Rules', 'Routing', 'Macros', 'Tags', 'Name']) {
      await go(ada, `#/admin/${PAGES[page] ?? page.toLowerCase()}`, page);
      const first = ada.getByRole('main').locator('[aria-expanded="false"]').first();
      if (await first.count() > 0) await first.click();
      expect([page, ...await keepsOut(ada)]).toEqual([page]);
    }
    await go(ada, '#/board', 'Live board');
    expect(await keepsOut(ada)).toEqual([]);
    expect(await ada.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
}, 120_000);
