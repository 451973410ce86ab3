/**
 * An office where flows are at work: a real `npm start` process with its settings file, a real HTTP server as CRM, an agent at
 * the console, and as many customers as are needed, each with a browser of their own.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { openBrowser, PATIENCE_MS } from './browser.ts';
import { Agent, Customer } from './people.ts';
import { Started } from './start.ts';

/** What a page may ask of the widget. */
interface Page {
  parley: { setFields(fields: object): unknown };
}

const SECRET = 'k3y of the CRM';
const TYPES: Readonly<Record<string, string>> = { 'vip@shop.test': 'VIP', 'new@shop.test': 'regular' };
const DAY = 86_400_000;

/** Its answers follow from the address that it is asked about: `broken` fails, `silent` never comes. */
export class Crm {
  readonly came: { method: string; email: string; key: string; body: string; secret: boolean }[] = [];
  readonly #silent: ServerResponse[] = [];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers: { authorization, 'idempotency-key': key } } = request;
      const email = new URL(url, 'http://crm').searchParams.get('email') ?? (body === '' ? '' : (JSON.parse(body) as { email: string | null }).email ?? '');
      this.came.push({ method, email, key: String(key), body, secret: authorization === `Bearer ${SECRET}` });
      if (email.startsWith('silent')) this.#silent.push(response);
      else if (email.startsWith('broken')) response.writeHead(500).end();
      else response.setHeader('content-type', 'application/json').end(JSON.stringify({ customerType: TYPES[email] ?? 'regular' }));
    });
  });

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get here(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Of whom it was asked or told, in order. */
  asked(of: string): number {
    return this.came.filter(({ email }) => email === of).length;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

export class Office {
  readonly crm = new Crm();
  #gateway!: Started;
  #browser!: Browser;
  ada!: Agent;

  async open(): Promise<void> {
    await this.crm.open();
    const { here } = this.crm;
    // Nobody is there at night, whenever this runs: its one minute is three days away.
    const week = Array.from({ length: 7 }, (_, day) => (day === new Date(Date.now() + 3 * DAY).getUTCDay() ? [[0, 1]] : []));
    this.#gateway = new Started({ workspaces: { demo: {
      teams: [
        { id: 'lobby', name: 'Lobby' }, { id: 'support', name: 'Support' }, { id: 'sales', name: 'Sales' }, { id: 'vip', name: 'VIP desk' },
        { id: 'italian', name: 'Italiano' }, { id: 'czech', name: 'Čeština' }, { id: 'portuguese', name: 'Português' },
        { id: 'night', name: 'Night', hours: { zone: 'UTC', week } },
      ],
      agents: [{ id: 'ada', name: 'Ada', right: 'admin', teams: ['lobby'] }, { id: 'mia', name: 'Mia', teams: ['support'] }],
      http: { allow: [here] }, secrets: { crm: { value: SECRET, hosts: [here] } },
    } } });
    [this.#browser] = await Promise.all([openBrowser(), this.#gateway.start()]);
    this.ada = await Agent.enter(this.#browser, this.#gateway.link);
    // Nobody is offered anything: what is seen is what flows did.
    await this.ada.chooses('Away');
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#gateway?.end();
    this.crm.close();
  }

  /** Somebody new, who says this first, with a browser of this language, on a page that knows these fields of theirs. */
  async customer(first: string, language?: string, fields: object = {}): Promise<Customer> {
    const customer = await Customer.enter(this.#browser, this.#gateway.url, 'shop', language);
    if (Object.keys(fields).length > 0) await customer.page.evaluate((known) => (window as unknown as Page).parley.setFields(known), fields);
    await customer.write(first);
    return customer;
  }

  /** A template with this form becomes a flow, and the only one that is live. */
  async runs(template: string, form: object): Promise<void> {
    const { definition } = await this.#api('POST', `/api/templates/${template}`, { parameters: form }) as { definition: unknown };
    const { flows } = await this.#api('GET', '/api/flows') as { flows: { id: string; rev: number; live: number }[] };
    for (const { id, live } of flows) if (live > 0 && id !== template) await this.#api('POST', `/api/flows/${id}/live`, { version: 0 });
    const { rev } = await this.#api('PUT', `/api/flows/${template}`, { definition, rev: flows.find(({ id }) => id === template)?.rev ?? 0 }) as { rev: number };
    await this.#api('POST', `/api/flows/${template}/publish`, { rev, migrate: false, note: '' });
  }

  /** Ada opens the conversation that began with these words. */
  async opens(first: string): Promise<void> {
    let found: string | undefined;
    await expect.poll(async () => {
      const { found: lines } = await this.#api('GET', `/api/search?q=${encodeURIComponent(first)}`) as { found: { conversation: string }[] };
      found = lines[0]?.conversation;
      return found;
    }, { timeout: PATIENCE_MS }).toBeDefined();
    await this.ada.page.evaluate((hash) => { location.hash = hash; }, `#/${found}`);
    await this.ada.sees(first);
  }

  /** As an administrator's console would. */
  #api(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.ada.page.evaluate(async ([how, where, what]) => {
      const token = localStorage.getItem('parley.console.token');
      const answer = await fetch(where, {
        method: how, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(what === '' ? {} : { body: what }),
      });
      const said: unknown = await answer.json();
      if (!answer.ok) throw new Error(`${how} ${where}: ${JSON.stringify(said)}`);
      return said;
    }, [method, path, body === undefined ? '' : JSON.stringify(body)] as const);
  }
}

/** Both have these messages before them, in this order and no other. */
export async function bothSee(customer: Customer, { ada }: Office, messages: readonly string[]): Promise<void> {
  await expect.poll(() => customer.said(), { timeout: PATIENCE_MS }).toEqual(messages);
  await expect.poll(() => ada.said(), { timeout: PATIENCE_MS }).toEqual(messages);
}
