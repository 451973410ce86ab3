/** What an agent's app holds: a client, and the desk, lists, search and settings of its workspace. */
import { openClient, type Client, type ClientOptions } from '../client.ts';
import { createHouse, type Extension } from '../house.ts';
import type { Told } from '../protocol/frames.ts';
import { cell, type Value } from '../value.ts';
import { createDesk, type Desk } from './desk.ts';
import { errorOf } from './errors.ts';
import { told } from './facts.ts';
import { createFlows, type Flows } from './flows.ts';
import { createAsk } from './http.ts';
import { createInbox, type Inbox, type List } from './inbox.ts';
import { AGENT_SAID, AGENT_TOLD } from './layout.ts';
import { createSearch, type Search } from './search.ts';
import { createSettings, type SettingsDoor } from './settings.ts';
import { createAgentTalk, type AgentConversation, type AgentTalk } from './talk.ts';

export interface Agent extends Client, Search {
  conversation(id?: string): AgentConversation;
  /** Those that are known here, never `complete`: rows of lists that were watched, and what was open. See `inbox`. */
  readonly conversations: Client['conversations'];
  /** Colleagues who are online now. */
  readonly people: Value<readonly { id: string; name: string }[]>;
  /** Unread messages in the newest conversations of `mine`, as long as somebody subscribes. */
  readonly unread: Value<number>;
  readonly desk: Desk;
  readonly inbox: Inbox;
  readonly settings: SettingsDoor;
  readonly flows: Flows;
  /**
   * Begins a conversation with a contact, who finds it beside their own; it is this agent's. Rejects with `ParleyError`.
   * After `unanswered` try again with the same `id`, of a new `conversation()`: then it begins only once. `channel`:
   * default 'web'.
   */
  reach(contact: string, text: string, how?: { channel?: string; id?: string }): Promise<AgentConversation>;
  /** The gateway's time, as near as it is known: offers and waiting times count by it. Milliseconds since 1970. */
  now(): number;
}

/** Connects at once, and again whenever that is needed, until `close`. `getToken` gives the token of an agent. */
export function createAgent(options: ClientOptions): Agent {
  const house = createHouse(options);
  const { clock, ids } = house;
  const people = cell<readonly { id: string; name: string }[]>([]);
  const ask = createAsk(house);
  const desk = createDesk(house);
  const inbox = createInbox(house);
  const settings = createSettings(house, ask);
  const talks = new Map<string, AgentTalk>();
  let ahead = 0;
  let who: string | null = null;

  function talkOf(id: string): AgentTalk {
    let talk = talks.get(id);
    if (talk === undefined) talks.set(id, (talk = createAgentTalk(id, house)));
    return talk;
  }

  function forget(): void {
    people.set([]);
    for (const part of [desk, inbox, settings]) part.forget();
    for (const talk of talks.values()) talk.ran([]);
  }

  /** Another person: nothing of what was told is theirs, and what is looked at is asked for again. */
  function meet(id: string): void {
    const other = who !== null && who !== id;
    who = id;
    if (!other) return;
    forget();
    for (const part of [desk, inbox]) part.moved(true);
    settings.refresh();
  }

  function heard(frame: Told): void {
    switch (frame.t) {
      case 'welcome':
        ahead = frame.now - clock.now();
        return meet(frame.me.id);
      case 'subscribed':
        return talks.get(frame.conversation)?.followed();
      case 'runs':
        return talks.get(house.named.get(frame.alias) ?? '')?.ran(frame.runs);
      case 'presence':
        return people.set(frame.people);
      case 'listed':
        return inbox.listed(frame);
      case 'nack':
        return inbox.refused(frame);
      case 'tallies':
        return inbox.counted(frame);
      case 'desk':
        return desk.told(frame);
      case 'board':
        return desk.showed(frame);
      case 'configured':
        return settings.refresh();
      default:
    }
  }

  const extension: Extension = {
    frames: [AGENT_SAID, AGENT_TOLD],
    heard,
    moved(live) {
      inbox.moved(live);
      desk.moved(live);
      if (live) settings.refresh();
    },
    changed: inbox.changed,
    says: told,
    seen: (draft) => talkOf(draft.conversation).seen(draft),
    errorOf,
  };
  house.extension = extension;

  const client = openClient(house);
  return {
    ...client,
    ...createSearch(ask),
    async signOut() {
      await client.signOut();
      forget();
    },
    conversation: (id = ids.next()) => talkOf(id),
    people,
    unread: unreadOf(inbox.list('mine')),
    desk,
    inbox,
    settings,
    flows: createFlows(ask),
    async reach(contact, text, how = {}) {
      const whole = { id: ids.next(), text, ...how };
      await ask('POST', `/api/contacts/${encodeURIComponent(contact)}/conversations`, whole);
      return talkOf(whole.id);
    },
    now: () => clock.now() + ahead,
  };
}

function unreadOf({ value }: List): Value<number> {
  const count = (): number => value.get().items.reduce((sum, { unread }) => sum + unread, 0);
  return {
    get: count,
    subscribe(listener) {
      let last = count();
      return value.subscribe(() => {
        const now = count();
        if (now === last) return;
        last = now;
        listener(now);
      });
    },
  };
}
