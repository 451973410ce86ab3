/** A new token on a live connection: the same person's, or the one of the person that a visitor has signed in as. */
import type { ActorCommand, Who } from '../machines/actor.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import { contactOf } from './hear.ts';
import type { Host } from './host.ts';
import type { Identity } from './identity.ts';

/** Whether the visitor `old` has signed in as `fresh`. @throws Refusal `tokenInvalid` when the token is somebody else's. */
export function hasSignedIn(old: Identity, fresh: Identity): boolean {
  const signedIn = !old.who.identified && fresh.who.role === 'customer' && fresh.who.identified;
  if (fresh.workspace !== old.workspace || (fresh.who.id !== old.who.id && !signedIn)) throw new Refusal('tokenInvalid', 'the token is another person\'s');
  return signedIn;
}

/** Resolves when every conversation of the visitor knows who they are. */
export async function handOver(host: Host, workspace: string, visitor: string, { id, name }: Who): Promise<void> {
  const contact = contactOf(workspace, visitor);
  await new Promise<void>((resolve, reject) => {
    const command = { type: 'identify', as: { id, name, identified: true } } as ActorCommand;
    host.tell(contact, command, (answer) => {
      if (!(answer instanceof Refusal)) return resolve();
      reject(answer.name === 'forbidden' ? new Refusal('tokenInvalid', answer.detail) : answer);
    });
  });
  await host.quiet(contact);
}

/** Whether a visitor has become somebody: their old name opens nothing any more. */
export function hasBecome(host: Host, workspace: string, visitor: string): Promise<boolean> {
  return new Promise((resolve) => {
    host.peek(contactOf(workspace, visitor), (state) => resolve(state !== undefined && 'became' in state && state.became !== null));
  });
}
