/**
 * A flow tried, published and taken back in a real browser against a real gateway: every answer of the customer, of the CRM
 * and of time is given by hand, and nobody outside hears of it.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepsOut, openBrowser } from '../journeys/browser.ts';
import { Started } from '../journeys/start.ts';

const PATIENCE_MS = 20_000;

const gateway = new Started({ workspaces: { demo: {
  teams: [{ id: 'support', name: 'Support' }, { id: 'vip', name: 'VIP desk' }],
  agents: [{ id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }],
  secrets: { crm: { value: 'hush', hosts: ['crm.example.com'] } },
} } });
let browser: Browser;
let ada: Page;
const faults: string[] = [];

beforeAll(async () => {
  await gateway.start();
  browser = await openBrowser();
  ada = await (await browser.newContext({ bypassCSP: true, locale: 'en-US', timezoneId: 'UTC', viewport: { width: 1440, height: 900 } })).newPage();
  ada.setDefaultTimeout(PATIENCE_MS);
  ada.on('pageerror', (error) => faults.push(error.message));
  await ada.goto(gateway.link);
  await ada.locator('.desk').waitFor();
  await made('vip', 'vip', { name: 'VIP routing', headers: [{ name: 'Authorization', value: 'Bearer {{secrets.crm}}' }] });
  await made('nudge', 'nudge', { name: 'Nudge' });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await gateway.end();
});

/** A draft of a template, over the API. */
const made = (id: string, template: string, parameters: object) => ada.evaluate(async ([flow, from, given]) => {
  const headers = { authorization: `Bearer ${localStorage.getItem('parley.console.token')}`, 'content-type': 'application/json' };
  const ask = async (method: string, path: string, body: unknown) => (await fetch(path, { method, headers, body: JSON.stringify(body) })).json();
  const { definition } = await ask('POST', `/api/templates/${from}`, { parameters: given }) as { definition: unknown };
  await ask('PUT', `/api/flows/${flow}`, { rev: 0, definition });
}, [id, template, parameters] as const);

