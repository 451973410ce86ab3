/**
 * Nudge and close in a real browser against a real `npm start` process: every branch, on the customer's screen and on the
 * agent's, with delays of a second. What must not come is seen from where the run stands instead.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nudge } from '../../machines/flows/templates/nudge.ts';
import { sentenceOf } from '../machines/flows/templates/stage.ts';
import { violations } from './browser.ts';
import { bothSee, Office } from './office.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const CLOSED = 'Your request was closed. Write again and a new one begins.';
/** Longer than all of the test. */
const LONG = { remindAfterMs: SECOND, answerMs: 30 * MINUTE };
const SHORT = { remindAfterMs: SECOND, answerMs: SECOND, followUpMs: SECOND };
const ALWAYS = { outsideHours: true };
const say = sentenceOf(nudge, {});

const office = new Office();
beforeAll(() => office.open(), 120_000);
afterAll(() => office.close());

/** A customer whom Ada has answered, open on her screen. */
async function answered(first: string, language?: string) {
  const customer = await office.customer(first, language);
  await office.opens(first);
  await office.ada.writes(`Hello, ${first.split(' ')[0]}!`);
  return { customer, said: [first, `Hello, ${first.split(' ')[0]}!`] };
}

it('a silent customer is reminded, reminded again, told, and the conversation is closed, off the agent\'s list', async () => {
  await office.runs('nudge', { ...SHORT, ...ALWAYS, followUp: true });
  const { customer, said } = await answered('Silvia has gone for lunch');
  await bothSee(customer, office, [...said, say('reminder'), say('followUpText'), say('last')]);
  await customer.sees(CLOSED);
  await office.ada.status('Closed');
  await office.ada.runsNothing();
  await office.ada.counts('All open', 0);
  // Whatever they say afterwards is another matter.
  await customer.write('I am back');
  await customer.sees('A new request began');
  await bothSee(customer, office, [...said, say('reminder'), say('followUpText'), say('last'), 'I am back']);
  await office.ada.runs(/Rest until we have answered/);
}, 60_000);

it('straight on, without the other reminder, in the customer\'s language', async () => {
  await office.runs('nudge', { ...SHORT, ...ALWAYS });
  const speaks = sentenceOf(nudge, {}, 'cs');
  const { customer, said } = await answered('Zuzana odešla', 'cs');
  await bothSee(customer, office, [...said, speaks('reminder'), speaks('last')]);
  await office.ada.status('Closed');
}, 60_000);

it('a reply ends it, and so does a solution; another reply of the agent begins it anew', async () => {
  await office.runs('nudge', { ...LONG, ...ALWAYS });
  const { customer, said } = await answered('Berta reads her mail');
  await bothSee(customer, office, [...said, say('reminder')]);
  await office.ada.runs(/Last message in (30:00|29:\d\d)/);
  expect(await violations(office.ada.page, 'flows.nudge')).toEqual([]);
  expect(await violations(customer.page, 'flows.nudge.customer')).toEqual([]);
  await customer.write('Here I am');
  // It is our turn now: nobody is reminded of anything.
  await office.ada.runs(/Rest until we have answered/);
  await office.ada.writes('Which pot do you mean?');
  await bothSee(customer, office, [...said, say('reminder'), 'Here I am', 'Which pot do you mean?', say('reminder')]);
  await office.ada.runs(/Last message in/);
  await office.ada.writes('The blue one?');
  await bothSee(customer, office, [...said, say('reminder'), 'Here I am', 'Which pot do you mean?', say('reminder'), 'The blue one?', say('reminder')]);
  await office.ada.sets('Solved');
  await office.ada.status('Closed');
  await office.ada.runsNothing();
  await customer.sees('Your request was solved. Write again and a new one begins.');
}, 60_000);

it('a customer who waits for us is never reminded; On-hold waits for us, too', async () => {
  // Time enough to set it On-hold.
  await office.runs('nudge', { ...SHORT, ...ALWAYS, remindAfterMs: 6 * SECOND });
  const waits = await office.customer('Walter waits for an answer');
  const { customer, said } = await answered('Olga waits for the carrier');
  await office.ada.sets('On-hold');
  await office.ada.runs(/Rest until we have answered/);
  await bothSee(customer, office, said);
  await office.opens('Walter waits for an answer');
  await office.ada.runs(/Rest until we have answered/);
  await bothSee(waits, office, ['Walter waits for an answer']);
}, 60_000);

it('unless the operator chooses so', async () => {
  await office.runs('nudge', { ...SHORT, ...ALWAYS, alsoWhenOurTurn: true });
  const arno = await office.customer('Arno never gets an answer');
  await office.opens('Arno never gets an answer');
  await bothSee(arno, office, ['Arno never gets an answer', say('reminder'), say('last')]);
  await office.ada.status('Closed');
}, 60_000);

it('an agent\'s reply can be what starts it: nothing runs before', async () => {
  await office.runs('nudge', { ...SHORT, ...ALWAYS, trigger: 'agent' });
  const customer = await office.customer('Tilda asks first');
  await office.opens('Tilda asks first');
  await office.ada.runsNothing();
  await office.ada.writes('And we answer.');
  await bothSee(customer, office, ['Tilda asks first', 'And we answer.', say('reminder'), say('last')]);
  await office.ada.status('Closed');
}, 60_000);

it('outside business hours nobody is reminded: the agent sees until when', async () => {
  await office.runs('nudge', { ...SHORT, hoursOf: 'night' });
  const { customer, said } = await answered('Nina writes at night');
  await office.ada.runs(/Nudge in (2d )?\d+:\d\d:\d\d/);
  await bothSee(customer, office, said);
}, 60_000);
