/** Czech: the supervisors' board. */
import { counted } from '../../ui/language.ts';
import type { BoardWords } from './en.board.ts';

const count = counted('cs');

export const csBoard: BoardWords = {
  title: 'Živý přehled',
  loading: 'Čeká se na data…',
  onlySupervisors: 'Přehled je pro vedoucí a správce. Toto oprávnění vám může dát správce.',
  asOf: (time) => `Stav v ${time}`,
  tiles: {
    waiting: 'Teď čeká', longest: 'Nejdelší čekání', open: 'Otevřené', here: 'Přítomní operátoři',
    response: 'První odpověď za poslední hodinu',
  },
  hereOf: (here, all) => `${here} z ${all}`,
  none: '–',

  queues: 'Fronty',
  noTeams: 'Zatím nejsou žádné týmy. Správce je vytvoří ve Správě.',
  team: 'Tým',
  waiting: 'Čeká',
  longest: 'Nejdelší čekání',
  open: 'Otevřené',

  agents: 'Operátoři',
  agent: 'Operátor',
  status: 'Stav',
  statusOf: (name) => `Stav: ${name}`,
  connected: 'Připojení',
  here: 'Na místě',
  notHere: 'Není tu',
  places: 'Obsazená místa',
  placesOf: (held, limit) => `${held} z ${limit}`,
  over: (places) => `${places} nad limit`,
  findAgent: 'Najít operátora',
  noAgent: 'Žádný operátor neodpovídá.',
  noAgents: 'Zatím se žádný operátor nepřihlásil.',
  more: (agents) => count(agents, { one: 'Zobrazit # dalšího', other: 'Zobrazit # dalších' }),

  today: 'Průběh dne',
  range: 'Období',
  ranges: { h4: '4 hodiny', h12: '12 hodin', h24: '24 hodin' },
  waitingChart: 'Čekající zákazníci',
  waitingUnit: 'Nejvíce najednou v každé čtvrthodině',
  responseChart: 'První odpověď',
  responseUnit: 'Průměrná doba do první odpovědi v každé čtvrthodině',
  openChart: 'Otevřené podle operátora',
  openUnit: 'Konverzace v tuto chvíli',
  noData: 'Zatím není co ukázat.',
  chartSays: (most, last) => `Nejvíce ${most}, naposledy ${last}.`,
  asTable: 'Jako tabulka',
  from: 'Od',
  others: (agents) =>
    count(agents, { one: 'a # další v tabulce', few: 'a # další v tabulce', other: 'a # dalších v tabulce' }),
};
