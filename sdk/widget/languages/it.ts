/** Italian. */
import { counted } from '../../ui/language.ts';
import type { Words } from './en.ts';

const unread = { one: '# messaggio non letto', other: '# messaggi non letti' };
const count = counted('it');

export const it: Words = {
  heading: 'Assistenza',
  launcher: (messages) => (messages === 0 ? 'Apri la chat' : `Apri la chat, ${count(messages, unread)}`),
  close: 'Chiudi la chat',
  region: (heading) => `Chat con ${heading}`,
  thread: 'Messaggi',
  answers: (name) => `Ti risponde ${name}`,
  online: 'Siamo qui',
  asks: 'Chiedici quello che vuoi',

  connecting: 'Connessione in corso…',
  waiting: 'Connessione persa. Nuovo tentativo…',
  offline: 'Sei offline. Quello che scrivi verrà inviato appena torni in linea.',

  welcome: 'Ciao! Come possiamo aiutarti?',
  welcomeMore: 'Scrivici qui. Puoi lasciare la pagina e tornare: la conversazione resta.',
  loading: 'Caricamento dei messaggi…',
  newer: 'Nuovi messaggi',
  write: 'Scrivi un messaggio…',
  message: 'Messaggio',
  send: 'Invia',
  typing: (name) => `${name} sta scrivendo`,
  you: 'Tu',
  choices: 'Risposte tra cui scegliere',

  queued: 'Verrà inviato quando torna la connessione',
  sending: 'Invio in corso…',
  sent: 'Inviato',
  delivered: 'Consegnato',
  read: 'Letto',
  failed: 'Non inviato.',
  why: {
    tooLarge: 'Supera gli 8000 caratteri: accorcialo o dividilo.',
    outboxFull: 'Troppi messaggi attendono di essere inviati: aspetta la connessione, o eliminane qualcuno.',
    forbidden: 'Qui non puoi scrivere.', other: 'Qualcosa è andato storto. Riprova più tardi.',
  },
  retry: 'Riprova',
  discard: 'Elimina',

  begin: 'Nuova conversazione',
  earlier: 'Le tue conversazioni',
  back: 'Torna alla conversazione',
  nothingYet: 'Ancora nessun messaggio',
  unread: (messages) => count(messages, { one: '# non letto', other: '# non letti' }),

  joined: (name) => `${name} è qui per aiutarti`,
  waits: 'Abbiamo ricevuto il tuo messaggio. Presto ti risponderà qualcuno.',
  away: (name) => `In questo momento ${name} non è disponibile e ti risponderà al suo ritorno.`,
  allAway: 'Ti risponderemo appena qualcuno sarà disponibile.',
  shut: 'In questo momento siamo chiusi. Il tuo messaggio resta qui e ti risponderemo.',
  shutUntil: (when) => `In questo momento siamo chiusi. Riapriamo: ${when}.`,
  handedTo: (name) => `Ora ti segue ${name}`,
  handedOn: 'La tua richiesta passa a un collega. Presto ti risponderà qualcuno.',
  ticketBegan: 'È iniziata una nuova richiesta',
  reopened: 'La tua richiesta è di nuovo aperta',
  solved: 'La tua richiesta è stata risolta',
  closed: 'La tua richiesta è stata chiusa. Se scrivi ancora, ne inizia una nuova.',
  solvedAndClosed: 'La tua richiesta è stata risolta. Se scrivi ancora, ne inizia una nuova.',
};
