/** Italian. */
import { counted } from '../../ui/language.ts';
import type { Words } from './en.ts';
import { itWork } from './it.work.ts';

const count = counted('it');

export const it: Words = {
  ...itWork,

  title: 'Parley',
  signIn: 'Accedi alla console',
  signInHow: 'Apri un link valido una volta sola. Te lo crea un amministratore della console; il primo l\'ha scritto il gateway all\'avvio:',
  signInCommand: 'npm start',
  signInWhere: (origin) =>
    `È del tipo ${origin}/console#code=… e funziona una volta sola. A ogni avvio ne viene scritto un altro.`,
  signInDemo: 'Vuoi solo dare un\'occhiata? La pagina demo accede da sola:',
  demoPage: 'apri la demo',
  signInWorking: 'Accesso in corso…',
  linkUsed: 'Questo link è già stato usato o è scaduto.',
  signInFailed: 'Il gateway non ha risposto. Controlla che sia in funzione, poi riapri il link.',
  signedOut: 'La tua sessione di accesso è terminata.',
  signOut: 'Esci',

  conversations: 'Conversazioni',
  search: 'Cerca nei messaggi, filtra l\'elenco',
  noMatch: 'Nessun risultato.',
  loading: 'Caricamento…',
  unread: (messages) => count(messages, { one: '# messaggio non letto', other: '# messaggi non letti' }),
  visitor: 'Visitatore',
  you: 'Tu',

  choose: 'Scegli una conversazione',
  thread: (name) => `Conversazione con ${name}`,
  messages: 'Messaggi',
  back: 'Torna all\'elenco',
  newer: 'Nuovi messaggi',
  older: 'Caricamento dei messaggi precedenti…',
  typing: (name) => `${name} sta scrivendo`,

  accept: 'Accetta',
  takeOver: 'Prendi in carico',
  accepted: 'Hai già accettato questo ticket',
  statuses:
    { new: 'Nuovo', open: 'Aperto', pending: 'In attesa', onHold: 'In sospeso', solved: 'Risolto', closed: 'Chiuso' },
  styles: { chat: 'Chat', repeat: 'Cliente abituale', social: 'Messaggi social' },
  setStatus: 'Stato del ticket',
  isNow: (status) => `Ora lo stato del ticket è: ${status}`,
  closedIsFinal: 'Chiuso è definitivo. Quando il cliente scrive, inizia un nuovo ticket.',
  acceptFirst: 'Prima accetta il ticket, oppure rispondi al cliente',
  notYet: 'La conversazione non è ancora stata caricata',

  reply: 'Risposta',
  note: 'Nota interna',
  replyHint: 'Rispondi al cliente…',
  closedHint: 'Questo ticket è chiuso. Quando il cliente scrive ne inizia uno nuovo; le note sono sempre possibili.',
  noteHint: 'Una nota che vedono solo gli operatori…',
  send: 'Invia',
  addNote: 'Aggiungi la nota',
  kind: 'Che cosa scrivere',
  onlyAgents: 'Nota interna, la vedono solo gli operatori',

  queued: 'In attesa della connessione',
  sending: 'Invio in corso…',
  sent: 'Inviato',
  delivered: 'Consegnato',
  read: 'Letto',
  failed: 'Non inviato.',
  retry: 'Riprova',
  discard: 'Elimina',

  ticketBegan: (ticket, style) => `Inizia il ticket ${ticket} · ${style}`,
  became: (status) => `Stato: ${status}`,
  assigned: (name) => `Assegnato a ${name}`,
  unassigned: 'Di nuovo in coda',
  session: {
    active: 'Il cliente è tornato',
    inactive: {
      silence: 'Il cliente non scrive da un po\'', left: 'Il cliente ha lasciato la pagina',
      offline: 'Il cliente è offline',
    },
    ended: { customer: 'Il cliente ha terminato la sessione', agent: 'La sessione è stata terminata' },
  },

  about: 'Informazioni sulla conversazione',
  identified: 'Accesso effettuato',
  anonymous: 'Visitatore anonimo',
  customerOnline: 'Ora in linea',
  customerAway: 'Ora non è qui',
  channel: 'Canale',
  style: 'Stile',
  assignee: 'Assegnatario',
  nobody: 'Ancora nessuno',
  sessionState: 'Sessione',
  sessionStates: { active: 'Attiva', inactive: 'Inattiva', ended: 'Terminata' },
  earlier: 'Ticket di questa conversazione',
  viewing: 'La sta guardando anche',
  endSession: 'Termina la sessione',

  agentStatuses:
    { online: 'In linea', away: 'Non al posto', transfers: 'Solo trasferimenti', offline: 'Non in linea' },
  people: 'Operatori in linea',
  live: 'Connesso',
  connection: {
    connecting: 'Connessione in corso…', waiting: 'Connessione persa. Nuovo tentativo…', offline: 'Sei offline',
    paused: 'In pausa',
  },
  theme: { auto: 'Colori: come il sistema', light: 'Colori: chiari', dark: 'Colori: scuri' },
  keys: 'Tasti',
  closeKeys: 'Chiudi',
  dismiss: 'Chiudi l\'avviso',
};
