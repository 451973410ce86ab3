/** Czech: publishing a flow, its versions, and what stands between two of them. */
import { counted } from '../../ui/language.ts';
import type { VersionWords } from './en.versions.ts';

const count = counted('cs');

export const csVersions: VersionWords = {
  publish: 'Zveřejnit…',
  publishName: (name) => `Zveřejnit ${name}`,
  publishNow: (version) => `Zveřejnit verzi ${version}`,
  notYet: {
    problems: (problems) => count(problems, { one: 'Nejdřív opravte 1 problém', few: 'Nejdřív opravte # problémy', other: 'Nejdřív opravte # problémů' }),
    same: 'Koncept říká totéž co verze, která běží', clash: 'Nejdřív rozhodněte, čí změny platí', checking: 'Koncept se kontroluje',
  },
  reading: 'Porovnává se s tím, co běží…',
  first: 'Poprvé se spustí.',
  firstMeans: (starts, steps) => `${steps}. Začíná na: ${starts}.`,
  isOff: 'Teď je vypnutý. Znovu se zapne.',
  changesFrom: (version) => `Co se změní oproti verzi ${version}, která běží`,
  note: 'Poznámka',
  noteHint: 'Pro kolegy, v seznamu verzí: proč se to změnilo.',
  runs: 'Konverzace, ve kterých běží',
  finish: (version) => `Doběhnou podle verze ${version}`,
  goOver: 'Přejdou na novou verzi',
  goOverHow: 'Každá tam, kde stojí, při dalším kroku. Na co čeká, zůstává.',
  cannotGoOver: 'Tentokrát přejít nemohou:',
  published: (name, version) => `${name}: verze ${version} běží`,
  newOnes: 'Nové konverzace dostanou novou verzi hned.',

  versions: 'Verze',
  none: 'Zatím není nic zveřejněno. Co zveřejníte, bude tady, verze po verzi.',
  version: (version) => `Verze ${version}`,
  live: 'Běží',
  successor: (version) => `Její konverzace přešly na verzi ${version}.`,
  makeLive: 'Znovu spustit',
  turnOff: 'Vypnout',
  isLive: (name, version) => `${name}: znovu běží verze ${version}`,
  isTurnedOff: (name) => `${name} už nic nespustí; co běží, doběhne`,
  changesSince: (version) => `Co se změnilo oproti verzi ${version}`,
  theFirst: 'První verze.',

  nothing: 'Říkají totéž.',
  added: 'nový',
  removed: 'odebrán',
  moved: 'přesunut',
  changed: 'změněn',
  behind: (step) => `za „${step}“`,
  atFirst: 'jako první krok',
  inside: (list, step) => `v „${list}“ u „${step}“`,
  from: 'Předtím',
  to: 'Teď',
  nowhere: 'nic',
  caseNumber: (place) => `Případ ${place}`,
  caseOrder: 'Pořadí případů',
  way: { there: 'má vlastní kroky', gone: 'jako obvykle' },
  fields: {
    do: 'Druh', answer: 'Odpověď je', priority: 'Priorita', status: 'Stav', agent: 'Operátor', skills: 'Dovednosti',
    nobody: 'Zpět do fronty', by: 'Kdo je osloven první', add: 'Přidá', remove: 'Odebere', to: 'Na krok', times: 'Nejvýše tolikrát',
    flow: 'Tok', untilDate: 'Do data', untilOpen: 'Dokud tu někdo nebude', untilReply: 'Do odpovědi',
    field: 'Kam zapisuje', ifMissing: 'Jen když hodnota chybí', again: 'Když má začít a už běží',
    onAgent: 'Když zasáhne operátor', inboundOnly: 'Jen konverzace, které začal zákazník', askFor: 'Čeká na odpověď',
  },
};
