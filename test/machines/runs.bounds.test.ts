/** What flows may do to a conversation at most: whatever is written, it goes on; and how several of them ask at once. */
import { expect, it } from 'vitest';
import type { Flow } from '../../machines/flows/flow.ts';
import { shelfOf } from './shelf.ts';
import { ADA, CUSTOMER, HOUR, stylesOf, Talk } from './talk.ts';

function begun(flows: Readonly<Record<string, Flow>>): Talk {
  const talk = new Talk(stylesOf('repeat'), { shelf: shelfOf(flows) });
  talk.say(CUSTOMER, 'hello');
  talk.fields({});
  return talk;
}
const broke = (talk: Talk): string[] => talk.said().filter((line) => line.startsWith('flow broke'));

it('flows that start each other end after a hundred times, until a person says something', () => {
  const turn = (from: 'open' | 'pending', to: 'open' | 'pending'): Flow => ({
    name: to, start: [{ on: 'status', to: [from] }], steps: [{ id: 'moment', do: 'wait', forMs: 1 }, { id: 'turn', do: 'status', status: to }],
  });
  const talk = begun({ a: turn('open', 'pending'), b: turn('pending', 'open') });
  talk.act(ADA, 'accept');
  talk.wait(HOUR);
  expect([talk.state?.runCount, talk.runs, broke(talk)]).toEqual([100, [], [expect.stringMatching(/started each other again and again/)]]);
  talk.say(CUSTOMER, 'hello?');
  talk.act(ADA, 'status', { status: 'pending' });
  expect(talk.runs).toHaveLength(1);
});

it('a run whose request would be too large for any record fails, and the conversation goes on', () => {
  const body = Array.from({ length: 500 }, () => '{{vars.name}}{{vars.name}}');
  const talk = begun({ big: { name: 'Big', start: [{ on: 'opened' }], steps: [
    { id: 'name', do: 'ask', text: 'Name?', answer: 'text', save: 'vars.name' }, { id: 'crm', do: 'http', method: 'POST', url: 'https://crm.test', body },
  ] } });
  talk.say(CUSTOMER, 'x'.repeat(1_000));
  expect(broke(talk)).toEqual([expect.stringMatching(/the request has \d+ characters/)]);
  expect(talk.state?.outbox.filter(({ to }) => to.startsWith('x/'))).toEqual([]);
  expect(talk.say(CUSTOMER, 'hello?')).toMatchObject({ repeated: false });
});

it('of several questions a message answers one: the first that takes it, else the first that was asked', () => {
  const asks = (answer: 'email' | 'number' | 'date'): Flow => ({
    name: answer, start: [{ on: 'opened' }], steps: [
      { id: 'q', do: 'ask', text: answer, retry: `no ${answer}`, answer, save: `vars.${answer}` }, { id: 'n', do: 'note', text: `{{vars.${answer}}}` },
    ],
  });
  const talk = begun({ a: asks('email'), b: asks('number'), c: asks('date') });
  const answered = (text: string): string[] => {
    const before = talk.lines.length;
    talk.say(CUSTOMER, text);
    return talk.said(before).filter((line) => !line.startsWith('flow')).slice(1);
  };
  expect([answered('2026-11-26'), answered('what?'), answered('12'), answered('12'), answered('a@b.it')])
    .toEqual([['note 2026-11-26'], ['message no email'], ['note 12'], ['message no email'], ['note a@b.it']]);
});
