/** Four languages: every word in each, nothing left in English by accident, names and numbers in their places. */
import { describe, expect, it } from 'vitest';
import type { Item } from '../../sdk/index.ts';
import { csAdmin } from '../../sdk/console/languages/cs.admin.ts';
import { csBoard } from '../../sdk/console/languages/cs.board.ts';
import { csFields } from '../../sdk/console/languages/cs.fields.ts';
import { csFlows } from '../../sdk/console/languages/cs.flows.ts';
import { csTrial } from '../../sdk/console/languages/cs.trial.ts';
import { csVersions } from '../../sdk/console/languages/cs.versions.ts';
import { cs } from '../../sdk/console/languages/cs.ts';
import { enAdmin } from '../../sdk/console/languages/en.admin.ts';
import { enBoard } from '../../sdk/console/languages/en.board.ts';
import { enFields } from '../../sdk/console/languages/en.fields.ts';
import { enFlows } from '../../sdk/console/languages/en.flows.ts';
import { enTrial } from '../../sdk/console/languages/en.trial.ts';
import { enVersions } from '../../sdk/console/languages/en.versions.ts';
import { en } from '../../sdk/console/languages/en.ts';
import { itAdmin } from '../../sdk/console/languages/it.admin.ts';
import { itBoard } from '../../sdk/console/languages/it.board.ts';
import { itFields } from '../../sdk/console/languages/it.fields.ts';
import { itFlows } from '../../sdk/console/languages/it.flows.ts';
import { itTrial } from '../../sdk/console/languages/it.trial.ts';
import { itVersions } from '../../sdk/console/languages/it.versions.ts';
import { it as itConsole } from '../../sdk/console/languages/it.ts';
import { ptAdmin } from '../../sdk/console/languages/pt.admin.ts';
import { ptBoard } from '../../sdk/console/languages/pt.board.ts';
import { ptFields } from '../../sdk/console/languages/pt.fields.ts';
import { ptFlows } from '../../sdk/console/languages/pt.flows.ts';
import { ptTrial } from '../../sdk/console/languages/pt.trial.ts';
import { ptVersions } from '../../sdk/console/languages/pt.versions.ts';
import { pt } from '../../sdk/console/languages/pt.ts';
import { counted, LANGUAGES, spoken } from '../../sdk/ui/language.ts';
import { cs as csWidget } from '../../sdk/widget/languages/cs.ts';
import { en as enWidget } from '../../sdk/widget/languages/en.ts';
import { it as itWidget } from '../../sdk/widget/languages/it.ts';
import { pt as ptWidget } from '../../sdk/widget/languages/pt.ts';
import { line } from '../../sdk/widget/lines.ts';

const TABLES = {
  'the console': { en, it: itConsole, pt, cs },
  'the board': { en: enBoard, it: itBoard, pt: ptBoard, cs: csBoard }, administration: { en: enAdmin, it: itAdmin, pt: ptAdmin, cs: csAdmin },
  'the flows': { en: enFlows, it: itFlows, pt: ptFlows, cs: csFlows },
  'versions of flows': { en: enVersions, it: itVersions, pt: ptVersions, cs: csVersions },
  'a trial of a flow': { en: enTrial, it: itTrial, pt: ptTrial, cs: csTrial },
  'the fields': { en: enFields, it: itFields, pt: ptFields, cs: csFields }, 'the widget': { en: enWidget, it: itWidget, pt: ptWidget, cs: csWidget },
};

/** Every word by its path. A function is called with what must come out again, and with one, few and many. */
type Said = (...given: unknown[]) => string;
function wordsOf(table: object, path = ''): Map<string, string | Said> {
  return new Map(Object.entries(table).flatMap(([key, word]) => (typeof word === 'string' || typeof word === 'function'
    ? [[`${path}${key}`, word as string | Said] as const] : [...wordsOf(word as object, `${path}${key}.`)])));
}
const GIVEN = ['71', '82', '93'];

/** What is the same in English and in another language. */
const SAME = /^[^\p{L}]*$|^(Chat|Id:?|Team|Macro|Macros|Tag|Normal|Text|Agent|Online|Offline|Supervisor|Console|Parley|No|npm start|Ticket|Online|Offline|E-mail)$/iu;

