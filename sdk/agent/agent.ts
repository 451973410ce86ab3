/** What an agent's app holds: a client, and the desk, lists, search and settings of its workspace. */
import type { Client, ClientOptions } from '../client.ts';
import type { Desk } from './desk.ts';
import type { Inbox } from './inbox.ts';
import type { FoundPage } from './search.ts';
import type { SettingsDoor } from './settings.ts';
import type { AgentConversation } from './talk.ts';
import type { Value } from '../value.ts';

/** A contact, and how many conversations they have had; those are the list `contact:<id>`. */
export interface ContactView {
  readonly id: string;
  readonly name: string;
  readonly identified: boolean;
  readonly since: number;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Agent extends Omit<Client, 'conversation'> {
  conversation(id?: string): AgentConversation;
  /** Colleagues who are online now. */
  readonly people: Value<readonly { id: string; name: string }[]>;
  readonly desk: Desk;
  readonly inbox: Inbox;
  readonly settings: SettingsDoor;
  search(words: string, next?: string): Promise<FoundPage>;
  contact(id: string): Promise<ContactView>;
  setContactField(id: string, field: string, value: string): Promise<void>;
}
export declare function createAgent(options: ClientOptions): Agent;
