/**
 * VIP routing.
 *
 * - *Trigger: a contact opens a conversation*: `opened`. The message that did is never taken for the answer: a run is not
 *   given the message that started it.
 * - *1. Has the contact an e-mail?* `known`. *3. No: ask for it*: `email`. *Valid: thank-you, save, on to the request*: the
 *   answer is kept in the contact, `thanks`, and the request is what comes next. *Invalid: back to the question, up to 3
 *   times*: `retries`, with its own sentence; *the 4th invalid answer goes to an agent or manager*: `to-person`.
 * - *2. Yes: HTTP request, `$.customerType` to the variable*: `lookup`. *Equals VIP: the VIP team with its own sentence;
 *   else the regular team*: `type`. An answer without a type is not VIP.
 * - *4. HTTP failure or timeout: the regular route, marked*: `lookup`'s `onFailure` leaves a note, tags it and goes
 *   on to `type`, which knows no type then. A customer who gives no address in time goes that way as well: nobody is stuck.
 */
import { z } from 'zod';
import { assignTo, attempts, bodyOf, duration, maybe, request, sentence, tagged, team, template } from './template.ts';

const { body, ...where } = request('https://crm.example.com/customers?email={{contact.email}}', 'GET');
const shape = {
  ...where,
  body: body.default([]).describe('Fields of the request\'s body, as JSON; none: no body'),
  path: z.string().min(1).max(200).default('$.customerType')
    .describe('Where the CRM\'s answer says what kind of customer it is, as JSONPath'),
  vip: z.string().min(1).max(100).default('VIP').describe('What it says there of a VIP'),
  vipTeam: team('vip', 'Who looks after VIPs'),
  regularTeam: team('support', 'Who looks after everybody else'),
  personTeam: team('support', 'Who gets customers whose e-mail could not be understood'),
  person: maybe('', 'One agent, for instance a manager, who gets them instead'),
  question: sentence({
    en: 'Hi! What is your e-mail address? That way we can find you right away.',
    it: 'Ciao! Qual è il tuo indirizzo e-mail? Così ti troviamo subito.',
    pt: 'Olá! Qual é o seu e-mail? Assim encontramos seus dados rapidinho.',
    cs: 'Dobrý den! Jaký je váš e-mail? Díky němu vás hned najdeme.',
  }, 'Asks for the e-mail address'),
  retry: sentence({
    en: 'That does not look like an e-mail address. Could you check it and send it again? For example: anna@example.com',
    it: 'Non sembra un indirizzo e-mail. Puoi controllarlo e rimandarcelo? Per esempio: anna@example.com',
    pt: 'Isso não parece um e-mail. Pode conferir e enviar de novo? Por exemplo: anna@example.com',
    cs: 'Tohle nevypadá jako e-mailová adresa. Můžete ji prosím zkontrolovat a poslat znovu? Například: anna@example.com',
  }, 'Asks again when the answer is no e-mail address'),
  retries: attempts(3, 'So often it asks again; the next answer that is no address goes to a person'),
  answerMs: duration(300_000, 'So long it waits for an answer'),
  thanks: sentence({
    en: 'Thank you! One moment, please.',
    it: 'Grazie! Solo un attimo.',
    pt: 'Obrigado! Só um momento.',
    cs: 'Děkujeme! Okamžik, prosím.',
  }, 'Thanks for the address'),
  welcome: sentence({
    en: 'Thank you for being a VIP customer! Your personal team will be with you right away.',
    it: 'Grazie per la tua fiducia come cliente VIP! Il team dedicato a te arriva subito.',
    pt: 'Obrigado por ser cliente VIP! A equipe dedicada a você já vem falar com você.',
    cs: 'Děkujeme, že patříte k našim VIP zákazníkům! Váš osobní tým se vám hned ozve.',
  }, 'Said to VIPs'),
  toPerson: sentence({
    en: 'No problem, a colleague will help you personally.',
    it: 'Nessun problema: ti aiuterà di persona qualcuno del nostro team.',
    pt: 'Sem problema! Uma pessoa da nossa equipe vai ajudar você.',
    cs: 'Nevadí, osobně se vám bude věnovat někdo z našeho týmu.',
  }, 'Said when the answers could not be understood'),
  failedTag: tagged('vip check failed', 'Marks tickets whose customer could not be looked up'),
};

export const vip = template({
  id: 'vip',
  name: { en: 'VIP routing', it: 'Percorso VIP', pt: 'Atendimento VIP', cs: 'VIP zákazníci' },
  about: {
    en: 'Looks customers up in a CRM by their e-mail, and sends VIPs to a team of their own.',
    it: 'Cerca i clienti nel CRM in base all\'e-mail e affida i VIP a un team dedicato.',
    pt: 'Procura os clientes no CRM pelo e-mail e encaminha os VIPs para uma equipe só deles.',
    cs: 'Vyhledá zákazníky v CRM podle e-mailu a VIP předá jejich vlastnímu týmu.',
  },
}, shape, (p) => ({
  start: [{ on: 'opened' }],
  again: 'ignore',
  onAgent: 'end',
  steps: [
    {
      id: 'known', name: 'Has the contact an e-mail?', do: 'branch', cases: [{
        name: 'No', when: { all: [{ field: 'contact.email', is: 'missing' }] }, steps: [
          {
            id: 'email', name: 'Ask for the e-mail', do: 'ask', answer: 'email', save: 'contact.email',
            text: p.question, retry: p.retry, retries: p.retries, forMs: p.answerMs,
            onInvalid: [
              { id: 'to-person', name: 'A person will help', do: 'say', text: p.toPerson },
              assignTo('person', 'To a person', p.personTeam, p.person),
              { id: 'with-person', do: 'end' },
            ],
            onTimeout: [
              {
                id: 'no-email', name: 'Say why to agents', do: 'note',
                text: 'The customer gave no e-mail address, so nobody was looked up.',
              },
              { id: 'unknown', name: 'Mark it', do: 'tag', add: [p.failedTag] },
              { id: 'regular-way', name: 'The regular way', do: 'jump', to: 'type', times: 1 },
            ],
          },
          { id: 'thanks', name: 'Thank you', do: 'say', text: p.thanks },
        ],
      }],
    },
    {
      id: 'lookup', name: 'Look them up', do: 'http', method: p.method, url: p.url, headers: p.headers, body: bodyOf(p.body),
      map: [{ path: p.path, save: 'vars.customerType' }], timeoutMs: p.timeoutMs, retries: p.httpRetries,
      onFailure: [
        {
          id: 'no-answer', name: 'Say why to agents', do: 'note',
          text: 'The CRM could not say who this customer is, so they went the regular way.',
        },
        { id: 'marked', name: 'Mark it', do: 'tag', add: [p.failedTag] },
      ],
    },
    {
      id: 'type', name: 'What kind of customer?', do: 'branch',
      cases: [{
        name: 'VIP', when: { all: [{ field: 'vars.customerType', is: 'equal', value: p.vip }] }, steps: [
          { id: 'welcome', name: 'Greet the VIP', do: 'say', text: p.welcome },
          assignTo('to-vip', 'To the VIP team', p.vipTeam),
        ],
      }],
      else: [assignTo('to-regular', 'To the regular team', p.regularTeam)],
    },
  ],
}));
