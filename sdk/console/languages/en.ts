/** English: every word that the console says. The other languages have the same keys. */
import type { Widened } from '../../ui/language.ts';
import { work } from './en.work.ts';

export const en = {
  ...work,

  title: 'Parley',
  signIn: 'Sign in to the console',
  signInHow: 'Open a one-time link. An administrator of the console makes one for you; the first one was printed when the gateway started:',
  signInCommand: 'npm start',
  signInWhere: (origin: string) =>
    `It looks like ${origin}/console#code=… and works once. Another start prints another.`,
  signInDemo: 'Only looking around? The demo page signs in by itself:',
  demoPage: 'open the demo',
  signInWorking: 'Signing in…',
  linkUsed: 'This link was used already, or is too old.',
  signInFailed: 'The gateway did not answer. Check that it runs, then open the link again.',
  signedOut: 'Your sign-in has ended.',
  signOut: 'Sign out',

  conversations: 'Conversations',
  search: 'Search messages, filter the list',
  noMatch: 'Nothing matches.',
  loading: 'Loading…',
  unread: (count: number) => (count === 1 ? '1 unread message' : `${count} unread messages`),
  visitor: 'Visitor',
  you: 'You',

  choose: 'Choose a conversation',
  thread: (name: string) => `Conversation with ${name}`,
  messages: 'Messages',
  back: 'Back to the list',
  newer: 'New messages',
  older: 'Loading older messages…',
  typing: (name: string) => `${name} is typing`,

  accept: 'Accept',
  takeOver: 'Take over',
  accepted: 'You have accepted this ticket already',
  statuses: { new: 'New', open: 'Open', pending: 'Pending', onHold: 'On-hold', solved: 'Solved', closed: 'Closed' },
  styles: { chat: 'Chat', repeat: 'Repeat customer', social: 'Social messaging' },
  setStatus: 'Ticket status',
  isNow: (status: string) => `The ticket is ${status} now`,
  closedIsFinal: 'Closed is final. When the customer writes, a new ticket begins.',
  acceptFirst: 'Accept the ticket first, or answer the customer',
  notYet: 'The conversation has not been loaded yet',

  reply: 'Reply',
  note: 'Internal note',
  replyHint: 'Reply to the customer…',
  closedHint: 'This ticket is closed. When the customer writes, a new one begins; notes are always possible.',
  noteHint: 'A note that only agents see…',
  send: 'Send',
  addNote: 'Add note',
  kind: 'What to write',
  onlyAgents: 'Internal note, only agents see it',

  queued: 'Waiting for the connection',
  sending: 'Sending…',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent.',
  retry: 'Try again',
  discard: 'Discard',

  ticketBegan: (ticket: number, style: string) => `Ticket ${ticket} began · ${style}`,
  became: (status: string) => `Status: ${status}`,
  assigned: (name: string) => `Assigned to ${name}`,
  unassigned: 'Back in the queue',
  session: {
    active: 'The customer is back',
    inactive: {
      silence: 'The customer has been silent', left: 'The customer left the page', offline: 'The customer went offline',
    },
    ended: { customer: 'The customer ended the session', agent: 'The session was ended' },
  },

  about: 'About this conversation',
  identified: 'Signed in',
  anonymous: 'Anonymous visitor',
  customerOnline: 'Online now',
  customerAway: 'Not here now',
  channel: 'Channel',
  style: 'Style',
  assignee: 'Assignee',
  nobody: 'Nobody yet',
  sessionState: 'Session',
  sessionStates: { active: 'Active', inactive: 'Inactive', ended: 'Ended' },
  earlier: 'Tickets of this conversation',
  viewing: 'Also looking at this',
  endSession: 'End the session',

  agentStatuses: { online: 'Online', away: 'Away', transfers: 'Transfers only', offline: 'Offline' },
  people: 'Agents online',
  live: 'Connected',
  connection: {
    connecting: 'Connecting…', waiting: 'Connection lost. Trying again…', offline: 'You are offline',
    paused: 'Paused',
  },
  theme: { auto: 'Colours: like the system', light: 'Colours: light', dark: 'Colours: dark' },
  keys: 'Keys',
  closeKeys: 'Close',
  dismiss: 'Dismiss',
} as const;

/** What every language must say. */
export type Words = Widened<typeof en>;
