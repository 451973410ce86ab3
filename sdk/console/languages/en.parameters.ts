/** English: what the parameters of the templates are called. `vip.retry` is one of a single template, `retry` of all. */
import type { Widened } from '../../ui/language.ts';

export const enParameters = {
  parameters: {
    name: 'Name', sender: 'Writes as',
    trigger: 'Starts after a message', remindAfterMs: 'Remind after a silence of', reminder: 'Reminder',
    'nudge.answerMs': 'Then wait for a reply', followUp: 'Remind once more before closing',
    followUpText: 'Second reminder',
    followUpMs: 'Then wait for a reply', last: 'Last message, before it is closed',
    outsideHours: 'Also outside business hours',
    hoursOf: 'Whose business hours count', alsoWhenOurTurn: 'Also customers who wait for our answer',

    method: 'Method', url: 'Address of the CRM', headers: 'Headers', body: 'Body', timeoutMs: 'Wait for the CRM',
    httpRetries: 'Tries more when the CRM does not answer',
    path: 'Where its answer says the kind of customer (JSONPath)',
    vip: 'What it says of a VIP', vipTeam: 'Team of VIPs', regularTeam: 'Team of everybody else',
    personTeam: 'Team when the e-mail cannot be understood', person: 'Or an agent', welcome: 'Said to VIPs',
    thanks: 'Thanks for the address', toPerson: 'Said when a person takes over', failedTag: 'Tag when the CRM failed',

    question: 'Question', retry: 'When the answer is not valid', retries: 'Asks again, at most',
    answerMs: 'Waits for an answer',

    choices: 'Answers to choose from', value: 'What is kept', label: 'What they read', team: 'Team',
    assigned: 'Says who has it now',
    defaultTeam: 'Team without an answer', 'team-by-data.defaultTeam': 'Team of everybody else',
    unassigned: 'Says so without an answer',

    fills: 'Fill first, where it is missing', 'team-by-data.field': 'Field', from: 'From', routes: 'Who serves whom',
    is: 'Comparison', values: 'Values',

    yes: 'Answer of customers', no: 'Answer of everybody else', otherTeam: 'Team without a clear answer',
    somebody: 'Said without a clear answer', customers: 'Customers', details: 'Ask customers for',
    customerEmail: 'Question for the e-mail',
    customerPhone: 'Question for the phone', customerTeam: 'Team of customers', customerAgent: 'Or an agent',
    served: 'Says that somebody will answer', channel: 'They get help by', place: 'Its address or number',
    byEmail: 'Says so',
    byPage: 'Says so', byPhone: 'Says so', solve: 'Then solve the ticket', qualify: 'Ask everybody else for',
    prospectEmail: 'Question for the e-mail', company: 'Question for the company', size: 'Question for its size',
    sizes: 'Sizes to choose from', need: 'Question for the need', retryEmail: 'When it is no e-mail address',
    retryPhone: 'When it is no phone number', retryChoice: 'When it is none of the choices', tag: 'Tag of prospects',
    salesTeam: 'Team of prospects', crm: 'Tell a CRM of prospects', prospect: 'Said to prospects at the end',
  },
  parameterChoices: {
    'trigger.customer': 'of the customer', 'trigger.agent': 'of an agent', 'customers.team': 'are assigned here',
    'customers.elsewhere': 'get help elsewhere', 'channel.email': 'e-mail', 'channel.page': 'a web page', 'channel.phone': 'phone',
    'details.email': 'e-mail', 'details.phone': 'phone', 'qualify.email': 'e-mail', 'qualify.company': 'company',
    'qualify.size': 'size of the company', 'qualify.need': 'what they need',
  },
} as const;

export type ParameterWords = Widened<typeof enParameters>;
