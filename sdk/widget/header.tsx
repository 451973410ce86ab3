/** Who one talks with. The state of the connection is said in words, and only when something is wrong. */
import { useEffect, useState } from 'preact/hooks';
import type { Client, ConnectionState, Conversation } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { useValue } from '../ui/value.ts';
import { STRINGS } from './strings.ts';

interface Props {
  client: Client;
  conversation: Conversation;
  heading: string;
  listing: boolean;
  onList: (() => void) | null;
  onBack(): void;
  onClose(): void;
}

export function Header({ client, conversation, heading, listing, onList, onBack, onClose }: Props) {
  const state = useValue(conversation.state);
  const others = useValue(conversation.others);
  const here = others.some((other) => other.role === 'agent' && other.online);
  const running = state !== null && state.status !== 'closed' && state.status !== 'new';
  const who = running && state.assignee ? STRINGS.answers(state.assignee.name) : here ? STRINGS.online : STRINGS.asks;

  return (
    <div class="header">
      <div class="bar">
        {listing && <Button icon="back" name={STRINGS.back} onClick={onBack} />}
        {!listing && onList && <Button icon="list" name={STRINGS.earlier} onClick={onList} />}
        <div class="who">
          <h2>{listing ? STRINGS.earlier : heading}</h2>
          {!listing && <p>{here && <i class="dot" aria-hidden="true" />}{who}</p>}
        </div>
        <Button icon="close" name={STRINGS.close} onClick={onClose} />
      </div>
      <Trouble client={client} />
    </div>
  );
}

function Button({ icon, name, onClick }: { icon: 'back' | 'list' | 'close'; name: string; onClick(): void }) {
  return (
    <button type="button" class="quiet" aria-label={name} title={name} onClick={onClick}><Icon name={icon} /></button>
  );
}

/** A hiccup shorter than this is nobody's business. */
const PATIENCE_MS = 1_500;

function Trouble({ client }: { client: Client }) {
  const connection = useValue(client.connection);
  const said = words(connection);
  const troubled = said !== null;
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    setPatient(true);
    if (!troubled) return;
    const end = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(end);
  }, [troubled]);
  const certain = connection.status === 'offline' || connection.status === 'stopped';
  return <p class="trouble" role="status">{troubled && (certain || !patient) ? said : ''}</p>;
}

function words(connection: ConnectionState): string | null {
  switch (connection.status) {
    // Between two tries it connects, too: the words stay.
    case 'connecting': return connection.attempt > 0 ? STRINGS.waiting : STRINGS.connecting;
    case 'waiting': return STRINGS.waiting;
    case 'offline': return STRINGS.offline;
    case 'stopped': return `${connection.what} ${connection.mend}`;
    default: return null;
  }
}
