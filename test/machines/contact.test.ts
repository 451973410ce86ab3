/** A contact: their fields, and what becomes of them when a visitor signs in. */
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../machines/actor.ts';
import { contact, type ContactCommand, type ContactState } from '../../machines/contact.ts';
import { ADA, CUSTOMER, ID, START } from './talk.ts';

const CLEO = { id: 'u_cleo', name: 'Cleo Rossi', identified: true };

/** Contacts of one workspace; each effect is carried out twice, as it is when a process dies at the wrong moment. */
class People {
  readonly states = new Map<string, ContactState>();
  readonly told: Effect[] = [];
  at = START;

  do(person: string, command: ContactCommand): string {
    const id = `p/demo/${person}`;
    const stepped = contact.step(id, this.states.get(id), command, this.at);
    if ('refused' in stepped) return stepped.refused;
    const state = contact.thaw(contact.freeze(stepped.state));
    this.states.set(id, state);
    for (const effect of state.outbox) {
      this.told.push(effect);
      const again = { ...effect.command, from: id, n: effect.n } as unknown as ContactCommand;
      for (const _ of ['once', 'again']) if (effect.to.startsWith('p/')) this.do(effect.to.slice('p/demo/'.length), again);
      this.do(person, { type: 'effectDone', n: effect.n });
    }
    return 'done';
  }

  of(person: string): ContactState | undefined {
    return this.states.get(`p/demo/${person}`);
  }

  met(person: string): void {
    this.do(person, { type: 'conversation', conversation: ID, contact: { id: person, name: 'Visitor', identified: false }, from: ID, n: 1 });
  }

  field(person: string, name: string, value: string): string {
    return this.do(person, { type: 'field', who: ADA, name, value });
  }
}

describe('fields', () => {
  it('are kept, changed and removed by agents, and by nobody else', () => {
    const people = new People();
    people.met('v_1');
    expect(people.field('v_1', 'phone', '+39 1')).toBe('done');
    people.field('v_1', 'company_2', 'Shop');
    people.field('v_1', 'phone', '+39 2');
    expect(people.of('v_1')).toMatchObject({ since: START, fields: { phone: '+39 2', company_2: 'Shop' } });
    people.field('v_1', 'phone', '');
    people.field('v_1', 'phone', '');
    expect(people.of('v_1')?.fields).toEqual({ company_2: 'Shop' });
    expect(people.do('v_1', { type: 'field', who: CUSTOMER, name: 'phone', value: '1' })).toBe('forbidden');
    expect(people.field('v_2', 'phone', '1')).toBe('notFound');
  });

  it('are bounded, and named without surprises', () => {
    const people = new People();
    people.met('v_1');
    for (const name of ['', 'Phone', 'a b', '__proto__', '1a', 'x'.repeat(41)]) expect(people.field('v_1', name, '1')).toBe('invalid');
    expect(people.field('v_1', 'note', 'x'.repeat(501))).toBe('invalid');
    for (let i = 0; i < 50; i++) expect(people.field('v_1', `f${i}`, 'x'.repeat(500))).toBe('done');
    expect(people.field('v_1', 'f50', '1')).toBe('invalid');
    expect(people.field('v_1', 'f49', '2')).toBe('done');
  });
});

describe('a visitor who signs in', () => {
  it('takes their fields and first day along; what the person has already stays, also when it is told twice', () => {
    const people = new People();
    people.met('v_1');
    people.field('v_1', 'phone', '+39 1');
    people.field('v_1', 'language', 'it');
    people.at += 1_000;
    people.met('u_cleo');
    people.field('u_cleo', 'language', 'en');
    people.do('v_1', { type: 'identify', as: CLEO });
    expect(people.of('u_cleo')).toMatchObject({ since: START, fields: { phone: '+39 1', language: 'en' } });
    expect(people.of('v_1')?.outbox).toEqual([]);
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
    expect(people.field('v_1', 'phone', '1')).toBe('conflict');
  });

  it('without a word said leaves nobody behind', () => {
    const people = new People();
    people.do('v_1', { type: 'identify', as: CLEO });
    expect(people.of('u_cleo')).toBeUndefined();
  });
});
