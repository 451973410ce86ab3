/**
 * The console in a real browser against a real gateway: two agents, their customers, and no mouse where a key will do.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, Conversation } from '../../sdk/index.ts';
import { createClient, NodeSocket } from '../../sdk/node.ts';
import { keepsOut, openBrowser } from '../journeys/browser.ts';
import { Started } from '../journeys/start.ts';
import { Agent } from './agent.ts';

const MANY = 10_000;

const gateway = new Started({
  limits: { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 },
  workspaces: { demo: {
    teams: [{ id: 'support', name: 'Support' }, { id: 'sales', name: 'Sales' }],
    agents: [
      { id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }, { id: 'ben', name: 'Ben', teams: ['support'] },
    ],
    macros: [{ id: 'refund', name: 'Refund granted', text: 'Dear {contact}, I am {agent}: it is on its way.', status: 'pending', tags: ['refund'] }],
    tags: ['refund', 'tea'],
  } },
});
let browser: Browser;
let ada: Agent;
let ben: Agent;
const clients: Client[] = [];

beforeAll(async () => {
  await gateway.start();
  browser = await openBrowser();
  ada = await Agent.enter(browser, gateway.link);
  ben = await Agent.enter(browser, await ada.invites('ben'));
  await Promise.all([ada.status('Away'), ben.status('Away')]);
}, 120_000);
afterAll(async () => {
  for (const client of clients) client.close();
  await browser?.close();
  await gateway.end();
});

/** A customer of a channel, without a screen. */
async function customer(text: string, channel = 'social'): Promise<Conversation> {
  const client = createClient({ url: gateway.url, WebSocket: NodeSocket, channel });
  clients.push(client);
  const talk = client.conversation();
  talk.open();
  await talk.send({ text }).committed;
  return talk;
}

describe('an offer', () => {
  it('cannot be missed, and is accepted by a key; then it stands in Mine and takes a place', async () => {
    await ada.status('Online');
    const talk = await customer('Is the oolong in stock?');
    await ada.page.getByRole('region', { name: 'New offer' }).waitFor();
    await expect.poll(() => ada.page.title()).toBe('(1) New offer');
    await ada.keys('Alt+a');
    await ada.page.waitForURL(`**/console#/mine/${talk.id}`);
    await ada.thread.getByText('Is the oolong in stock?').waitFor();
    await ada.pressed('Open');
    await ada.count('Mine', 1);
    await ada.sees('1 of 5');
    await expect.poll(() => ada.page.title()).not.toContain('offer');
  }, 60_000);

  it('that is declined stays in the queue', async () => {
    const talk = await customer('Do you ship to Prague?');
    await ada.page.getByRole('region', { name: 'New offer' }).waitFor();
    await ada.keys('Alt+d');
    await ada.page.getByRole('region', { name: 'New offer' }).waitFor({ state: 'detached' });
    await ada.count('Unassigned', 1);
    await ada.open(talk);
    await ada.keys('a');
    await ada.pressed('Open');
    await ada.count('Unassigned', 0);
    await ada.status('Away');
  }, 60_000);
});

