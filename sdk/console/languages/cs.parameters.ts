/** Czech: what the parameters of the templates are called. */
import type { ParameterWords } from './en.parameters.ts';

export const csParameters: ParameterWords = {
  parameters: {
    name: 'Název', sender: 'Píše jako',
    trigger: 'Začíná po zprávě', remindAfterMs: 'Připomenout po tichu', reminder: 'Připomínka',
    'nudge.answerMs': 'Pak čeká na odpověď', followUp: 'Před uzavřením připomenout ještě jednou',
    followUpText: 'Druhá připomínka',
    followUpMs: 'Pak čeká na odpověď', last: 'Poslední zpráva před uzavřením', outsideHours: 'I mimo provozní dobu',
    hoursOf: 'Čí provozní doba platí', alsoWhenOurTurn: 'I zákazníci, kteří čekají na naši odpověď',

    method: 'Metoda', url: 'Adresa CRM', headers: 'Hlavičky', body: 'Tělo', timeoutMs: 'Čeká na CRM',
    httpRetries: 'Další pokusy, když CRM neodpovídá', path: 'Kde odpověď říká druh zákazníka (JSONPath)',
    vip: 'Co tam říká o VIP', vipTeam: 'Tým pro VIP', regularTeam: 'Tým pro ostatní',
    personTeam: 'Tým, když e-mail není srozumitelný',
    person: 'Nebo operátor', welcome: 'Řekne se VIP', thanks: 'Poděkuje za adresu',
    toPerson: 'Řekne se, když převezme člověk',
    failedTag: 'Štítek, když CRM selhalo',

    question: 'Otázka', retry: 'Když odpověď není platná', retries: 'Zeptá se znovu, nejvýše',
    answerMs: 'Čeká na odpověď',

    choices: 'Odpovědi na výběr', value: 'Co se uchová', label: 'Co čte', team: 'Tým',
    assigned: 'Řekne, kdo se toho ujal',
    defaultTeam: 'Tým bez odpovědi', 'team-by-data.defaultTeam': 'Tým pro ostatní', unassigned: 'Řekne to bez odpovědi',

    fills: 'Nejdřív vyplnit, kde chybí', 'team-by-data.field': 'Pole', from: 'Z čeho', routes: 'Kdo obsluhuje koho',
    is: 'Porovnání', values: 'Hodnoty',

    yes: 'Odpověď zákazníků', no: 'Odpověď ostatních', otherTeam: 'Tým bez jasné odpovědi',
    somebody: 'Řekne se bez jasné odpovědi',
    customers: 'Zákazníci', details: 'Zákazníků se zeptat na', customerEmail: 'Otázka na e-mail',
    customerPhone: 'Otázka na telefon',
    customerTeam: 'Tým pro zákazníky', customerAgent: 'Nebo operátor', served: 'Řekne, že se někdo ozve',
    channel: 'Pomoc dostanou přes',
    place: 'Adresa nebo číslo', byEmail: 'Řekne to', byPage: 'Řekne to', byPhone: 'Řekne to',
    solve: 'Pak tiket vyřešit',
    qualify: 'Ostatních se zeptat na', prospectEmail: 'Otázka na e-mail', company: 'Otázka na firmu',
    size: 'Otázka na její velikost',
    sizes: 'Velikosti na výběr', need: 'Otázka, co potřebují', retryEmail: 'Když to není e-mailová adresa',
    retryPhone: 'Když to není telefonní číslo', retryChoice: 'Když to není žádná z možností', tag: 'Štítek zájemců',
    salesTeam: 'Tým pro zájemce', crm: 'Říct o zájemcích CRM', prospect: 'Řekne se zájemcům na konci',
  },
  parameterChoices: {
    'trigger.customer': 'zákazníka', 'trigger.agent': 'operátora', 'customers.team': 'se přidělí tady',
    'customers.elsewhere': 'dostanou pomoc jinde', 'channel.email': 'e-mail', 'channel.page': 'webovou stránku',
    'channel.phone': 'telefon', 'details.email': 'e-mail', 'details.phone': 'telefon', 'qualify.email': 'e-mail',
    'qualify.company': 'firmu', 'qualify.size': 'velikost firmy', 'qualify.need': 'co potřebují',
  },
};
