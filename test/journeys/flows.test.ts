/**
 * The templates that ask and route, in a real browser against a real `npm start` process and a real CRM: every branch of
 * each, on the customer's screen and on the agent's. Delays are parameters; everything is waited for until it is seen.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operator } from '../../machines/flows/templates/operator.ts';
import { teamByAnswer } from '../../machines/flows/templates/team-by-answer.ts';
import { vip } from '../../machines/flows/templates/vip.ts';
import { sentenceOf } from '../machines/flows/templates/stage.ts';
import { violations } from './browser.ts';
import { bothSee, Office } from './office.ts';

const MINUTE = 60_000;
/** The least that a question may wait. */
const SHORT = 1_000;

const office = new Office();
beforeAll(() => office.open(), 120_000);
afterAll(() => office.close());

describe('VIP routing', { timeout: 120_000 }, () => {
  const say = sentenceOf(vip, {});
  const form = () => ({
    url: `http://${office.crm.here}/customers?email={{contact.email}}`, headers: [{ name: 'Authorization', value: 'Bearer {{secrets.crm}}' }],
    person: 'mia', answerMs: 5 * MINUTE, timeoutMs: 1_000, httpRetries: 1,
  });
  beforeAll(() => office.runs('vip', form()), 60_000);

  it('asks for the e-mail, again when it is none, looks it up and greets the VIP; their next matter needs no question', async () => {
    const vera = await office.customer('Vera wants a kettle');
    await vera.sees(say('question'));
    await vera.write('why?');
    await vera.sees(say('retry'));
    await vera.write('vip@shop.test');
    const first = ['Vera wants a kettle', say('question'), 'why?', say('retry'), 'vip@shop.test', say('thanks'), say('welcome')];
    await office.opens('Vera wants a kettle');
    await bothSee(vera, office, first);
    await office.ada.reads('In the queue of VIP desk');
    expect(office.crm.came).toMatchObject([{ method: 'GET', email: 'vip@shop.test', secret: true }]);
    await office.ada.accepts();
    await office.ada.sets('Solved');
    await office.ada.status('Closed');
    await vera.write('And a pot');
    await bothSee(vera, office, [...first, 'And a pot', say('welcome')]);
    expect(office.crm.asked('vip@shop.test')).toBe(2);
  });

  it('three answers that are no address are asked again, the fourth goes to a person', async () => {
    const wrong = ['one', 'two', 'three', 'four'];
    const ivo = await office.customer('Ivo has no address');
    for (const [i, text] of wrong.entries()) {
      await expect.poll(() => ivo.count(i === 0 ? say('question') : say('retry'))).toBe(Math.max(i, 1));
      await ivo.write(text);
    }
    await office.opens('Ivo has no address');
    await bothSee(ivo, office, ['Ivo has no address', say('question'), 'one', say('retry'), 'two', say('retry'), 'three', say('retry'), 'four', say('toPerson')]);
    await office.ada.reads('Assigned to Mia');
    await ivo.sees('Mia joined');
  });

  it.each([
    ['Nora is new', 'new@shop.test', 1, undefined], ['Bea has bad luck', 'broken@shop.test', 2, 'Tags: vip check failed'],
    ['Sid waits for the CRM', 'silent@shop.test', 2, 'Tags: vip check failed'],
  ])('%s: %s goes to the regular team', async (first, email, tries, mark) => {
    const customer = await office.customer(first);
    await customer.sees(say('question'));
    await customer.write(email);
    await office.opens(first);
    await office.ada.reads('In the queue of Support');
    await bothSee(customer, office, [first, say('question'), email, say('thanks')]);
    if (mark === undefined) expect(await office.ada.page.getByText('vip check failed').count()).toBe(0);
    else {
      await office.ada.reads(mark);
      await office.ada.reads('The CRM could not say who this customer is');
    }
    expect(office.crm.asked(email)).toBe(tries);
    // However often it is tried, it is one request.
    expect(new Set(office.crm.came.filter((one) => one.email === email).map(({ key }) => key)).size).toBe(1);
    expect(await customer.page.getByText('could not say').count()).toBe(0);
  });

  it('an agent who answers ends the asking', async () => {
    const hana = await office.customer('Hana is in a hurry');
    await hana.sees(say('question'));
    await office.opens('Hana is in a hurry');
    await office.ada.runs(/VIP routing/);
    expect(await violations(office.ada.page, 'flows.vip')).toEqual([]);
    await office.ada.writes('I am here, Hana.');
    await office.ada.runsNothing();
    await office.ada.reads('VIP routing was stopped');
    await hana.write('vip2@shop.test');
    await bothSee(hana, office, ['Hana is in a hurry', say('question'), 'I am here, Hana.', 'vip2@shop.test']);
    expect(office.crm.asked('vip2@shop.test')).toBe(0);
  });

  it('who gives no address in time goes the regular way, marked', async () => {
    await office.runs('vip', { ...form(), answerMs: SHORT });
    const tom = await office.customer('Tom says nothing');
    await office.opens('Tom says nothing');
    await office.ada.reads('In the queue of Support');
    await office.ada.reads('Tags: vip check failed');
    await bothSee(tom, office, ['Tom says nothing', say('question')]);
  });
});

