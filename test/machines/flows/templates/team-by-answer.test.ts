/** Team by the contact's answer, against PRODUCT.md written as a person would do it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { teamByAnswer } from '../../../../machines/flows/templates/team-by-answer.ts';
import { START } from '../../talk.ts';
import { asks, Expected, type Doings, type Script } from './script.ts';
import { done, LANGUAGES_SPOKEN, LOBBY, rehearse, sentenceOf } from './stage.ts';
import { compare, moves } from './walk.ts';

const MS = 120_000;
const LABELS: Readonly<Record<string, readonly [sales: string, support: string]>> = {
  en: ['Sales', 'Support'], it: ['Vendite', 'Assistenza'], 'pt-BR': ['Vendas', 'Suporte'], cs: ['Prodej', 'Podpora'],
};

function* script(doings: Doings, [sales, support]: readonly [string, string], say: (name: string) => string): Script {
  const ask = { question: say('question'), retry: say('retry'), retries: 1, ms: MS };
  const fits = (text: string): boolean => [sales, support].some((label) => label.toLowerCase() === text.trim().toLowerCase());
  let heard = yield* asks(doings, ask, fits);
  // No answer in time: ask again.
  if (heard === 'silence') heard = yield* asks(doings, ask, fits);
  if (typeof heard === 'string') {
    doings.assign('support');
    doings.say(say('unassigned'));
    return;
  }
  const team = heard.answer.trim().toLowerCase() === sales.toLowerCase() ? { id: 'sales', label: sales } : { id: 'support', label: support };
  doings.assign(team.id);
  doings.say(say('assigned').replace('{{team}}', team.label));
}

describe('team by the contact\'s answer, as PRODUCT.md has it', () => {
  it.each(LANGUAGES_SPOKEN)('in %s', (language) => {
    const labels = LABELS[language] ?? ['', ''];
    const texts = [...labels, ...labels.map((label) => ` ${label.toUpperCase()}`), 'neither', 'I do not know', 'neither'];
    fc.assert(fc.property(moves(texts, [MS], []), (walk) => {
      const expected = new Expected(START, LOBBY, (doings) => script(doings, labels, sentenceOf(teamByAnswer, {}, language)));
      compare(rehearse(teamByAnswer, {}, { language }), expected, walk);
    }), { numRuns: 100 });
  });

  it('offers the choices to tap, with the question and when it asks again, and takes the message that opened it for no answer', () => {
    const trial = rehearse(teamByAnswer, {}, { language: 'it' });
    trial.move({ do: 'customer', text: 'Vendite' });
    trial.move({ do: 'customer', text: 'boh' });
    expect(trial.result(null).lines.filter(({ choices }) => choices.length > 0).map(({ choices }) => choices))
      .toEqual([['Vendite', 'Assistenza'], ['Vendite', 'Assistenza']]);
    expect(trial.result(null).ticket.team).toBe(LOBBY);
  });

  it('any list: each choice has its team and is named in the sentence', () => {
    const choices = ['Orders', 'Returns', 'Other'].map((label) => ({ value: label.toLowerCase(), label, team: 'managers' }));
    const trial = rehearse(teamByAnswer, { choices, assigned: '{{team}}, then.' });
    for (const text of ['Hi', 'returns']) trial.move({ do: 'customer', text });
    expect(done(trial.result(null)).at(-1)?.[1]).toBe('message Returns, then.');
    expect(trial.result(null).ticket.team).toBe('managers');
  });

  it('waits for each answer to the last millisecond, asks again, then goes to the default team', () => {
    const trial = rehearse(teamByAnswer, {});
    trial.move({ do: 'customer', text: 'Hi' });
    const said = (): number => done(trial.result(null)).length;
    for (const [ms, messages] of [[MS - 1, 1], [1, 2], [MS - 1, 2], [1, 3]] as const) {
      trial.move({ do: 'pass', ms });
      expect(said()).toBe(messages);
    }
    expect(trial.result(null).ticket.team).toBe('support');
  });
});
