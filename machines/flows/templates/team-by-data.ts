/**
 * Team by the contact's data.
 *
 * - *Optionally fill fields first (channel, phone prefix, browser language)*: `fills`, each only where the field is missing
 *   and there is something to fill it with; by default the country, from the phone number's prefix. The browser's language
 *   is the contact's already: the gateway keeps it with their first message.
 * - *Branch on a contact field (language, country, any), operators equal, not equal, contains, in list, exists, greater,
 *   less*: `routes`, the first that fits. *Assign each branch to its team; then automatic assignment within the team*: the
 *   desk does that. Whoever fits none goes to the default team.
 */
import { z } from 'zod';
import type { Step, Test } from '../flow.ts';
import { assignTo, team, template } from './template.ts';

const ROUTES_MAX = 20;
const OPERATORS = [
  'equal', 'notEqual', 'contains', 'containsNot', 'startsWith', 'in', 'notIn', 'exists', 'missing', 'greater', 'less',
] as const;
const field = z.string().min(1).max(80);

const route = z.object({
  name: z.string().min(1).max(60).describe('For operators'),
  field: field.describe('For instance contact.language, contact.country or a field of your own'),
  is: z.enum(OPERATORS).describe('How it is compared'),
  values: z.array(z.string().max(200)).max(100).default([])
    .describe('What it is compared with: one value, several for a list, none for exists and missing'),
  team: z.string().min(1).max(60).describe('Who gets the conversation: the id of a team'),
}).refine(fits, { path: ['values'], error: 'has one value, at least one for a list, and none for exists and missing' });
type Route = z.output<typeof route>;

const shape = {
  fills: z.array(z.object({
    field: field.describe('A field of the contact, for instance contact.country'),
    from: field.describe('What fills it, for instance contact.phoneCountry or conversation.channel'),
  })).max(20).default([{ field: 'contact.country', from: 'contact.phoneCountry' }])
    .describe('Fields that are filled first where they are missing'),
  routes: z.array(route).min(1).max(ROUTES_MAX).default([
    { name: 'Italian', field: 'contact.language', is: 'startsWith', values: ['it'], team: 'italian' },
    { name: 'Portuguese', field: 'contact.language', is: 'startsWith', values: ['pt'], team: 'portuguese' },
    { name: 'Czechia and Slovakia', field: 'contact.country', is: 'in', values: ['CZ', 'SK'], team: 'czech' },
  ]).describe('Whom each team serves; the first that fits counts'),
  defaultTeam: team('support', 'Who serves everybody else'),
};

export const teamByData = template({
  id: 'team-by-data',
  name: {
    en: 'Team by the contact\'s data', it: 'Team in base ai dati del contatto', pt: 'Equipe pelos dados do contato',
    cs: 'Tým podle údajů zákazníka',
  },
  about: {
    en: 'Sends customers to a team by their language, their country or any other field.',
    it: 'Affida i clienti a un team in base alla lingua, al paese o a qualsiasi altro campo.',
    pt: 'Encaminha os clientes para uma equipe pelo idioma, país ou qualquer outro campo.',
    cs: 'Předá zákazníky týmu podle jazyka, země nebo jiného údaje.',
  },
}, shape, (p) => ({
  start: [{ on: 'opened' }],
  again: 'ignore',
  onAgent: 'end',
  steps: [
    ...p.fills.map((fill, i): Step => ({
      id: `fill-${i + 1}`, name: `Fill ${fill.field}`, do: 'branch', cases: [{
        name: 'Missing, and there is something',
        when: { all: [{ field: fill.field, is: 'missing' }, { field: fill.from, is: 'exists' }] },
        steps: [{ id: `filled-${i + 1}`, do: 'set', field: fill.field, value: `{{${fill.from}}}` }],
      }],
    })),
    {
      id: 'route', name: 'Who serves them?', do: 'branch',
      cases: p.routes.map((route, i) => ({
        name: route.name, when: { all: [testOf(route)] }, steps: [assignTo(`to-${i + 1}`, `To ${route.team}`, route.team)],
      })),
      else: [assignTo('to-default', 'To the default team', p.defaultTeam)],
    },
  ],
}));

function fits({ is, values }: { is: (typeof OPERATORS)[number]; values: readonly string[] }): boolean {
  if (is === 'exists' || is === 'missing') return values.length === 0;
  if (is === 'in' || is === 'notIn') return values.length > 0;
  return values.length === 1 && (!isOfNumbers(is) || (values[0] !== '' && Number.isFinite(Number(values[0]))));
}

function testOf({ field: of, is, values }: Route): Test {
  if (is === 'exists' || is === 'missing') return { field: of, is };
  if (is === 'in' || is === 'notIn') return { field: of, is, value: values };
  return { field: of, is, value: isOfNumbers(is) ? Number(values[0]) : values[0] };
}

function isOfNumbers(is: string): boolean {
  return is === 'greater' || is === 'less';
}
