/** The launcher with its badge, and the panel that it opens. */
import { useEffect, useRef } from 'preact/hooks';
import type { Client } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { useValue } from '../ui/value.ts';
import { Panel } from './panel.tsx';
import { SPEAKS, STRINGS } from './strings.ts';

interface Props {
  client: Client | null;
  channel: string;
  heading: string | null;
  open: boolean;
  onOpen(open: boolean): void;
  onTalk(): void;
}

export function Bubble({ client, channel, heading, open, onOpen, onTalk }: Props) {
  const launcher = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(open);
  useEffect(() => {
    // Whoever closed the panel goes on where they came from.
    if (wasOpen.current && !open) launcher.current?.focus();
    wasOpen.current = open;
  }, [open]);

  return (
    <div class={open ? 'bubble is-open' : 'bubble'} lang={SPEAKS}>
      {open && client && (
        <Panel key={channel} client={client} channel={channel} heading={heading ?? STRINGS.heading} onTalk={onTalk}
          onClose={() => onOpen(false)} />
      )}
      <button type="button" class="launcher" ref={launcher} aria-expanded={open} onClick={() => onOpen(!open)}>
        <Icon name={open ? 'down' : 'talk'} />
        {client && !open ? <Badge client={client} /> : <Name>{open ? STRINGS.close : STRINGS.launcher(0)}</Name>}
      </button>
    </div>
  );
}

function Badge({ client }: { client: Client }) {
  const unread = useValue(client.unread);
  return (
    <>
      <Name>{STRINGS.launcher(unread)}</Name>
      {unread > 0 && <span class="badge" aria-hidden="true">{unread > 99 ? '99+' : unread}</span>}
    </>
  );
}

function Name({ children }: { children: string }) {
  return <span class="unseen">{children}</span>;
}
