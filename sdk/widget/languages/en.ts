/** English: every word that the widget says. The other languages have the same keys. */
import { counted, type Widened } from '../../ui/language.ts';

const unread = { one: '# unread message', other: '# unread messages' };
const count = counted('en');

export const en = {
  heading: 'Support',
  launcher: (messages: number) => (messages === 0 ? 'Open the chat' : `Open the chat, ${count(messages, unread)}`),
  close: 'Close the chat',
  region: (heading: string) => `Chat with ${heading}`,
  thread: 'Messages',
  answers: (name: string) => `${name} is helping you`,
  online: 'We are here',
  asks: 'Ask us anything',

  connecting: 'Connecting…',
  waiting: 'Connection lost. Trying again…',
  offline: 'You are offline. What you write will be sent when you are back.',

  welcome: 'Hello! How can we help?',
  welcomeMore: 'Write to us here. You can leave this page and come back: the conversation stays.',
  loading: 'Loading messages…',
  newer: 'New messages',
  write: 'Write a message…',
  message: 'Message',
  send: 'Send',
  typing: (name: string) => `${name} is typing`,
  you: 'You',
  choices: 'Answers to choose from',

  queued: 'Will be sent when the connection is back',
  sending: 'Sending…',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent.',
  why: {
    tooLarge: 'It is longer than 8000 characters: shorten or split it.',
    outboxFull: 'Too many messages wait to be sent: wait for the connection, or discard some.',
    forbidden: 'You cannot write here.', other: 'Something went wrong. Try again later.',
  },
  retry: 'Try again',
  discard: 'Discard',

  begin: 'New conversation',
  earlier: 'Your conversations',
  back: 'Back to the conversation',
  nothingYet: 'No messages yet',
  unread: (messages: number) => `${count(messages, { other: '#' })} unread`,

  joined: (name: string) => `${name} joined`,
  waits: 'We have your message. Somebody will be with you soon.',
  away: (name: string) => `${name} is away at the moment and will answer when they are back.`,
  allAway: 'We will answer as soon as somebody is back.',
  shut: 'We are closed now. Your message waits here, and we will answer it.',
  shutUntil: (when: string) => `We are closed now. We open again: ${when}.`,
  handedTo: (name: string) => `${name} is taking over`,
  handedOn: 'A colleague is taking over. Somebody will be with you soon.',
  ticketBegan: 'A new request began',
  reopened: 'Your request is open again',
  solved: 'Your request was solved',
  closed: 'Your request was closed. Write again and a new one begins.',
  solvedAndClosed: 'Your request was solved. Write again and a new one begins.',
} as const;

/** What every language must say. */
export type Words = Widened<typeof en>;
