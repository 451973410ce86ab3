/** Portuguese, as in Portugal. */
import { counted } from '../../ui/language.ts';
import type { Words } from './en.ts';
import { ptWork } from './pt.work.ts';

const count = counted('pt-PT');

export const pt: Words = {
  ...ptWork,

  title: 'Parley',
  signIn: 'Entrar na consola',
  signInHow: 'Abra uma ligação de uso único. Um administrador da consola cria-lha; a primeira escreveu-a o gateway ao arrancar:',
  signInCommand: 'npm start',
  signInWhere: (origin) =>
    `É do género ${origin}/console#code=… e serve uma só vez. Cada arranque escreve outra.`,
  signInDemo: 'Só quer ver? A página de demonstração entra sozinha:',
  demoPage: 'abrir a demonstração',
  signInWorking: 'A entrar…',
  linkUsed: 'Esta ligação já foi usada ou é demasiado antiga.',
  signInFailed: 'O gateway não respondeu. Verifique que está a funcionar e abra de novo a ligação.',
  signedOut: 'A sua sessão terminou.',
  signOut: 'Sair',

  conversations: 'Conversas',
  search: 'Pesquisar mensagens, filtrar a lista',
  noMatch: 'Nenhum resultado.',
  loading: 'A carregar…',
  unread: (messages) => count(messages, { one: '# mensagem não lida', other: '# mensagens não lidas' }),
  visitor: 'Visitante',
  you: 'Você',

  choose: 'Escolha uma conversa',
  thread: (name) => `Conversa com ${name}`,
  messages: 'Mensagens',
  back: 'Voltar à lista',
  newer: 'Mensagens novas',
  older: 'A carregar mensagens anteriores…',
  typing: (name) => `${name} está a escrever`,

  accept: 'Aceitar',
  takeOver: 'Assumir',
  accepted: 'Já aceitou este ticket',
  statuses:
    { new: 'Novo', open: 'Aberto', pending: 'Pendente', onHold: 'Em espera', solved: 'Resolvido', closed: 'Fechado' },
  styles: { chat: 'Chat', repeat: 'Cliente habitual', social: 'Mensagens sociais' },
  setStatus: 'Estado do ticket',
  isNow: (status) => `O estado do ticket é agora: ${status}`,
  closedIsFinal: 'Fechado é definitivo. Quando o cliente escrever, começa um novo ticket.',
  acceptFirst: 'Aceite primeiro o ticket ou responda ao cliente',
  notYet: 'A conversa ainda não foi carregada',

  reply: 'Resposta',
  note: 'Nota interna',
  replyHint: 'Responder ao cliente…',
  closedHint: 'Este ticket está fechado. Quando o cliente escrever, começa um novo; as notas são sempre possíveis.',
  noteHint: 'Uma nota que só os agentes veem…',
  send: 'Enviar',
  addNote: 'Adicionar nota',
  kind: 'O que escrever',
  onlyAgents: 'Nota interna, só os agentes a veem',

  queued: 'À espera da ligação',
  sending: 'A enviar…',
  sent: 'Enviada',
  delivered: 'Entregue',
  read: 'Lida',
  failed: 'Não foi enviada.',
  retry: 'Tentar de novo',
  discard: 'Descartar',

  ticketBegan: (ticket, style) => `Começa o ticket ${ticket} · ${style}`,
  became: (status) => `Estado: ${status}`,
  assigned: (name) => `Atribuído a ${name}`,
  unassigned: 'De volta à fila',
  session: {
    active: 'O cliente voltou',
    inactive: {
      silence: 'O cliente está em silêncio', left: 'O cliente saiu da página', offline: 'O cliente ficou sem ligação',
    },
    ended: { customer: 'O cliente terminou a sessão', agent: 'A sessão foi terminada' },
  },

  about: 'Sobre esta conversa',
  identified: 'Com sessão iniciada',
  anonymous: 'Visitante anónimo',
  customerOnline: 'Em linha agora',
  customerAway: 'Não está aqui agora',
  channel: 'Canal',
  style: 'Estilo',
  assignee: 'Atribuído a',
  nobody: 'Ainda ninguém',
  sessionState: 'Sessão',
  sessionStates: { active: 'Ativa', inactive: 'Inativa', ended: 'Terminada' },
  earlier: 'Tickets desta conversa',
  viewing: 'Também está a ver',
  endSession: 'Terminar a sessão',

  agentStatuses: { online: 'Disponível', away: 'Ausente', transfers: 'Só transferências', offline: 'Desligado' },
  people: 'Agentes em linha',
  live: 'Ligado',
  connection: {
    connecting: 'A ligar…', waiting: 'A ligação perdeu-se. A tentar de novo…', offline: 'Está sem ligação',
    paused: 'Em pausa',
  },
  theme: { auto: 'Cores: como o sistema', light: 'Cores: claras', dark: 'Cores: escuras' },
  keys: 'Teclas',
  closeKeys: 'Fechar',
  dismiss: 'Dispensar',
};
