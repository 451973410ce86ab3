/** An agent in a real browser: no mouse where a key will do. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { Conversation } from '../../sdk/index.ts';

const PATIENCE_MS = 15_000;

/** Somebody at the console, in a browser of their own. */
export class Agent {
  readonly page: Page;
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
  }

  static async enter(browser: Browser, link: string): Promise<Agent> {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(link);
    await page.getByRole('button', { name: /All open/ }).waitFor();
    return new Agent(context, page);
  }

  /** The link that lets another agent in. */
  invites(agent: string): Promise<string> {
    return this.page.evaluate(async (id) => {
      const token = localStorage.getItem('parley.console.token');
      const answer = await fetch(`/api/agents/${id}/link`, { method: 'POST', body: '{}', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } });
      return ((await answer.json()) as { url: string }).url;
    }, agent);
  }

  async status(name: string): Promise<void> {
    await this.keys('Escape', 'w', name, 'Enter');
    await this.page.locator('.me').filter({ hasText: name }).waitFor();
  }

  /** Single keys and chords are pressed; longer words are typed. */
  async keys(...keys: string[]): Promise<void> {
    for (const key of keys) {
      if (key.length === 1 || /^(Enter|Escape|Tab|Arrow\w+|(Control|Alt|Shift)\+.*)$/.test(key)) await this.page.keyboard.press(key);
      else await this.page.keyboard.type(key);
    }
  }

  async open(talk: Conversation): Promise<void> {
    await this.page.goto(`${new URL(this.page.url()).origin}/console#/open/${talk.id}`);
    const said = talk.messages.get().items.findLast(({ kind }) => kind === 'message')?.body;
    if (said && 'text' in said) await this.thread.getByText(said.text, { exact: true }).waitFor();
  }

  get thread(): Locator {
    return this.page.getByRole('log');
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** How many a list has, as the sidebar says. */
  count(list: string, count: number): Promise<void> {
    return this.page.locator('.entry').filter({ hasText: list }).filter({ has: this.page.locator('.count', { hasText: new RegExp(`^${count}$`) }) }).waitFor();
  }

  /** The status that the control shows as pressed. */
  async pressed(status: string): Promise<void> {
    await this.page.getByRole('group', { name: 'Ticket status' }).getByRole('button', { name: status, exact: true, pressed: true }).waitFor();
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
