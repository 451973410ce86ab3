/** Customer or prospect, against PRODUCT.md written as a person would do it, over random walks and every switch of its form. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operator } from '../../../../machines/flows/templates/operator.ts';
import type { Operator } from '../../../../machines/flows/templates/operator.parameters.ts';
import { START } from '../../talk.ts';
import { asks, Expected, type Doings, type Script } from './script.ts';
import { done, LANGUAGES_SPOKEN, LOBBY, rehearse, sentenceOf } from './stage.ts';
import { compare, moves } from './walk.ts';

const MS = 300_000;
const GIVEN_UP_MS = 2 * (5_000 + 30_000);
const YES_NO: Readonly<Record<string, readonly [string, string]>> = { en: ['Yes', 'No'], it: ['Sì', 'No'], 'pt-BR': ['Sim', 'Não'], cs: ['Ano', 'Ne'] };
const EMAIL = 'ada@example.com';
const PHONE = '+420 601 234 567';
const SIZES = ['1-10', '11-50', '51-200', '201+'];

type Form = Pick<Operator, 'customers' | 'details' | 'channel' | 'solve' | 'qualify' | 'tag' | 'salesTeam' | 'crm'>;
type Known = Partial<Record<'email' | 'phone', string>>;

function* script(doings: Doings, form: Form, contact: Known, [yes, no]: readonly [string, string], say: (name: string) => string): Script {
  const one = (question: string, retry: string, good: (text: string) => boolean) =>
    asks(doings, { question: say(question), retry: say(retry), retries: 2, ms: MS }, good);
  const same = (text: string, label: string): boolean => text.trim().toLowerCase() === label.toLowerCase();
  const heard = yield* one('question', 'retry', (text) => same(text, yes) || same(text, no));
  if (typeof heard === 'string') {
    doings.assign('support');
    doings.say(say('somebody'));
  } else if (same(heard.answer, yes)) yield* customer(doings, form, contact, one, say);
  else yield* prospect(doings, form, contact, one, say);
}

type One = (question: string, retry: string, good: (text: string) => boolean) => ReturnType<typeof asks>;

function* customer(doings: Doings, form: Form, contact: Known, one: One, say: (name: string) => string): Script {
  if (form.customers === 'elsewhere') {
    const place = { email: 'help@shop.test', page: 'help@shop.test', phone: 'help@shop.test' }[form.channel];
    doings.say(say({ email: 'byEmail', page: 'byPage', phone: 'byPhone' }[form.channel]).replace('{{place}}', place));
    return;
  }
  for (const [name, question, retry, right] of [['email', 'customerEmail', 'retryEmail', EMAIL], ['phone', 'customerPhone', 'retryPhone', PHONE]] as const) {
    if (!form.details.includes(name) || contact[name] !== undefined) continue;
    const heard = yield* one(question, retry, (text) => text.trim() === right);
    // Silent: nothing more is asked. Not to be understood: the next thing is.
    if (heard === 'silence') break;
    if (heard !== 'invalid') contact[name] = right;
  }
  doings.assign('support');
  doings.say(say('served'));
}

function* prospect(doings: Doings, form: Form, contact: Known, one: One, say: (name: string) => string): Script {
  const lead: Record<string, string | null> = { company: null, size: null, need: null };
  for (const name of ['email', 'company', 'size', 'need'] as const) {
    if (!form.qualify.includes(name) || (name === 'email' && contact.email !== undefined)) continue;
    const heard = yield* name === 'email' ? one('prospectEmail', 'retryEmail', (text) => text.trim() === EMAIL)
      : name === 'size' ? one('size', 'retryChoice', (text) => SIZES.includes(text.trim())) : one(name, name, (text) => text.trim() !== '');
    if (heard === 'silence') break;
    if (heard === 'invalid') continue;
    if (name === 'email') contact.email = EMAIL;
    else lead[name] = heard.answer.trim();
  }
  doings.note();
  if (form.tag !== '') doings.tag(form.tag);
  if (form.crm) {
    // What was not asked is not told.
    const asked = Object.fromEntries(Object.entries(lead).filter(([name]) => form.qualify.some((one) => one === name)));
    doings.call(`POST https://crm.test/prospects ${JSON.stringify({ email: contact.email ?? null, ...asked })}`);
    const answer = yield { for: 'answer', ms: GIVEN_UP_MS };
    if (typeof answer !== 'object' || answer.status < 200 || answer.status > 299) {
      doings.tag('crm failed');
      doings.note();
    }
  }
  if (form.salesTeam !== '') doings.assign(form.salesTeam);
  doings.say(say('prospect'));
}

const FORMS: fc.Arbitrary<Form> = fc.record({
  customers: fc.constantFrom('team' as const, 'elsewhere' as const), details: fc.subarray(['email' as const, 'phone' as const]),
  channel: fc.constantFrom('email' as const, 'page' as const, 'phone' as const), solve: fc.boolean(),
  qualify: fc.subarray(['email' as const, 'company' as const, 'size' as const, 'need' as const]), tag: fc.constantFrom('', 'prospect'),
  salesTeam: fc.constantFrom('', 'sales'), crm: fc.boolean(),
});
const whole = (form: Form) => ({ ...form, url: 'https://crm.test/prospects', place: 'help@shop.test' });

describe('customer or prospect, as PRODUCT.md has it', () => {
  it.each(LANGUAGES_SPOKEN)('with every switch of its form, in %s', (language) => {
    const words = YES_NO[language] ?? ['', ''];
    const texts = [...words, ...words, ...words, EMAIL, EMAIL, PHONE, '11-50', 'maybe', 'no idea', 'Acme'];
    const walks = moves(texts, [MS, GIVEN_UP_MS], [{ status: 201, body: {} }, { status: 500, body: {} }]);
    fc.assert(fc.property(FORMS, walks, (form, walk) => {
      const parameters = whole(form);
      const contact: Known = {};
      // Never for a running conversation: its first ticket alone.
      const expected = new Expected(START, LOBBY, (doings, ticket) =>
        (ticket > 1 ? undefined : script(doings, form, contact, words, sentenceOf(operator, parameters, language))));
      compare(rehearse(operator, parameters, { language }), expected, walk);
    }), { numRuns: 120 });
  });

  it('never asks an identified contact, nor one whom we wrote to', () => {
    const known = rehearse(operator, {}, { identified: true });
    known.move({ do: 'customer', text: 'Hi' });
    expect([done(known.result(null)), known.result(null).runs]).toEqual([[], []]);
    const outgoing = rehearse(operator, {});
    outgoing.move({ do: 'agent', text: 'Your order has been sent' });
    for (const text of ['Thanks', 'Yes']) outgoing.move({ do: 'customer', text });
    outgoing.move({ do: 'solve' });
    outgoing.move({ do: 'customer', text: 'One more thing' });
    expect([done(outgoing.result(null)), outgoing.result(null).runs]).toEqual([[], []]);
  });

  it.each([
    ['email', 'help@shop.test', 'write to help@shop.test'], ['page', 'https://shop.test/help', 'on this page: https://shop.test/help'],
    ['phone', '+39 06 6982', 'by phone: +39 06 6982'],
  ])('redirects customers to another channel, %s, and says where', (channel, place, words) => {
    const trial = rehearse(operator, { customers: 'elsewhere', channel, place });
    for (const text of ['Hi', 'yes']) trial.move({ do: 'customer', text });
    expect(done(trial.result(null)).at(-1)?.[1]).toContain(words);
    expect(trial.result(null)).toMatchObject({ ticket: { status: 'closed' }, runs: [] });
  });

  it('leaves the ticket to agents when the form says so', () => {
    const trial = rehearse(operator, { customers: 'elsewhere', solve: false });
    for (const text of ['Hi', 'yes']) trial.move({ do: 'customer', text });
    expect(trial.result(null)).toMatchObject({ ticket: { status: 'new' }, runs: [] });
  });

  it('gives customers to one agent if the form names one, with what they said of themselves', () => {
    const trial = rehearse(operator, { customerAgent: 'mia', details: ['email', 'phone'] });
    for (const text of ['Hi', 'Yes', EMAIL, PHONE]) trial.move({ do: 'customer', text });
    expect(trial.result(null)).toMatchObject({ ticket: { status: 'open', agent: 'Mia' }, fields: { email: EMAIL, phone: '+420601234567' }, runs: [] });
    expect(done(trial.result(null)).at(-1)?.[1]).toBe(`message ${sentenceOf(operator, {})('served')}`);
  });

  it('tells agents what a prospect has said', () => {
    const trial = rehearse(operator, {});
    for (const text of ['Hi', 'No', EMAIL, 'Acme', '11-50', 'A kettle for the office']) trial.move({ do: 'customer', text });
    expect(done(trial.result(null), ['note'])[0]?.[1])
      .toBe('note Not a customer yet. E-mail: ada@example.com. Company: Acme. Size: 11-50. Need: A kettle for the office.');
    expect(trial.result(null).ticket).toMatchObject({ team: 'sales', tags: ['prospect'] });
  });

  it('waits for each answer to the last millisecond', () => {
    const trial = rehearse(operator, {});
    for (const text of ['Hi', 'No']) trial.move({ do: 'customer', text });
    trial.move({ do: 'pass', ms: MS - 1 });
    expect(trial.result(null)).toMatchObject({ ticket: { team: LOBBY }, runs: [{ step: 'email', until: START + MS }] });
    trial.move({ do: 'pass', ms: 1 });
    expect(trial.result(null)).toMatchObject({ ticket: { team: 'sales' }, runs: [] });
  });
});
