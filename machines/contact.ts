/**
 * A customer across conversations. A visitor who signs in becomes an identified contact: every conversation learns it,
 * whatever crashes in between.
 */
import type { ActorCommand, Effect, Kind, Stepped } from './actor.ts';
import type { Contact } from './step.ts';

export type ContactCommand =
  /** A conversation says that it belongs to this contact. */
  | { type: 'conversation'; conversation: string; contact: Contact; from: string; n: number }
  /** The visitor has proven to be this identified person. */
  | { type: 'identify'; as: Contact }
  | { type: 'effectDone'; n: number };

export interface ContactState {
  readonly v: 1;
  readonly id: string;
  readonly name: string;
  readonly identified: boolean;
  /** Actor ids, oldest first, the newest `CONVERSATIONS_MAX` of them. */
  readonly conversations: readonly string[];
  /** Who this visitor turned out to be. */
  readonly became: Contact | null;
  readonly timers: readonly never[];
  readonly outbox: readonly Effect[];
  readonly effects: number;
}

const CONVERSATIONS_MAX = 1000;

export const contact: Kind<ContactState> = {
  prefix: 'p',
  step(id, old, anyCommand, at): Stepped<ContactState> {
    const command = anyCommand as ContactCommand;
    const reply = { seq: 0, n: 0, at, repeated: false };
    const state = old ?? {
      v: 1, id: id.slice(id.lastIndexOf('/') + 1), name: '', identified: false, conversations: [], became: null, timers: [], outbox: [], effects: 0,
    };
    switch (command.type) {
      case 'conversation': {
        if (state.conversations.includes(command.conversation)) return { state, lines: [], reply };
        const known = {
          ...state, name: command.contact.name, identified: command.contact.identified,
          conversations: [...state.conversations, command.conversation].slice(-CONVERSATIONS_MAX),
        };
        // A conversation that begins while its visitor signs in must follow too.
        return { state: state.became === null ? known : handOver(known, [command.conversation], state.became), lines: [], reply };
      }
      case 'identify': {
        if (state.became?.id === command.as.id || command.as.id === state.id) return { state, lines: [], reply };
        if (state.became !== null) return { refused: 'forbidden', detail: 'this visitor has signed in as somebody else' };
        return { state: handOver({ ...state, became: command.as }, state.conversations, command.as), lines: [], reply };
      }
      case 'effectDone':
        return { state: { ...state, outbox: state.outbox.filter((e) => e.n !== command.n) }, lines: [], reply };
      default: throw new Error(`a contact does not take ${String((command satisfies never as ActorCommand).type)}`);
    }
  },
  mayRepeat: () => undefined,
  freeze: (state) => JSON.stringify(state),
  thaw: (json) => JSON.parse(json) as ContactState,
};

function handOver(state: ContactState, conversations: readonly string[], as: Contact): ContactState {
  let n = state.effects;
  const effects = conversations.map((to): Effect => ({ n: ++n, to, command: { type: 'contact', was: state.id, contact: as } as ActorCommand }));
  return { ...state, effects: n, outbox: [...state.outbox, ...effects] };
}
