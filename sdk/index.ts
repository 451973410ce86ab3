/** The public door of the SDK, name by name. */
export { createClient, type Client, type ClientOptions, type Fields } from './client.ts';
export type { Clock } from './clock.ts';
export type { Conversation, Item, MessageWindow } from './conversation.ts';
export type { GetToken } from './credentials.ts';
export { ParleyError, Unauthorized, type ErrorName } from './error.ts';
export { indexedDb } from './indexeddb.ts';
export type { ConversationList } from './list.ts';
export type { Me } from './me.ts';
export type { Other } from './others.ts';
export type { Outgoing } from './outgoing.ts';
export type { Author, Bodies, Entry, Kind, Role, Status, Style } from './protocol/entry.ts';
export type { WebSocketConstructor, WebSocketLike } from './socket.ts';
export { memory, type Storage } from './storage.ts';
export type { ConversationSummary } from './summary.ts';
export type { DiagnosticLine } from './trace.ts';
export type { Value } from './value.ts';
export type { ConnectionState } from './wire.ts';
