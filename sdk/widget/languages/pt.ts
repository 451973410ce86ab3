/** Portuguese, as in Portugal. */
import { counted } from '../../ui/language.ts';
import type { Words } from './en.ts';

const unread = { one: '# mensagem não lida', other: '# mensagens não lidas' };
const count = counted('pt-PT');

export const pt: Words = {
  heading: 'Apoio ao cliente',
  launcher: (messages) => (messages === 0 ? 'Abrir o chat' : `Abrir o chat, ${count(messages, unread)}`),
  close: 'Fechar o chat',
  region: (heading) => `Chat com ${heading}`,
  thread: 'Mensagens',
  answers: (name) => `${name} está a ajudar`,
  online: 'Estamos aqui',
  asks: 'Pergunte-nos o que quiser',

  connecting: 'A ligar…',
  waiting: 'A ligação perdeu-se. A tentar de novo…',
  offline: 'Está sem ligação. O que escrever será enviado quando voltar.',

  welcome: 'Olá! Como podemos ajudar?',
  welcomeMore: 'Escreva-nos aqui. Pode sair desta página e voltar: a conversa fica.',
  loading: 'A carregar as mensagens…',
  newer: 'Mensagens novas',
  write: 'Escreva uma mensagem…',
  message: 'Mensagem',
  send: 'Enviar',
  typing: (name) => `${name} está a escrever`,
  you: 'Você',
  choices: 'Respostas à escolha',

  queued: 'Será enviada quando a ligação voltar',
  sending: 'A enviar…',
  sent: 'Enviada',
  delivered: 'Entregue',
  read: 'Lida',
  failed: 'Não foi enviada.',
  why: {
    tooLarge: 'Tem mais de 8000 carateres: encurte-a ou divida-a.',
    outboxFull: 'Há demasiadas mensagens à espera de envio: espere pela ligação, ou descarte algumas.',
    forbidden: 'Não pode escrever aqui.', other: 'Algo correu mal. Tente de novo mais tarde.',
  },
  retry: 'Tentar de novo',
  discard: 'Descartar',

  begin: 'Nova conversa',
  earlier: 'As suas conversas',
  back: 'Voltar à conversa',
  nothingYet: 'Ainda sem mensagens',
  unread: (messages) => count(messages, { one: '# não lida', other: '# não lidas' }),

  joined: (name) => `${name} entrou na conversa`,
  waits: 'Recebemos a sua mensagem. Em breve alguém lhe responde.',
  away: (name) => `De momento ${name} não está e responde assim que voltar.`,
  allAway: 'Respondemos assim que alguém voltar.',
  shut: 'De momento estamos fechados. A sua mensagem fica aqui e vamos responder.',
  shutUntil: (when) => `De momento estamos fechados. Reabrimos: ${when}.`,
  handedTo: (name) => `Agora é ${name} quem o acompanha`,
  handedOn: 'O seu pedido passa para um colega. Em breve alguém lhe responde.',
  ticketBegan: 'Começou um novo pedido',
  reopened: 'O seu pedido está de novo aberto',
  solved: 'O seu pedido foi resolvido',
  closed: 'O seu pedido foi fechado. Se escrever de novo, começa outro.',
  solvedAndClosed: 'O seu pedido foi resolvido. Se escrever de novo, começa outro.',
};
