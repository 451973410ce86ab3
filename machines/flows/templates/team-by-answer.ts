/**
 * Team by the contact's answer.
 *
 * - *Trigger: a contact opens a conversation*: `opened`. *Ask which team, multiple choice (Sales, Support; any list), saved
 *   to a variable*: `question`, kept in `vars.team`.
 * - *Branch by the answer; assign to that team; tell the contact about the assignment*: `answer`, with an assignment and a
 *   sentence for each choice, in which `{{team}}` is the choice as the customer reads it.
 * - *An answer off the list: ask again, then a default team*: `retry`, at most `retries` times, then `off-list`. *No answer in
 *   time*: the same, by way of the jump `ask-again`. Both go to `to-default`, and the contact is told as well.
 */
import { z } from 'zod';
import type { Case, Step } from '../flow.ts';
import { assignTo, attempts, duration, inserted, sentence, team, template, words } from './template.ts';

const CHOICES_MAX = 20;

const shape = {
  question: sentence({
    en: 'Hi! Which team would you like to talk to?',
    it: 'Ciao! Con quale reparto vuoi parlare?',
    pt: 'Olá! Com qual equipe você quer falar?',
    cs: 'Dobrý den! S kým vás máme spojit?',
  }, 'Asks which team'),
  choices: z.array(z.object({
    value: z.string().min(1).max(40).describe('What is kept of the answer'),
    label: words('What the customer reads, and may tap or type'),
    team: z.string().min(1).max(60).describe('Who gets the conversation: the id of a team'),
  })).min(1).max(CHOICES_MAX).default([
    { value: 'sales', label: { en: 'Sales', it: 'Vendite', pt: 'Vendas', cs: 'Prodej' }, team: 'sales' },
    { value: 'support', label: { en: 'Support', it: 'Assistenza', pt: 'Suporte', cs: 'Podpora' }, team: 'support' },
  ]).describe('The answers to choose from, and the team of each'),
  retry: sentence({
    en: 'Sorry, I did not get that. Please choose one of these:',
    it: 'Scusa, non ho capito. Scegli una di queste opzioni:',
    pt: 'Desculpe, não entendi. Escolha uma destas opções:',
    cs: 'Promiňte, tomu nerozumíme. Vyberte prosím jednu z možností:',
  }, 'Asks again when the answer is none of these'),
  retries: attempts(1, 'So often it asks again, then the default team gets it'),
  answerMs: duration(120_000, 'So long it waits for an answer'),
  assigned: sentence({
    en: 'Thank you! You are now with {{team}}. Somebody will answer you shortly.',
    it: 'Grazie! Ora sei in contatto con {{team}}: ti risponderanno a breve.',
    pt: 'Obrigado! Sua conversa agora está com {{team}}. Logo alguém responde.',
    cs: 'Děkujeme! Předáváme vás dál: {{team}}. Brzy se vám někdo ozve.',
  }, 'Says who has it now; {{team}} is the choice'),
  defaultTeam: team('support', 'Who gets it without an answer'),
  unassigned: sentence({
    en: 'No problem, our team will take it from here. Somebody will answer you shortly.',
    it: 'Nessun problema, ci pensiamo noi: ti risponderemo a breve.',
    pt: 'Sem problema, nossa equipe cuida disso. Logo alguém responde.',
    cs: 'Nevadí, postaráme se o to. Brzy se vám někdo ozve.',
  }, 'Says who has it now without an answer'),
};

export const teamByAnswer = template({
  id: 'team-by-answer',
  name: {
    en: 'Team by the contact\'s answer', it: 'Team in base alla risposta', pt: 'Equipe pela resposta do contato',
    cs: 'Tým podle odpovědi zákazníka',
  },
  about: {
    en: 'Asks customers which team they want, and sends them there.',
    it: 'Chiede ai clienti con quale team vogliono parlare e li affida a quello.',
    pt: 'Pergunta com qual equipe o cliente quer falar e encaminha para ela.',
    cs: 'Zeptá se zákazníků, který tým chtějí, a předá je tam.',
  },
}, shape, (p) => {
  const toDefault = (id: string): Step[] => [
    assignTo(`${id}-default`, 'To the default team', p.defaultTeam),
    { id: `${id}-told`, name: 'Say so', do: 'say', text: p.unassigned },
    { id: `${id}-over`, do: 'end' },
  ];
  return {
    start: [{ on: 'opened' }],
    again: 'ignore',
    onAgent: 'end',
    steps: [
      {
        id: 'question', name: 'Which team?', do: 'ask', answer: 'choice', save: 'vars.team', text: p.question, retry: p.retry,
        choices: p.choices.map(({ value, label }) => ({ value, label })), retries: p.retries, forMs: p.answerMs,
        onInvalid: toDefault('off-list'),
        onTimeout: [
          ...p.retries === 0 ? []
            : [{ id: 'ask-again', name: 'Ask again', do: 'jump', to: 'question', times: p.retries } satisfies Step],
          ...toDefault('no-answer'),
        ],
      },
      {
        id: 'answer', name: 'By the answer', do: 'branch', cases: p.choices.map(({ value, label, team: to }, i): Case => ({
          name: value, when: { all: [{ field: 'vars.team', is: 'equal', value, exact: true }] }, steps: [
            assignTo(`to-${i + 1}`, `To ${to}`, to),
            { id: `told-${i + 1}`, name: 'Say so', do: 'say', text: inserted(p.assigned, 'team', label) },
          ],
        })),
      },
    ],
  };
});
