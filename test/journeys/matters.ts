/**
 * The matters of a day at the desk: who has which, and every word that was said in it, so that in the end the screens of
 * both sides can be held against it.
 */
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { Agent, Customer } from './people.ts';

/** The first words of each, and the shop with the channel that they come through. In this order customers write. */
const MATTERS = {
  oolong: ['shop', 'Is the oolong in stock?'], parcel: ['social', 'My parcel is wet'], evening: ['repeat', 'Which tea for the evening?'],
  address: ['shop', 'Can I change the address?'], lid: ['social', 'The lid is broken'], prague: ['shop', 'Do you ship to Prague?'],
  wrap: ['shop', 'Is there a gift wrap?'], water: ['repeat', 'How hot should the water be?'], invoice: ['social', 'I never got an invoice'],
  back: ['shop', 'I want to send it back'],
} as const;
export type Matter = keyof typeof MATTERS;
export const NAMES = Object.keys(MATTERS) as Matter[];

export class Matters {
  readonly #browser: Browser;
  readonly #url: string;
  readonly #customers = new Map<Matter, Customer>();
  readonly #words = new Map<Matter, string[]>();

  constructor(browser: Browser, url: string) {
    this.#browser = browser;
    this.#url = url;
  }

  /** The customer opens the page; nothing is said yet. */
  async enters(matter: Matter): Promise<void> {
    this.#customers.set(matter, await Customer.enter(this.#browser, this.#url, MATTERS[matter][0]));
  }

  customer(matter: Matter): Customer {
    const customer = this.#customers.get(matter);
    if (customer === undefined) throw new Error(`Nobody has come with the ${matter} yet.`);
    return customer;
  }

  first(matter: Matter): string {
    return MATTERS[matter][1];
  }

  words(matter: Matter): readonly string[] {
    return this.#words.get(matter) ?? [];
  }

  /** What lists show of it. */
  last(matter: Matter): string {
    return this.words(matter).at(-1) ?? '';
  }

  said(matter: Matter, text: string): void {
    this.#words.set(matter, [...this.words(matter), text]);
  }

  async writes(matter: Matter, text = this.first(matter)): Promise<void> {
    this.said(matter, text);
    await this.customer(matter).write(text);
  }

  /** In the conversation that the agent has open. */
  async answers(agent: Agent, matter: Matter, text: string): Promise<void> {
    this.said(matter, text);
    await agent.writes(text);
  }

  async opens(agent: Agent, matter: Matter, list = 'Mine'): Promise<void> {
    await agent.lists(list);
    await agent.opens(this.last(matter));
  }

  async accepts(agent: Agent, ...matters: Matter[]): Promise<void> {
    for (const matter of matters) await agent.acceptsOffer(this.first(matter));
  }

  async solves(agent: Agent, matter: Matter): Promise<void> {
    await this.opens(agent, matter);
    await agent.sets('Solved');
    const chat = MATTERS[matter][0] === 'shop';
    await this.customer(matter).sees(chat ? 'Your request was solved. Write again and a new one begins.' : 'Your request was solved');
  }

  /** Each agent has these and no others, so nothing is with two. */
  async hold(...all: readonly [agent: Agent, ...matters: Matter[]][]): Promise<void> {
    for (const [agent, ...matters] of all) {
      await agent.lists('Mine', matters.length);
      for (const matter of matters) await agent.row(this.last(matter)).waitFor();
      expect(await agent.rows()).toHaveLength(matters.length);
    }
  }

  /** Nobody's words are lost or doubled, and they stand in one order on the screens of both sides. */
  async compare(agent: Agent, matter: Matter, list = 'Mine'): Promise<void> {
    await this.opens(agent, matter, list);
    const words = this.words(matter);
    for (const text of words) await Promise.all([agent.sees(text), this.customer(matter).sees(text)]);
    const shown = await agent.said();
    expect([...shown].sort()).toEqual([...words].sort());
    expect(await this.customer(matter).said()).toEqual(shown);
  }
}
