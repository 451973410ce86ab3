/** Portuguese: what can go wrong, and how to mend it. */
import type { Troubles } from '../trouble.ts';

export const ptTrouble: Troubles = {
  forbidden: ['Não pode fazer isto.', 'Entre como alguém que possa, ou fale com um administrador.'],
  notFound: ['Esta conversa não existe, ou não é para si.', 'Verifique o endereço.'],
  invalid: ['Há um valor que não é permitido.', 'Corrija-o e tente de novo.'],
  tooLarge: ['A mensagem é mais longa do que o permitido.', 'Encurte-a ou divida-a: no máximo 8000 carateres.'],
  ticketClosed: [
    'O ticket está fechado e já não muda.',
    'Escreva na conversa: começa um novo ticket. As notas são sempre possíveis.',
  ],
  wrongStatus: ['A partir deste estado, o ticket não pode passar a esse.', 'Carregue o ticket de novo.'],
  quarantined: [
    'Esta conversa encontrou um erro no servidor e está suspensa para proteger o seu histórico.',
    'Nada do que foi confirmado se perde; avise quem gere o servidor.',
  ],
  damaged: [
    'Uma parte do registo com esta conversa está danificada.',
    'Avise quem gere o servidor: tem de ser reposta de uma cópia.',
  ],
  superseded: [
    'Entretanto um colega respondeu.',
    'Leia a resposta e depois envie de novo, altere o texto ou descarte-o.',
  ],
  conflict: ['Entretanto outra pessoa alterou isto.', 'Veja como está agora e altere de novo.'],
  noCapacity: [
    'O agente não tem lugar livre neste canal.',
    'Escolha outro agente ou uma equipa, ou passe mesmo assim, acima do limite.',
  ],
  offerGone: ['A proposta já passou a outros.', 'Fique com outra conversa.'],
  inUse: ['Ainda está em uso.', 'Primeiro mova ou conclua o que o usa.'],
  rateLimited: ['Demasiadas ações em pouco tempo.', 'Tente de novo daqui a pouco.'],
  overloaded: ['A conversa tem demasiado trabalho em espera.', 'Tente de novo daqui a pouco.'],
  storeUnavailable: [
    'O servidor de momento não consegue registar nada.',
    'Tente de novo daqui a pouco; se continuar, avise quem o gere.',
  ],
  unanswered: ['O servidor não respondeu a tempo.', 'Tente de novo.'],
  outboxFull: ['Há demasiadas mensagens à espera de envio.', 'Espere pela ligação, ou descarte algumas.'],
};
