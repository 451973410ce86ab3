/** Italian: administration. */
import { counted } from '../../ui/language.ts';
import type { AdminWords } from './en.admin.ts';

const count = counted('it');

export const itAdmin: AdminWords = {
  title: 'Amministrazione',
  loading: 'Caricamento delle impostazioni…',
  back: 'Tutte le impostazioni',
  groups: { people: 'Persone', work: 'Conversazioni', writing: 'Testi', house: 'Spazio di lavoro' },
  pages: {
    teams: 'Team', agents: 'Operatori', skills: 'Competenze', statuses: 'Stati', capacity: 'Capacità',
    channels: 'Canali', styles: 'Stili',
    hours: 'Orari di apertura', rules: 'Regole', routing: 'Smistamento',
    fields: 'Campi dei contatti', macros: 'Macro', tags: 'Tag',
    workspace: 'Nome',
  },
  about: {
    teams:
      'Chi lavora insieme e come le nuove conversazioni trovano qualcuno del team. Il primo team riceve ciò che nessun canale e nessuna regola manda altrove.',
    agents: 'Chi può accedere alla console, che cosa può fare e quante conversazioni può seguire insieme.',
    skills: 'Che cosa sanno fare gli operatori. Canali e regole le richiedono.',
    statuses:
      'Gli stati che gli operatori possono scegliere, oltre a In linea, Non al posto, Solo trasferimenti e Non in linea.',
    capacity:
      'Quante conversazioni segue insieme un operatore, per gruppo di canali. Un operatore può avere numeri suoi.',
    channels: 'Da dove scrivono i clienti e chi risponde.',
    styles: 'Come un ticket finisce e ritorna: subito, entro un certo tempo o nell\'arco di giorni.',
    hours: 'Quando si lavora. I team possono avere orari propri; i tempi in ore lavorative seguono questi.',
    rules:
      'Tra le regole adatte a un nuovo ticket, la prima che imposta lo stile decide lo stile, la prima che indica un team decide il team.',
    routing: 'Che cosa succede quando gli operatori sono assenti, non rispondono o sono al completo.',
    fields:
      'Che cosa si conserva dei contatti oltre a e-mail, telefono, lingua e paese. Lo compilano operatori, clienti, flussi e le tue pagine.',
    macros: 'Risposte pronte che gli operatori inseriscono mentre scrivono.',
    tags: 'Parole che gli operatori mettono sui ticket, per trovarli e contarli.',
    workspace: 'Come si chiama questo spazio di lavoro.',
  },

  notAdmin: 'Solo gli amministratori modificano le impostazioni',
  youAre: (right) => `Il tuo ruolo: ${right}.`,
  askWhom: (names) => `Chiedi a un amministratore: ${names}.`,
  locked: 'È impostato dal file di configurazione. Modificalo lì e riavvia il gateway.',
  unsavedIn: (pages) => `Non ancora salvato: ${pages}. Resta qui finché questa pagina è aperta.`,
  unsavedHere: 'Non ancora salvato',
  unsaved: (places) => count(places, { one: '1 modifica non salvata', other: '# modifiche non salvate' }),
  save: 'Salva',
  saving: 'Salvataggio…',
  saved: 'Salvato.',
  discard: 'Annulla le modifiche',
  wrong: (places) => count(places, { one: '1 campo da correggere', other: '# campi da correggere' }),

  add: {
    teams: 'Aggiungi un team', agents: 'Aggiungi un operatore', skills: 'Aggiungi una competenza',
    statuses: 'Aggiungi uno stato',
    channels: 'Aggiungi un canale', rules: 'Aggiungi una regola', macros: 'Aggiungi una macro',
    fields: 'Aggiungi un campo', other: 'Aggiungi',
  },
  none: {
    teams: 'Non ci sono ancora team. Le conversazioni ne hanno bisogno per attendere.',
    agents: 'Non ci sono ancora operatori.',
    skills:
      'Non ci sono ancora competenze. Aggiungine una, assegnala agli operatori e richiedila in un canale o in una regola.',
    statuses: 'Ci sono solo i quattro stati di sempre.', channels: 'Non ci sono ancora canali.',
    rules: 'Non ci sono regole: decidono solo i canali.',
    macros: 'Non ci sono ancora macro. Scrivi le risposte che dai ogni giorno.',
    fields: 'Ci sono solo i quattro di sempre.',
    other: 'Qui non c\'è ancora niente.',
  },
  unnamed: 'Senza nome',
  numbered: (place) => `Regola ${place}`,
  wrongHere: 'Da controllare',
  lookAtFields: 'I dettagli sono accanto ai campi segnalati.',
  filter: 'Filtra',
  noMatch: 'Nessun risultato.',
  newName: 'Il nome nello script, per esempio "web"',
  idIs: 'Id:',
  remove: (name) => `Rimuovi ${name}`,
  removeIt: 'Rimuovi',
  up: (name) => `Sposta su ${name}`,
  down: (name) => `Sposta giù ${name}`,

  yes: 'Sì',
  no: 'No',
  notSet: 'Non impostato',
  nobodyElse: 'Nessuno',
  addWord: 'Aggiungi',
  newWord: (field) => `Nuovo: ${field}`,
  units: { second: 'secondi', minute: 'minuti', hour: 'ore', day: 'giorni' },
  unit: (field) => `${field}, unità`,
  placesIn: (group) => `Posti in ${group}`,
  defaultPlaces: (places) => `${places} se non indicato`,
  noSkills: 'Non ci sono ancora competenze.',
  noTeams: 'Non ci sono ancora team.',
  gone: (id) => `${id} (non esiste più)`,

  zone: 'Fuso orario',
  closed: 'Chiuso',
  opens: (day) => `${day}, apertura`,
  closes: (day) => `${day}, chiusura`,
  addHours: 'Aggiungi orario',
  removeHours: (day, hours) => `${day}: rimuovi ${hours}`,
  copyDay: 'Copia nei giorni feriali',
  openFor: (hours) => `${hours} di apertura alla settimana`,
  allWeek: 'Orari di apertura della settimana',

  invite: 'Link di accesso',
  inviteFor: (name) => `Crea un link di accesso per ${name}`,
  inviteHow: 'Vale una volta sola, entro dieci minuti. Non inviarlo a nessun altro.',
  inviteAfter: 'Prima salva; poi potrai creare un link di accesso.',
  copy: 'Copia',
  copied: 'Copiato',
  script: 'Per la pagina che mostra il widget',

  conflict: (who) =>
    (who === '' ? 'Nel frattempo qualcun altro ha cambiato la stessa cosa.' : `Nel frattempo ${who} ha cambiato la stessa cosa.`),
  conflictHow: 'Confronta le due versioni, poi decidi.',
  theirs: 'Versione attuale',
  mine: 'La tua',
  loadTheirs: 'Carica la versione attuale',
  keepMine: 'Tieni la mia',
  taken: (who) =>
    (who === '' ? 'Nel frattempo qualcun altro ha cambiato qualcosa qui; le tue modifiche ci sono sopra:'
    : `Nel frattempo ${who} ha cambiato qualcosa qui; le tue modifiche ci sono sopra:`),
  saveAgain: 'Controlla che vada ancora bene, poi salva di nuovo.',
  removed: 'rimosso',
  added: 'aggiunto',
  order: 'Ordine',
  changedHours: 'altri orari',

  problems: {
    missing: 'Compila questo campo.', twice: 'Esiste già.', notWhole: 'Indica un numero intero.',
    pattern: {
      id: 'Usa da 1 a 40 caratteri tra a-z, 0-9, "-" e "_", iniziando con una lettera o una cifra.',
      subject: 'Usa da 1 a 60 caratteri: lettere senza accenti, cifre o _ . @ : + -',
      lower: 'Usa solo lettere minuscole.',
    },
    hours: 'Ogni orario deve finire dopo il suo inizio, uno dopo l\'altro.',
    long: (limit) => `Al massimo ${limit} caratteri.`, short: (limit) => `Almeno ${limit} caratteri.`,
    many: (limit) => `Al massimo ${limit}.`, least: (limit) => `Almeno ${limit}.`,
    most: (limit) => `Al massimo ${limit}.`,
  },
  refusals: {
    conflict: 'Nel frattempo qualcun altro ha cambiato questa sezione.',
    inUse: 'È ancora in uso.',
    invalid: 'Il gateway ha trovato un errore.',
    forbidden: 'Non puoi modificarlo.',
  },
  inUse: {
    teams: 'Prima sposta le sue conversazioni in un altro team e togli dal team i suoi operatori.',
    agents: 'Prima trasferisci o concludi le conversazioni dell\'operatore, oppure lascia posto per esse.',
    skills: 'Prima togli la competenza da operatori, canali e regole.',
    statuses: 'Prima chi è in questo stato deve sceglierne un altro.',
    other: 'Prima sposta o concludi ciò che lo usa.',
  },
};
