/**
 * What a conversation knows of its contact: a copy of the fields, which the contact itself keeps and may have changed
 * meanwhile.
 */
import type { Effect } from './actor.ts';
import type { FieldsTold, SetFields } from './contact.ts';
import type { Fields } from './fields.ts';
import type { ConversationState } from './state.ts';

/** The copy after a word of the contact: what was set here and the contact cannot have heard of yet stays as it is here. */
export function told({ fields, changed }: FieldsTold, { outbox, fields: copy }: ConversationState): Fields {
  const next = { ...fields };
  for (const { command } of outbox) {
    if (!isSet(command)) continue;
    for (const name of Object.keys(command.fields)) {
      if (changed.includes(name) || (command.ifMissing && next[name] !== undefined)) continue;
      const own = copy[name];
      if (own === undefined) delete next[name];
      else next[name] = own;
    }
  }
  return next;
}

/** The names of those that differ. */
export function differing(before: Fields, after: Fields): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]);
}

function isSet(command: Effect['command']): command is SetFields {
  return command.type === 'set';
}
