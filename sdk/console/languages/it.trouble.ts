/** Italian: what can go wrong, and how to mend it. */
import type { Troubles } from '../trouble.ts';

export const itTrouble: Troubles = {
  forbidden: ['Non puoi fare questo.', 'Accedi come qualcuno che può, oppure chiedi a un amministratore.'],
  notFound: ['Questa conversazione non esiste, o non è per te.', 'Controlla l\'indirizzo.'],
  invalid: ['Un valore non è ammesso.', 'Correggilo e riprova.'],
  tooLarge: ['Il messaggio è più lungo del consentito.', 'Accorcialo o dividilo: al massimo 8000 caratteri.'],
  ticketClosed: [
    'Il ticket è chiuso e non cambia più.',
    'Scrivi nella conversazione: inizia un nuovo ticket. Le note sono sempre possibili.',
  ],
  wrongStatus: ['Da questo stato il ticket non può passare a quello.', 'Ricarica il ticket.'],
  quarantined: [
    'Questa conversazione ha incontrato un errore nel server ed è sospesa per proteggerne la storia.',
    'Niente di quanto confermato è perduto; avvisa chi gestisce il server.',
  ],
  damaged: [
    'Una parte del registro con questa conversazione è danneggiata.',
    'Avvisa chi gestisce il server: va ripristinata da una copia.',
  ],
  superseded: [
    'Nel frattempo un collega ha risposto.',
    'Leggi la risposta, poi invia di nuovo, modifica il testo o eliminalo.',
  ],
  conflict: ['Nel frattempo qualcun altro l\'ha cambiato.', 'Guarda com\'è adesso, poi modifica di nuovo.'],
  noCapacity: [
    'L\'operatore non ha posti liberi su questo canale.',
    'Scegli un altro operatore o un team, oppure passa comunque, oltre il limite.',
  ],
  offerGone: ['La proposta è passata ad altri.', 'Prendi un\'altra conversazione.'],
  inUse: ['È ancora in uso.', 'Prima sposta o concludi ciò che lo usa.'],
  rateLimited: ['Troppe azioni in poco tempo.', 'Riprova tra poco.'],
  overloaded: ['La conversazione ha troppo lavoro in coda.', 'Riprova tra poco.'],
  storeUnavailable: [
    'Il server in questo momento non può registrare niente.',
    'Riprova tra poco; se continua, avvisa chi lo gestisce.',
  ],
  unanswered: ['Il server non ha risposto in tempo.', 'Riprova.'],
  outboxFull: ['Troppi messaggi attendono di essere inviati.', 'Aspetta la connessione, o eliminane qualcuno.'],
};
