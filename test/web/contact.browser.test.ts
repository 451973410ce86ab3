/**
 * What agents know of a contact, in a real browser against a real gateway: each field is changed in the way of its type, what
 * does not fit is said where it stands; a flow is run by hand, and a conversation begun from the panel.
 */
import { SignJWT } from 'jose';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, Conversation } from '../../sdk/index.ts';
import { createClient, NodeSocket } from '../../sdk/node.ts';
import { keepsOut, openBrowser } from '../journeys/browser.ts';
import { Started } from '../journeys/start.ts';
import { Agent } from './agent.ts';

const SECRET = 'the shop\'s own secret, of more than 32 characters';

const gateway = new Started({ workspaces: { demo: {
  keys: [{ kid: 'shop', algorithm: 'HS256', secret: SECRET, issuer: 'shop', audience: 'parley', roles: ['customer'] }],
  teams: [{ id: 'support', name: 'Support' }],
  agents: [{ id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }],
  fields: [
    { id: 'plan', name: 'Plan', type: 'choice', choices: ['free', 'pro'] }, { id: 'renews', name: 'Renews on', type: 'date' },
    { id: 'wholesale', name: 'Buys wholesale', type: 'boolean' }, { id: 'seats', name: 'Seats', type: 'number' },
  ],
} } });
let browser: Browser;
let ada: Agent;
let customer: Client;
let talk: Conversation;

beforeAll(async () => {
  await gateway.start();
  browser = await openBrowser();
  ada = await Agent.enter(browser, gateway.link);
  customer = createClient({ url: gateway.url, WebSocket: NodeSocket, channel: 'web', language: 'pt-BR' });
  talk = customer.conversation();
  talk.open();
  await talk.send({ text: 'Where is my order?' }).committed;
  await customer.setFields({ email: 'mina@example.com' });
  await ada.open(talk);
}, 120_000);
afterAll(async () => {
  customer?.close();
  await browser?.close();
  await gateway.end();
});

const panel = () => ada.page.getByRole('complementary', { name: 'About this conversation' });
const row = (name: string) => ada.page.locator('.contact-fields > div').filter({ has: ada.page.locator('dt', { hasText: name }) });
const shows = (name: string, value: string) => row(name).locator('.changed', { hasText: value }).waitFor();
const edit = async (name: string) => {
  await row(name).getByRole('button').click();
  return row(name).locator('input, select');
};

describe('the fields of a contact', () => {
  it('are there with what browser and app have said, in the reader\'s words', async () => {
    await shows('E-mail', 'mina@example.com');
    await shows('Language', 'Portuguese');
    await shows('Country', 'Brazil');
    await shows('Plan', 'Unknown');
  });

  it('are changed in the way of their type', async () => {
    await (await edit('Plan')).selectOption('pro');
    await shows('Plan', 'pro');
    await (await edit('Buys wholesale')).selectOption({ label: 'Yes' });
    await shows('Buys wholesale', 'Yes');
    const date = await edit('Renews on');
    expect(await date.getAttribute('type')).toBe('date');
    await date.fill('2026-12-24');
    await date.press('Enter');
    await shows('Renews on', 'Dec 24, 2026');
  }, 60_000);

  it('say what would be right when something does not fit, and keep what stood there', async () => {
    const email = await edit('E-mail');
    await email.fill('mina at home');
    await email.press('Enter');
    await row('E-mail').getByText('An e-mail address, for instance ada@example.com').waitFor();
    expect([await email.getAttribute('aria-invalid'), await email.inputValue()]).toEqual(['true', 'mina at home']);
    expect(await keepsOut(ada.page)).toEqual([]);
    await email.press('Escape');
    await shows('E-mail', 'mina@example.com');
    await expect.poll(() => row('E-mail').getByRole('button').evaluate((at) => at === document.activeElement)).toBe(true);
    const seats = await edit('Seats');
    await seats.fill('many');
    await seats.press('Enter');
    await row('Seats').getByText('A number, for instance 12 or 3.5').waitFor();
    await seats.fill('12');
    await seats.press('Enter');
    await shows('Seats', '12');
  }, 60_000);

  it('that the sign-in says are marked, and not changed here', async () => {
    const token = () => new SignJWT({ sub: 'cleo', name: 'Cleo', email: 'cleo@example.com' }).setProtectedHeader({ alg: 'HS256', kid: 'shop' })
      .setIssuer('shop').setAudience('parley').setIssuedAt().setExpirationTime('1h').sign(new TextEncoder().encode(SECRET));
    const cleo = createClient({ url: gateway.url, WebSocket: NodeSocket, channel: 'web', getToken: token });
    const own = cleo.conversation();
    own.open();
    await own.send({ text: 'It is me.' }).committed;
    await ada.open(own);
    await row('E-mail').getByText('As their sign-in says; it is changed there').waitFor();
    await shows('E-mail', 'cleo@example.com');
    expect(await row('E-mail').getByRole('button').count()).toBe(0);
    expect(await row('Phone').getByRole('button').count()).toBe(1);
    cleo.close();
    await ada.open(talk);
  }, 60_000);
});

describe('from the panel', () => {
  it('a flow that starts when it is called is run, once there is one', async () => {
    expect(await ada.page.getByRole('button', { name: 'Run a flow…' }).count()).toBe(0);
    await ada.page.evaluate(async () => {
      const headers = { authorization: `Bearer ${localStorage.getItem('parley.console.token')}`, 'content-type': 'application/json' };
      const ask = (method: string, path: string, body: unknown) => fetch(path, { method, headers, body: JSON.stringify(body) });
      const definition = { name: 'Ask how it was', start: [{ on: 'called' }], steps: [{ id: 'ask', do: 'ask', text: 'How was it?', answer: 'text', save: 'vars.how' }] };
      await ask('PUT', '/api/flows/how', { rev: 0, definition });
      await ask('POST', '/api/flows/how/publish', { rev: 1, migrate: false, note: '' });
    });
    await ada.page.reload();
    await panel().getByRole('button', { name: 'Run a flow…' }).waitFor();
    await ada.page.getByRole('log').getByText('Where is my order?').waitFor();
    await ada.keys('f');
    await ada.page.getByRole('option', { name: /Ask how it was/u }).waitFor();
    expect(await keepsOut(ada.page)).toEqual([]);
    await ada.keys('Enter');
    await ada.sees('How was it?');
    await ada.page.getByRole('list', { name: 'Flows that run here' }).getByText('Ask how it was').waitFor();
  }, 60_000);

  it('a new conversation is begun, which the customer finds beside the other', async () => {
    await panel().getByRole('button', { name: 'New conversation…' }).click();
    await ada.page.getByLabel('Your first message').fill('One more thing about your order.');
    expect(await keepsOut(ada.page)).toEqual([]);
    await ada.keys('Control+Enter');
    await ada.page.getByRole('log').getByText('One more thing about your order.').waitFor();
    expect(await ada.page.evaluate(() => location.hash)).not.toContain(talk.id);
    const id = await ada.page.evaluate(() => /[0-9A-Z]{26}/u.exec(location.hash)?.[0] ?? '');
    const other = customer.conversation(id);
    other.open();
    await expect.poll(() => other.messages.get().items.map(({ body }) => ('text' in body ? body.text : ''))).toContain('One more thing about your order.');
  }, 60_000);
});
