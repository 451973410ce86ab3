/** Portuguese: what the parameters of the templates are called. */
import type { ParameterWords } from './en.parameters.ts';

export const ptParameters: ParameterWords = {
  parameters: {
    name: 'Nome', sender: 'Escreve como',
    trigger: 'Começa depois de uma mensagem', remindAfterMs: 'Lembrar após um silêncio de', reminder: 'Lembrete',
    'nudge.answerMs': 'Depois espera por uma resposta', followUp: 'Lembrar mais uma vez antes de fechar',
    followUpText: 'Segundo lembrete', followUpMs: 'Depois espera por uma resposta',
    last: 'Última mensagem, antes de fechar',
    outsideHours: 'Também fora do horário', hoursOf: 'De quem é o horário que conta',
    alsoWhenOurTurn: 'Também clientes que esperam pela nossa resposta',

    method: 'Método', url: 'Endereço do CRM', headers: 'Cabeçalhos', body: 'Corpo', timeoutMs: 'Espera pelo CRM',
    httpRetries: 'Mais tentativas se o CRM não responder', path: 'Onde a resposta diz o tipo de cliente (JSONPath)',
    vip: 'O que diz de um VIP', vipTeam: 'Equipa dos VIP', regularTeam: 'Equipa de todos os outros',
    personTeam: 'Equipa quando não se percebe o e-mail', person: 'Ou um agente', welcome: 'Dito aos VIP',
    thanks: 'Agradece o endereço', toPerson: 'Dito quando uma pessoa assume', failedTag: 'Etiqueta quando o CRM falhou',

    question: 'Pergunta', retry: 'Quando a resposta não é válida', retries: 'Pergunta de novo, no máximo',
    answerMs: 'Espera pela resposta',

    choices: 'Respostas à escolha', value: 'O que se guarda', label: 'O que lê', team: 'Equipa',
    assigned: 'Diz quem trata agora disso',
    defaultTeam: 'Equipa sem resposta', 'team-by-data.defaultTeam': 'Equipa de todos os outros',
    unassigned: 'Di-lo sem resposta',

    fills: 'Preencher primeiro, onde falta', 'team-by-data.field': 'Campo', from: 'De', routes: 'Quem atende quem',
    is: 'Comparação', values: 'Valores',

    yes: 'Resposta dos clientes', no: 'Resposta de todos os outros', otherTeam: 'Equipa sem resposta clara',
    somebody: 'Dito sem resposta clara', customers: 'Os clientes', details: 'Pedir aos clientes',
    customerEmail: 'Pergunta pelo e-mail', customerPhone: 'Pergunta pelo telefone', customerTeam: 'Equipa dos clientes',
    customerAgent: 'Ou um agente', served: 'Diz que alguém vai responder', channel: 'Recebem ajuda por',
    place: 'Endereço ou número',
    byEmail: 'Di-lo', byPage: 'Di-lo', byPhone: 'Di-lo', solve: 'Depois resolver o ticket',
    qualify: 'Pedir a todos os outros',
    prospectEmail: 'Pergunta pelo e-mail', company: 'Pergunta pela empresa', size: 'Pergunta pela sua dimensão',
    sizes: 'Dimensões à escolha', need: 'Pergunta pela necessidade', retryEmail: 'Quando não é um endereço de e-mail',
    retryPhone: 'Quando não é um número de telefone', retryChoice: 'Quando não é nenhuma das opções',
    tag: 'Etiqueta dos potenciais clientes', salesTeam: 'Equipa dos potenciais clientes',
    crm: 'Informar um CRM dos potenciais clientes', prospect: 'Dito no fim aos potenciais clientes',
  },
  parameterChoices: {
    'trigger.customer': 'do cliente', 'trigger.agent': 'de um agente', 'customers.team': 'são atribuídos aqui',
    'customers.elsewhere': 'recebem ajuda noutro lado', 'channel.email': 'e-mail', 'channel.page': 'uma página web',
    'channel.phone': 'telefone', 'details.email': 'e-mail', 'details.phone': 'telefone', 'qualify.email': 'e-mail',
    'qualify.company': 'empresa', 'qualify.size': 'dimensão da empresa', 'qualify.need': 'do que precisam',
  },
};
