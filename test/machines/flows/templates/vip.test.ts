/** VIP routing against PRODUCT.md, written as a person would do it, over random walks; and each delay at its limit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vip } from '../../../../machines/flows/templates/vip.ts';
import { START } from '../../talk.ts';
import { asks, Expected, type Doings, type Script } from './script.ts';
import { done, LANGUAGES_SPOKEN, LOBBY, rehearse, sentenceOf } from './stage.ts';
import { compare, moves } from './walk.ts';

const MINUTE = 60_000;
const FORM = { url: 'https://crm.test/who?email={{contact.email}}', personTeam: 'managers', answerMs: 5 * MINUTE, timeoutMs: 5_000, httpRetries: 1 };
/** After which a request that nobody answered is given up, whatever happened to whoever asked. */
const GIVEN_UP_MS = 2 * (5_000 + 30_000);
const WRONG = ['what?', 'ada@', 'ada at example.com'];
const RIGHT = ['ada@example.com', ' ADA@Example.com '];

interface Known { email?: string }

function* script(doings: Doings, contact: Known, say: (name: string) => string): Script {
  if (contact.email === undefined) {
    const ask = { question: say('question'), retry: say('retry'), retries: 3, ms: FORM.answerMs };
    const heard = yield* asks(doings, ask, (text) => RIGHT.includes(text));
    if (heard === 'invalid') {
      doings.say(say('toPerson'));
      doings.assign('managers');
      return;
    }
    if (heard === 'silence') return regular(doings);
    contact.email = heard.answer.trim().toLowerCase();
    doings.say(say('thanks'));
  }
  doings.call(`GET https://crm.test/who?email=${encodeURIComponent(contact.email)}`);
  const answer = yield { for: 'answer', ms: GIVEN_UP_MS };
  if (typeof answer !== 'object' || answer.status < 200 || answer.status > 299) return regular(doings);
  if (String(answer.body['customerType']).toLowerCase() === 'vip') {
    doings.say(say('welcome'));
    doings.assign('vip');
  } else doings.assign('support');
}

/** The regular route, marked. */
function regular(doings: Doings): void {
  doings.note();
  doings.tag('vip check failed');
  doings.assign('support');
}

const ANSWERS: { status: number; body: Record<string, string> }[] = [
  { status: 200, body: { customerType: 'VIP' } }, { status: 200, body: { customerType: 'vip' } }, { status: 200, body: { customerType: 'regular' } },
  { status: 200, body: {} }, { status: 404, body: { customerType: 'VIP' } }, { status: 503, body: {} },
];
const WALKS = moves([...WRONG, ...WRONG, ...RIGHT], [FORM.answerMs, GIVEN_UP_MS], ANSWERS);

describe('VIP routing, as PRODUCT.md has it', () => {
  it.each(LANGUAGES_SPOKEN)('of a contact without an e-mail, in %s', (language) => {
    const say = sentenceOf(vip, FORM, language);
    fc.assert(fc.property(WALKS, (walk) => {
      const contact: Known = {};
      compare(rehearse(vip, FORM, { language }), new Expected(START, LOBBY, (doings) => script(doings, contact, say)), walk);
    }), { numRuns: 100 });
  });

  it('of a contact with an e-mail', () => {
    fc.assert(fc.property(WALKS, (walk) => {
      const contact: Known = { email: 'known@example.com' };
      const expected = new Expected(START, LOBBY, (doings) => script(doings, contact, sentenceOf(vip, FORM)));
      compare(rehearse(vip, FORM, { fields: { email: 'known@example.com' } }), expected, walk);
    }), { numRuns: 100 });
  });

  it('three invalid answers are asked again, the fourth goes to a person', () => {
    const trial = rehearse(vip, { ...FORM, person: 'mia' });
    for (const text of ['I need help', 'one', 'two', 'three']) trial.move({ do: 'customer', text });
    expect(trial.result(null).ticket).toMatchObject({ status: 'new', agent: null });
    trial.move({ do: 'customer', text: 'four' });
    const say = sentenceOf(vip, FORM);
    expect(done(trial.result(null)).map(([, what]) => what)).toEqual(['question', 'retry', 'retry', 'retry', 'toPerson'].map((name) => `message ${say(name)}`));
    expect(trial.result(null)).toMatchObject({ ticket: { status: 'open', agent: 'Mia' }, runs: [], calls: [] });
  });

  it('waits for the answer to the last millisecond, and not one more', () => {
    for (const [ms, tags] of [[FORM.answerMs - 1, []], [FORM.answerMs, ['vip check failed']], [FORM.answerMs + 1, ['vip check failed']]] as const) {
      const trial = rehearse(vip, FORM);
      trial.move({ do: 'customer', text: 'ada@example.com' });
      trial.move({ do: 'pass', ms });
      expect(trial.result(null).ticket.tags).toEqual(tags);
    }
  });

  it('sends what the form says: method, headers with a secret by its name, body', () => {
    const trial = rehearse(vip, {
      ...FORM, method: 'POST', headers: [{ name: 'Authorization', value: 'Bearer {{secrets.crm}}' }],
      body: [{ name: 'email', value: '{{contact.email}}' }],
    }, { fields: { email: 'ada@example.com' } });
    trial.move({ do: 'customer', text: 'Hi' });
    expect(trial.result(null).calls).toMatchObject([{
      step: 'lookup', method: 'POST', headers: [{ name: 'Authorization', value: 'Bearer {{secrets.crm}}' }], body: { email: 'ada@example.com' }, answered: null,
    }]);
  });
});
