/** Italian: the supervisors' board. */
import { counted } from '../../ui/language.ts';
import type { BoardWords } from './en.board.ts';

const count = counted('it');

export const itBoard: BoardWords = {
  title: 'Quadro in tempo reale',
  loading: 'In attesa dei dati…',
  onlySupervisors:
    'Il quadro è riservato a supervisori e amministratori. Un amministratore può darti questo diritto.',
  asOf: (time) => `Aggiornato alle ${time}`,
  tiles: {
    waiting: 'In coda ora', longest: 'Attesa più lunga', open: 'Aperte', here: 'Operatori presenti',
    response: 'Prima risposta, ultima ora',
  },
  hereOf: (here, all) => `${here} di ${all}`,
  none: '–',

  queues: 'Code',
  noTeams: 'Non ci sono ancora team. Un amministratore li crea in Amministrazione.',
  team: 'Team',
  waiting: 'In coda',
  longest: 'Attesa più lunga',
  open: 'Aperte',

  agents: 'Operatori',
  agent: 'Operatore',
  status: 'Stato',
  statusOf: (name) => `Stato di ${name}`,
  connected: 'Connesso',
  here: 'Presente',
  notHere: 'Assente',
  places: 'Posti occupati',
  placesOf: (held, limit) => `${held} di ${limit}`,
  over: (places) => `${places} oltre il limite`,
  findAgent: 'Cerca un operatore',
  noAgent: 'Nessun operatore corrisponde.',
  noAgents: 'Nessun operatore ha ancora effettuato l\'accesso.',
  more: (agents) => `Mostra altri ${agents}`,

  today: 'Andamento della giornata',
  range: 'Periodo',
  ranges: { h4: '4 ore', h12: '12 ore', h24: '24 ore' },
  waitingChart: 'Clienti in attesa',
  waitingUnit: 'Il massimo contemporaneo, per ogni quarto d\'ora',
  responseChart: 'Prima risposta',
  responseUnit: 'Tempo medio fino alla prima risposta, per ogni quarto d\'ora',
  openChart: 'Aperte per operatore',
  openUnit: 'Conversazioni in questo momento',
  noData: 'Ancora niente da mostrare.',
  chartSays: (most, last) => `Al massimo ${most}, valore più recente ${last}.`,
  asTable: 'Come tabella',
  from: 'Dalle',
  others: (agents) => count(agents, { one: 'e # altro nella tabella', other: 'e altri # nella tabella' }),
};
