/**
 * What refusals and closings mean: number, what went wrong, how to mend it, up to the first semicolon. Those that the
 * SDK sees to by itself, and those that only its own mistakes bring about, have no texts here; those that only agents
 * meet are not here at all. Derived from protocol/codes.ts; `npx vitest run test/sdk/layout.test.ts -u` writes it anew.
 */
import type { CodeName } from './protocol/codes.ts';

export type Cause = readonly [code: number, what?: string, mend?: string];

export const CAUSES: Readonly<Partial<Record<CodeName, Cause>>> = {
  rateLimited: [1001],
  overloaded: [1002],
  ownerChanging: [1003],
  storeUnavailable: [1004],
  lineHeld: [1005],
  forbidden: [1101, 'This person may not do that.', 'Sign in as somebody who may.'],
  notFound: [1102, 'There is no such conversation for this person.', 'Check the id. A conversation begins with its first message.'],
  invalid: [1103, 'A field has a value that is not allowed.', 'Correct the field that the detail names.'],
  tooLarge: [1104, 'The message is longer than allowed.', 'Shorten or split it: at most 8000 characters.'],
  idReused: [1105],
  unknownCommand: [1108],
  quarantined: [1109, 'This conversation met an error in the server and is held back to keep its history safe.', 'The operator finds the report in the log of the node.'],
  damaged: [1110, 'A part of the log that holds this conversation is damaged.', 'The operator restores the log from a backup.'],
  epochChanged: [1201],
  unknownAlias: [1202],
  goingAway: [4000],
  noHeartbeat: [4001],
  tooSlow: [4002],
  helloTimeout: [4003],
  replaced: [4004],
  tokenExpired: [4100],
  tokenInvalid: [4101, 'The token is not valid here.', 'Fetch a token signed for this gateway: check issuer, audience, algorithm and key.'],
  tokenDevice: [4102],
  badFrame: [4200],
  outOfOrder: [4201],
  originRefused: [4202, 'This web origin is not allowed.', 'Add the origin to the workspace, allowedOrigins.'],
  versionUnsupported: [4203, 'The server does not speak this version.', 'Update the SDK.'],
  tooManyBadFrames: [4204],
};
