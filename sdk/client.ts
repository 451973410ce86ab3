/** What an app holds: one client for one person on one gateway. */
import type { Clock } from './clock.ts';
import type { Conversation } from './conversation.ts';
import type { GetToken } from './credentials.ts';
import { createHouse, type House } from './house.ts';
import type { ConversationList } from './list.ts';
import type { Me } from './me.ts';
import { watchPage, type Watch } from './page.ts';
import type { WebSocketConstructor } from './socket.ts';
import type { Storage } from './storage.ts';
import type { DiagnosticLine } from './trace.ts';
import type { Value } from './value.ts';
import type { ConnectionState } from './wire.ts';

export interface ClientOptions {
  /** Where the gateway is: 'https://support.example.com' or ws(s)://…. The socket is at `<url>/connect`. */
  url: string;
  /** Which channel new conversations open on. Default: 'web'. */
  channel?: string;
  /** To which workspace new visitors belong, each with a storage of its own unless you bring one. Default: 'demo'. */
  workspace?: string;
  /** A token from your own server. Without it this is an anonymous visitor, whom the gateway gives one. */
  getToken?: GetToken;
  /** Default: IndexedDB where there is one, else memory. */
  storage?: Storage;
  /** Default: `globalThis.WebSocket`. */
  WebSocket?: WebSocketConstructor;
  /** Default: 'msgpack'. 'json' is easier to read in developer tools. */
  encoding?: 'msgpack' | 'json';
  /** How to hear of network and screen. Default: by the browser's page; elsewhere there is nothing to hear. */
  watch?: Watch;
  /** For tests. */
  clock?: Clock;
  /** What this person reads (BCP 47, `pt-BR`): flows write to them in it. Default: the browser's. */
  language?: string;
  /** From 0 up to 1. Default: `crypto` where there is one, else `Math.random`. */
  random?: () => number;
}

export type Fields = Readonly<Record<string, string>>;

export interface Client {
  readonly connection: Value<ConnectionState>;
  /** Null until the gateway has said who this is. */
  readonly me: Value<Me | null>;
  readonly conversations: Value<ConversationList>;
  /** Unread messages of all conversations. */
  readonly unread: Value<number>;
  /** Where this client keeps things; keys that begin with 'app/' are yours. */
  readonly storage: Storage;
  /** The same id gives the same object; without one a new conversation, made on the first send. */
  conversation(id?: string): Conversation;
  /**
   * A visitor becomes a person of yours and keeps conversations and outbox, and gets these fields. Rejects when the token
   * is refused; also when a field is, and then the person is signed in all the same.
   */
  identify(getToken: GetToken, fields?: Fields): Promise<void>;
  /**
   * What your app knows of this person, for agents and flows: `email`, `phone`, `language`, `country`, and fields of the
   * workspace. '' takes one away. Rejects with `invalid`, whose detail says what would be right; `forbidden`, for one that
   * the person's token sets; or `unanswered`.
   */
  setFields(fields: Fields): Promise<void>;
  /** Forgets token, device and whatever was not sent, and closes. */
  signOut(): Promise<void>;
  /** Says goodbye. The outbox stays for the next time; `resume` opens again. */
  close(): void;
  /** Into the background: closes at once. */
  pause(): void;
  /** Into the foreground: connects, or looks at once whether the connection still lives. */
  resume(): void;
  /** What passed lately, without what anybody said. */
  diagnostics(): readonly DiagnosticLine[];
}

/** How the keys of what is kept of a person begin. */
const KEYS = ['outbox/', 'read/', 'token', 'device', 'me'];
const REFUSED = 4101;

/** Connects at once, and again whenever that is needed, until `close`. */
export const createClient = (options: ClientOptions): Client => openClient(createHouse(options));

export function openClient(house: House): Client {
  const { options, wire, list, outbox, reads, requests, credentials, claims, ids, me, greeted, storage, trace } = house;
  let unwatch: (() => void) | null = null;
  /** One after the other, so that the last word is the last. */
  let setting = Promise.resolve();

  const client: Client = {
    connection: wire.connection,
    me,
    conversations: list.value,
    unread: list.unread,
    storage,
    conversation: (id = ids.next()) => house.talk(id),
    async identify(getToken, fields) {
      await house.loaded;
      const token = await getToken({ reason: 'first' });
      const id = ids.next();
      const stops = [
        greeted.subscribe(() => me.get()?.identified && requests.answered(id)),
        wire.connection.subscribe((state) => {
          if ('because' in state && /^token/.test(state.because)) requests.refused(id, REFUSED);
        }),
      ];
      const greeting = requests.wait(id, () => true).finally(() => stops.forEach((stop) => stop()));
      wire.dispatch({ type: 'identify', token });
      await greeting;
      credentials.identified(getToken);
      void house.keep('token', null);
      if (fields) await client.setFields(fields);
    },
    setFields(fields) {
      const put = (): Promise<void> => requests.put('/api/me', { fields });
      return (setting = setting.then(put, put));
    },
    async signOut() {
      client.close();
      await house.loaded;
      for (const part of [outbox, reads, list]) part.forget();
      for (const mine of KEYS) for (const key of await storage.keys(mine)) await house.keep(key, null);
      me.set(null);
    },
    close() {
      unwatch?.();
      unwatch = null;
      claims.end();
      wire.dispatch({ type: 'pause', because: 'closed' });
    },
    pause: () => wire.dispatch({ type: 'pause', because: 'background' }),
    resume() {
      claims.hold();
      unwatch ??= (options.watch ?? watchPage)({
        network: (online) => wire.dispatch({ type: 'network', online }),
        shown: client.resume,
        hidden: client.pause,
      });
      wire.dispatch({ type: 'resume' });
    },
    diagnostics: () => trace.lines(),
  };
  client.resume();
  return client;
}
