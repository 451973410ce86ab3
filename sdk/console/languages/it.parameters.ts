/** Italian: what the parameters of the templates are called. */
import type { ParameterWords } from './en.parameters.ts';

export const itParameters: ParameterWords = {
  parameters: {
    name: 'Nome', sender: 'Scrive come',
    trigger: 'Parte dopo un messaggio', remindAfterMs: 'Ricorda dopo un silenzio di', reminder: 'Promemoria',
    'nudge.answerMs': 'Poi attende una risposta per', followUp: 'Ricorda un\'altra volta prima di chiudere',
    followUpText: 'Secondo promemoria', followUpMs: 'Poi attende una risposta per',
    last: 'Ultimo messaggio, prima di chiudere',
    outsideHours: 'Anche fuori orario', hoursOf: 'Di chi sono gli orari che contano',
    alsoWhenOurTurn: 'Anche clienti che attendono una nostra risposta',

    method: 'Metodo', url: 'Indirizzo del CRM', headers: 'Intestazioni', body: 'Corpo', timeoutMs: 'Attende il CRM per',
    httpRetries: 'Altri tentativi se il CRM non risponde', path: 'Dove la risposta dice il tipo di cliente (JSONPath)',
    vip: 'Che cosa dice di un VIP', vipTeam: 'Team dei VIP', regularTeam: 'Team di tutti gli altri',
    personTeam: 'Team se l\'e-mail non si capisce', person: 'Oppure un operatore', welcome: 'Detto ai VIP',
    thanks: 'Ringrazia per l\'indirizzo', toPerson: 'Detto quando subentra una persona',
    failedTag: 'Tag se il CRM non ha risposto',

    question: 'Domanda', retry: 'Se la risposta non è valida', retries: 'Chiede di nuovo, al massimo',
    answerMs: 'Attende la risposta per',

    choices: 'Risposte tra cui scegliere', value: 'Che cosa si conserva', label: 'Che cosa legge', team: 'Team',
    assigned: 'Dice chi se ne occupa ora',
    defaultTeam: 'Team senza risposta', 'team-by-data.defaultTeam': 'Team di tutti gli altri',
    unassigned: 'Lo dice senza risposta',

    fills: 'Compila prima, dove manca', 'team-by-data.field': 'Campo', from: 'Da', routes: 'Chi segue chi',
    is: 'Confronto',
    values: 'Valori',

    yes: 'Risposta dei clienti', no: 'Risposta di tutti gli altri', otherTeam: 'Team senza una risposta chiara',
    somebody: 'Detto senza una risposta chiara', customers: 'I clienti', details: 'Chiedi ai clienti',
    customerEmail: 'Domanda per l\'e-mail', customerPhone: 'Domanda per il telefono', customerTeam: 'Team dei clienti',
    customerAgent: 'Oppure un operatore', served: 'Dice che qualcuno risponderà', channel: 'Ricevono aiuto tramite',
    place: 'Indirizzo o numero', byEmail: 'Lo dice', byPage: 'Lo dice', byPhone: 'Lo dice',
    solve: 'Poi risolvi il ticket',
    qualify: 'Chiedi a tutti gli altri', prospectEmail: 'Domanda per l\'e-mail', company: 'Domanda per l\'azienda',
    size: 'Domanda per la sua dimensione', sizes: 'Dimensioni tra cui scegliere', need: 'Domanda per il bisogno',
    retryEmail: 'Se non è un indirizzo e-mail', retryPhone: 'Se non è un numero di telefono',
    retryChoice: 'Se non è nessuna delle scelte', tag: 'Tag dei potenziali clienti',
    salesTeam: 'Team dei potenziali clienti',
    crm: 'Informa un CRM dei potenziali clienti', prospect: 'Detto alla fine ai potenziali clienti',
  },
  parameterChoices: {
    'trigger.customer': 'del cliente', 'trigger.agent': 'di un operatore', 'customers.team': 'vengono assegnati qui',
    'customers.elsewhere': 'ricevono aiuto altrove', 'channel.email': 'e-mail', 'channel.page': 'una pagina web',
    'channel.phone': 'telefono', 'details.email': 'e-mail', 'details.phone': 'telefono', 'qualify.email': 'e-mail',
    'qualify.company': 'azienda', 'qualify.size': 'dimensione dell\'azienda', 'qualify.need': 'di che cosa hanno bisogno',
  },
};
