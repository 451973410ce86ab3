/**
 * A customer across conversations, with their fields. Whatever changes in them, the newest conversations hear. A visitor who
 * signs in becomes an identified contact: every conversation learns it, and the fields go along, whatever crashes in between.
 */
import type { ActorCommand, Effect, Kind, Refusal, Refused, Stepped, Who } from './actor.ts';
import { fieldsOfLocale, keep, type Fields } from './fields.ts';
import type { Contact } from './state.ts';
import type { FieldType } from './world.ts';

type Done = (next: ContactState) => Stepped<ContactState>;

export type ContactCommand =
  /** A conversation says that it belongs to this contact, and in which language their device is. Answered by `fields`. */
  | { type: 'conversation'; conversation: string; contact: Contact; language?: string | undefined; from: string; n: number }
  /** The visitor has proven to be this identified person. */
  | { type: 'identify'; as: Contact }
  /** What was known of the visitor who has become this person. What is known already stays. */
  | { type: 'inherit'; contact: Contact; fields: Fields; since: number; from: string; n: number }
  | SetFields
  | { type: 'effectDone'; n: number };

/**
 * Sets fields; '' removes one. By an agent, by the customer, by the customer's token (`system`: what it says is verified,
 * and neither customer nor flow sets it otherwise), or by a conversation, once. Whoever hears an answer is refused when
 * anything is wrong; of what tokens and conversations say, the rest is kept.
 */
export type SetFields = { type: 'set'; fields: Fields; /** Leaves what is there. */ ifMissing: boolean }
  & ({ who: Who } | { from: string; n: number });

/** To a conversation: all fields as they are now. `changed`: those that people or tokens have changed, or that could not be set
 * as it asked; none in an answer. */
export interface FieldsTold extends ActorCommand {
  type: 'fields';
  fields: Fields;
  changed: readonly string[];
}

export interface ContactState {
  readonly v: 1;
  readonly id: string;
  readonly name: string;
  readonly identified: boolean;
  /** When they were first known, 0 if nobody noted it then. */
  readonly since: number;
  readonly fields: Fields;
  /** Fields that their token has set. */
  readonly verified: readonly string[];
  /** Actor ids, oldest first, the newest `CONVERSATIONS_MAX` of them. */
  readonly conversations: readonly string[];
  /** Who this visitor turned out to be. */
  readonly became: Contact | null;
  readonly timers: readonly never[];
  readonly outbox: readonly Effect[];
  readonly effects: number;
  /** Newest effect taken from each visitor who became this person, and from each of the conversations. */
  readonly taken: Readonly<Record<string, number>>;
}

const CONVERSATIONS_MAX = 1000;
/** So many conversations hear of a change; older ones when they are next spoken in. */
const TOLD_MAX = 10;
const FIELDS_MAX = 50;
/** What earlier versions did not know. */
const ADDED = { since: 0, fields: {}, verified: [], taken: {} };

const refuse = (refused: Refused, detail = ''): Refusal => ({ refused, detail });

/** @param fieldsOf types of a workspace's fields, as its settings say now; what is kept already stays as it is. */
export function contact(fieldsOf: (workspace: string) => readonly FieldType[]): Kind<ContactState> {
  function belongs(known: ContactState, command: Extract<ContactCommand, { type: 'conversation' }>, done: Done): Stepped<ContactState> {
    const { conversation, contact: { name, identified }, language = '', from } = command;
    const isNew = !known.conversations.includes(conversation);
    const conversations = isNew ? [...known.conversations, conversation].slice(-CONVERSATIONS_MAX) : known.conversations;
    const met = isNew ? { ...known, name, identified, conversations, taken: takenFrom(known.taken, conversations) } : known;
    // A conversation that begins while its visitor signs in must follow too; the person answers it.
    if (met.became !== null) return done(isNew ? handOver(met, [conversation], met.became) : met);
    const spoken = { ...fieldsOfLocale(language), ...met.fields };
    const next = changed(met, Object.keys(spoken).length > FIELDS_MAX ? met.fields : spoken, from);
    return done(tell(next, from, []));
  }

  function set(id: string, old: ContactState | undefined, state: ContactState, command: SetFields, done: Done): Stepped<ContactState> {
    const types = fieldsOf(id.split('/')[1] ?? '');
    if ('from' in command) {
      const { from, n, fields, ifMissing } = command;
      if ((state.taken[from] ?? 0) >= n) return done(state);
      const heard = { ...state, taken: { ...state.taken, [from]: n } };
      // It did not know yet who its visitor is.
      if (state.became !== null) return done(effect(heard, personAt(id, state.became), { type: 'set', fields, ifMissing } as ActorCommand));
      const free = Object.entries(fields).filter(([name]) => !state.verified.includes(name));
      const next = changed(heard, keep(state.fields, Object.fromEntries(free), { types, ifMissing, most: FIELDS_MAX }).fields, '', true);
      // What it thinks it has set must not be something else here.
      const other = Object.keys(fields).filter((name) => (own(next.fields, name) ?? '') !== fields[name]);
      return done(other.length > 0 && state.conversations.includes(from) ? tell(next, from, other) : next);
    }
    const { who, fields, ifMissing } = command;
    if (who.role === 'agent' && old === undefined) return refuse('notFound');
    if (who.role === 'customer' && who.id !== state.id) return refuse('forbidden', 'customers set their own fields alone');
    if (state.became !== null) return refuse('conflict', 'this visitor has signed in meanwhile');
    const kept = keep(state.fields, fields, { types, ifMissing, most: FIELDS_MAX, others: who.role === 'agent' });
    if (who.role === 'system') {
      const verified = [...new Set([...state.verified, ...kept.set])];
      const next = changed(old ?? named(state, who), kept.fields);
      return done(verified.length === state.verified.length ? next : { ...next, verified });
    }
    if (kept.wrong.length > 0) return refuse('invalid', kept.wrong.join('; '));
    const fixed = state.verified.find((name) => own(kept.fields, name) !== own(state.fields, name));
    if (who.role === 'customer' && fixed !== undefined) {
      return refuse('forbidden', `"${fixed}" is as the sign-in says: change it there, or leave it out`);
    }
    return done(changed(old ?? named(state, who), kept.fields));
  }

  return {
    prefix: 'p',
    step(id, old, anyCommand, at): Stepped<ContactState> {
      const command = anyCommand as ContactCommand;
      const state: ContactState = old ?? {
        v: 1, id: id.slice(id.lastIndexOf('/') + 1), name: '', identified: false, since: at, fields: {}, verified: [],
        conversations: [], became: null, timers: [], outbox: [], effects: 0, taken: {},
      };
      const done: Done = (next) => ({ state: next, lines: [], reply: { seq: 0, n: 0, at, repeated: false } });
      switch (command.type) {
        case 'conversation': return belongs(state, command, done);
        case 'identify': {
          const { as } = command;
          if (state.became?.id === as.id || as.id === state.id) return done(state);
          if (state.became !== null) return refuse('forbidden', 'this visitor has signed in as somebody else');
          return done(bequeath(id, handOver({ ...state, became: as }, state.conversations, as), as));
        }
        case 'inherit': {
          if ((state.taken[command.from] ?? 0) >= command.n) return done(state);
          const { name, identified } = state.name === '' ? command.contact : state;
          return done(changed({
            ...state, name, identified, since: Math.min(state.since, command.since),
            taken: { ...state.taken, [command.from]: command.n },
          }, merged(state.fields, command.fields)));
        }
        case 'set': return set(id, old, state, command, done);
        case 'effectDone':
          return done({ ...state, outbox: state.outbox.filter((e) => e.n !== command.n) });
        default: throw new Error(`a contact does not take ${String((command satisfies never as ActorCommand).type)}`);
      }
    },
    mayRepeat: () => undefined,
    freeze: (state) => JSON.stringify(state),
    thaw: (json) => ({ ...ADDED, ...JSON.parse(json) as ContactState }),
  };
}