describe('writing', () => {
  it('a macro, by its key: filled in, and done to the ticket once it is sent', async () => {
    const talk = await customer('My parcel is wet');
    await ada.open(talk);
    await ada.keys('a', 'r', '/', 'refu', 'Enter');
    const field = ada.page.getByRole('textbox', { name: 'Reply' });
    await expect.poll(() => field.inputValue()).toMatch(/^Dear Visitor \w+, I am Ada: it is on its way\.$/);
    await ada.keys('Control+Enter');
    await ada.pressed('Pending');
    await ada.thread.getByText('Tags: refund · Ada').waitFor();
    await expect.poll(() => talk.messages.get().items.some(({ body }) => 'text' in body && body.text.includes('I am Ada'))).toBe(true);
    await talk.send({ text: 'Thank you' }).committed;
    await ada.pressed('Open');
  }, 60_000);

  it('a note with a name in it, which finds the colleague', async () => {
    const talk = await customer('Who knows about green tea?');
    await ada.open(talk);
    await ada.keys('n', 'please @be', 'Enter', 'have a look', 'Control+Enter');
    await ada.thread.locator('.mention', { hasText: '@ben' }).waitFor();
    await ben.count('Mentions', 1);
    expect(talk.messages.get().items.filter(({ kind }) => kind === 'note')).toEqual([]);
  }, 60_000);

  it('at the same time as a colleague: each sees the other, and the later reply is held back for review', async () => {
    const talk = await customer('Can I change the address?');
    await Promise.all([ada.open(talk), ben.open(talk)]);
    await ada.page.getByTitle(/Ben looks at this, too/).waitFor();
    await ben.keys('r', 'Yes, until noon.');
    await ada.sees('Ben is writing an answer');
    await ada.keys('r', 'No, I am afraid');
    await ben.keys('Control+Enter');
    await ada.thread.getByText('Yes, until noon.').waitFor();
    await ada.keys('Control+Enter');
    const held = ada.page.getByRole('alert', { name: 'Your reply was held back' });
    await held.getByText(/^Ben answered .* ago/).waitFor();
    await held.getByText('Yes, until noon.').waitFor();
    await ada.keys('Alt+e');
    await held.waitFor({ state: 'detached' });
    expect(await ada.page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('No, I am afraid');
    await ada.keys('Control+Enter');
    await expect.poll(() => talk.messages.get().items.filter(({ kind }) => kind === 'message').length).toBe(3);
  }, 60_000);
});

describe('the ticket', () => {
  it('goes to a colleague with a note, who hears of it', async () => {
    await ben.status('Transfers only');
    const talk = await customer('I need a large order');
    await ada.open(talk);
    await ada.keys('a');
    await ada.pressed('Open');
    await ada.keys('t', 'ben', 'Enter', 'She knows you.', 'Control+Enter');
    await ada.thread.getByText('Assigned to Ben').waitFor();
    await ben.sees(/is yours now/);
    await ben.page.getByRole('button', { name: 'Open it' }).click();
    await ben.page.waitForURL(`**/console#/open/${talk.id}`);
    await ben.thread.getByText('She knows you.').waitFor();
    await ben.status('Away');
  }, 60_000);

  it('sleeps until it is woken, and its priority and tags stand in the list', async () => {
    const talk = await customer('Nothing urgent at all');
    await ada.open(talk);
    await ada.keys('y', 'urg', 'Enter', 'l', 'gift wrap', 'Enter', 'Escape', '5');
    const row = ada.page.getByRole('navigation', { name: 'Conversations' }).getByRole('button').filter({ hasText: 'Nothing urgent' });
    await row.getByRole('img', { name: 'Urgent' }).waitFor();
    await row.getByText('gift wrap').waitFor();
    await row.click();
    await ada.keys('z', 'tomo', 'Enter');
    await ada.count('Snoozed', 1);
    await row.waitFor({ state: 'detached' });
    await ada.keys('Alt+z');
    await ada.count('Snoozed', 0);
    await row.waitFor();
  }, 60_000);
});

describe('finding', () => {
  it('what was said long ago, at the place where it was said', async () => {
    const talk = await customer('The zephyr teapot came first');
    for (let i = 0; i < 400; i++) talk.send({ text: `and then number ${i}` });
    await talk.send({ text: 'and nothing more' }).committed;
    await ada.keys('Escape', '5', '/', 'zephyr', 'ArrowDown');
    const result = ada.page.getByRole('button').filter({ has: ada.page.locator('mark', { hasText: 'zephyr' }) });
    await result.click();
    const said = ada.thread.getByText('The zephyr teapot came first');
    await said.waitFor();
    await expect.poll(() => said.evaluate((it) => {
      const { top, bottom } = it.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    })).toBe(true);
  }, 60_000);

  it('a command by a few letters, and its key beside it', async () => {
    await ada.keys('Escape', 'Escape', 'Control+k', 'compact');
    await ada.keys('Enter');
    await ada.page.locator('.rows.is-compact').waitFor();
    await ada.keys('Control+k', 'list comfort', 'Enter');
    await ada.page.locator('.rows.is-comfortable').waitFor();
  }, 60_000);

  it('the next conversation by keys, also right after a click into the sidebar', async () => {
    await customer('Found by j and Enter');
    await ada.keys('Escape', 'Escape', 'Escape');
    await ada.page.locator('.entry').filter({ hasText: 'All open' }).click();
    await ada.page.waitForURL('**/console#/open');
    await ada.sees('Found by j and Enter');
    await ada.keys('j', 'Enter');
    await ada.page.waitForURL(/#\/open\/\w{26}$/);
  }, 60_000);

  it('a search that fails says so and can be tried again', async () => {
    await ada.page.route('**/api/search?*', (route) => route.fulfill({ status: 500, json: { error: 'The server failed on this request.' } }), { times: 1 });
    await ada.keys('Escape', 'Escape', '/', 'oolong');
    const again = ada.page.locator('.results').getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await again.click();
    await again.waitFor({ state: 'detached' });
    await ada.keys('Escape', 'Escape');
  }, 60_000);
});

describe('a conversation of ten thousand messages', () => {
  it('scrolls back to its beginning, and typing in it costs no more than anywhere', async () => {
    const talk = await customer('The first of very many');
    const sent = Array.from({ length: MANY }, (_, i) => ({ text: `line ${i}` }));
    for (let from = 0; from < MANY; from += 500) {
      await Promise.all(sent.slice(from, from + 500).map((message) => talk.send(message).committed));
    }
    await ada.open(talk);
    await expect.poll(() => ada.thread.evaluate((log) => {
      log.scrollTop = 0;
      return document.getElementById('m1') !== null || document.getElementById('m2') !== null;
    }), { timeout: 90_000, interval: 20 }).toBe(true);
    const cdp = await ada.page.context().newCDPSession(ada.page);
    await cdp.send('Performance.enable');
    const script = async (): Promise<number> => (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ScriptDuration')!.value * 1_000;
    await ada.keys('r');
    const before = await script();
    await ada.keys('forty letters, as an agent would type them');
    expect((await script() - before) / 42).toBeLessThan(16);
  }, 240_000);
});

describe('everybody can use it', () => {
  it.each(['light', 'dark'] as const)('every card and page meets WCAG AA (%s)', async (colorScheme) => {
    const talk = await customer(`Looking at colours, ${colorScheme}`);
    await ada.open(talk);
    await ada.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await ada.keys('n', '@ben look', 'Control+Enter', 'Escape');
    await ada.thread.locator('.mention').waitFor();
    for (const key of ['Control+k', 't', 'z', 'y', 'l', 'm', '?', ',', 'w']) {
      await ada.keys(key);
      await ada.page.getByRole('dialog').waitFor();
      expect([key, await keepsOut(ada.page)]).toEqual([key, []]);
      await ada.keys('Escape');
      await ada.page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    for (const place of ['#/mentions', '#/board', '#/admin']) {
      await ada.page.goto(`${gateway.url}/console${place}`);
      expect([place, await keepsOut(ada.page)]).toEqual([place, []]);
    }
  }, 120_000);

  it('fits a phone: one thing at a time, and the way back', async () => {
    const talk = await customer('From a phone to a phone');
    await ada.page.setViewportSize({ width: 390, height: 844 });
    await ada.page.goto(`${gateway.url}/console#/open`);
    const row = ada.page.getByRole('navigation', { name: 'Conversations' }).getByRole('button').filter({ hasText: 'From a phone' });
    await row.click();
    await ada.thread.getByText('From a phone to a phone').waitFor();
    await expect.poll(() => ada.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await keepsOut(ada.page)).toEqual([]);
    await ada.page.getByRole('button', { name: 'Back to the list' }).click();
    await row.waitFor();
    await ada.page.setViewportSize({ width: 1440, height: 900 });
    expect(talk.id).toHaveLength(26);
  }, 60_000);
});
