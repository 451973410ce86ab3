/** A contact: their fields, who may set them, who hears of it, and what becomes of them when a visitor signs in. */
import { describe, expect, it } from 'vitest';
import type { Effect, Who } from '../../machines/actor.ts';
import { contact, type ContactCommand, type ContactState } from '../../machines/contact.ts';
import { FIELDS_ALWAYS, type FieldType } from '../../machines/world.ts';
import { ADA, CUSTOMER, ID, START } from './talk.ts';

const CLEO = { id: 'u_cleo', name: 'Cleo Rossi', identified: true };
const TOKEN: Who = { ...CLEO, role: 'system' };
const ROME = '+390669883145';
const TYPES: FieldType[] = [...FIELDS_ALWAYS, { id: 'plan', name: 'Plan', type: 'choice', choices: ['Silver', 'Gold'] }];
const kind = contact(() => TYPES);
const c = (n: number): string => `c/demo/C${n}`;

/** Contacts of one workspace; each effect is carried out twice, as it is when a process dies at the wrong moment. */
class People {
  readonly states = new Map<string, ContactState>();
  readonly told: Effect[] = [];
  /** Conversations that cannot be told now. */
  readonly deaf = new Set<string>();
  detail = '';
  at = START;
  #said = 0;

  do(person: string, command: ContactCommand): string {
    const refused = this.#step(person, command);
    if (refused !== undefined) return refused;
    const effect = this.of(person)?.outbox.find(({ to }) => !this.deaf.has(to));
    if (effect === undefined) return 'done';
    this.told.push(effect);
    const again = { ...effect.command, from: `p/demo/${person}`, n: effect.n } as unknown as ContactCommand;
    for (const _ of ['once', 'again']) if (effect.to.startsWith('p/')) this.do(effect.to.slice('p/demo/'.length), again);
    return this.do(person, { type: 'effectDone', n: effect.n });
  }

