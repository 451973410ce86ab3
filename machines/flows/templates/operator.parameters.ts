/**
 * The form of the template "Customer or prospect": its sentences, and who and what comes after each answer.
 */
import { z } from 'zod';
import { attempts, duration, maybe, request, sentence, tagged, team } from './template.ts';

const { body, ...where } = request('https://crm.example.com/prospects', 'POST');

export const shape = {
  question: sentence({
    en: 'Hi! Are you a customer of ours already?', it: 'Ciao! Sei già nostro cliente?',
    pt: 'Olá! Você já é nosso cliente?', cs: 'Dobrý den! Jste už naším zákazníkem?',
  }, 'Asks whether they are a customer'),
  yes: sentence({ en: 'Yes', it: 'Sì', pt: 'Sim', cs: 'Ano' }, 'The answer of customers'),
  no: sentence({ en: 'No', it: 'No', pt: 'Não', cs: 'Ne' }, 'The answer of everybody else'),
  retry: sentence({
    en: 'Sorry, I did not get that. Please answer with Yes or No.',
    it: 'Scusa, non ho capito. Rispondi con Sì o No, per favore.',
    pt: 'Desculpe, não entendi. Responda com Sim ou Não, por favor.',
    cs: 'Promiňte, tomu nerozumíme. Odpovězte prosím Ano, nebo Ne.',
  }, 'Asks again when the answer is neither'),
  retries: attempts(2, 'So often each question is asked again after an answer that cannot be used'),
  answerMs: duration(300_000, 'So long it waits for each answer'),
  otherTeam: team('support', 'Who gets it when neither is said'),
  somebody: sentence({
    en: 'No problem, somebody from our team will help you shortly.',
    it: 'Nessun problema: tra poco ti aiuterà qualcuno del nostro team.',
    pt: 'Sem problema! Logo alguém da nossa equipe vai ajudar você.', cs: 'Nevadí, brzy se vám ozve někdo z našeho týmu.',
  }, 'Said when neither is said'),

  customers: z.enum(['team', 'elsewhere']).default('team').describe('Customers are assigned here, or get help elsewhere'),
  details: z.array(z.enum(['email', 'phone'])).max(2).default(['email']).describe('What customers are asked for first'),
  customerEmail: sentence({
    en: 'Good to have you back! What is your e-mail address? That way we can find your account.',
    it: 'Che bello risentirti! Qual è il tuo indirizzo e-mail? Così troviamo subito il tuo account.',
    pt: 'Que bom falar com você de novo! Qual é o seu e-mail? Assim encontramos sua conta.',
    cs: 'Rádi vás tu zase vidíme! Jaký je váš e-mail? Díky němu najdeme váš účet.',
  }, 'Asks customers for their e-mail address'),
  customerPhone: sentence({
    en: 'And your phone number, with the country code? For example: +44 20 7946 0018',
    it: 'E il tuo numero di telefono, con il prefisso internazionale? Per esempio: +39 06 1234 5678',
    pt: 'E o seu telefone, com o código do país? Por exemplo: +55 11 91234-5678',
    cs: 'A vaše telefonní číslo i s předvolbou? Například: +420 601 234 567',
  }, 'Asks customers for their phone number'),
  customerTeam: team('support', 'Who serves customers'),
  customerAgent: maybe('', 'One agent who serves them instead'),
  served: sentence({
    en: 'Thank you! Somebody from our support team will answer you shortly.',
    it: 'Grazie! Il nostro team di assistenza ti risponderà a breve.',
    pt: 'Obrigado! Logo alguém da equipe de suporte responde.', cs: 'Děkujeme! Brzy se vám ozve někdo z naší podpory.',
  }, 'Says that customers have been assigned'),
  channel: z.enum(['email', 'page', 'phone']).default('email').describe('Where customers get help when it is elsewhere'),
  place: z.string().trim().min(1).max(500).default('help@example.com').describe('Its e-mail address, web page or phone number'),
  byEmail: sentence({
    en: 'Customers get help fastest by e-mail: write to {{place}} and we will take care of it.',
    it: 'Per i clienti la via più veloce è l\'e-mail: scrivi a {{place}} e ci pensiamo noi.',
    pt: 'Para clientes, o caminho mais rápido é o e-mail: escreva para {{place}} e cuidamos de tudo.',
    cs: 'Zákazníkům pomůžeme nejrychleji e-mailem: napište na {{place}} a my se o to postaráme.',
  }, 'Says so of an e-mail address, {{place}}'),
  byPage: sentence({
    en: 'You will find help for customers on this page: {{place}}',
    it: 'L\'assistenza per i clienti è su questa pagina: {{place}}',
    pt: 'A ajuda para clientes está nesta página: {{place}}', cs: 'Pomoc pro zákazníky najdete na této stránce: {{place}}',
  }, 'Says so of a web page, {{place}}'),
  byPhone: sentence({
    en: 'The fastest way to reach us is by phone: {{place}}. We look forward to your call!',
    it: 'Il modo più veloce per parlare con noi è il telefono: {{place}}. Aspettiamo la tua chiamata!',
    pt: 'O jeito mais rápido de falar com a gente é por telefone: {{place}}. Esperamos sua ligação!',
    cs: 'Nejrychleji nás zastihnete po telefonu: {{place}}. Těšíme se na vás!',
  }, 'Says so of a phone number, {{place}}'),
  solve: z.boolean().default(true).describe('The ticket of whoever gets help elsewhere is solved'),

  qualify: z.array(z.enum(['email', 'company', 'size', 'need'])).max(4).default(['email', 'company', 'size', 'need'])
    .describe('What others are asked; none: nothing'),
  prospectEmail: sentence({
    en: 'Nice to meet you! What is your e-mail address?', it: 'Piacere di conoscerti! Qual è il tuo indirizzo e-mail?',
    pt: 'Prazer em conhecer você! Qual é o seu e-mail?', cs: 'Těší nás! Jaký je váš e-mail?',
  }, 'Asks others for their e-mail address'),
  company: sentence({
    en: 'Which company do you work for?',
    it: 'Per quale azienda lavori?',
    pt: 'Em qual empresa você trabalha?',
    cs: 'Pro jakou firmu pracujete?',
  }, 'Asks for their company'),
  size: sentence({
    en: 'How many people work there?',
    it: 'Quante persone ci lavorano?',
    pt: 'Quantas pessoas trabalham lá?',
    cs: 'Kolik lidí tam pracuje?',
  }, 'Asks for the company\'s size'),
  sizes: z.array(z.string().trim().min(1).max(40)).min(2).max(10).default(['1-10', '11-50', '51-200', '201+'])
    .describe('Sizes to choose from'),
  need: sentence({
    en: 'What are you looking for? A sentence or two will do.', it: 'Che cosa stai cercando? Bastano una o due frasi.',
    pt: 'O que você está procurando? Uma ou duas frases bastam.', cs: 'S čím vám můžeme pomoci? Stačí jedna nebo dvě věty.',
  }, 'Asks what they need'),
  retryEmail: sentence({
    en: 'That does not look like an e-mail address. Could you check it and send it again?',
    it: 'Non sembra un indirizzo e-mail. Puoi controllarlo e rimandarcelo?',
    pt: 'Isso não parece um e-mail. Pode conferir e enviar de novo?',
    cs: 'Tohle nevypadá jako e-mailová adresa. Můžete ji prosím zkontrolovat a poslat znovu?',
  }, 'Asks again when the answer is no e-mail address'),
  retryPhone: sentence({
    en: 'That does not look like a phone number. Could you send it again, with the country code?',
    it: 'Non sembra un numero di telefono. Puoi rimandarcelo con il prefisso internazionale?',
    pt: 'Isso não parece um telefone. Pode enviar de novo, com o código do país?',
    cs: 'Tohle nevypadá jako telefonní číslo. Můžete ho prosím poslat znovu i s předvolbou?',
  }, 'Asks again when the answer is no phone number'),
  retryChoice: sentence({
    en: 'Please choose one of these:',
    it: 'Scegli una di queste opzioni, per favore:',
    pt: 'Escolha uma destas opções, por favor:',
    cs: 'Vyberte prosím jednu z těchto možností:',
  }, 'Asks again when the answer is none of the choices'),
  tag: z.union([z.literal(''), tagged('prospect', '')]).default('prospect')
    .describe('Tags the ticket of a prospect; empty: none'),
  salesTeam: maybe('sales', 'Who gets prospects, the id of a team'),
  crm: z.boolean().default(false).describe('Tell a CRM of prospects'),
  ...where,
  body: body.default([
    { name: 'email', value: '{{contact.email}}' }, { name: 'company', value: '{{vars.company}}' },
    { name: 'size', value: '{{vars.size}}' }, { name: 'need', value: '{{vars.need}}' },
  ]).describe('What the CRM is told, as JSON'),
  failedTag: tagged('crm failed', 'Marks prospects of whom the CRM could not be told'),
  prospect: sentence({
    en: 'Thank you! Somebody from our sales team will be with you shortly.',
    it: 'Grazie! Tra poco ti risponderà il nostro team commerciale.',
    pt: 'Obrigado! Logo alguém da equipe de vendas fala com você.',
    cs: 'Děkujeme! Brzy se vám ozve někdo z našeho obchodního týmu.',
  }, 'Said to prospects at the end'),
};
export type Operator = z.output<z.ZodObject<typeof shape>>;
