/**
 * Flows in a real browser against a real gateway: an administrator makes one from a template, changes it, mends what is
 * wrong and finds it again; two of them at once lose nothing; whoever is none only looks.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepsOut, openBrowser } from '../journeys/browser.ts';
import { Started } from '../journeys/start.ts';

const PATIENCE_MS = 20_000;

const gateway = new Started({ workspaces: { demo: {
  teams: [{ id: 'support', name: 'Support' }, { id: 'vip', name: 'VIP desk' }],
  agents: [
    { id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }, { id: 'bo', name: 'Bo', right: 'admin', teams: ['support'] },
    { id: 'cleo', name: 'Cleo', right: 'agent', teams: ['support'] },
  ],
} } });
let browser: Browser;
let ada: Page;
const faults: string[] = [];

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
  const page = await (await browser.newContext({ bypassCSP: true, locale: 'en-US', viewport: { width: 1280, height: 860 } })).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(link);
  await page.locator('.desk').waitFor();
  return page;
}

/** Another agent, let in by Ada. */
async function invite(name: string): Promise<Page> {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  await page.goto(`${gateway.url}/console`);
  await go(ada, '#/admin/agents');
  await ada.getByRole('main').getByRole('button', { name: new RegExp(`^${name}`, 'u') }).and(ada.locator('[aria-expanded]')).click();
  await button(ada, `Make a sign-in link for ${name}`).click();
  const link = await ada.getByRole('textbox', { name: 'Sign-in link' }).inputValue();
  await page.close();
  return enter(link);
}

const go = (page: Page, to: string) => page.evaluate((hash) => { location.hash = hash; }, to);
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const step = (page: Page, id: string) => page.locator(`[data-step="${id}"]`);
const field = (page: Page, name: string) => page.getByRole('complementary', { name: 'What is selected' }).getByLabel(name, { exact: true });
const saved = (page: Page) => page.getByText('Draft saved', { exact: true }).waitFor();

describe('an administrator', () => {
  it('makes a flow of a template, by a form with the sentences of four languages', async () => {
    await go(ada, '#/flows');
    await ada.getByText('There are no flows yet.').waitFor();
    await button(ada, 'Use this template: Nudge and close idle conversations').click();
    const dialog = ada.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Gentle nudge');
    await dialog.getByLabel('Remind after a silence of', { exact: true }).fill('2');
    await dialog.getByRole('button', { name: 'it', exact: true }).click();
    expect(await dialog.getByLabel('Reminder', { exact: true }).inputValue()).toMatch(/^Ci sei ancora\?/u);
    await dialog.getByLabel('Reminder', { exact: true }).fill('Ci sei?');
    await dialog.getByRole('button', { name: 'Make a draft' }).click();
    await ada.getByRole('heading', { name: 'Gentle nudge', level: 2 }).waitFor();
    await step(ada, 'silence').click();
    expect([await field(ada, 'So long').inputValue(), await field(ada, 'So long, unit').inputValue()]).toEqual(['2', 'hour']);
    await step(ada, 'reminder').click();
    await button(ada, 'it').click();
    expect(await field(ada, 'Text').inputValue()).toBe('Ci sei?');
  }, 90_000);

  it('changes a sentence and a delay, which are saved by themselves and there after a reload', async () => {
    await button(ada, 'en').click();
    await field(ada, 'Text').fill('Hello? We are still here.');
    await step(ada, 'answer').click();
    await field(ada, 'So long').fill('10');
    await saved(ada);
    await ada.reload();
    await step(ada, 'answer').click();
    expect(await field(ada, 'So long').inputValue()).toBe('10');
    await step(ada, 'reminder').click();
    expect(await field(ada, 'Text').inputValue()).toBe('Hello? We are still here.');
  }, 60_000);

  it('is shown what is wrong where it is, as it is typed, and that it is mended', async () => {
    await ada.getByText('No problems', { exact: true }).waitFor();
    await step(ada, 'answer').click();
    await field(ada, 'So long').fill('60');
    await field(ada, 'So long, unit').selectOption('day');
    const problems = ada.getByRole('region', { name: 'Problems' });
    await problems.getByText('1 problem', { exact: true }).waitFor();
    await expect.poll(() => field(ada, 'So long').getAttribute('aria-invalid')).toBe('true');
    await step(ada, 'close').click();
    await problems.getByRole('button').click();
    await expect.poll(() => field(ada, 'So long').evaluate((at) => at === document.activeElement)).toBe(true);
    await field(ada, 'So long').fill('2');
    await ada.getByText('No problems', { exact: true }).waitFor();
    await saved(ada);
  }, 60_000);

  it('adds, moves, copies and removes steps by the keyboard, and takes it back', async () => {
    const order = () => ada.locator('.outline > .steps > li > .step-line > .step-row').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['step']));
    const before = await order();
    await ada.locator('.outline > .steps > li > .gap.is-last > button').click();
    await ada.keyboard.type('note');
    await ada.keyboard.press('Enter');
    await expect.poll(order).toEqual([...before, 'note']);
    await expect.poll(() => field(ada, 'Text').evaluate((at) => at === document.activeElement)).toBe(true);
    await field(ada, 'Text').fill('Closed by itself.');
    await step(ada, 'note').press('Alt+ArrowUp');
    await expect.poll(order).toEqual([...before.slice(0, -1), 'note', before.at(-1)]);
    await ada.keyboard.press('Control+d');
    await expect.poll(order).toEqual([...before.slice(0, -1), 'note', 'note-2', before.at(-1)]);
    await ada.keyboard.press('Delete');
    await expect.poll(order).toEqual([...before.slice(0, -1), 'note', before.at(-1)]);
    for (let i = 0; i < 5; i++) await ada.keyboard.press('Control+z');
    await expect.poll(order).toEqual(before);
    await ada.keyboard.press('Control+Shift+z');
    await expect.poll(order).toEqual([...before, 'note']);
    await ada.keyboard.press('Control+z');
    await saved(ada);
  }, 60_000);

  it('drags a step to another place, also into a branch', async () => {
    const around = () => step(ada, 'silence').evaluate((row) => row.closest('.inner')?.getAttribute('aria-label') ?? 'the flow');
    const end = ada.getByRole('group', { name: 'Ours: the customer waits' }).getByRole('button', { name: 'Add a step', exact: true });
    await ada.locator('.outline').evaluate((tree) => { tree.scrollTop = 0; });
    await step(ada, 'silence').dragTo(end);
    await expect.poll(around).toBe('Ours: the customer waits');
    await ada.keyboard.press('Control+z');
    await expect.poll(around).toBe('the flow');
    await saved(ada);
  }, 60_000);

  it('sees the statechart follow, and goes to a step by it', async () => {
    const node = (name: RegExp) => ada.getByRole('img', { name: /^Statechart with \d+ states$/u }).locator('.node', { hasText: name });
    await node(/^Nudge$/u).click();
    await expect.poll(() => step(ada, 'reminder').getAttribute('aria-current')).toBe('true');
    await field(ada, 'Name of the step').fill('Gently remind');
    await node(/^Gently remind$/u).waitFor();
    await saved(ada);
  }, 60_000);
});

