/** The widget in a real browser, where a flow asks: answers to tap, by finger, key and voice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildWeb } from '../../sdk/web.mjs';
import { newPage, openBrowser, violations } from '../journeys/browser.ts';

const ASSISTANT = { role: 'system', id: 'parley', name: 'Assistant' } as const;
const PARLEY = { ...ASSISTANT, name: '' };
const SHOP = 'http://shop.test/';
let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-widget-'));
  await buildWeb({ outdir: folder });
  await build({ entryPoints: [join(import.meta.dirname, 'widget.page.ts')], bundle: true, outfile: join(folder, 'page.js'), format: 'iife', logLevel: 'error' });
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A customer who has said hello and is asked for a team. */
async function asked(width = 1100, height = 760, attributes = '') {
  const page = await newPage(browser, width, height);
  await page.route(`${SHOP}**`, (route) => route.fulfill({ path: join(folder, new URL(route.request().url()).pathname), contentType: 'text/javascript; charset=utf-8' }));
  await page.route(SHOP, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: `<!doctype html><html lang="en"><title>Shop</title>
    <main><h1>Shop</h1></main>
    <script>window.parley = (...call) => (parley.q ??= []).push(call); parley('setFields', { plan: 'paid' })</script>
    <script src="page.js"></script><script src="widget.js" ${attributes} defer></script></html>` }));
  await page.goto(SHOP);
  await page.locator('parley-widget .launcher').click();
  const field = page.locator('parley-widget textarea');
  await field.fill('Hello!');
  await field.press('Enter');
  await page.waitForFunction(() => [...window.gateway.sockets].some(({ aliases }) => aliases.size > 0));
  const tells = (...[entry]: Parameters<Window['gateway']['tells']>) => page.evaluate((one) => window.gateway.tells(one), entry);
  await tells({ kind: 'message', n: 1, author: ASSISTANT, body: { text: 'Which team?', choices: ['Sales', 'Support'] } });
  const choices = page.locator('parley-widget').getByRole('group');
  await choices.waitFor();
  return { page, field, choices, tells };
}
const sends = (page: Page) => page.evaluate(() => window.gateway.saidOf('send').map(({ text }) => text));
const focus = (page: Page) => page.evaluate(() => document.querySelector('parley-widget')?.shadowRoot?.activeElement?.className);

it('a tap says the label, and the keys on the screen stay away', async () => {
  const { page, choices } = await asked(320, 600);
  expect(await violations(page, 'widget.choices.narrow')).toEqual([]);
  await choices.getByRole('button', { name: 'Support' }).click();
  await choices.waitFor({ state: 'detached' });
  await expect.poll(() => sends(page)).toEqual(['Hello!', 'Support']);
  expect(await focus(page)).toBe('log');
});

it('keys reach them from the composer, and go on there', async () => {
  const { page, field, choices } = await asked();
  expect(await violations(page, 'widget.choices')).toEqual([]);
  await field.focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await choices.waitFor({ state: 'detached' });
  await expect.poll(() => sends(page)).toEqual(['Hello!', 'Sales']);
  expect(await field.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)).toBe(true);
});

it('typing answers as well, and a draft stays what it was when an answer is tapped', async () => {
  const { page, field, choices, tells } = await asked();
  await field.fill('sales, please');
  await field.press('Enter');
  await choices.waitFor({ state: 'detached' });
  await field.fill('by the way');
  await tells({ kind: 'message', n: 2, author: ASSISTANT, body: { text: 'Sure?', choices: ['Yes', 'No'] } });
  await choices.getByRole('button', { name: 'Yes' }).click();
  await choices.waitFor({ state: 'detached' });
  await expect.poll(() => sends(page)).toEqual(['Hello!', 'sales, please', 'Yes']);
  expect(await field.inputValue()).toBe('by the way');
});

it('they are there for who comes back, and go when the request is closed', async () => {
  const { page, choices, tells } = await asked();
  await page.locator('parley-widget .launcher').click();
  await page.locator('parley-widget .launcher').click();
  await choices.waitFor();
  await tells({ kind: 'status', n: 0, author: PARLEY, body: { status: 'closed', ticket: 1 } });
  await choices.waitFor({ state: 'detached' });
});

it('each flow writes under its own name', async () => {
  const { page, tells } = await asked();
  await tells({ kind: 'message', n: 2, author: { ...ASSISTANT, name: 'Reminder' }, body: { text: 'Are you still there?' } });
  const names = page.locator('parley-widget .author');
  await expect.poll(() => names.allTextContents()).toEqual(['Assistant', 'Reminder']);
});

it('the gateway hears what the page asks for and knows: language and fields, once somebody talks', async () => {
  const { page, choices } = await asked(1100, 760, 'data-language="it"');
  expect(await choices.getAttribute('aria-label')).toBe('Risposte tra cui scegliere');
  expect(await page.evaluate(() => window.gateway.saidOf('hello').map(({ language }) => language))).toEqual(['it']);
  expect(await page.evaluate(() => window.gateway.asked.filter(([path]) => path === '/api/me'))).toEqual([['/api/me', { fields: { plan: 'paid' } }]]);
  const refused = page.evaluate(() => (window.parley as unknown as { setFields(fields: unknown): Promise<void> }).setFields({ plan: 1 }));
  await expect(refused).rejects.toThrow('give fields as an object of texts');
});
