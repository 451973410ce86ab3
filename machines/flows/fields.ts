/** Names of what a flow can look at, as `Field` in flow.ts tells them, and which of them it can change. */
import type { FieldType } from '../world.ts';
import type { Value } from './flow.ts';
import type { FlowContext, FlowEvent } from './run.ts';

/** What a field holds; undefined for what is not known. */
export type Get = (field: string) => Value | undefined;

/** A machine under way, as its guards and actions see it. */
export interface Moment {
  context: FlowContext;
  event: FlowEvent;
}

/** What can be looked at in it: the run's own variables, the time, and what the conversation knows. */
export function getIn({ context: { vars }, event }: Moment): Get {
  return (field) => {
    if (field === 'now') return new Date(event.at).toISOString();
    if (!field.startsWith('vars.')) return event.facts.get(field);
    const name = field.slice('vars.'.length);
    return Object.hasOwn(vars, name) ? vars[name] : undefined;
  };
}

const OF_CONVERSATION = [
  'channel', 'style', 'status', 'team', 'priority', 'agent', 'inbound', 'ticket', 'lastWord', 'tags',
].map((what) => `conversation.${what}`);
/** Of every contact, beside its fields, which a flow cannot change. */
const OF_CONTACT = ['contact.name', 'contact.identified', 'contact.phoneCountry'];
const ALONE = ['message.text', 'now', 'hours', 'queue', 'available'];

/** Every field that there is, but variables. */
export function fieldsOf(fields: readonly FieldType[], teams: readonly string[]): string[] {
  return [
    ...OF_CONTACT, ...fields.map(({ id }) => `contact.${id}`), ...OF_CONVERSATION, ...ALONE,
    ...['hours', 'queue', 'available'].flatMap((what) => teams.map((team) => `${what}.${team}`)),
  ];
}

/** Whether this can name a field at all: no secret, and nothing that every JavaScript object has. */
export function isField(name: string): boolean {
  return /^[a-z]+(\.[A-Za-z0-9][A-Za-z0-9_-]{0,39})?$/.test(name) && !/^secrets\b|\.(constructor|prototype)$/.test(name);
}

/** Whether a flow may keep a value under this name. */
export function isKept(name: string): boolean {
  return /^(vars|contact)\./.test(name) && isField(name) && !OF_CONTACT.includes(name);
}
