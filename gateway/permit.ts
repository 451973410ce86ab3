/**
 * Who may say what. What does not stand here is refused. Whose conversation it is, the actor itself checks: an id in a
 * frame is never authority.
 */
import type { Who } from '../machines/actor.ts';
import { COMMANDS, THERE_ARE } from '../machines/acts.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Said } from '../sdk/protocol/frames.ts';

const BOTH = ['customer', 'agent'];
const AGENTS = ['agent'];
const CUSTOMERS = ['customer'];
/** On the desk. Who may set a colleague's status, or see the board, is a question of rights: the desk has them. */
const ACTS = ['status', 'accept', 'decline', 'handOver', 'board'];

/** By frame, or by frame and what it asks for. */
export const PERMITS: Readonly<Record<string, readonly string[]>> = {
  subscribe: BOTH,
  unsubscribe: BOTH,
  'send.message': BOTH,
  'send.note': AGENTS,
  history: BOTH,
  delivered: BOTH,
  read: BOTH,
  'signal.typing': BOTH,
  'signal.viewing': AGENTS,
  'signal.draft': CUSTOMERS,
  ...Object.fromEntries(Object.entries(COMMANDS).map(([name, { by }]) => [`command.${name}`, by])),
  ...Object.fromEntries(ACTS.map((name) => [`act.${name}`, AGENTS])),
  watch: AGENTS,
  ping: BOTH,
  pong: BOTH,
  auth: BOTH,
  bye: BOTH,
};

export function permitOf(frame: Said): string {
  switch (frame.t) {
    case 'send': case 'signal': return `${frame.t}.${frame.kind}`;
    case 'command': case 'act': return `${frame.t}.${frame.name}`;
    default: return frame.t;
  }
}

/** @throws Refusal `forbidden`, `unknownCommand` */
export function permit(who: Who, frame: Said): void {
  const key = permitOf(frame);
  if (Object.hasOwn(PERMITS, key) && (PERMITS[key]?.includes(who.role) ?? false)) return;
  if (frame.t === 'command' && !Object.hasOwn(PERMITS, key)) throw new Refusal('unknownCommand', THERE_ARE);
  if (frame.t === 'act' && !Object.hasOwn(PERMITS, key)) throw new Refusal('unknownCommand', `there are ${ACTS.join(', ')}`);
  throw new Refusal('forbidden');
}
