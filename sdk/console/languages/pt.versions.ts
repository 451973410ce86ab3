/** Portuguese: publishing a flow, its versions, and what stands between two of them. */
import { counted } from '../../ui/language.ts';
import type { VersionWords } from './en.versions.ts';

const count = counted('pt-PT');

export const ptVersions: VersionWords = {
  publish: 'Publicar…',
  publishName: (name) => `Publicar ${name}`,
  publishNow: (version) => `Publicar a versão ${version}`,
  notYet: {
    problems: (problems) => count(problems, { one: 'Há 1 problema a corrigir primeiro', other: 'Há # problemas a corrigir primeiro' }),
    same: 'O rascunho diz o mesmo que a versão ativa', clash: 'Decida primeiro que alterações contam', checking: 'O rascunho está a ser verificado',
  },
  reading: 'A comparar com o que está ativo…',
  first: 'Fica ativo pela primeira vez.',
  firstMeans: (starts, steps) => `${steps}. Começa com: ${starts}.`,
  isOff: 'Agora está desativado. Volta a ficar ativo.',
  changesFrom: (version) => `O que muda da versão ${version}, a que está ativa`,
  note: 'Nota',
  noteHint: 'Para os colegas, na lista de versões: porque foi alterado.',
  runs: 'Conversas em que está em curso',
  finish: (version) => `Terminam na versão ${version}`,
  goOver: 'Passam para a nova versão',
  goOverHow: 'Cada uma de onde está, no passo seguinte. O que espera mantém-se.',
  cannotGoOver: 'Desta vez não podem passar:',
  published: (name, version) => `A versão ${version} de ${name} está ativa`,
  newOnes: 'As novas conversas recebem logo a nova versão.',

  versions: 'Versões',
  none: 'Ainda nada está publicado. O que publicar fica aqui, versão a versão.',
  version: (version) => `Versão ${version}`,
  live: 'Ativa',
  successor: (version) => `As suas conversas passaram para a versão ${version}.`,
  makeLive: 'Voltar a ativar',
  turnOff: 'Desativar',
  isLive: (name, version) => `A versão ${version} de ${name} está de novo ativa`,
  isTurnedOff: (name) => `${name} já não começa; o que está em curso termina`,
  changesSince: (version) => `O que mudou da versão ${version}`,
  theFirst: 'A primeira versão.',

  nothing: 'Dizem o mesmo.',
  added: 'novo',
  removed: 'removido',
  moved: 'movido',
  changed: 'alterado',
  behind: (step) => `depois de «${step}»`,
  atFirst: 'como primeiro passo',
  inside: (list, step) => `em «${list}» de «${step}»`,
  from: 'Antes',
  to: 'Agora',
  nowhere: 'nada',
  caseNumber: (place) => `Caso n.º ${place}`,
  caseOrder: 'Ordem dos casos',
  way: { there: 'tem passos próprios', gone: 'como de costume' },
  fields: {
    do: 'Tipo', answer: 'A resposta é', priority: 'Prioridade', status: 'Estado', agent: 'Agente', skills: 'Competências',
    nobody: 'De volta à fila', by: 'A quem se pergunta primeiro', add: 'Põe', remove: 'Tira', to: 'Para o passo', times: 'No máximo tantas vezes',
    flow: 'Fluxo', untilDate: 'Até uma data', untilOpen: 'Até haver alguém', untilReply: 'Até uma resposta',
    field: 'Onde escreve', ifMissing: 'Só quando não há valor', again: 'Se deve começar enquanto está em curso',
    onAgent: 'Quando um agente intervém', inboundOnly: 'Só conversas que o cliente começou', askFor: 'Espera por uma resposta',
  },
};
