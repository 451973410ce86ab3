/** The people of a day, each at a page of their own: customers with the widget, agents with the console. */
import type { Browser, Locator, Page } from 'playwright-core';
import { newPage } from './browser.ts';

/** A customer with the widget of one channel. */
export class Customer {
  readonly page: Page;
  readonly thread: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.thread = page.getByRole('log');
  }

  /** @param shop the demo's page with that channel's widget. @param language of their browser */
  static async enter(browser: Browser, url: string, shop: string, language = 'en-US'): Promise<Customer> {
    const customer = new Customer(await newPage(browser, 900, 760, language));
    await customer.page.goto(`${url}/demo/${shop}.html`);
    await customer.opens();
    return customer;
  }

  /** The panel, unless it is open already. */
  async opens(): Promise<void> {
    const opener = this.page.getByRole('button', { name: /^Open the chat/ });
    await opener.or(this.page.getByRole('textbox', { name: 'Message' })).first().waitFor();
    if (await opener.isVisible()) await opener.click();
  }

  async write(text: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Message' });
    await field.fill(text);
    await field.press('Enter');
  }

  async sees(text: string): Promise<void> {
    await this.thread.getByText(text, { exact: true }).first().waitFor();
  }

  count(text: string): Promise<number> {
    return this.thread.getByText(text, { exact: true }).count();
  }

  /** One of the answers that are offered. */
  async taps(answer: string): Promise<void> {
    await this.thread.getByRole('group').getByRole('button', { name: answer, exact: true }).click();
  }

  /** All that was said, in order. */
  said(): Promise<string[]> {
    return this.thread.locator('.said .balloon').allInnerTexts();
  }
}