  #step(person: string, command: ContactCommand): string | undefined {
    const id = `p/demo/${person}`;
    const stepped = kind.step(id, this.states.get(id), command, this.at);
    this.detail = 'refused' in stepped ? stepped.detail : '';
    if ('refused' in stepped) return stepped.refused;
    this.states.set(id, kind.thaw(kind.freeze(stepped.state)));
    return undefined;
  }

  of(person: string): ContactState | undefined {
    return this.states.get(`p/demo/${person}`);
  }

  met(person: string, conversation = ID, language?: string): void {
    const identified = person.startsWith('u_');
    this.do(person, { type: 'conversation', conversation, contact: { id: person, name: 'Visitor', identified }, language, from: conversation, n: ++this.#said });
  }

  field(person: string, name: string, value: string): string {
    return this.do(person, { type: 'set', who: ADA, fields: { [name]: value }, ifMissing: false });
  }

  set(person: string, who: Who, fields: Record<string, string>, ifMissing = false): string {
    return this.do(person, { type: 'set', who, fields, ifMissing });
  }

  byFlow(person: string, from: string, n: number, fields: Record<string, string>, ifMissing = false): string {
    return this.do(person, { type: 'set', from, n, fields, ifMissing });
  }

  /** What a conversation has heard, in order: how many fields there are, and which are new. */
  heard(conversation: string): string[] {
    return this.told.filter(({ to, command }) => to === conversation && command.type === 'fields').map(({ command }) => {
      const { fields, changed } = command as unknown as { fields: Record<string, string>; changed: string[] };
      return `${Object.entries(fields).map(([name, value]) => `${name}=${value}`).join()} (${changed.join()})`;
    });
  }
}

describe('fields', () => {
  it('are set, changed and removed by agents, who may also write down what no type describes', () => {
    const people = new People();
    people.met('v_1');
    expect(people.field('v_1', 'phone', ROME)).toBe('done');
    people.field('v_1', 'company_2', 'Shop');
    people.field('v_1', 'plan', 'gold');
    expect(people.of('v_1')).toMatchObject({ since: START, fields: { phone: ROME, company_2: 'Shop', plan: 'Gold' } });
    people.field('v_1', 'phone', '');
    people.field('v_1', 'phone', ' ');
    expect(people.of('v_1')?.fields).toEqual({ company_2: 'Shop', plan: 'Gold' });
    expect(people.field('v_2', 'phone', ROME)).toBe('notFound');
  });

  it('are set by the customer themselves, also before they have said a word: those that have a type', () => {
    const people = new People();
    expect(people.set('v_1', CUSTOMER, { plan: 'SILVER', country: 'IT' })).toBe('done');
    expect(people.of('v_1')).toMatchObject({ name: 'Cleo', identified: false, fields: { plan: 'Silver', country: 'IT' } });
    expect([people.set('v_1', CUSTOMER, { shoe: '42', country: 'PT' }), people.detail]).toEqual(['invalid', 'there is no field "shoe": an administrator adds it in the settings']);
    expect(people.set('v_2', CUSTOMER, { country: 'IT' })).toBe('forbidden');
    expect(people.of('v_1')?.fields.country).toBe('IT');
  });

  it('that are there already stay when only missing ones are wanted', () => {
    const people = new People();
    people.set('v_1', CUSTOMER, { country: 'IT' });
    people.set('v_1', CUSTOMER, { country: 'PT', plan: 'Gold' }, true);
    expect(people.of('v_1')?.fields).toEqual({ country: 'IT', plan: 'Gold' });
  });

  it('are bounded, and named without surprises', () => {
    const people = new People();
    people.met('v_1');
    for (const name of ['', 'Phone', 'a b', '__proto__', '-a', 'x'.repeat(41)]) expect(people.field('v_1', name, '1')).toBe('invalid');
    for (const value of ['x'.repeat(1_001), 'a\ud800']) expect(people.field('v_1', 'note', value)).toBe('invalid');
    for (let i = 0; i < 50; i++) expect(people.field('v_1', `f${i}`, 'x'.repeat(1_000))).toBe('done');
    expect([people.field('v_1', 'f50', '1'), people.detail]).toEqual(['invalid', 'a contact has at most 50 fields: remove one first']);
    expect(people.field('v_1', 'f49', '2')).toBe('done');
    people.met('v_1', c(2), 'pt-BR');
    expect(Object.keys(people.of('v_1')?.fields ?? {})).toHaveLength(50);
  });

  it.each([
    ['email', ' Cleo@Example.COM ', 'cleo@example.com'], ['phone', '0039 06 6988 3145', ROME], ['language', 'PT_br', 'pt-BR'], ['country', 'it', 'IT'], ['plan', ' gold', 'Gold'],
  ])('%s "%s" is kept as %s', (name, given, kept) => {
    const people = new People();
    expect(people.set('v_1', CUSTOMER, { [name]: given })).toBe('done');
    expect(people.of('v_1')?.fields).toEqual({ [name]: kept });
  });

  it('a phone number without its country is one of the contact\'s country, also of one that comes with it', () => {
    const people = new People();
    expect(people.set('v_1', CUSTOMER, { phone: '06 6988 3145' })).toBe('invalid');
    expect(people.set('v_1', CUSTOMER, { phone: '06 6988 3145', country: 'IT' })).toBe('done');
    expect(people.of('v_1')?.fields.phone).toBe(ROME);
    people.field('v_1', 'phone', '06 6988 3146');
    expect(people.of('v_1')?.fields.phone).toBe('+390669883146');
  });

  it('what is wrong is said, all of it, with what would be right, and nothing is kept', () => {
    const people = new People();
    expect([people.set('v_1', CUSTOMER, { email: 'cleo@', country: 'Italia', plan: 'Gold' }), people.detail]).toEqual([
      'invalid', 'country: "Italia" is not a country\'s two letters, for instance IT; email: "cleo@" is not an e-mail address, for instance ada@example.com',
    ]);
    expect(people.of('v_1')).toBeUndefined();
  });

  it('a choice is one of its words', () => {
    const people = new People();
    expect([people.set('v_1', CUSTOMER, { plan: 'lead' }), people.detail]).toEqual(['invalid', 'plan: "lead" is not one of Silver, Gold']);
  });
});

describe('what a token says', () => {
  it('wins over what is there, and over customers and flows afterwards; an agent may know better', () => {
    const people = new People();
    people.met('u_cleo');
    people.field('u_cleo', 'email', 'old@example.com');
    people.set('u_cleo', TOKEN, { email: 'cleo@example.com' });
    expect(people.of('u_cleo')?.fields).toEqual({ email: 'cleo@example.com' });
    expect([people.set('u_cleo', { ...CLEO, role: 'customer' }, { email: 'boss@example.com', country: 'IT' }), people.detail])
      .toEqual(['forbidden', '"email" is as the sign-in says: change it there, or leave it out']);
    people.set('u_cleo', { ...CLEO, role: 'customer' }, { email: 'cleo@example.com', country: 'IT' });
    people.byFlow('u_cleo', ID, 9, { email: 'boss@example.com', plan: 'Gold' });
    expect(people.of('u_cleo')?.fields).toEqual({ email: 'cleo@example.com', country: 'IT', plan: 'Gold' });
    people.field('u_cleo', 'email', 'new@example.com');
    expect(people.of('u_cleo')?.fields.email).toBe('new@example.com');
  });

  it('is kept before they have said a word, and once it is kept nothing is written again', () => {
    const people = new People();
    people.set('u_cleo', TOKEN, { email: 'cleo@example.com', plan: 'Bronze' });
    const state = people.of('u_cleo');
    expect(state).toMatchObject({ name: 'Cleo Rossi', identified: true, fields: { email: 'cleo@example.com' }, verified: ['email'] });
    expect(kind.step('p/demo/u_cleo', state, { type: 'set', who: TOKEN, fields: { email: 'cleo@example.com' }, ifMissing: false } as never, 0)).toMatchObject({ state });
    expect((kind.step('p/demo/u_cleo', state, { type: 'set', who: TOKEN, fields: { email: 'cleo@example.com' }, ifMissing: false } as never, 0) as { state: unknown }).state).toBe(state);
  });
});

describe('a conversation', () => {
  it('is answered with all fields whenever it says whose it is, and then hears of every change', () => {
    const people = new People();
    people.set('v_1', CUSTOMER, { plan: 'Gold' });
    people.met('v_1', c(1));
    people.met('v_1', c(1));
    people.field('v_1', 'country', 'IT');
    people.field('v_1', 'country', 'IT');
    people.field('v_1', 'plan', '');
    expect(people.heard(c(1))).toEqual(['plan=Gold ()', 'plan=Gold ()', 'plan=Gold,country=IT (country)', 'country=IT (plan)']);
  });

  it('says the language of the device, which is kept where none is known and in the very answer; the others hear of it', () => {
    const people = new People();
    people.met('v_1', c(1));
    people.met('v_1', c(2), 'pt-BR');
    people.met('v_1', c(3), 'cs-CZ');
    expect(people.heard(c(2))).toEqual(['language=pt,country=BR ()']);
    expect(people.heard(c(1))).toEqual([' ()', 'language=pt,country=BR (language,country)']);
    expect(people.heard(c(3))).toEqual(['language=pt,country=BR ()']);
  });

  it.each([
    ['pt', { language: 'pt' }], ['EN-us', { language: 'en', country: 'US' }], ['zh-Hant-TW', { language: 'zh', country: 'TW' }],
    ['es-419', { language: 'es' }], ['de-CH-1996', { language: 'de', country: 'CH' }], ['', {}], ['*', {}], ['english', {}], ['<b>', {}],
  ])('a device that speaks "%s" says %j', (tag, fields) => {
    const people = new People();
    people.met('v_1', c(1), tag);
    expect(people.of('v_1')?.fields).toEqual(fields);
  });

  it('sets fields for its flows, each word once; what is wrong in it is left out, since nobody would hear of it', () => {
    const people = new People();
    people.met('v_1', c(1));
    people.byFlow('v_1', c(1), 5, { plan: 'Gold', shoe: '42' });
    people.field('v_1', 'plan', 'Silver');
    expect(people.byFlow('v_1', c(1), 5, { plan: 'Gold' })).toBe('done');
    expect(people.of('v_1')?.fields).toEqual({ plan: 'Silver' });
    people.byFlow('v_1', c(1), 6, { plan: 'Gold' });
    expect(people.heard(c(1)).at(-1)).toBe('plan=Gold ()');
  });

  it('hears how it is when it could not set what it wanted: it may have gone on with that', () => {
    const people = new People();
    people.met('u_cleo', c(1));
    people.set('u_cleo', TOKEN, { email: 'cleo@example.com' });
    people.byFlow('u_cleo', c(1), 5, { email: 'boss@example.com' });
    expect(people.heard(c(1)).at(-1)).toBe('email=cleo@example.com (email)');
    people.byFlow('u_cleo', c(1), 6, { plan: 'Gold', country: 'IT' });
    people.byFlow('u_cleo', c(1), 7, { plan: 'Silver', country: 'IT' }, true);
    expect(people.heard(c(1)).slice(3)).toEqual(['email=cleo@example.com,country=IT,plan=Gold ()', 'email=cleo@example.com,country=IT,plan=Gold (plan)']);
  });

  it('hears while it is one of the newest ten, and of those beyond a thousand nothing is remembered', () => {
    const people = new People();
    for (let i = 1; i <= 11; i++) people.met('v_1', c(i));
    people.field('v_1', 'plan', 'Gold');
    expect([people.heard(c(1)).length, people.heard(c(2)).length, people.heard(c(11)).length]).toEqual([1, 2, 2]);
    people.byFlow('v_1', c(1), 5, { plan: 'Gold' });
    for (let i = 12; i <= 1_001; i++) people.met('v_1', c(i));
    expect(people.of('v_1')?.conversations).toHaveLength(1_000);
    expect(people.of('v_1')?.taken).toEqual({});
  });

  it('that cannot be told now is told all at once later: two words wait, however much changes', () => {
    const people = new People();
    people.met('v_1', c(1));
    people.deaf.add(c(1));
    for (const [name, value] of [['plan', 'Gold'], ['country', 'IT'], ['plan', 'Silver'], ['language', 'it']] as const) people.field('v_1', name, value);
    expect(people.of('v_1')?.outbox).toHaveLength(2);
    people.deaf.clear();
    people.field('v_1', 'email', 'a@example.com');
    const [, ...later] = people.heard(c(1));
    expect(later).toEqual(['plan=Gold (plan)', 'plan=Silver,country=IT,language=it,email=a@example.com (country,plan,language,email)']);
  });
});

describe('a visitor who signs in', () => {
  it('takes their fields and first day along; what the person has already stays, also when it is told twice', () => {
    const people = new People();
    people.met('v_1');
    people.field('v_1', 'phone', ROME);
    people.field('v_1', 'language', 'it');
    people.at += 1_000;
    people.met('u_cleo', c(2));
    people.field('u_cleo', 'language', 'en');
    people.do('v_1', { type: 'identify', as: CLEO });
    expect(people.of('u_cleo')).toMatchObject({ since: START, fields: { phone: ROME, language: 'en' } });
    expect(people.of('v_1')?.outbox).toEqual([]);
    expect(people.heard(c(2)).at(-1)).toBe(`language=en,phone=${ROME} (phone)`);
    // Removed afterwards, it does not come back by a late repeat.
    people.field('u_cleo', 'phone', '');
    for (const { to, n, command } of people.told.filter(({ to }) => to === 'p/demo/u_cleo')) {
      people.do(to.slice('p/demo/'.length), { ...command, from: 'p/demo/v_1', n } as unknown as ContactCommand);
    }
    expect(people.of('u_cleo')?.fields).toEqual({ language: 'en' });
  });

  it('is known by name at once, and their old self takes no more fields', () => {
    const people = new People();
    people.met('v_1');
    people.do('v_1', { type: 'identify', as: CLEO });
    expect(people.of('u_cleo')).toMatchObject({ name: 'Cleo Rossi', identified: true });
    expect(people.field('v_1', 'plan', 'Gold')).toBe('conflict');
    expect(people.set('v_1', CUSTOMER, { plan: 'Gold' })).toBe('conflict');
  });

  it('what a flow sets before its conversation knows is set on the person, once', () => {
    const people = new People();
    people.met('v_1');
    people.do('v_1', { type: 'identify', as: CLEO });
    people.byFlow('v_1', ID, 3, { plan: 'Gold' });
    expect(people.of('u_cleo')?.fields).toEqual({ plan: 'Gold' });
    people.field('u_cleo', 'plan', '');
    people.byFlow('v_1', ID, 3, { plan: 'Gold' });
    expect(people.of('u_cleo')?.fields).toEqual({});
  });

  it('is not answered by their old self: a conversation that begins meanwhile follows, and the person answers', () => {
    const people = new People();
    people.met('v_1');
    people.do('v_1', { type: 'identify', as: CLEO });
    people.met('v_1', c(2));
    expect(people.heard(c(2))).toEqual([]);
    expect(people.told.at(-1)).toMatchObject({ to: c(2), command: { type: 'contact', contact: CLEO } });
    people.met('u_cleo', c(2));
    expect(people.heard(c(2))).toEqual([' ()']);
  });

  it('without a word said leaves nobody behind, unless they have said who they are', () => {
    const people = new People();
    people.do('v_1', { type: 'identify', as: CLEO });
    expect(people.of('u_cleo')).toBeUndefined();
    people.set('v_2', { ...CUSTOMER, id: 'v_2' }, { plan: 'Gold' });
    people.do('v_2', { type: 'identify', as: CLEO });
    expect(people.of('u_cleo')).toMatchObject({ name: 'Cleo Rossi', identified: true, fields: { plan: 'Gold' } });
  });
});
