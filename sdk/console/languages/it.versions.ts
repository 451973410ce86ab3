/** Italian: publishing a flow, its versions, and what stands between two of them. */
import { counted } from '../../ui/language.ts';
import type { VersionWords } from './en.versions.ts';

const count = counted('it');

export const itVersions: VersionWords = {
  publish: 'Pubblica…',
  publishName: (name) => `Pubblica ${name}`,
  publishNow: (version) => `Pubblica la versione ${version}`,
  notYet: {
    problems: (problems) => count(problems, { one: 'Prima c\'è 1 problema da correggere', other: 'Prima ci sono # problemi da correggere' }),
    same: 'La bozza dice lo stesso della versione attiva', clash: 'Prima decidi quali modifiche valgono', checking: 'La bozza è in fase di controllo',
  },
  reading: 'Confronto con ciò che è attivo…',
  first: 'Diventa attivo per la prima volta.',
  firstMeans: (starts, steps) => `${steps}. Parte con: ${starts}.`,
  isOff: 'Ora è disattivato. Torna attivo.',
  changesFrom: (version) => `Che cosa cambia dalla versione ${version}, quella attiva`,
  note: 'Nota',
  noteHint: 'Per i colleghi, nell\'elenco delle versioni: perché è stato modificato.',
  runs: 'Conversazioni in cui è in corso',
  finish: (version) => `Finiscono con la versione ${version}`,
  goOver: 'Passano alla nuova versione',
  goOverHow: 'Ognuna da dove si trova, al passo successivo. Ciò che attende resta.',
  cannotGoOver: 'Questa volta non possono passare:',
  published: (name, version) => `La versione ${version} di ${name} è attiva`,
  newOnes: 'Le nuove conversazioni ricevono subito la nuova versione.',

  versions: 'Versioni',
  none: 'Ancora niente è pubblicato. Ciò che pubblichi sta qui, versione per versione.',
  version: (version) => `Versione ${version}`,
  live: 'Attiva',
  successor: (version) => `Le sue conversazioni sono passate alla versione ${version}.`,
  makeLive: 'Rendila di nuovo attiva',
  turnOff: 'Disattiva',
  isLive: (name, version) => `La versione ${version} di ${name} è di nuovo attiva`,
  isTurnedOff: (name) => `${name} non parte più; ciò che è in corso finisce`,
  changesSince: (version) => `Che cosa è cambiato dalla versione ${version}`,
  theFirst: 'La prima versione.',

  nothing: 'Dicono lo stesso.',
  added: 'nuovo',
  removed: 'rimosso',
  moved: 'spostato',
  changed: 'modificato',
  behind: (step) => `dopo «${step}»`,
  atFirst: 'come primo passo',
  inside: (list, step) => `in «${list}» di «${step}»`,
  from: 'Prima',
  to: 'Ora',
  nowhere: 'niente',
  caseNumber: (place) => `Caso ${place}`,
  caseOrder: 'Ordine dei casi',
  way: { there: 'ha passi propri', gone: 'come al solito' },
  fields: {
    do: 'Tipo', answer: 'La risposta è', priority: 'Priorità', status: 'Stato', agent: 'Operatore', skills: 'Competenze',
    nobody: 'Di nuovo in coda', by: 'A chi si chiede prima', add: 'Mette', remove: 'Toglie', to: 'Al passo', times: 'Al massimo tante volte',
    flow: 'Flusso', untilDate: 'Fino a una data', untilOpen: 'Finché c\'è qualcuno', untilReply: 'Fino a una risposta',
    field: 'Dove scrive', ifMissing: 'Solo quando manca il valore', again: 'Se deve partire mentre è in corso',
    onAgent: 'Quando interviene un operatore', inboundOnly: 'Solo conversazioni iniziate dal cliente', askFor: 'Attende una risposta',
  },
};
