/** What flows can look at: every field that a flow may name, as the conversation, its contact and its workspace are at that moment. */
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../machines/facts.ts';
import { fieldsOf } from '../../machines/flows/fields.ts';
import type { Value } from '../../machines/flows/flow.ts';
import { OFFICE_HOURS } from '../../machines/hours.ts';
import { Step } from '../../machines/step.ts';
import { FIELDS_ALWAYS, type FieldType } from '../../machines/world.ts';
import { shelfOf } from './shelf.ts';
import { ADA, CUSTOMER, HOUR, ID, START, stylesOf, Talk } from './talk.ts';

const FIELDS: readonly FieldType[] = [
  ...FIELDS_ALWAYS, { id: 'seats', name: 'Seats', type: 'number', choices: [] }, { id: 'paid', name: 'Paid', type: 'boolean', choices: [] },
];

function talkOf(fields: Record<string, string> = {}): Talk {
  const talk = new Talk(stylesOf('social'), {
    // Only where a flow might look at it, what is said is kept.
    shelf: shelfOf({ any: { name: 'Any', start: [{ on: 'called' }], steps: [{ id: 'note', do: 'note', text: 'x' }] } }),
    hours: (team) => (team === 'billing' ? { ...OFFICE_HOURS, zone: 'Asia/Tokyo' } : team === 'never' ? { zone: 'UTC', week: [[], [], [], [], [], [], []] } : null),
    waiting: (team) => (team === '' ? 7 : 3), available: (team) => (team === '' ? 4 : 0), fields: FIELDS,
  });
  talk.say(CUSTOMER, 'hello');
  talk.fields(fields);
  return talk;
}
function look(talk: Talk, field: string): Value | undefined {
  if (talk.state === undefined) throw new Error('it has begun');
  return factsOf(new Step(ID, talk.state, talk.at), talk.world, talk.at).get(field);
}

it('has an answer for every field that a flow may name', () => {
  const talk = talkOf({ email: 'cleo@example.com', phone: '+390236618300', language: 'pt-BR', country: 'BR', seats: '12', paid: 'false' });
  talk.act(ADA, 'accept');
  talk.act(ADA, 'tags', { tags: ['vip', 'late'] });
  const seen = Object.fromEntries(fieldsOf(FIELDS, ['billing']).map((field) => [field, look(talk, field)]));
  expect(seen).toEqual({
    'contact.name': 'Cleo', 'contact.identified': false, 'contact.phoneCountry': 'IT', 'contact.email': 'cleo@example.com', 'contact.phone': '+390236618300',
    'contact.language': 'pt-BR', 'contact.country': 'BR', 'contact.seats': 12, 'contact.paid': false,
    'conversation.channel': 'web', 'conversation.style': 'social', 'conversation.status': 'open', 'conversation.team': 'support',
    'conversation.priority': 2, 'conversation.agent': 'ada', 'conversation.inbound': true, 'conversation.ticket': 1, 'conversation.lastWord': 'customer',
    'conversation.tags': 'vip, late', 'message.text': 'hello', now: '2026-01-05T09:00:00.000Z', hours: 'open', queue: 7, available: 4,
    'hours.billing': 'closed', 'queue.billing': 3, 'available.billing': 0,
  });
});

it('knows nothing of what is not there, and of no name that every object has', () => {
  const talk = talkOf();
  for (const field of ['contact.email', 'contact.phoneCountry', 'contact.constructor', 'contact.', 'conversation.agent', 'conversation.outbox', 'vars.x', 'secrets.crm', '']) {
    expect(look(talk, field), field).toBeUndefined();
  }
});

describe('the last word', () => {
  it('is a person\'s, whatever flows have said since', () => {
    const talk = talkOf();
    talk.say(ADA, 'hi');
    expect(look(talk, 'conversation.lastWord')).toBe('agent');
    // Within the same millisecond.
    talk.say(CUSTOMER, 'thanks');
    expect(look(talk, 'conversation.lastWord')).toBe('customer');
    talk.at += 1;
    talk.say(CUSTOMER, 'bye');
    talk.act(ADA, 'status', { status: 'solved' });
    expect(look(talk, 'conversation.lastWord')).toBe('customer');
  });
});

describe('what the customer said last', () => {
  it('is kept for flows alone, not longer than they may look at, and not beyond the ticket', () => {
    const talk = talkOf();
    talk.say(CUSTOMER, 'x'.repeat(2_000));
    expect(String(look(talk, 'message.text'))).toHaveLength(1_000);
    talk.say(ADA, 'hi');
    expect(String(look(talk, 'message.text'))).toHaveLength(1_000);
    talk.act(ADA, 'status', { status: 'solved' });
    talk.wait(4 * 24 * HOUR);
    expect([talk.status, talk.state?.said]).toEqual(['closed', '']);
    const without = new Talk(stylesOf('chat'));
    without.say(CUSTOMER, 'hello');
    expect(without.state?.said).toBe('');
  });
});

describe('an opening', () => {
  it('is now where somebody is there, later where nobody is, and never where nobody ever is', () => {
    const talk = talkOf();
    const facts = factsOf(new Step(ID, talk.state as NonNullable<Talk['state']>, talk.at), talk.world, talk.at);
    // A Monday at 9 in the morning is 18 in Tokyo.
    expect([facts.opensAt(''), facts.opensAt('billing'), facts.opensAt('never'), facts.get('hours.never')]).toEqual([START, START + 15 * HOUR, undefined, 'closed']);
  });
});
