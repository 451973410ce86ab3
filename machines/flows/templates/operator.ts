/**
 * Customer or prospect ("Operator").
 *
 * - *Only for inbound conversations of anonymous contacts; never for running or outgoing ones; never when the contact is
 *   identified*: `opened` and `inboundOnly`; `when` asks for an anonymous contact and the conversation's first ticket.
 * - *Ask: already a customer?* `question`. Without an answer that can be used the usual team gets it, `unclear`.
 * - *No: qualification questions if switched on (e-mail, company, size, need)*: `operator.questions.ts`; what is not answered
 *   is left out, and after a silence nothing more is asked. *Then follow-up actions (tag, assign to sales, post to a CRM)*:
 *   each if it is named. The CRM is told before the assignment, because an agent who accepts ends the run.
 * - *Yes: ask for contact details and assign to the chosen team or teammate*: `details`, `to-customers`; *or redirect to
 *   another channel (e-mail address, web page, phone number) and say where to get help*: `elsewhere`; the ticket is solved
 *   then, unless it should wait for an agent all the same.
 * - *Texts in the contact's language*: as in every flow.
 */
import type { Step } from '../flow.ts';
import { ASKED, details, qualification } from './operator.questions.ts';
import { shape, type Operator } from './operator.parameters.ts';
import { assignTo, bodyOf, inserted, template } from './template.ts';

export const operator = template({
  id: 'operator',
  name: {
    en: 'Customer or prospect', it: 'Cliente o potenziale cliente', pt: 'Cliente ou interessado', cs: 'Zákazník, nebo zájemce',
  },
  about: {
    en: 'Asks unknown visitors whether they are customers: these get help, the others are qualified for sales.',
    it: 'Chiede ai visitatori se sono già clienti: a loro va l\'assistenza, gli altri passano al team commerciale.',
    pt: 'Pergunta aos visitantes se já são clientes: eles recebem ajuda, os demais vão para vendas.',
    cs: 'Zeptá se neznámých návštěvníků, zda jsou zákazníci: těm pomůže podpora, ostatní převezme obchod.',
  },
}, shape, (p) => ({
  start: [{ on: 'opened' }],
  when: { all: [
    { field: 'contact.identified', is: 'equal', value: false }, { field: 'conversation.ticket', is: 'equal', value: 1 },
  ] },
  inboundOnly: true,
  again: 'ignore',
  onAgent: 'end',
  steps: [
    {
      id: 'question', name: 'Already a customer?', do: 'ask', answer: 'choice', save: 'vars.customer',
      text: p.question, retry: p.retry,
      choices: [{ value: 'yes', label: p.yes }, { value: 'no', label: p.no }], retries: p.retries, forMs: p.answerMs,
      onInvalid: unclear('unclear', p), onTimeout: unclear('silent', p),
    },
    {
      id: 'answer', name: 'By the answer', do: 'branch',
      cases: [{
        name: 'A customer', when: { all: [{ field: 'vars.customer', is: 'equal', value: 'yes' }] },
        steps: p.customers === 'team' ? served(p) : redirected(p),
      }],
      else: [...qualification(p), ...followUp(p)],
    },
  ],
}));

/** No answer that can be used: a person finds out. */
function unclear(id: string, p: Operator): Step[] {
  return [
    assignTo(`${id}-team`, 'To the usual team', p.otherTeam),
    { id: `${id}-told`, name: 'Say so', do: 'say', text: p.somebody },
    { id: `${id}-over`, do: 'end' },
  ];
}

function served(p: Operator): Step[] {
  return [
    ...details(p),
    assignTo('to-customers', 'To whoever serves customers', p.customerTeam, p.customerAgent),
    { id: 'served', name: 'Say so', do: 'say', text: p.served },
  ];
}

function redirected(p: Operator): Step[] {
  const text = { email: p.byEmail, page: p.byPage, phone: p.byPhone }[p.channel];
  return [
    { id: 'elsewhere', name: 'Say where to get help', do: 'say', text: inserted(text, 'place', p.place) },
    ...p.solve ? [{ id: 'solved', name: 'Solve it', do: 'status', status: 'solved' } satisfies Step] : [],
  ];
}

const WORDS = {
  email: 'E-mail: {{contact.email}}.', company: 'Company: {{vars.company}}.', size: 'Size: {{vars.size}}.',
  need: 'Need: {{vars.need}}.',
};

/** Whatever was answered: a silence leads here from each question. */
function followUp(p: Operator): Step[] {
  const asked = ASKED.filter((one) => p.qualify.includes(one));
  const unasked = ASKED.filter((one) => !asked.includes(one)).map((one) => `{{vars.${one}}}`);
  const body = p.body.filter(({ value }) => !unasked.some((field) => value.includes(field)));
  return [
    {
      id: 'prospect', name: 'Tell agents', do: 'note',
      text: ['Not a customer yet.', ...asked.map((one) => WORDS[one])].join(' '),
    },
    ...p.tag === '' ? [] : [{ id: 'tag', name: 'Tag', do: 'tag', add: [p.tag] } satisfies Step],
    ...p.crm ? [{
      id: 'crm', name: 'Tell the CRM', do: 'http', method: p.method, url: p.url, headers: p.headers, body: bodyOf(body),
      timeoutMs: p.timeoutMs, retries: p.httpRetries,
      onFailure: [
        { id: 'crm-failed', name: 'Mark it', do: 'tag', add: [p.failedTag] },
        { id: 'crm-note', name: 'Say why to agents', do: 'note', text: 'The CRM could not be told of this prospect.' },
      ],
    } satisfies Step] : [],
    ...p.salesTeam === '' ? [] : [assignTo('to-sales', 'To sales', p.salesTeam)],
    { id: 'welcome', name: 'Say so', do: 'say', text: p.prospect },
  ];
}
