/** Czech: administration. */
import { counted } from '../../ui/language.ts';
import type { AdminWords } from './en.admin.ts';

const count = counted('cs');

export const csAdmin: AdminWords = {
  title: 'Správa',
  loading: 'Načítání nastavení…',
  back: 'Všechna nastavení',
  groups: { people: 'Lidé', work: 'Konverzace', writing: 'Texty', house: 'Pracovní prostor' },
  pages: {
    teams: 'Týmy', agents: 'Operátoři', skills: 'Dovednosti', statuses: 'Stavy', capacity: 'Kapacita',
    channels: 'Kanály', styles: 'Styly',
    hours: 'Provozní doba', rules: 'Pravidla', routing: 'Přidělování',
    fields: 'Pole kontaktů', macros: 'Makra', tags: 'Štítky',
    workspace: 'Název',
  },
  about: {
    teams:
      'Kdo spolu pracuje a jak nové konverzace najdou někoho z týmu. První tým dostává to, co žádný kanál ani pravidlo neposílá jinam.',
    agents: 'Kdo se smí přihlásit do konzole, co smí dělat a kolik konverzací může vést najednou.',
    skills: 'Co operátoři umějí. Žádají si to kanály a pravidla.',
    statuses: 'Stavy, které si operátoři mohou zvolit, kromě Online, Pryč, Jen předané a Offline.',
    capacity: 'Kolik konverzací vede operátor najednou, podle skupiny kanálů. Operátor může mít vlastní počty.',
    channels: 'Odkud zákazníci píšou a kdo jim odpovídá.',
    styles: 'Jak tiket končí a vrací se: hned, do určité doby, nebo po dnech.',
    hours: 'Kdy máme otevřeno. Týmy mohou mít vlastní dobu; lhůty v provozní době se řídí touto.',
    rules:
      'Z pravidel, která novému tiketu vyhovují, určuje styl první, které ho nastavuje, a tým první, které ho jmenuje.',
    routing: 'Co se stane, když jsou operátoři pryč, neodpovídají nebo mají plno.',
    fields:
      'Co se o kontaktech uchovává kromě e-mailu, telefonu, jazyka a země. Vyplňují to operátoři, zákazníci, toky a vaše stránky.',
    macros: 'Připravené odpovědi, které operátoři vkládají při psaní.',
    tags: 'Slova, kterými operátoři označují tikety, aby se daly najít a spočítat.',
    workspace: 'Jak se tento pracovní prostor jmenuje.',
  },

  notAdmin: 'Nastavení mění jen správci',
  youAre: (right) => `Vaše role: ${right}.`,
  askWhom: (names) => `Obraťte se na správce: ${names}.`,
  locked: 'Nastavuje to konfigurační soubor. Změňte to tam a spusťte gateway znovu.',
  unsavedIn: (pages) => `Zatím neuloženo: ${pages}. Zůstane to tu, dokud je stránka otevřená.`,
  unsavedHere: 'Zatím neuloženo',
  unsaved: (places) =>
    count(places, { one: '1 neuložená změna', few: '# neuložené změny', other: '# neuložených změn' }),
  save: 'Uložit',
  saving: 'Ukládání…',
  saved: 'Uloženo.',
  discard: 'Zahodit',
  wrong: (places) =>
    count(places, { one: '1 pole je třeba opravit', few: '# pole je třeba opravit', other: '# polí je třeba opravit' }),

  add: {
    teams: 'Přidat tým', agents: 'Přidat operátora', skills: 'Přidat dovednost', statuses: 'Přidat stav',
    channels: 'Přidat kanál',
    rules: 'Přidat pravidlo', macros: 'Přidat makro', fields: 'Přidat pole', other: 'Přidat',
  },
  none: {
    teams: 'Zatím tu nejsou žádné týmy. Konverzace potřebují tým, ve kterém čekají.',
    agents: 'Zatím tu nejsou žádní operátoři.',
    skills:
      'Zatím tu nejsou žádné dovednosti. Přidejte dovednost, dejte ji operátorům a vyžadujte ji v kanálu nebo pravidle.',
    statuses: 'Jsou tu jen čtyři stálé stavy.', channels: 'Zatím tu nejsou žádné kanály.',
    rules: 'Žádná pravidla: rozhodují jen kanály.',
    macros: 'Zatím tu nejsou žádná makra. Napište odpovědi, které dáváte každý den.',
    fields: 'Jsou tu jen čtyři stálá pole.',
    other: 'Zatím tu nic není.',
  },
  unnamed: 'Beze jména',
  numbered: (place) => `Pravidlo ${place}`,
  wrongHere: 'Zkontrolujte',
  lookAtFields: 'Podrobnosti jsou u označených polí.',
  filter: 'Filtrovat',
  noMatch: 'Nic neodpovídá.',
  newName: 'Jméno ve skriptu, například „web“',
  idIs: 'Id:',
  remove: (name) => `Odebrat: ${name}`,
  removeIt: 'Odebrat',
  up: (name) => `Posunout nahoru: ${name}`,
  down: (name) => `Posunout dolů: ${name}`,

  yes: 'Ano',
  no: 'Ne',
  notSet: 'Nenastaveno',
  nobodyElse: 'Nic',
  addWord: 'Přidat',
  newWord: (field) => `Nová položka: ${field}`,
  units: { second: 'sekundy', minute: 'minuty', hour: 'hodiny', day: 'dny' },
  unit: (field) => `${field}, jednotka`,
  placesIn: (group) => `Místa: ${group}`,
  defaultPlaces: (places) => `výchozí počet: ${places}`,
  noSkills: 'Zatím tu nejsou žádné dovednosti.',
  noTeams: 'Zatím tu nejsou žádné týmy.',
  gone: (id) => `${id} (už neexistuje)`,

  zone: 'Časové pásmo',
  closed: 'Zavřeno',
  opens: (day) => `${day}, otevírá`,
  closes: (day) => `${day}, zavírá`,
  addHours: 'Přidat dobu',
  removeHours: (day, hours) => `${day}: odebrat ${hours}`,
  copyDay: 'Zkopírovat na pracovní dny',
  openFor: (hours) => `Otevřeno ${hours} týdně`,
  allWeek: 'Provozní doba v týdnu',

  invite: 'Přihlašovací odkaz',
  inviteFor: (name) => `Vytvořit přihlašovací odkaz: ${name}`,
  inviteHow: 'Platí jednou, deset minut. Neposílejte ho nikomu jinému.',
  inviteAfter: 'Nejdřív uložte; pak můžete vytvořit přihlašovací odkaz.',
  copy: 'Kopírovat',
  copied: 'Zkopírováno',
  script: 'Pro stránku, která zobrazuje widget',

  conflict: (who) => (who === '' ? 'Totéž mezitím změnil někdo jiný.' : `Totéž mezitím změnil někdo jiný: ${who}.`),
  conflictHow: 'Porovnejte obě verze a rozhodněte.',
  theirs: 'Teď tam je',
  mine: 'Vaše',
  loadTheirs: 'Načíst jejich verzi',
  keepMine: 'Ponechat moji',
  taken: (who) => (who === '' ? 'Mezitím tu někdo jiný něco změnil; vaše změny jsou nad tím:'
    : `Mezitím tu někdo jiný něco změnil (${who}); vaše změny jsou nad tím:`),
  saveAgain: 'Podívejte se, jestli to ještě platí, a uložte znovu.',
  removed: 'odebráno',
  added: 'přidáno',
  order: 'Pořadí',
  changedHours: 'jiná doba',

  problems: {
    missing: 'Vyplňte toto pole.', twice: 'To už existuje.', notWhole: 'Zadejte celé číslo.',
    pattern: {
      id: 'Použijte 1 až 40 znaků a až z, 0 až 9, „-“ a „_“; první je písmeno nebo číslice.',
      subject: 'Použijte 1 až 60 znaků: písmena bez diakritiky, číslice nebo _ . @ : + -',
      lower: 'Použijte jen malá písmena.',
    },
    hours: 'Každá doba musí končit po svém začátku, jedna po druhé.',
    long: (limit) => `Nejvýše ${limit} znaků.`, short: (limit) => `Nejméně ${limit} znaků.`,
    many: (limit) => `Nejvýše ${limit}.`, least: (limit) => `Nejméně ${limit}.`, most: (limit) => `Nejvýše ${limit}.`,
  },
  refusals: {
    conflict: 'Tuto část mezitím změnil někdo jiný.',
    inUse: 'Ještě se to používá.',
    invalid: 'Gateway našla chybu.',
    forbidden: 'To měnit nesmíte.',
  },
  inUse: {
    teams: 'Nejdřív přesuňte konverzace do jiného týmu a operátory z týmu odeberte.',
    agents: 'Nejdřív předejte nebo dokončete konverzace operátora, nebo pro ně nechte místo.',
    skills: 'Nejdřív dovednost odeberte operátorům, kanálům a pravidlům.',
    statuses: 'Kdo je v tomto stavu, musí si nejdřív zvolit jiný.',
    other: 'Nejdřív přesuňte nebo dokončete to, co ho používá.',
  },
};
