/**
 * A customer across conversations, with the fields that agents keep of them. A visitor who signs in becomes an identified
 * contact: every conversation learns it, and the fields go along, whatever crashes in between.
 */
import type { ActorCommand, Effect, Kind, Refusal, Refused, Stepped, Who } from './actor.ts';
import type { Contact } from './step.ts';

type Fields = Readonly<Record<string, string>>;
type Done = (next: ContactState) => Stepped<ContactState>;

export type ContactCommand =
  /** A conversation says that it belongs to this contact. */
  | { type: 'conversation'; conversation: string; contact: Contact; from: string; n: number }
  /** The visitor has proven to be this identified person. */
  | { type: 'identify'; as: Contact }
  /** What was known of the visitor who has become this person. What is known already stays. */
  | { type: 'inherit'; contact: Contact; fields: Fields; since: number; from: string; n: number }
  /** An agent sets a field; '' removes it. */
  | { type: 'field'; who: Who; name: string; value: string }
  | { type: 'effectDone'; n: number };

export interface ContactState {
  readonly v: 1;
  readonly id: string;
  readonly name: string;
  readonly identified: boolean;
  /** When they were first known, 0 if nobody noted it then. */
  readonly since: number;
  readonly fields: Fields;
  /** Actor ids, oldest first, the newest `CONVERSATIONS_MAX` of them. */
  readonly conversations: readonly string[];
  /** Who this visitor turned out to be. */
  readonly became: Contact | null;
  readonly timers: readonly never[];
  readonly outbox: readonly Effect[];
  readonly effects: number;
  /** Newest effect taken from each visitor who became this person. */
  readonly taken: Readonly<Record<string, number>>;
}

const CONVERSATIONS_MAX = 1000;
const FIELDS_MAX = 50;
const VALUE_CHARS = 500;
/** With a letter first: no name of JavaScript's own. */
const FIELD_NAME = /^[a-z][a-z0-9_]{0,39}$/;
/** What earlier versions did not know. */
const ADDED = { since: 0, fields: {}, taken: {} };

export const contact: Kind<ContactState> = {
  prefix: 'p',
  step(id, old, anyCommand, at): Stepped<ContactState> {
    const command = anyCommand as ContactCommand;
    const state: ContactState = old ?? {
      v: 1, id: id.slice(id.lastIndexOf('/') + 1), name: '', identified: false, since: at, fields: {}, conversations: [],
      became: null, timers: [], outbox: [], effects: 0, taken: {},
    };
    const done: Done = (next) => ({ state: next, lines: [], reply: { seq: 0, n: 0, at, repeated: false } });
    switch (command.type) {
      case 'conversation': {
        if (state.conversations.includes(command.conversation)) return done(state);
        const known = {
          ...state, name: command.contact.name, identified: command.contact.identified,
          conversations: [...state.conversations, command.conversation].slice(-CONVERSATIONS_MAX),
        };
        // A conversation that begins while its visitor signs in must follow too.
        return done(state.became === null ? known : handOver(known, [command.conversation], state.became));
      }
      case 'identify': {
        const { as } = command;
        if (state.became?.id === as.id || as.id === state.id) return done(state);
        if (state.became !== null) return refuse('forbidden', 'this visitor has signed in as somebody else');
        return done(bequeath(id, handOver({ ...state, became: as }, state.conversations, as), as));
      }
      case 'inherit': {
        if ((state.taken[command.from] ?? 0) >= command.n) return done(state);
        const { name, identified } = state.name === '' ? command.contact : state;
        return done({
          ...state, name, identified, fields: merged(state.fields, command.fields),
          since: Math.min(state.since, command.since), taken: { ...state.taken, [command.from]: command.n },
        });
      }
      case 'field':
        if (command.who.role !== 'agent') return refuse('forbidden', 'agents keep the fields of contacts');
        if (old === undefined) return refuse('notFound');
        if (state.became !== null) return refuse('conflict', 'this visitor has signed in meanwhile');
        return setField(state, command.name, command.value, done);
      case 'effectDone':
        return done({ ...state, outbox: state.outbox.filter((e) => e.n !== command.n) });
      default: throw new Error(`a contact does not take ${String((command satisfies never as ActorCommand).type)}`);
    }
  },
  mayRepeat: () => undefined,
  freeze: (state) => JSON.stringify(state),
  thaw: (json) => ({ ...ADDED, ...JSON.parse(json) as ContactState }),
};

function setField(state: ContactState, name: string, value: string, done: Done): Stepped<ContactState> {
  const { [name]: old, ...others } = state.fields;
  if (!FIELD_NAME.test(name)) return refuse('invalid', 'a field\'s name has 1 to 40 of a-z, 0-9 and _, a letter first');
  if (value.length > VALUE_CHARS) return refuse('invalid', `a field\'s value has at most ${VALUE_CHARS} characters`);
  if (value === (old ?? '')) return done(state);
  if (value === '') return done({ ...state, fields: others });
  if (old === undefined && Object.keys(others).length >= FIELDS_MAX) {
    return refuse('invalid', `a contact has at most ${FIELDS_MAX} fields: remove one first`);
  }
  return done({ ...state, fields: { ...state.fields, [name]: value } });
}

/** One's own win, and go first where there is no room for all. */
function merged(own: Fields, more: Fields): Fields {
  return Object.fromEntries(Object.entries({ ...own, ...more, ...own }).slice(0, FIELDS_MAX));
}

function handOver(state: ContactState, conversations: readonly string[], as: Contact): ContactState {
  let n = state.effects;
  const effects = conversations.map((to): Effect => ({ n: ++n, to, command: { type: 'contact', was: state.id, contact: as } as ActorCommand }));
  return { ...state, effects: n, outbox: [...state.outbox, ...effects] };
}

/** A visitor without conversations leaves nothing. */
function bequeath(id: string, state: ContactState, contact: Contact): ContactState {
  if (state.conversations.length === 0) return state;
  const { fields, since, effects } = state;
  const to = `${id.slice(0, id.lastIndexOf('/') + 1)}${contact.id}`;
  const effect: Effect = { n: effects + 1, to, command: { type: 'inherit', contact, fields, since } as ActorCommand };
  return { ...state, effects: effect.n, outbox: [...state.outbox, effect] };
}

function refuse(refused: Refused, detail = ''): Refusal {
  return { refused, detail };
}