describe('team by the contact\'s answer', { timeout: 120_000 }, () => {
  const say = sentenceOf(teamByAnswer, {});
  const told = (team: string): string => say('assigned').replace('{{team}}', team);
  beforeAll(() => office.runs('team-by-answer', { answerMs: 5 * MINUTE }), 60_000);

  it.each([['Ann wants to buy', 'Sales', 'Sales'], ['Pia has a question', 'Support', 'Support']])('%s: %s', async (first, answer, team) => {
    const customer = await office.customer(first);
    await customer.sees(say('question'));
    if (team === 'Sales') expect(await violations(customer.page, 'flows.choices')).toEqual([]);
    await customer.taps(answer);
    await office.opens(first);
    await office.ada.reads(`In the queue of ${team}`);
    await bothSee(customer, office, [first, say('question'), answer, told(team)]);
  });

  it('off the list it is asked again, then the default team has it', async () => {
    const ugo = await office.customer('Ugo cannot choose');
    await ugo.sees(say('question'));
    await ugo.write('the boss');
    await ugo.sees(say('retry'));
    await ugo.write('somebody else');
    await office.opens('Ugo cannot choose');
    await office.ada.reads('In the queue of Support');
    await bothSee(ugo, office, ['Ugo cannot choose', say('question'), 'the boss', say('retry'), 'somebody else', say('unassigned')]);
  });

  it.each([['it-IT', 'Gina vuole comprare', 'Vendite'], ['pt-BR', 'Rui quer comprar', 'Vendas'], ['cs', 'Eva chce nakoupit', 'Prodej']])('in the language of the browser: %s', async (language, first, answer) => {
    const speaks = sentenceOf(teamByAnswer, {}, language);
    const customer = await office.customer(first, language);
    await customer.taps(answer);
    await office.opens(first);
    await bothSee(customer, office, [first, speaks('question'), answer, speaks('assigned').replace('{{team}}', answer)]);
    await office.ada.reads('In the queue of Sales');
  });

  it('without an answer it is asked again, then the default team has it', async () => {
    await office.runs('team-by-answer', { answerMs: SHORT });
    const leo = await office.customer('Leo is away');
    await office.opens('Leo is away');
    await bothSee(leo, office, ['Leo is away', say('question'), say('question'), say('unassigned')]);
    await office.ada.reads('In the queue of Support');
  });
});

describe('team by the contact\'s data', { timeout: 120_000 }, () => {
  beforeAll(() => office.runs('team-by-data', {}), 60_000);

  it.each([
    ['Marta chiede aiuto', 'it-IT', {}, 'Italiano'], ['Ines precisa de ajuda', 'pt-BR', {}, 'Português'],
    // The country from the phone's prefix, where the language names none.
    ['Otto calls from Brno', 'cs', { phone: '+420 601 234 567' }, 'Čeština'], ['Max fits none', 'en-US', {}, 'Support'],
  ])('%s: %s %j goes to %s', async (first, language, fields, team) => {
    const customer = await office.customer(first, language, fields);
    await office.opens(first);
    await office.ada.reads(`In the queue of ${team}`);
    await bothSee(customer, office, [first]);
  });
});

