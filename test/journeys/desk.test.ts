/**
 * A day at the desk in a real browser, against a real `npm start` process: three agents and ten customers, through whose
 * work the gateway is killed with `kill -9` twice. Everything is waited for until it is seen, nothing for a time.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPage, openBrowser, violations } from './browser.ts';
import { Matters, NAMES, type Matter } from './matters.ts';
import { Agent } from './people.ts';
import { Started } from './start.ts';
import { administration, cards, lists } from './tour.ts';

/** Nobody lets these lapse; one of the other team's does. */
const SUPPORT_OFFER_MS = 120_000;
const RETURNS_OFFER_MS = 7_000;

const gateway = new Started({
  workspaces: { demo: {
    teams: [{ id: 'support', name: 'Support', offerMs: SUPPORT_OFFER_MS }, { id: 'returns', name: 'Returns', offerMs: RETURNS_OFFER_MS }],
    agents: [
      { id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] },
      { id: 'ben', name: 'Ben', teams: ['support', 'returns'] }, { id: 'eva', name: 'Eva', teams: ['support', 'returns'] },
    ],
    capacity: { messaging: 2 },
    routing: { graceMs: 20_000 },
    rules: [{ contains: 'send it back', team: 'returns' }],
    policies: { repeat: { clock: 'calendar' } },
    macros: [{ id: 'refund', name: 'Refund granted', text: 'I am {agent}: your refund is on its way.', status: 'pending', tags: ['refund'] }],
    tags: ['refund', 'gift'],
  } },
});

const WAITS = 'We have your message. Somebody will be with you soon.';
/** What was with two agents, one after the other. */
const HANDED_OVER: readonly Matter[] = ['water', 'invoice'];

let browser: Browser;
let ada: Agent;
let ben: Agent;
let eva: Agent;
let day: Matters;

beforeAll(async () => {
  [browser] = await Promise.all([openBrowser(), gateway.start()]);
  day = new Matters(browser, gateway.url);
  ada = await Agent.enter(browser, gateway.link);
  [ben, eva] = await Promise.all(['ben', 'eva'].map(async (id) => Agent.enter(browser, await ada.invites(id)))) as [Agent, Agent];
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await gateway.end();
});

