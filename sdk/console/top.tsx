/** The bar above: the house, the connection in words when it is not well, who is online, colours and keys. */
import { useState } from 'preact/hooks';
import type { Client, ConnectionState } from '../index.ts';
import { Icon, Sign } from '../ui/icons.tsx';
import { useValue } from '../ui/value.ts';
import { Face } from './face.tsx';
import { STRINGS } from './strings.ts';
import { setTheme, theme, THEMES } from './theme.ts';

/** Faces shown before the rest becomes a number. */
const MAX_FACES = 5;

export function Top({ client, onHelp, onLeave }: { client: Client; onHelp(): void; onLeave(): void }) {
  const connection = useValue(client.connection);
  const people = useValue(client.people);
  const me = useValue(client.me);
  return (
    <header class="top">
      <h1 class="brand"><Sign /><span>{STRINGS.title}</span></h1>
      <p class={`connection is-${tone(connection)}`} role="status">{words(connection)}</p>
      <ul class="people" aria-label={STRINGS.people}>
        {people.slice(0, MAX_FACES).map((person) => (
          <li key={person.id}><Face id={person.id} name={person.name} you={person.id === me?.id} /></li>
        ))}
        {people.length > MAX_FACES && <li class="more">+{people.length - MAX_FACES}</li>}
      </ul>
      <Colours />
      <button type="button" class="plain" aria-label={STRINGS.keys} title={STRINGS.keys} onClick={onHelp}>
        <kbd>?</kbd>
      </button>
      <button type="button" class="plain" aria-label={STRINGS.signOut} title={STRINGS.signOut} onClick={onLeave}>
        <Icon name="leave" />
      </button>
    </header>
  );
}

function words(connection: ConnectionState): string {
  if (connection.status === 'live') return STRINGS.live;
  if (connection.status === 'stopped') return `${connection.what} ${connection.mend}`;
  // Between two tries it connects, too: the words stay.
  if (connection.status === 'connecting' && connection.attempt > 0) return STRINGS.connection.waiting;
  return STRINGS.connection[connection.status];
}

function tone(connection: ConnectionState): ConnectionState['status'] {
  return connection.status === 'connecting' && connection.attempt > 0 ? 'waiting' : connection.status;
}

function Colours() {
  const [chosen, choose] = useState(theme);
  const next = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length] ?? 'auto';
  const turn = () => {
    setTheme(next);
    choose(next);
  };
  return (
    <button type="button" class="plain" aria-label={STRINGS.theme[chosen]} title={STRINGS.theme[chosen]} onClick={turn}>
      <Icon name={chosen === 'auto' ? 'halves' : chosen === 'light' ? 'sun' : 'moon'} />
    </button>
  );
}
