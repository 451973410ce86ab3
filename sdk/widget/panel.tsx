/** The open widget: which conversation is shown, or the list of all of them. */
import { useMemo, useState } from 'preact/hooks';
import type { Client, Conversation } from '../index.ts';
import { keep, kept } from '../ui/keep.ts';
import { useValue } from '../ui/value.ts';
import { Earlier } from './earlier.tsx';
import { Header } from './header.tsx';
import { STRINGS } from './strings.ts';
import { Talk } from './talk.tsx';

interface Props {
  client: Client;
  channel: string;
  heading: string;
  onTalk(): void;
  onClose(): void;
}

export function Panel({ client, channel, heading, onTalk, onClose }: Props) {
  const place = `parley.conversation.${channel}`;
  const fresh = useMemo(() => client.conversation(), [client]);
  const mine = useValue(client.conversations).items.filter((summary) => summary.channel === channel);
  const [chosen, setChosen] = useState(() => kept(place));
  const [listing, setListing] = useState(false);

  const choose = (conversation: Conversation) => {
    setChosen(conversation.id);
    setListing(false);
  };
  // Whoever begins to write stays where they write, whatever the list brings.
  const talk = (conversation: Conversation) => {
    setChosen(conversation.id);
    keep(place, conversation.id);
    onTalk();
  };

  const newest = mine[0]?.id;
  const shown = chosen ? client.conversation(chosen) : newest ? client.conversation(newest) : fresh;
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    if (listing) setListing(false);
    else onClose();
  };

  return (
    <section class="panel" role="dialog" aria-label={STRINGS.region(heading)} onKeyDown={onKey}>
      <Header client={client} conversation={shown} heading={heading} listing={listing}
        onList={mine.length > 0 ? () => setListing(true) : null} onBack={() => setListing(false)} onClose={onClose} />
      {listing ? (
        <Earlier items={mine} onChoose={(id) => choose(client.conversation(id))}
          onBegin={() => choose(client.conversation())} />
      ) : (
        <Talk key={shown.id} client={client} conversation={shown} onTalk={() => talk(shown)} />
      )}
    </section>
  );
}