describe('customer or prospect', { timeout: 120_000 }, () => {
  const say = sentenceOf(operator, {});
  const form = () => ({ url: `http://${office.crm.here}/prospects`, crm: true, answerMs: 5 * MINUTE, timeoutMs: 1_000, httpRetries: 0 });
  beforeAll(() => office.runs('operator', form()), 60_000);

  it('yes: asks for the e-mail and assigns to support', async () => {
    const cleo = await office.customer('Cleo has a broken pot');
    await cleo.taps('Yes');
    await cleo.sees(say('customerEmail'));
    await cleo.write('cleo@shop.test');
    await office.opens('Cleo has a broken pot');
    await office.ada.reads('In the queue of Support');
    await bothSee(cleo, office, ['Cleo has a broken pot', say('question'), 'Yes', say('customerEmail'), 'cleo@shop.test', say('served')]);
  });

  it.each([['Nils wants tea for his office', 'nils@shop.test', false], ['Nell wants tea for her office', 'broken.nell@shop.test', true]])('no, %s: qualifies, tells the CRM, tags and assigns to sales', async (first, email, fails) => {
    const customer = await office.customer(first);
    await customer.taps('No');
    for (const [question, answer] of [['prospectEmail', email], ['company', 'Acme'], ['size', '11-50'], ['need', 'Two kilos a week']] as const) {
      await customer.sees(say(question));
      if (question === 'size') await customer.taps(answer);
      else await customer.write(answer);
    }
    await office.opens(first);
    await office.ada.reads('In the queue of Sales');
    await bothSee(customer, office, [
      first, say('question'), 'No', say('prospectEmail'), email, say('company'), 'Acme', say('size'), '11-50', say('need'), 'Two kilos a week', say('prospect'),
    ]);
    await office.ada.reads(`Tags: ${fails ? 'prospect, crm failed' : 'prospect'}`);
    await office.ada.reads(`Not a customer yet. E-mail: ${email}. Company: Acme. Size: 11-50. Need: Two kilos a week.`);
    expect(JSON.parse(office.crm.came.at(-1)?.body ?? '')).toEqual({ email, company: 'Acme', size: '11-50', need: 'Two kilos a week' });
    if (!fails) expect(await office.ada.page.getByText('crm failed').count()).toBe(0);
  });

  it('neither: asked again, then somebody of the usual team helps', async () => {
    const mo = await office.customer('Mo is not sure');
    await mo.sees(say('question'));
    for (const [i, answer] of ['maybe', 'perhaps', 'who knows'].entries()) {
      if (i > 0) await expect.poll(() => mo.count(say('retry'))).toBe(i);
      await mo.write(answer);
    }
    await office.opens('Mo is not sure');
    await office.ada.reads('In the queue of Support');
    await bothSee(mo, office, ['Mo is not sure', say('question'), 'maybe', say('retry'), 'perhaps', say('retry'), 'who knows', say('somebody')]);
  });

  it.each([
    ['email', 'help@shop.test', 'byEmail', 'Ella wants help'], ['page', 'https://shop.test/help', 'byPage', 'Emil wants help'],
    ['phone', '+39 06 6982', 'byPhone', 'Edda wants help'],
  ])('yes, and help is elsewhere: by %s, %s', async (channel, place, text, first) => {
    await office.runs('operator', { ...form(), customers: 'elsewhere', channel, place });
    const customer = await office.customer(first);
    await customer.taps('Yes');
    await office.opens(first);
    await bothSee(customer, office, [first, say('question'), 'Yes', say(text).replace('{{place}}', place)]);
    await office.ada.status('Closed');
    // The conversation goes on: it is not asked twice.
    await customer.write(`${first}, still`);
    await bothSee(customer, office, [first, say('question'), 'Yes', say(text).replace('{{place}}', place), `${first}, still`]);
    await office.ada.status('New');
    await office.ada.runsNothing();
  });

  it('no answer: asks no more after a silence, and tells sales what there is', async () => {
    await office.runs('operator', { ...form(), answerMs: 10 * SHORT, crm: false, qualify: ['company'] });
    const rosa = await office.customer('Rosa goes away');
    await rosa.taps('No');
    await office.opens('Rosa goes away');
    await office.ada.reads('In the queue of Sales');
    await bothSee(rosa, office, ['Rosa goes away', say('question'), 'No', say('company'), say('prospect')]);
    await office.runs('operator', { ...form(), answerMs: SHORT });
    const ray = await office.customer('Ray says nothing at all');
    await office.opens('Ray says nothing at all');
    await office.ada.reads('In the queue of Support');
    await bothSee(ray, office, ['Ray says nothing at all', say('question'), say('somebody')]);
  });
});
