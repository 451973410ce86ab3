/** Which conversation the statechart follows: the one opened last in the console, or that changed last. */
import { useEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { Client, Conversation } from '../index.ts';
import { useValue } from '../ui/value.ts';

export function useFollowed(client: Client, channel: string, frame: RefObject<HTMLIFrameElement>): Conversation | null {
  const { items } = useValue(client.conversations);
  const [id, setId] = useState<string | null>(null);
  const newest = items.find((item) => item.channel === channel);

  // The channel's own newest, also when another channel is chosen: a machine at rest, or none yet.
  useEffect(() => setId(newest?.id ?? null), [channel]);
  const last = items[0];
  useEffect(() => {
    if (last && (id === null || last.channel === channel)) setId(last.id);
  }, [last?.id, last?.at]);

  useEffect(() => {
    const console = frame.current;
    if (!console) return;
    const moved = () => {
      const opened = /^#\/(\w{26})$/u.exec(console.contentWindow?.location.hash ?? '')?.[1];
      if (opened) setId(opened);
    };
    const listen = () => {
      console.contentWindow?.addEventListener('hashchange', moved);
      moved();
    };
    console.addEventListener('load', listen);
    listen();
    return () => console.removeEventListener('load', listen);
  }, [frame.current]);

  return id === null ? null : client.conversation(id);
}