const go = (to: string) => ada.evaluate((hash) => { location.hash = hash; }, to);
const button = (name: string | RegExp) => ada.getByRole('button', { name, exact: typeof name === 'string' });
const tab = (name: string) => ada.getByRole('navigation', { name: 'Parts of the flow' }).getByRole('link', { name, exact: true }).click();
const talk = () => ada.getByRole('log', { name: 'The talk' });
const facts = () => ada.getByRole('complementary', { name: 'Where the flow stands' });
/** What stands in the talk, one thing after the other, without who said it. */
const said = () => talk().locator('.written, .try-event, .try-gap').allInnerTexts();
const lit = () => ada.locator('[data-step][aria-current="true"]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['step']));

async function say(text: string): Promise<void> {
  await ada.getByLabel('What the customer writes').fill(text);
  await ada.keyboard.press('Enter');
  await talk().locator('.is-by-customer', { hasText: text }).last().waitFor();
}

describe('a trial', () => {
  it('asks for an e-mail address four times in vain, then hands over to a person; and one step back it waits again', async () => {
    await go('#/flows/vip/try');
    await ada.getByText('Write what a customer would write').waitFor();
    await say('Hello?');
    await talk().getByText('What is your e-mail address?').waitFor();
    await expect.poll(lit).toEqual(['email']);
    for (const wrong of ['no', 'nono', 'nonono']) await say(wrong);
    await expect.poll(() => talk().getByText('That does not look like an e-mail address.').count()).toBe(3);
    await say('never');
    await talk().getByText('a colleague will help you personally').waitFor();
    await facts().getByText('It does not run now.').waitFor();
    expect(await lit()).toEqual([]);
    await button('Step back').click();
    await expect.poll(lit).toEqual(['email']);
    expect(await talk().getByText('a colleague will help you personally').count()).toBe(0);
    expect(await keepsOut(ada)).toEqual([]);
  }, 90_000);

  it('shows the request that would have gone, its secret by name, and goes on with the answer that one gives', async () => {
    await say('ada@example.com');
    const call = ada.getByRole('form', { name: 'The flow asks another system' });
    await call.getByText('GET https://crm.example.com/customers?email=ada%40example.com').waitFor();
    await call.getByText('secret: crm').waitFor();
    expect(await ada.content()).not.toContain('hush');
    await call.getByLabel('Answer, as JSON').fill('{ "customerType": ');
    await call.getByRole('button', { name: 'Answer', exact: true }).click();
    await call.getByText('This is no JSON.').waitFor();
    await call.getByRole('button', { name: '200, an example' }).click();
    expect(await keepsOut(ada)).toEqual([]);
    await call.getByRole('button', { name: 'Answer', exact: true }).click();
    await talk().getByText('Thank you for being a VIP customer!').waitFor();
    await expect.poll(() => facts().getByText('VIP desk').count()).toBe(1);
  }, 60_000);

  it('takes the regular way when nobody answers, with the ticket marked', async () => {
    await button('Step back').click();
    await button('No answer').click();
    await talk().getByText('The CRM could not say who this customer is').waitFor();
    await facts().getByText('vip check failed', { exact: true }).waitFor();
    await expect.poll(() => facts().getByRole('region', { name: 'Ticket' }).getByText('Support').count()).toBe(1);
    await facts().getByText('no answer', { exact: true }).waitFor();
  }, 60_000);

  it('stays when one edits a sentence, and says it anew', async () => {
    await tab('Edit');
    await ada.locator('[data-step="thanks"]').click();
    await ada.getByRole('complementary', { name: 'What is selected' }).getByLabel('Text', { exact: true }).fill('Grand, thanks.');
    await tab('Try it');
    await talk().getByText('Grand, thanks.').waitFor();
    await talk().getByText('The CRM could not say who this customer is').waitFor();
  }, 60_000);

  it('of a nudge moves time by hand: reminder and closing come at their hour, and not before', async () => {
    await go('#/flows/nudge/try');
    await ada.getByRole('heading', { name: 'Nudge', level: 2 }).waitFor();
    // Nobody is reminded at night: a Tuesday morning.
    await facts().getByLabel('It is', { exact: true }).fill('2026-12-01T10:00');
    await ada.keyboard.press('Tab');
    await ada.getByRole('group', { name: 'The clock of the trial' }).getByText(/^Tue, Dec 1, 10:00:00/u).waitFor();
    await say('Are you there?');
    await button('Agent').click();
    await ada.getByLabel('What an agent replies').fill('Yes! What is it?');
    await ada.keyboard.press('Enter');
    await button(/^To the next time, in 1 hr$/u).waitFor();
    for (let i = 0; i < 11; i++) await button('+5 min').click();
    await button(/^To the next time, in 5 min$/u).waitFor();
    expect(await talk().locator('.is-by-flow').count()).toBe(0);
    await button(/^To the next time/u).click();
    await expect.poll(() => talk().locator('.is-by-flow').count()).toBe(1);
    await button('+1 hr').click();
    await talk().getByText('Status: Closed').waitFor();
    // After ten minutes the customer counts as silent.
    expect((await said()).filter((line) => /later$/u.test(line))).toEqual(['10 min later', '50 min later', '5 min later', '55 min later']);
    await button('Start again').click();
    await ada.getByText('Write what a customer would write').waitFor();
    expect(faults).toEqual([]);
  }, 60_000);
});

describe('publishing', () => {
  const card = () => ada.getByRole('dialog', { name: 'Publish VIP routing' });
  const chip = (text: string) => ada.locator('.flow-head .chip', { hasText: text }).waitFor();

  it('makes the first version live, and has nothing more to publish then', async () => {
    await go('#/flows/vip');
    await button('Publish…').click();
    await card().getByText('It goes live for the first time.').waitFor();
    await card().getByText('It starts on: A conversation opens.').waitFor();
    await card().getByLabel('Note').fill('To begin with');
    await button('Publish version 1').click();
    await chip('Live, version 1');
    await expect.poll(() => button('Publish…').getAttribute('title')).toBe('The draft says the same as the live version');
  }, 60_000);

  it('is held up by a problem, which it names', async () => {
    await ada.locator('[data-step="thanks"]').click();
    const text = ada.getByRole('complementary', { name: 'What is selected' }).getByLabel('Text', { exact: true });
    await text.fill('{{contact.nothing}}');
    await expect.poll(() => button('Publish…').getAttribute('title')).toBe('There is 1 problem to mend first');
    await button('Publish…').click({ force: true });
    expect(await card().count()).toBe(0);
    await text.fill('Thanks, {{contact.email}}!');
  }, 60_000);

  it('shows what changes from the live version, and why runs cannot go over when they cannot', async () => {
    await ada.locator('[data-step="email"]').click();
    await ada.keyboard.press('Delete');
    await button('Publish…').and(ada.locator('[aria-disabled="false"]')).click();
    const change = (id: string) => card().locator(`[data-change="${id}"]`);
    await change('thanks').waitFor();
    expect(await change('thanks').locator('del, ins').allTextContents()).toEqual(['Before: Grand, thanks.', 'Now: Thanks, {{contact.email}}!']);
    expect(await change('email').innerText()).toMatch(/^Ask for the e-mail\s+removed/u);
    expect(await card().getByLabel('They go over to the new version').isDisabled()).toBe(true);
    await card().getByText('have no "email" any more, where runs may stand').waitFor();
    expect(await keepsOut(ada)).toEqual([]);
    await ada.keyboard.press('Escape');
    await ada.keyboard.press('Control+z');
    await ada.locator('[data-step="email"]').waitFor();
    await button('Publish…').and(ada.locator('[aria-disabled="false"]')).click();
    await card().getByLabel('They go over to the new version').check();
    await card().getByLabel('Note').fill('Warmer');
    await button('Publish version 2').click();
    await chip('Live, version 2');
  }, 90_000);

  it('can be undone at once, and every version stands in the list with what it changed', async () => {
    await ada.getByText('Version 2 of VIP routing is live').waitFor();
    await ada.keyboard.press('Alt+z');
    await chip('Live, version 1');
    await tab('Versions');
    const versions = ada.getByRole('navigation', { name: 'Versions' });
    await expect.poll(() => versions.getByRole('button').allInnerTexts()).toEqual([expect.stringMatching(/^Version 2\n/u), expect.stringMatching(/^Version 1/u)]);
    await versions.getByRole('button', { name: /Version 2/u }).click();
    const shown = ada.getByRole('region', { name: 'Version 2' });
    await shown.getByText('Warmer', { exact: true }).waitFor();
    expect(await shown.locator('[data-change] del').allTextContents()).toEqual(['Before: Grand, thanks.']);
    await ada.locator('[data-step="thanks"]', { hasText: 'Thanks, {{contact.email}}!' }).waitFor();
    expect(await keepsOut(ada)).toEqual([]);
    await button('Make it live again').click();
    await chip('Live, version 2');
    await button('Turn off').click();
    await chip('Turned off');
    expect(faults).toEqual([]);
  }, 60_000);
});
