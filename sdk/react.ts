/** The SDK in React: values as hooks. A conversation is followed while a component that shows it is mounted. */
import {
  createContext, createElement, useCallback, useContext, useEffect, useMemo, useState, useSyncExternalStore,
  type ReactNode,
} from 'react';
import type {
  Client, ConnectionState, Conversation, ConversationList, ConversationSummary, Me, MessageWindow, Other, Outgoing,
  Value,
} from './index.ts';

const Context = createContext<Client | null>(null);

/** Hands a client down. Make the client outside of components: it is one for the whole page. */
export function ParleyProvider({ client, children }: { client: Client; children?: ReactNode }): ReactNode {
  return createElement(Context.Provider, { value: client }, children);
}

export function useClient(): Client {
  const client = useContext(Context);
  if (client !== null) return client;
  throw new Error('There is no client here. Put <ParleyProvider client={client}> around this component.');
}

/** Any observable value of the SDK. */
export function useValue<T>(value: Value<T>): T {
  return useSyncExternalStore(value.subscribe, value.get, value.get);
}

export const useConnection = (): ConnectionState => useValue(useClient().connection);
export const useMe = (): Me | null => useValue(useClient().me);
export const useConversations = (): ConversationList => useValue(useClient().conversations);

/** Follows the conversation while mounted; without an id a new one, the same until the component goes. */
export function useConversation(id?: string): Conversation {
  const conversation = useHandle(id);
  useEffect(() => conversation.open(), [conversation]);
  return conversation;
}

/** Status, ticket, assignee and the like, null until they are known. */
export const useSummary = (id: string): ConversationSummary | null => useValue(useHandle(id).state);

/** The live window of a conversation, and `older` to load what came before. */
export function useMessages(id: string): MessageWindow & { older: (count?: number) => Promise<void> } {
  const conversation = useHandle(id);
  useEffect(() => conversation.open(), [conversation]);
  const window = useValue(conversation.messages);
  const older = useCallback((count?: number) => conversation.older(count), [conversation]);
  return useMemo(() => ({ ...window, older }), [window, older]);
}

/** Unread messages of one conversation, or of all. */
export function useUnread(id?: string): number {
  const client = useClient();
  return useValue(id === undefined ? client.unread : client.conversation(id).unread);
}

export const useOthers = (id: string): readonly Other[] => useValue(useHandle(id).others);

export interface Composer {
  text: string;
  /** Also tells the others that somebody types. The text is kept until it is sent, across reloads. */
  setText: (text: string) => void;
  /** Sends the text, or another one; null when there is nothing to send. */
  send: (message?: { text?: string; note?: boolean }) => Outgoing | null;
}

export function useComposer(id: string): Composer {
  const { storage } = useClient();
  const conversation = useHandle(id);
  const key = `app/draft/${id}`;
  const [{ of, text }, set] = useState({ of: id, text: '' });
  const shown = of === id ? text : '';

  useEffect(() => {
    let current = true;
    const found = (draft: string | undefined): void => {
      // What was typed meanwhile is newer than what was kept.
      if (current) set((now) => (now.of === id && now.text !== '' ? now : { of: id, text: draft ?? '' }));
    };
    storage.get(key).then(found, () => {});
    return () => {
      current = false;
    };
  }, [storage, key, id]);

  const keep = useCallback((next: string) => {
    set({ of: id, text: next });
    void (next === '' ? storage.delete(key) : storage.set(key, next)).catch(() => {});
  }, [storage, key, id]);
  const setText = useCallback((next: string) => {
    keep(next);
    conversation.typing(next !== '', next);
  }, [keep, conversation]);
  const send = useCallback(({ text: other = shown, note }: { text?: string; note?: boolean } = {}) => {
    if (other.trim() === '') return null;
    keep('');
    return conversation.send({ text: other, ...(note === undefined ? {} : { note }) });
  }, [keep, conversation, shown]);
  return { text: shown, setText, send };
}

function useHandle(id?: string): Conversation {
  const client = useClient();
  return useMemo(() => client.conversation(id), [client, id]);
}
