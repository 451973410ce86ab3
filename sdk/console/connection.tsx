/** Whether the gateway is there: a dot beside the name of the house, and words above the list when it is not. */
import type { ConnectionState } from '../index.ts';
import { useValue } from '../ui/value.ts';
import { useConsole } from './context.ts';
import { STRINGS } from './strings.ts';

export function Connection() {
  const connection = useValue(useConsole().agent.connection);
  const said = words(connection);
  return (
    <p class={`connection is-${tone(connection)}`} role="status" title={said}>
      <span class="unseen">{said}</span>
    </p>
  );
}

/** The dot has said it already to whoever listens. */
export function Trouble() {
  const connection = useValue(useConsole().agent.connection);
  const shown = tone(connection);
  if (shown === 'live' || shown === 'connecting') return null;
  return <p class={`trouble is-${shown}`} aria-hidden="true">{words(connection)}</p>;
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
