/** The door for agents, beside `index.ts`: lists, the desk, search and settings. Customers' apps do not need it. */
export { createAgent, type Agent } from './agent/agent.ts';
export type { Board, Desk, DeskState, Offer, Right } from './agent/desk.ts';
export { factsOf, type Facts } from './agent/facts.ts';
export { fieldTypes, type FieldType } from './agent/fields.ts';
export type {
  FlowChart, FlowRow, Flows, FlowVersion, FlowView, Library, Problem, RunRow, Template, Text, Trial, TrialMove, TrialStart,
} from './agent/flows.ts';
export type { Inbox, List, ListName, LiveList, Sort } from './agent/inbox.ts';
export type { ContactView, Found, FoundPage, Search } from './agent/search.ts';
export type { Settings, Section, SettingsDoor } from './agent/settings.ts';
export type { AgentConversation } from './agent/talk.ts';