/** An agent in the console. */
export class Agent {
  readonly page: Page;
  readonly thread: Locator;
  /** The card of a ticket on offer, the lines of more of them, and the card of a reply which was held back. */
  readonly offer: Locator;
  readonly waiting: Locator;
  readonly heldBack: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.thread = page.getByRole('log');
    this.offer = page.getByRole('region', { name: 'New offer' });
    this.waiting = page.locator('.offer-line');
    this.heldBack = page.getByRole('alert', { name: 'Your reply was held back' });
  }

  /** @param link works once. */
  static async enter(browser: Browser, link: string): Promise<Agent> {
    const page = await newPage(browser, 1440, 900);
    await page.addInitScript(rememberPlaces);
    await page.goto(link);
    const agent = new Agent(page);
    await agent.#entry('All open').waitFor();
    return agent;
  }

  /** The link that lets another agent in. */
  invites(agent: string): Promise<string> {
    return this.page.evaluate(async (id) => {
      const token = localStorage.getItem('parley.console.token');
      const answer = await fetch(`/api/agents/${id}/link`, {
        method: 'POST', body: '{}', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
      return ((await answer.json()) as { url: string }).url;
    }, agent);
  }

  /** Single keys and chords are pressed; longer words are typed. The first key is a command, whatever had the focus. */
  async keys(...keys: string[]): Promise<void> {
    await this.page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    for (const key of keys) {
      if (key.length === 1 || /^(Enter|Escape|(Control|Alt|Shift)\+.*)$/.test(key)) await this.page.keyboard.press(key);
      else await this.page.keyboard.type(key);
    }
  }

  async chooses(status: string): Promise<void> {
    await this.keys('w', status, 'Enter');
    await this.page.locator('.me').filter({ hasText: status }).waitFor();
  }

  /** Places taken of those there are, `over` the limit or not, as the sidebar says. */
  async holds(places: string, over = false): Promise<void> {
    await this.page.locator(`.me .places-held${over ? '.is-over' : ':not(.is-over)'}`).filter({ hasText: places }).waitFor();
  }

  /** Whatever the sidebar has said of places since the page was opened. */
  heldSoFar(): Promise<string[]> {
    return this.page.evaluate(() => (globalThis as unknown as Remembering).placesSeen);
  }

  /** Goes to a list; it has so many, as the sidebar says. */
  async lists(list: string, count?: number): Promise<void> {
    await this.#entry(list).click();
    if (count !== undefined) await this.counts(list, count);
  }

  async counts(list: string, count: number): Promise<void> {
    await this.#entry(list).filter({ has: this.page.getByText(String(count), { exact: true }) }).waitFor();
  }

  /** The row of the conversation that ends with these words. */
  row(preview: string): Locator {
    return this.page.getByRole('navigation', { name: 'Conversations' }).getByRole('button').filter({ hasText: preview });
  }

  rows(): Promise<string[]> {
    return this.page.locator('.row .preview').allInnerTexts();
  }

  async opens(preview: string): Promise<void> {
    await this.row(preview).click();
    await this.sees(preview);
  }

  /** The offer on the screen, whose customer has said this. */
  async acceptsOffer(text: string): Promise<void> {
    await this.#answersOffer('Alt+a');
    await this.sees(text);
    await this.status('Open');
  }

  async declinesOffer(): Promise<void> {
    await this.#answersOffer('Alt+d');
  }

  /** Resolves when this card is gone; there may be another. */
  async #answersOffer(key: string): Promise<void> {
    const card = await this.offer.elementHandle();
    await this.keys(key);
    await card?.waitForElementState('hidden');
  }

  /** Takes the ticket that is open. */
  async accepts(): Promise<void> {
    await this.keys('a');
    await this.status('Open');
  }

  /** Into the field of a reply or a note, without sending it. */
  async drafts(text: string, kind: 'Reply' | 'Internal note' = 'Reply'): Promise<void> {
    await this.keys(kind === 'Reply' ? 'r' : 'n');
    await this.page.getByRole('textbox', { name: kind }).fill(text);
  }

  /** What stands unsent in the field that is open. */
  draft(): Promise<string> {
    return this.page.getByRole('textbox', { name: /^(Reply|Internal note)$/ }).inputValue();
  }

  async writes(text: string, kind: 'Reply' | 'Internal note' = 'Reply'): Promise<void> {
    await this.drafts(text, kind);
    await this.page.keyboard.press('Control+Enter');
  }

  /** A macro, by some letters of its name, into the field of a reply. */
  async inserts(letters: string): Promise<void> {
    await this.keys('m', letters, 'Enter');
  }

  /** Opens a list of choices by its key and takes one. */
  async picks(key: string, list: string, choice: string): Promise<void> {
    await this.keys(key);
    await this.page.getByRole('dialog', { name: list }).getByRole('option', { name: choice }).click();
  }

  async handsOver(to: string, note: string): Promise<void> {
    await this.picks('t', 'Hand over', to);
    await this.page.getByRole('textbox', { name: 'Note for them' }).fill(note);
    await this.page.keyboard.press('Control+Enter');
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  async sets(status: string): Promise<void> {
    await this.page.getByRole('group', { name: 'Ticket status' }).getByRole('button', { name: status, exact: true }).click();
  }

  /** The control shows it as pressed; what nobody sets by hand stands as a word beside the name. */
  async status(status: string): Promise<void> {
    const header = this.page.locator('main header');
    const said = status === 'New' || status === 'Closed' ? header.getByText(status, { exact: true })
      : header.getByRole('button', { name: status, exact: true, pressed: true });
    await said.waitFor();
  }

  async sees(text: string): Promise<void> {
    await this.thread.getByText(text, { exact: true }).first().waitFor();
  }

  /** What a line of the ticket's course says, with whatever stands beside it. */
  async reads(line: string | RegExp): Promise<void> {
    await this.thread.getByText(line).first().waitFor();
  }

  /** A flow that runs on the open conversation stands like this. */
  async runs(how: RegExp): Promise<void> {
    await this.page.getByRole('list', { name: 'Flows that run here' }).getByRole('listitem').filter({ hasText: how }).waitFor();
  }

  /** Nothing runs here any more. */
  async runsNothing(): Promise<void> {
    await this.page.getByRole('list', { name: 'Flows that run here' }).waitFor({ state: 'detached' });
  }

  count(text: string): Promise<number> {
    return this.thread.getByText(text, { exact: true }).count();
  }

  /** All that was said to and by the customer, in order. */
  said(): Promise<string[]> {
    return this.thread.locator('.run:not(.note) .balloon').allInnerTexts();
  }

  async tile(name: string, value: string): Promise<void> {
    await this.page.locator('.tiles > div').filter({ has: this.page.getByText(name, { exact: true }) })
      .filter({ has: this.page.getByText(value, { exact: true }) }).waitFor();
  }

  /** Of each team: waiting, open; of each agent: status, whether here, open, places, over. As the board shows them at one moment. */
  board(): Promise<{ teams: string[][]; agents: string[][] }> {
    return this.page.evaluate(() => {
      const rows = (table: string): Element[] => [...document.querySelectorAll(`${table} tbody tr`)];
      const text = (of: Element | null | undefined): string => of?.textContent?.trim() ?? '';
      return {
        teams: rows('.figures:not(.agents)').map((row) => [text(row.querySelector('th')), text(row.children[1]), text(row.children[3])]),
        agents: rows('.figures.agents').map((row) => [
          text(row.querySelector('.who > :last-child')), text(row.querySelector('select option:checked')), text(row.children[2]), text(row.children[3]),
          ...[...row.querySelectorAll('.places > span, .places > strong')].map(text),
        ]),
      };
    });
  }

  #entry(list: string): Locator {
    return this.page.locator('.entry').filter({ has: this.page.getByText(list, { exact: true }) });
  }
}

interface Remembering {
  placesSeen: string[];
}

/** Runs in the page: also what is shown for a moment only is remembered. */
function rememberPlaces(): void {
  const seen: string[] = [];
  (globalThis as unknown as Remembering).placesSeen = seen;
  new MutationObserver(() => {
    const places = document.querySelector('.me .places-held');
    const said = `${places?.firstChild?.textContent ?? ''}${places?.classList.contains('is-over') === true ? ', over' : ''}`;
    if (places !== null && said !== seen.at(-1)) seen.push(said);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
