/**
 * What flows can look at while a step on a conversation is under way: always as it is at that moment, so that a branch sees
 * what the step before it has done.
 */
import { phoneCountry } from './flows/kinds.ts';
import type { Value } from './flows/flow.ts';
import type { Facts } from './flows/run.ts';
import { officeAt } from './hours.ts';
import { agentOf, statusOf, type ConversationState } from './state.ts';
import type { Step } from './step.ts';
import type { World } from './world.ts';

export function factsOf(step: Step, world: World, at: number): Facts {
  return {
    get(field) {
      const dot = field.indexOf('.');
      const name = dot < 0 ? '' : field.slice(dot + 1);
      switch (dot < 0 ? field : field.slice(0, dot)) {
        case 'contact': return ofContact(step.state, name, world);
        case 'conversation': return ofConversation(step.state, name);
        case 'message': return name === 'text' ? step.state.said : undefined;
        case 'hours': return opensAt(world, name, at) === at ? 'open' : 'closed';
        case 'queue': return world.waiting(name);
        case 'available': return world.available(name);
        case 'now': return new Date(at).toISOString();
        default: return undefined;
      }
    },
    opensAt: (team) => opensAt(world, team, at),
  };
}

function ofContact({ contact, fields }: ConversationState, name: string, { fields: types }: World): Value | undefined {
  if (name === 'name') return contact.name;
  if (name === 'identified') return contact.identified;
  const text = Object.hasOwn(fields, name === 'phoneCountry' ? 'phone' : name) ? fields[name === 'phoneCountry' ? 'phone' : name] : undefined;
  if (text === undefined || name === 'phoneCountry') return text === undefined ? undefined : phoneCountry(text);
  switch (types.find(({ id }) => id === name)?.type) {
    case 'number': return Number(text);
    case 'boolean': return text === 'true';
    default: return text;
  }
}

function ofConversation(state: ConversationState, name: string): Value | undefined {
  switch (name) {
    case 'channel': case 'team': case 'priority': case 'inbound': return state[name];
    case 'style': return state.ticket.context.policy.style;
    case 'status': return statusOf(state);
    // As the settings know them.
    case 'agent': return agentOf(state)?.id.replace(/^a_/, '');
    case 'ticket': return state.number;
    case 'lastWord': return lastWord(state);
    case 'tags': return state.tags.join(', ');
    default: return undefined;
  }
}

/** Of people: what flows say is nobody's. */
function lastWord({ waitingSince, lastReply, spokeAt }: ConversationState): 'customer' | 'agent' {
  return waitingSince === 0 && lastReply !== null && lastReply.at >= spokeAt ? 'agent' : 'customer';
}

function opensAt({ hours }: World, team: string, at: number): number | undefined {
  const known = hours(team);
  if (known === null) return at;
  const { open, until } = officeAt(known, at);
  return open ? at : until || undefined;
}
