/**
 * From what a client claims to what the gateway has established: a command with a proven author. With `tell.ts`, one of
 * the two files that translate.
 */
import type { Who } from '../machines/actor.ts';
import type { ConversationCommand } from '../machines/conversation.ts';
import type { DeskCommand } from '../machines/desk.ts';
import type { Said } from '../sdk/protocol/frames.ts';

export function hear(frame: Extract<Said, { t: 'send' | 'command' | 'read' }>, who: Who, device: string): ConversationCommand {
  switch (frame.t) {
    case 'send':
      return {
        type: 'say', who, device, cmid: frame.cmid, kind: frame.kind, text: frame.text, channel: frame.channel, seen: frame.seen,
        language: who.language,
      };
    case 'command':
      return { type: 'act', who, device, cmid: frame.id, name: frame.name, args: frame.args };
    case 'read':
      return { type: 'mark', who, delivered: frame.seq, read: frame.seq, n: frame.n };
  }
}

export function hearAct({ id, name, args }: Extract<Said, { t: 'act' }>, who: Who): Extract<DeskCommand, { type: 'act' }> {
  return { type: 'act', who, id, name, args };
}

export function hearDelivered(seq: number, who: Who): ConversationCommand {
  return { type: 'mark', who, delivered: seq, read: 0, n: 0 };
}

/** What a connection that ended says for the customer it was of. */
export function hearGone(reason: 'left' | 'offline', who: Who): ConversationCommand {
  return { type: 'gone', who, reason };
}

export function actorOf(workspace: string, conversation: string): string {
  return `c/${workspace}/${conversation}`;
}

export function contactOf(workspace: string, person: string): string {
  return `p/${workspace}/${person}`;
}

/** What a refusal of this frame refers to: the id the client gave it. */
export function refOf(frame: Said): string | number {
  switch (frame.t) {
    case 'send': return frame.cmid;
    case 'command': case 'act': return frame.id;
    case 'subscribe': case 'history': return frame.rid;
    case 'watch': return frame.wid;
    default: return 0;
  }
}