describe('two administrators', () => {
  it('who change different things both keep theirs, and who change the same are asked', async () => {
    const bo = await invite('Bo');
    await go(bo, '#/flows/gentle-nudge');
    await step(bo, 'last').waitFor();
    await go(ada, '#/flows/gentle-nudge');
    await step(ada, 'reminder').click();
    await step(bo, 'last').click();
    await field(bo, 'Text').fill('Good bye.');
    await saved(bo);
    await field(ada, 'Text').fill('Are you there?');
    await ada.getByText('Bo has changed something here meanwhile, and it is in your draft now: Last message › Text › en.').waitFor();
    await saved(ada);
    await step(ada, 'last').click();
    expect(await field(ada, 'Text').inputValue()).toBe('Good bye.');

    await field(ada, 'Text').fill('Farewell.');
    await field(bo, 'Text').fill('See you.');
    // Whoever is saved second is asked.
    await Promise.race([ada, bo].map((page) => page.locator('.clash').waitFor()));
    const [loser, winner, own] = await ada.locator('.clash').count() > 0 ? [ada, bo, 'Farewell.'] as const : [bo, ada, 'See you.'] as const;
    await loser.getByRole('row', { name: new RegExp(`^Last message › Text › en .* ${own}$`, 'u') }).waitFor();
    await button(loser, 'Keep mine').click();
    await saved(loser);
    await expect.poll(() => field(winner, 'Text').inputValue(), { timeout: PATIENCE_MS }).toBe(own);
    await bo.close();
  }, 120_000);
});

it('an agent looks at all of it and changes nothing', async () => {
  const cleo = await invite('Cleo');
  await cleo.getByRole('navigation').getByRole('button', { name: 'Flows' }).click();
  await cleo.getByRole('link', { name: 'Gentle nudge' }).click();
  await step(cleo, 'reminder').click();
  expect(await field(cleo, 'Text').isDisabled()).toBe(true);
  expect(await button(cleo, /^(Add a step|Remove this step|Undo)$/u).count()).toBe(0);
  await cleo.getByText('Only administrators change flows.').waitFor();
  await go(cleo, '#/flows');
  await cleo.getByRole('heading', { name: 'Templates' }).waitFor();
  expect(await button(cleo, /template|Remove|New flow/u).count()).toBe(0);
  await cleo.close();
}, 60_000);

it('what is not wanted any more is removed, after a question', async () => {
  await go(ada, '#/flows');
  await button(ada, 'New flow').click();
  await ada.getByRole('dialog').getByLabel('Name').fill('Nothing yet');
  await ada.keyboard.press('Enter');
  await ada.getByRole('heading', { name: 'Nothing yet', level: 2 }).waitFor();
  await go(ada, '#/flows');
  await button(ada, 'Remove Nothing yet').click();
  await button(ada, 'Remove').click();
  await ada.getByText('Nothing yet is removed').waitFor();
  expect(await ada.getByRole('link', { name: 'Nothing yet' }).count()).toBe(0);
}, 60_000);

it.each(['light', 'dark'] as const)('library, editor, forms and template meet WCAG AA (%s)', async (colorScheme) => {
  await ada.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  for (const width of [1280, 1000, 390]) {
    await ada.setViewportSize({ width, height: 860 });
    await go(ada, '#/flows');
    await ada.getByRole('link', { name: 'Gentle nudge' }).waitFor();
    expect([width, 'library', ...await keepsOut(ada)]).toEqual([width, 'library']);
    await button(ada, 'Use this template: Customer or prospect').click();
    expect([width, 'template', ...await keepsOut(ada)]).toEqual([width, 'template']);
    await button(ada, 'Cancel').last().click();
    await go(ada, '#/flows/gentle-nudge');
    for (const id of ['turn', 'silence', 'reminder']) {
      await step(ada, id).click();
      expect([width, id, ...await keepsOut(ada)]).toEqual([width, id]);
    }
    expect(await ada.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
}, 120_000);

it('nothing broke on the way', () => {
  expect(faults).toEqual([]);
});
