/** What an app holds: one client for one person on one gateway. */
import type { Clock } from './clock.ts';
import type { Conversation } from './conversation.ts';
import type { GetToken } from './credentials.ts';
import { ParleyError } from './error.ts';
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
  /** From 0 up to 1. Default: `crypto` where there is one, else `Math.random`. */
  random?: () => number;
}

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
  /** A visitor becomes a person of yours and keeps conversations and outbox. Rejects when the token is refused. */
  identify(getToken: GetToken): Promise<void>;
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

const IDENTIFY_MS = 30_000;

/** Connects at once, and again whenever that is needed, until `close`. */
export const createClient = (options: ClientOptions): Client => openClient(createHouse(options));

export function openClient(house: House): Client {
  const { options, wire, list, outbox, reads, credentials, claims, me, storage, trace } = house;
  let unwatch: (() => void) | null = null;

  const client: Client = {
    connection: wire.connection,
    me,
    conversations: list.value,
    unread: list.unread,
    storage,
    conversation: (id = house.ids.next()) => house.talk(id),
    async identify(getToken) {
      await house.loaded;
      const token = await getToken({ reason: 'first' });
      const undo = credentials.identified(getToken);
      const stops: (() => void)[] = [];
      await new Promise<void>((resolve, reject) => {
        stops.push(
          house.greeted.subscribe(() => me.get()?.identified && resolve()),
          wire.connection.subscribe((state) => {
            if ('because' in state && /^token/.test(state.because)) reject(new ParleyError('tokenInvalid'));
          }),
          house.after(IDENTIFY_MS, () => reject(new ParleyError('unanswered'))),
        );
        wire.dispatch({ type: 'identify', token });
      }).catch((error: unknown) => {
        undo();
        throw error;
      }).finally(() => stops.forEach((stop) => stop()));
      void house.keep('token', null);
    },
    async signOut() {
      client.close();
      await house.loaded;
      await Promise.all([outbox.forget(), reads.forget(), credentials.forget()]);
      list.forget();
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
