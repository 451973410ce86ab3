/** Each template in the forms that have all its branches, and what customers and agents may do with it. */
import { nudge } from '../../machines/flows/templates/nudge.ts';
import { operator } from '../../machines/flows/templates/operator.ts';
import { teamByAnswer } from '../../machines/flows/templates/team-by-answer.ts';
import { teamByData } from '../../machines/flows/templates/team-by-data.ts';
import type { Template } from '../../machines/flows/templates/template.ts';
import { vip } from '../../machines/flows/templates/vip.ts';
import { HOUR } from '../machines/talk.ts';
import type { Walk } from './replay.trial.ts';

export interface Tour {
  name: string;
  template: Template;
  form: Readonly<Record<string, unknown>>;
  /** Sentences of the form that may come to nothing. */
  sentences: readonly string[];
  /** Milliseconds after Monday, 9:00 UTC, at which it begins. Default: then. */
  at?: readonly number[];
  /** Default `web`, which is a chat. */
  channel?: string;
  /** What may be known of the contact before; always also nothing. */
  known?: readonly Readonly<Record<string, string>>[];
  /** Beside these, time passes to the next timer. */
  moves: readonly Walk[];
}

const MINUTE = 60_000;
/** Nobody listens there in planning; when it is walked, the CRM's own. */
export const CRM = 'http://127.0.0.1:9/';
const says = (...texts: string[]): Walk[] => texts.map((text) => ({ do: 'customer', text }));
const EMAIL = 'ada@example.com';
const PHONE = '+420 601 234 567';
const http = { url: CRM, httpRetries: 0, timeoutMs: 5_000 };
const LOOKUP = { ...http, url: `${CRM}?email={{contact.email}}` };

const NUDGE: Pick<Tour, 'template' | 'moves'> = {
  template: nudge,
  moves: [...says('And?'), { do: 'agent', text: 'Here I am' }, { do: 'hold' }],
};
const VIP: Omit<Tour, 'name' | 'form'> = {
  template: vip, sentences: ['question', 'retry', 'thanks', 'welcome', 'toPerson'], known: [{ email: EMAIL }], moves: [
    ...says('what?', EMAIL), { do: 'stall' }, { do: 'answer', status: 200, body: { customerType: 'VIP' } },
    { do: 'answer', status: 200, body: { customerType: 'new' } }, { do: 'answer', status: 500, body: {} }, { do: 'noAnswer' },
  ],
};
const OPERATOR: Pick<Tour, 'template' | 'sentences'> = {
  template: operator,
  sentences: [
    'question', 'retry', 'somebody', 'customerEmail', 'customerPhone', 'served', 'byEmail', 'byPage', 'byPhone', 'prospectEmail', 'company',
    'size', 'need', 'retryEmail', 'retryPhone', 'retryChoice', 'prospect',
  ],
};
const NO_SALES = { qualify: [], tag: '', salesTeam: '' };
const elsewhere = (channel: string, place: string): Tour => ({
  ...OPERATOR, name: `operator, customers elsewhere: ${channel}`, form: { customers: 'elsewhere', channel, place, ...NO_SALES },
  moves: [...says('Yes', 'No', 'maybe')], channel: 'repeat',
});

export function channelOf({ channel }: Tour): { channel?: string } {
  return channel === undefined ? {} : { channel };
}

export const TOURS: readonly Tour[] = [
  {
    ...NUDGE, name: 'nudge, with a follow-up', form: { followUp: true }, sentences: ['reminder', 'followUpText', 'last'],
    // In time for all, and so that each of the three messages falls behind the end of the day.
    at: [0, 7 * HOUR + 30 * MINUTE, 7 * HOUR - 2 * MINUTE, 7 * HOUR - 7 * MINUTE],
  },
  { ...NUDGE, name: 'nudge', form: {}, sentences: ['reminder', 'last'], at: [0, 7 * HOUR + 30 * MINUTE, 7 * HOUR - 2 * MINUTE] },
  {
    ...NUDGE, name: 'nudge, after an agent\'s reply', form: { trigger: 'agent' }, sentences: ['reminder', 'last'],
    at: [0, 7 * HOUR + 30 * MINUTE, 7 * HOUR - 2 * MINUTE],
  },
  {
    ...NUDGE, name: 'nudge, whoever spoke last and at any hour', form: { alsoWhenOurTurn: true, outsideHours: true, followUp: true },
    sentences: ['reminder', 'followUpText', 'last'],
    // Of these only a solved ticket has nothing to be said: one that stays solved for a while.
    moves: [...NUDGE.moves, { do: 'accept' }, { do: 'solve' }], channel: 'repeat',
  },
  { ...VIP, name: 'vip', form: { ...LOOKUP, personTeam: 'managers' } }, { ...VIP, name: 'vip, and a manager', form: { ...LOOKUP, person: 'ben' } },
  {
    name: 'team by answer', template: teamByAnswer, form: {}, sentences: ['question', 'retry', 'assigned', 'unassigned'],
    moves: [...says('Sales', 'Support', 'what?')],
  },
  {
    name: 'team by data', template: teamByData, form: {}, sentences: [], moves: [],
    known: [{ language: 'it' }, { language: 'pt' }, { country: 'CZ' }, { phone: PHONE }],
  },
  {
    ...OPERATOR, name: 'operator', form: { ...http, details: ['email', 'phone'], crm: true }, known: [{ email: EMAIL, phone: PHONE }], moves: [
      ...says('Yes', 'No', 'maybe', EMAIL, PHONE, '11-50', ' '), { do: 'stall' }, { do: 'answer', status: 201, body: {} },
      { do: 'answer', status: 500, body: {} }, { do: 'noAnswer' },
    ],
  },
  elsewhere('email', 'help@shop.test'), elsewhere('page', 'https://shop.test/help'), elsewhere('phone', '+39 06 6982'),
  { ...elsewhere('email', 'help@shop.test'), name: 'operator, customers elsewhere, unsolved', form: { customers: 'elsewhere', solve: false, ...NO_SALES } },
  { ...elsewhere('', ''), name: 'operator, customers to one agent', form: { customerAgent: 'ben', details: [], ...NO_SALES } },
];