describe.each(Object.entries(TABLES))('%s', (_, { en: original, ...others }) => {
  const english = wordsOf(original);

  it.each(Object.entries(others))('has every word in %s, with the same things to put in', (language, table) => {
    const words = wordsOf(table);
    expect([...words.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [path, word] of words) {
      const original = english.get(path);
      expect(`${path} ${typeof word} ${typeof word === 'function' ? word.length : 0}`)
        .toBe(`${path} ${typeof original} ${typeof original === 'function' ? original.length : 0}`);
    }
    const left = [...words].filter(([path, word]) => typeof word === 'string' && word === english.get(path) && !SAME.test(word));
    expect(left, `left in English in ${language}`).toEqual([]);
  });

  it.each(Object.entries({ en: original, ...others }))('puts in %s what it was given', (_language, table) => {
    for (const [path, word] of wordsOf(table)) {
      const asked = english.get(path);
      if (typeof word === 'string' || typeof asked !== 'function') continue;
      for (const given of GIVEN) if (asked(...GIVEN).includes(given)) expect(`${path}: ${word(...GIVEN)}`).toContain(given);
      for (const count of [1, 2, 5]) expect(`${path}: ${word(count, count, count)}`).not.toMatch(/undefined|NaN|#(?!code)/u);
    }
  });

  it.each(Object.entries(others))('keeps in %s what stands in braces, quotes and addresses', (_language, table) => {
    const marks = /\{\w+\}|https?:\/\/[\w./]+/gu;
    for (const [path, word] of wordsOf(table)) {
      const original = english.get(path);
      if (typeof word === 'string' && typeof original === 'string') expect([path, word.match(marks)]).toEqual([path, original.match(marks)]);
    }
  });
});

describe('which language', () => {
  it.each([
    [[], [], 'en', 'en'], [[], ['de', 'pt-BR', 'it'], 'pt', 'pt-BR'], [[null, ''], ['cs'], 'cs', 'cs'], [['it'], ['en-GB', 'it-CH'], 'it', 'it-CH'],
    [['de', 'cs_CZ'], ['en-GB'], 'cs', 'cs-CZ'], [['EN'], ['it'], 'en', 'en'], [['entropy'], [], 'en', 'en'],
  ] as const)('wishes %j and browser %j speak %s with the dates of %s', (wishes, browser, language, locale) => {
    expect(spoken(wishes, browser)).toEqual({ language, locale });
  });

  it('has names of languages in themselves', () => {
    expect(Object.values(LANGUAGES).map(({ name }) => name)).toEqual(['English', 'Italiano', 'Português', 'Čeština']);
  });
});

describe('plurals', () => {
  it('follow the language: Czech knows few and many, and numbers look as at home', () => {
    expect([1, 2, 4, 5, 22, 1234].map((n) => csAdmin.unsaved(n))).toEqual([
      '1 neuložená změna', '2 neuložené změny', '4 neuložené změny', '5 neuložených změn', '22 neuložených změn', '1\u00a0234 neuložených změn',
    ]);
    expect([0, 1, 3].map((n) => csWidget.launcher(n))).toEqual(['Otevřít chat', 'Otevřít chat, 1 nepřečtená zpráva', 'Otevřít chat, 3 nepřečtené zprávy']);
    expect([1, 2].map((n) => itAdmin.wrong(n))).toEqual(['1 campo da correggere', '2 campi da correggere']);
    expect(counted('it-IT')(1_000_000, { other: '#' })).toBe('1.000.000');
  });
});

describe('the customer\'s place', () => {
  const parley = { role: 'system', id: 'parley', name: 'Parley' } as const;
  const at = new Date(2026, 4, 12, 18).getTime();
  const routing = (state: string, more: object = {}): Item => ({ key: state, seq: 1, at, author: parley, kind: 'routing',
    body: { state, agent: null, team: 'support', opensAt: 0, ...more } }) as unknown as Item;
  const say = (item: Item, next?: Item) => line(item as Parameters<typeof line>[0], next ? [item, next] : [item], 0);

  it('is told: waiting, the agent away, closed until they open by the customer\'s own clock, handed over', () => {
    const ada = { id: 'a_ada', name: 'Ada' };
    expect(say(routing('waiting'))).toBe('We have your message. Somebody will be with you soon.');
    expect(say(routing('away', { agent: ada }))).toMatch(/^Ada is away/u);
    expect(say(routing('closed', { opensAt: new Date(2026, 4, 13, 9).getTime() }))).toMatch(/^We are closed now\. We open again: Wednesday\D+9:00\sAM\.$/u);
    expect(say(routing('closed', { opensAt: new Date(2026, 5, 1, 9).getTime() }))).toContain('June 1');
    expect(say(routing('closed'))).toBe('We are closed now. Your message waits here, and we will answer it.');
    expect(say(routing('handedOver', { agent: ada }))).toBe('Ada is taking over');
    expect(say(routing('handedOver'))).toMatch(/^A colleague is taking over/u);
  });

  it('is told once when a person hands over to a person', () => {
    const assigned = { key: 'x', seq: 1, at, author: parley, kind: 'assigned', body: { agent: { id: 'a_bo', name: 'Bo' }, ticket: 1 } } as unknown as Item;
    expect(say(assigned, routing('handedOver', { agent: { id: 'a_bo', name: 'Bo' } }))).toBeNull();
    expect(say(assigned, routing('waiting'))).toBe('Bo joined');
  });
});