function named(state: ContactState, { name, identified }: Who): ContactState {
  return { ...state, name, identified };
}

/**
 * The newest conversations hear of what is different, save one that is answered anyway. The same state when nothing is. What a
 * flow has set they hear without its name: or flows of two conversations could set each other off for ever.
 */
function changed(state: ContactState, fields: Fields, answered = '', byFlow = false): ContactState {
  const names = [...new Set([...Object.keys(state.fields), ...Object.keys(fields)])];
  const different = names.filter((name) => own(state.fields, name) !== own(fields, name));
  if (different.length === 0) return state;
  return state.conversations.slice(-TOLD_MAX).filter((conversation) => conversation !== answered)
    .reduce((next, conversation) => tell(next, conversation, byFlow ? [] : different), { ...state, fields });
}

/**
 * What waits for a conversation behind the first, which may be on its way, has not been told: the newest says it all. So no
 * outbox grows while one of them cannot be told.
 */
function tell(state: ContactState, to: string, names: readonly string[]): ContactState {
  const last = state.outbox.filter((waiting) => waiting.to === to).slice(1).at(-1);
  const told: FieldsTold = { type: 'fields', fields: state.fields, changed: names };
  if (last === undefined || !isFields(last.command)) return effect(state, to, told);
  const all = [...new Set([...last.command.changed, ...names])];
  return effect({ ...state, outbox: state.outbox.filter((waiting) => waiting !== last) }, to, { ...told, changed: all } as FieldsTold);
}

const isFields = (command: ActorCommand): command is FieldsTold => command.type === 'fields';
const own = (fields: Fields, name: string): string | undefined => (Object.hasOwn(fields, name) ? fields[name] : undefined);

function effect(state: ContactState, to: string, command: ActorCommand): ContactState {
  const n = state.effects + 1;
  return { ...state, effects: n, outbox: [...state.outbox, { n, to, command }] };
}

/** Of conversations that are not known any more, nothing is remembered; of visitors, all. */
function takenFrom(taken: ContactState['taken'], conversations: readonly string[]): ContactState['taken'] {
  const known = new Set(conversations);
  return Object.fromEntries(Object.entries(taken).filter(([from]) => !from.startsWith('c/') || known.has(from)));
}

/** One's own win, and go first where there is no room for all. */
function merged(mine: Fields, more: Fields): Fields {
  return Object.fromEntries(Object.entries({ ...mine, ...more, ...mine }).slice(0, FIELDS_MAX));
}

function personAt(id: string, { id: person }: Contact): string {
  return `${id.slice(0, id.lastIndexOf('/') + 1)}${person}`;
}

function handOver(state: ContactState, conversations: readonly string[], as: Contact): ContactState {
  let n = state.effects;
  const effects = conversations.map((to): Effect => ({ n: ++n, to, command: { type: 'contact', was: state.id, contact: as } as ActorCommand }));
  return { ...state, effects: n, outbox: [...state.outbox, ...effects] };
}

/** A visitor of whom nothing is known leaves nothing. */
function bequeath(id: string, state: ContactState, contact: Contact): ContactState {
  const { fields, since, conversations } = state;
  if (conversations.length === 0 && Object.keys(fields).length === 0) return state;
  return effect(state, personAt(id, contact), { type: 'inherit', contact, fields, since } as ActorCommand);
}
