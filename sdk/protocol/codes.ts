/**
 * Every reason to refuse or to close, once. The range of the number says what a client does:
 * closings 4000-4099 reconnect with jitter, 4100-4199 fetch a new token and reconnect, 4200-4299 final;
 * refusals 1000-1099 try again later under the same id, 1100-1199 permanent, 1200-1299 resynchronise.
 */
export interface Code {
  readonly code: number;
  /** What went wrong. */
  readonly what: string;
  /** What to do about it. */
  readonly mend: string;
}

export const CODES = {
  rateLimited: { code: 1001, what: 'Too many frames in a short time.', mend: 'Send again, under the same id, after retryAfterMs.' },
  overloaded: { code: 1002, what: 'The conversation has more work queued than it may hold.', mend: 'Send again, under the same id, after retryAfterMs.' },
  ownerChanging: { code: 1003, what: 'The conversation is moving to another node.', mend: 'Send again under the same id; the SDK does so by itself.' },
  storeUnavailable: { code: 1004, what: 'The server cannot write to its log, for instance because the disk is full.', mend: 'Keep the message and send it again, under the same id, after retryAfterMs. The operator frees space.' },
  lineHeld: { code: 1005, what: 'An earlier send of this conversation was refused for now and must go first.', mend: 'Send the refused message again, then this one; the SDK does so by itself.' },

  forbidden: { code: 1101, what: 'This person may not do that.', mend: 'Sign in as somebody who may; agents act on tickets, customers write in their own conversations.' },
  notFound: { code: 1102, what: 'There is no such conversation for this person.', mend: 'Check the id. A conversation begins with its first message.' },
  invalid: { code: 1103, what: 'A field has a value that is not allowed.', mend: 'Correct the field that the detail names.' },
  tooLarge: { code: 1104, what: 'The message is longer than allowed.', mend: 'Shorten or split it: at most 8000 characters.' },
  idReused: { code: 1105, what: 'This id already stands for another message.', mend: 'Make a new ULID for each message.' },
  ticketClosed: { code: 1106, what: 'The ticket is closed and cannot change any more.', mend: 'Write in the conversation: a new ticket opens. Notes are still possible.' },
  wrongStatus: { code: 1107, what: 'The ticket cannot go there from its status.', mend: 'Reload the ticket; the detail names its status.' },
  unknownCommand: { code: 1108, what: 'There is no command of that name.', mend: 'The commands are listed in the protocol document.' },
  quarantined: { code: 1109, what: 'This conversation met an error in the server and is held back to keep its history safe.', mend: 'The operator finds the report in the log of the node; nothing already acknowledged is lost.' },
  damaged: { code: 1110, what: 'A part of the log that holds this conversation is damaged.', mend: 'The operator restores the log from a backup; other conversations go on.' },
  superseded: { code: 1111, what: 'A colleague has answered meanwhile.', mend: 'Read the answer, then send again, change your text or discard it.' },
  conflict: { code: 1112, what: 'Somebody else has changed it meanwhile.', mend: 'Look at how it stands now, then change it again.' },
  noCapacity: { code: 1113, what: 'The agent has no place free on this channel.', mend: 'Choose another agent or a team, or hand over deliberately, above the limit.' },
  offerGone: { code: 1114, what: 'The offer has moved on.', mend: 'Take another conversation; this one is offered to somebody else, or has been accepted.' },
  inUse: { code: 1115, what: 'It is still in use.', mend: 'Move or finish what uses it first; the detail says what.' },

  epochChanged: { code: 1201, what: 'The history of the conversation was rewritten.', mend: 'Drop the local copy and subscribe again.' },
  unknownAlias: { code: 1202, what: 'This connection has not subscribed to that conversation.', mend: 'Subscribe first, or name the conversation by its ULID.' },

  goingAway: { code: 4000, what: 'The node is shutting down.', mend: 'Connect again; nothing is lost.' },
  noHeartbeat: { code: 4001, what: 'Nothing was heard from the client.', mend: 'Connect again.' },
  tooSlow: { code: 4002, what: 'The client did not read for too long.', mend: 'Connect again and resume; nothing durable was dropped.' },
  helloTimeout: { code: 4003, what: 'No HELLO within 5 seconds.', mend: 'Send HELLO as the first frame.' },
  replaced: { code: 4004, what: 'The server failed while it handled this connection.', mend: 'Connect again and resume.' },

  tokenExpired: { code: 4100, what: 'The token has expired.', mend: 'Fetch a new token and connect again.' },
  tokenInvalid: { code: 4101, what: 'The token is not valid here.', mend: 'Fetch a token signed for this gateway: check issuer, audience, algorithm and key.' },
  tokenDevice: { code: 4102, what: 'The token belongs to another device.', mend: 'Fetch a visitor token for this device.' },

  badFrame: { code: 4200, what: 'The bytes are not a frame of this protocol.', mend: 'The client is wrong: compare with the golden fixtures. The detail names the field.' },
  outOfOrder: { code: 4201, what: 'The frame may not come at this point.', mend: 'Begin with HELLO and send it once.' },
  originRefused: { code: 4202, what: 'This web origin is not allowed.', mend: 'Add the origin to the workspace, allowedOrigins.' },
  versionUnsupported: { code: 4203, what: 'The server does not speak this version.', mend: 'Update the SDK.' },
  tooManyBadFrames: { code: 4204, what: 'Too many refused frames.', mend: 'The client is wrong: read the codes of the refusals.' },
} as const satisfies Record<string, Code>;

export type CodeName = keyof typeof CODES;
export type Action = 'retry' | 'drop' | 'resync' | 'reconnect' | 'newToken' | 'stop';

/** By the hundreds of the number; all others reconnect. */
const ACTIONS: Readonly<Partial<Record<number, Action>>> = { 10: 'retry', 11: 'drop', 12: 'resync', 41: 'newToken', 42: 'stop' };

/** The action that a number's range implies, also for numbers that this version does not know. */
export const actionOf = (code: number): Action => ACTIONS[Math.floor(code / 100)] ?? 'reconnect';

/** A refusal that travels: its code, a detail without anybody's data, and when to try again. */
export class Refusal extends Error {
  override readonly name: CodeName;
  readonly code: number;
  readonly detail: string;
  readonly retryAfterMs: number;

  constructor(name: CodeName, detail = '', retryAfterMs = 0) {
    super(`${CODES[name].what} ${detail}`.trim());
    this.name = name;
    this.code = CODES[name].code;
    this.detail = detail;
    this.retryAfterMs = retryAfterMs;
  }
}
