/** Three questions before sales, kept in the CRM: in TypeScript, because the questions are a list. */
import { defineFlow, type Step, type Text } from '../../machines/flows/flow.ts';

const MINUTE = 60_000;

const QUESTIONS: readonly { id: string; text: Text; choices?: readonly string[] }[] = [
  { id: 'company', text: { en: 'Which company are you with?', it: 'Per quale azienda lavora?' } },
  { id: 'size', text: { en: 'How many people work there?', it: 'Quante persone ci lavorano?' }, choices: ['1-10', '11-100', 'more'] },
  { id: 'need', text: { en: 'What can we do for you?', it: 'Cosa possiamo fare per lei?' } },
];

/** Whoever does not answer is not asked on, but goes to sales all the same. */
const questions = QUESTIONS.map(({ id, text, choices }): Step => ({
  id, do: 'ask', text, save: `vars.${id}`, forMs: 10 * MINUTE, retries: 1,
  ...(choices === undefined ? { answer: 'text' } : { answer: 'choice', choices: choices.map((value) => ({ value, label: value })) }),
  onInvalid: [], onTimeout: [{ id: `no-${id}`, do: 'jump', to: 'crm', times: 1 }],
}));

export default defineFlow({
  name: 'Qualify',
  start: [{ on: 'called' }],
  steps: [
    ...questions,
    {
      id: 'crm', do: 'http', method: 'POST', url: 'https://crm.example.com/leads',
      headers: [{ name: 'Authorization', value: 'Bearer {{secrets.crm}}' }],
      body: { email: '{{contact.email}}', company: '{{vars.company}}', size: '{{vars.size}}', need: '{{vars.need}}' },
      map: [{ path: '$.lead.score', save: 'vars.score' }],
      onFailure: [{ id: 'unkept', do: 'note', text: 'The CRM did not take this lead: enter {{vars.company}} by hand.' }],
    },
    {
      id: 'hot', do: 'branch',
      cases: [{ name: 'Worth a call now', when: { all: [{ field: 'vars.score', is: 'greater', value: 80 }] }, steps: [{ id: 'urgent', do: 'priority', priority: 0 }] }],
    },
    { id: 'sales', do: 'assign', team: 'sales', by: 'longestIdle' },
  ],
});
