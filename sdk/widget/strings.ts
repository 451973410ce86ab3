/** Every word that the widget says, so that other languages can follow. */
export const LANGUAGE = 'en';

export const STRINGS = {
  heading: 'Support',
  launcher: (unread: number) => (unread === 0 ? 'Open the chat'
    : unread === 1 ? 'Open the chat, 1 unread message' : `Open the chat, ${unread} unread messages`),
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

  queued: 'Will be sent when the connection is back',
  sending: 'Sending…',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent.',
  retry: 'Try again',
  discard: 'Discard',

  begin: 'New conversation',
  earlier: 'Your conversations',
  back: 'Back to the conversation',
  nothingYet: 'No messages yet',
  unread: (count: number) => `${count} unread`,

  joined: (name: string) => `${name} joined`,
  ticketBegan: 'A new request began',
  reopened: 'Your request is open again',
  solved: 'Your request was solved',
  closed: 'Your request was closed. Write again and a new one begins.',
  solvedAndClosed: 'Your request was solved. Write again and a new one begins.',
} as const;