describe('a day at the desk', { timeout: 180_000 }, () => {
  it('nobody is there yet: customers wait, and see that they do', async () => {
    await Promise.all([ada, ben, eva].map((agent) => agent.chooses('Away')));
    const morning = NAMES.slice(0, -1);
    await Promise.all(morning.map((matter) => day.enters(matter)));
    for (const matter of morning) {
      await day.writes(matter);
      await day.customer(matter).sees(WAITS);
    }
    for (const agent of [ada, ben, eva]) {
      await agent.counts('Unassigned', 9);
      expect(await agent.offer.count()).toBe(0);
    }
    await eva.lists('Unassigned');
    expect([...await violations(eva.page, 'unassigned'), ...await violations(day.customer('parcel').page, 'widget')]).toEqual([]);
  });

  it('who comes gets offers in the order of waiting, up to their places', async () => {
    await ada.chooses('Online');
    await ada.waiting.waitFor();
    expect(await violations(ada.page, 'offer')).toEqual([]);
    await day.accepts(ada, 'oolong', 'parcel');
    await day.customer('oolong').sees('Ada joined');
    await ada.counts('Unassigned', 7);
    await ada.holds('2 of 2');
    expect(await ada.offer.count()).toBe(0);
  });

  it('what is declined goes to the next who comes', async () => {
    await ben.chooses('Online');
    await ben.declinesOffer();
    await day.accepts(ben, 'address', 'lid');
    await eva.chooses('Online');
    await day.accepts(eva, 'evening', 'prague');
    await day.hold([ada, 'oolong', 'parcel'], [ben, 'address', 'lid'], [eva, 'evening', 'prague']);
    await ada.counts('Unassigned', 3);
  });

  it('the gateway dies with an offer on a screen and unsent words in the fields, and all is as it was', async () => {
    await day.opens(ada, 'oolong');
    await day.answers(ada, 'oolong', 'Yes, twelve tins.');
    await day.customer('oolong').sees('Yes, twelve tins.');
    await day.solves(ada, 'oolong');
    await ada.offer.waitFor();
    await day.opens(ada, 'parcel');
    await ada.drafts('I am so sorry to');
    await day.opens(ben, 'address');
    await ben.drafts('ask the carrier', 'Internal note');
    await day.opens(eva, 'evening');
    await day.writes('evening', 'It should be a mild one');
    await gateway.kill();
    await day.writes('evening', 'And not too expensive');
    await day.answers(eva, 'evening', 'The oolong is mild.');
    await gateway.start();
    await day.customer('evening').sees('The oolong is mild.');
    await eva.sees('And not too expensive');
    expect([await ada.draft(), await ben.draft()]).toEqual(['I am so sorry to', 'ask the carrier']);
    expect(await ada.offer.count()).toBe(1);
    await day.accepts(ada, 'wrap');
    await day.answers(eva, 'evening', 'And it is on sale.');
    await day.compare(eva, 'evening');
    await ada.counts('Unassigned', 2);
    expect(await day.customer('water').count(WAITS)).toBe(1);
    await day.hold([ada, 'parcel', 'wrap'], [ben, 'address', 'lid'], [eva, 'evening', 'prague']);
  });

  it('Pending frees a place in social messaging; the customer\'s reply takes it again, above the limit', async () => {
    await day.opens(ada, 'parcel');
    await ada.sets('Pending');
    await day.accepts(ada, 'water');
    await ada.holds('2 of 2');
    await day.writes('parcel', 'Here is a photo');
    await ada.holds('3 of 2', true);
    await ada.lists('Mine', 3);
    await ada.row('Here is a photo').getByText('over', { exact: true }).waitFor();
    await day.opens(ada, 'parcel');
    await ada.status('Open');
    expect(await ada.offer.count()).toBe(0);
  });

  it('two agents answer at once: the second reply is held back for review, and sent all the same', async () => {
    await day.opens(ben, 'parcel', 'All open');
    await Promise.all([ada.page.getByTitle('Ben looks at this, too').waitFor(), ben.page.getByTitle('Ada looks at this, too').waitFor()]);
    await ada.drafts('We are sorry.');
    await ben.page.getByText('Ada is writing an answer').waitFor();
    await day.answers(ben, 'parcel', 'A new one leaves today.');
    await ada.sees('A new one leaves today.');
    day.said('parcel', 'We are sorry.');
    await ada.page.keyboard.press('Control+Enter');
    await ada.heldBack.getByText(/^Ben answered/).waitFor();
    expect(await violations(ada.page, 'held-back')).toEqual([]);
    await ada.keys('Alt+s');
    await day.customer('parcel').sees('We are sorry.');
    await ada.heldBack.waitFor({ state: 'detached' });
    await day.compare(ada, 'parcel');
  });

  it('notes name colleagues, macros answer, and tickets get a priority, tags and a rest', async () => {
    await day.opens(ben, 'address');
    await ben.writes('@eva do you know the carrier?', 'Internal note');
    await eva.lists('Mentions', 1);
    await eva.opens(day.last('address'));
    await eva.thread.locator('.mention', { hasText: '@eva' }).waitFor();
    expect(await violations(eva.page, 'thread')).toEqual([]);
    expect(await day.customer('address').page.getByText('do you know the carrier?').count()).toBe(0);

    await day.opens(eva, 'evening');
    await eva.inserts('refu');
    await expect.poll(() => eva.draft()).toBe('I am Eva: your refund is on its way.');
    day.said('evening', 'I am Eva: your refund is on its way.');
    await eva.page.keyboard.press('Control+Enter');
    await eva.status('Pending');
    await eva.sees('Tags: refund · Eva');

    await day.opens(ben, 'lid');
    await ben.picks('y', 'Priority', 'Urgent');
    await ben.picks('l', 'Tags', 'gift');
    await ben.page.keyboard.press('Escape');
    await ben.row(day.last('lid')).getByRole('img', { name: 'Urgent' }).waitFor();
    await ben.row(day.last('lid')).getByText('gift', { exact: true }).waitFor();
    await ben.picks('z', 'Snooze', 'In an hour');
    await ben.counts('Snoozed', 1);
    await ben.counts('Mine', 1);
    await day.writes('lid', 'It is getting worse');
    await ben.counts('Snoozed', 0);
    await day.hold([ada, 'parcel', 'wrap', 'water'], [ben, 'address', 'lid'], [eva, 'evening', 'prague']);
  });

  it('everybody can use what lies above the page', async () => {
    await day.opens(ada, 'parcel');
    expect(await cards(ada)).toEqual([]);
  });

  it('the board\'s numbers add up', async () => {
    await ada.lists('Board');
    await ada.tile('Waiting now', '1');
    const { teams, agents } = await ada.board();
    expect(teams).toEqual([['Support', '1', '7'], ['Returns', '0', '0']]);
    expect(agents).toEqual([['Ada', 'Online', 'Here', '3', '3 of 2', '1 over'], ['Ben', 'Online', 'Here', '2', '2 of 2'], ['Eva', 'Online', 'Here', '2', '2 of 2']]);
    await ada.tile('Open', '7');
    await ada.tile('Agents here', '3 of 3');
    expect(await violations(ada.page, 'board')).toEqual([]);
  });

  it('an offer that lapses moves to the next agent', async () => {
    await day.solves(ben, 'address');
    await day.accepts(ben, 'invoice');
    await day.solves(ben, 'lid');
    await day.solves(eva, 'prague');
    await day.enters('back');
    await day.writes('back');
    // Ben was given something last.
    await eva.offer.waitFor();
    await day.accepts(ben, 'back');
    expect(await eva.offer.count()).toBe(0);
    await day.hold([ada, 'parcel', 'wrap', 'water'], [ben, 'invoice', 'back'], [eva, 'evening']);
  });

  it('hand-overs: to a colleague, and to a team, each with a note', async () => {
    await day.opens(ada, 'water');
    await ada.handsOver('Eva', 'She knows all about water.');
    await day.customer('water').sees('Eva is taking over');
    await day.opens(eva, 'water');
    await eva.sees('She knows all about water.');
    await eva.sees('Assigned to Eva · Ada');
    await ada.holds('2 of 2');

    await day.solves(eva, 'evening');
    await day.opens(ben, 'invoice');
    await ben.handsOver('Returns', 'It was paid twice.');
    await eva.offer.getByText('Ben hands over to you').waitFor();
    await eva.offer.getByText('It was paid twice.').waitFor();
    await day.accepts(eva, 'invoice');
    await day.customer('invoice').sees('A colleague is taking over. Somebody will be with you soon.');
    await day.customer('invoice').sees('Eva joined');
    await day.hold([ada, 'parcel', 'wrap'], [ben, 'back'], [eva, 'water', 'invoice']);
  });

  it('a repeat customer comes back to the same agent, without a queue', async () => {
    await day.writes('evening', 'One more thing');
    await day.customer('evening').sees('Your request is open again');
    await eva.holds('3 of 2', true);
    await day.hold([eva, 'water', 'invoice', 'evening']);
    expect(await ada.offer.count() + await ben.offer.count()).toBe(0);
  });

  it('the gateway dies once more while everybody writes', async () => {
    await day.opens(ada, 'parcel');
    await day.opens(ben, 'back');
    await day.opens(eva, 'water');
    await ada.drafts('Half a thou');
    await day.writes('parcel', 'It has come');
    await gateway.kill();
    await day.writes('parcel', 'And it is dry');
    await day.writes('back', 'What is the address?');
    await day.answers(ben, 'back', 'It stands on the box.');
    await day.answers(eva, 'water', 'Eighty degrees.');
    await day.writes('water', 'Thank you');
    await gateway.start();
    for (const [agent, matter] of [[ada, 'parcel'], [ben, 'back'], [eva, 'water']] as const) {
      for (const text of day.words(matter)) await agent.sees(text);
      await day.writes(matter, `That is all about the ${matter}`);
      await agent.sees(day.last(matter));
    }
    expect(await ada.draft()).toBe('Half a thou');
    await Promise.all([ada.holds('2 of 2'), ben.holds('1 of 2'), eva.holds('3 of 2', true)]);
  });

  it('everything is solved; nothing was lost or doubled, and nobody was given more than they can hold', async () => {
    for (const [agent, ...matters] of [[ada, 'parcel', 'wrap'], [ben, 'back'], [eva, 'invoice', 'evening', 'water']] as const) {
      for (const matter of matters) await day.solves(agent, matter);
      await agent.counts('Mine', 0);
    }
    await ada.counts('All open', 0);
    await ada.counts('Done', 10);
    for (const matter of NAMES) {
      await day.compare(ada, matter, 'Done');
      // Once for everybody who has had it.
      expect(await ada.thread.getByText(/^Assigned to/).count()).toBe(HANDED_OVER.includes(matter) ? 2 : 1);
    }
    const over = (all: readonly string[]): string[] => all.filter((places) => places.endsWith('over'));
    // A customer's reply, and a returning customer: nothing else went above the limit.
    expect([over(await ada.heldSoFar()), over(await ben.heldSoFar()), over(await eva.heldSoFar())]).toEqual([['3 of 2, over'], [], ['3 of 2, over']]);
  });

  it('a word of the morning is found in the evening', async () => {
    await ada.keys('/', 'oolong');
    const result = ada.page.locator('.result').filter({ has: ada.page.locator('mark', { hasText: 'oolong' }) });
    await result.filter({ hasText: 'in stock' }).waitFor();
    expect(await violations(ada.page, 'search')).toEqual([]);
    await result.filter({ hasText: 'in stock' }).click();
    await ada.sees('Is the oolong in stock?');
    await ada.status('Closed');
  });

  it('everybody can use the lists, and administer', async () => {
    expect([...await lists(ben), ...await administration(ada)]).toEqual([]);
  });

  it('everybody can sign in', async () => {
    const page = await newPage(browser, 1440, 900);
    await page.goto(`${gateway.url}/console`);
    await page.getByRole('heading', { name: 'Sign in to the console' }).waitFor();
    expect(await violations(page, 'door')).toEqual([]);
  });
});
