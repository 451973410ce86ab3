/** The door for agents, beside `index.ts`: lists, the desk, search and settings. Customers' apps do not need it. */
export { createAgent, type Agent } from './agent/agent.ts';
export { factsOf, type AgentConversation, type Facts } from './agent/talk.ts';
export type { Board, Desk, DeskState, Offer, Right } from './agent/desk.ts';
export type { Inbox, ListName, LiveList } from './agent/inbox.ts';
export type { Found } from './agent/search.ts';
export type { Settings, Section, SettingsDoor } from './agent/settings.ts';
