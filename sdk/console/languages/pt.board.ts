/** Portuguese: the supervisors' board. */
import { counted } from '../../ui/language.ts';
import type { BoardWords } from './en.board.ts';

const count = counted('pt-PT');

export const ptBoard: BoardWords = {
  title: 'Painel em direto',
  loading: 'À espera dos dados…',
  onlySupervisors: 'O painel é para supervisores e administradores. Um administrador pode dar-lhe esse direito.',
  asOf: (time) => `Dados das ${time}`,
  tiles: {
    waiting: 'Em fila agora', longest: 'Espera mais longa', open: 'Abertas', here: 'Agentes presentes',
    response: 'Primeira resposta, última hora',
  },
  hereOf: (here, all) => `${here} de ${all}`,
  none: '–',

  queues: 'Filas',
  noTeams: 'Ainda não há equipas. Um administrador cria-as em Administração.',
  team: 'Equipa',
  waiting: 'Em fila',
  longest: 'Espera mais longa',
  open: 'Abertas',

  agents: 'Agentes',
  agent: 'Agente',
  status: 'Estado',
  statusOf: (name) => `Estado de ${name}`,
  connected: 'Ligado',
  here: 'Presente',
  notHere: 'Ausente',
  places: 'Lugares ocupados',
  placesOf: (held, limit) => `${held} de ${limit}`,
  over: (places) => `${places} acima do limite`,
  findAgent: 'Procurar um agente',
  noAgent: 'Nenhum agente corresponde.',
  noAgents: 'Ainda nenhum agente iniciou sessão.',
  more: (agents) => `Mostrar mais ${agents}`,

  today: 'Ao longo do dia',
  range: 'Período',
  ranges: { h4: '4 horas', h12: '12 horas', h24: '24 horas' },
  waitingChart: 'Clientes à espera',
  waitingUnit: 'O máximo em simultâneo, em cada quarto de hora',
  responseChart: 'Primeira resposta',
  responseUnit: 'Tempo médio até à primeira resposta, em cada quarto de hora',
  openChart: 'Abertas por agente',
  openUnit: 'Conversas neste momento',
  noData: 'Ainda nada para mostrar.',
  chartSays: (most, last) => `No máximo ${most}, valor mais recente ${last}.`,
  asTable: 'Em tabela',
  from: 'Desde',
  others: (agents) => count(agents, { one: 'e mais # na tabela', other: 'e mais # na tabela' }),
};
