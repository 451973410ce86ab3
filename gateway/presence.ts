/**
 * Who is here, told to those who must know it for good: the desk of an agent's first socket on this node and of the end
 * of the last one, and a customer's conversations when the customer has not come back. What the desk has lost it is told again.
 */
import type { ActorCommand, Who } from '../machines/actor.ts';
import type { DeskCommand, DeskState } from '../machines/desk.ts';
import { deskOf } from '../machines/routing.ts';
import { Tree } from '../machines/tree.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Clock } from './clock.ts';
import { hearGone } from './hear.ts';
import type { Host } from './host.ts';
import type { Hub } from './hub.ts';
import type { Committed } from './shard.ts';

export interface PresenceParts {
  host: Pick<Host, 'tell'>;
  hub: Pick<Hub, 'find'>;
  clock: Clock;
  /** Name of this node: the desk keeps apart who is where. */
  node: string;
}

/** How long a customer may be away before the conversation hears that they left. */
const GONE_GRACE_MS = 30_000;
const RETRY_MS = 1_000;

/**
 * An agent on this node. `told`: what the desk has last taken, undefined when nobody knows; `telling`: something is on its
 * way to it; `lost`: as the desk was last seen meanwhile, the agent was not here.
 */
interface Seated {
  workspace: string;
  agent: { id: string; name: string };
  sockets: number;
  told: boolean | undefined;
  telling: boolean;
  lost: boolean;
}

export class Presence {
  readonly #parts: PresenceParts;
  readonly #agents = new Map<string, Seated>();
  #closed = false;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  /** One more socket of an agent. */
  come(workspace: string, { id, name }: Who): void {
    const key = `${workspace}/${id}`;
    const seated = this.#agents.get(key) ?? { workspace, agent: { id, name }, sockets: 0, told: false, telling: false, lost: false };
    this.#agents.set(key, seated);
    seated.agent = { id, name };
    seated.sockets++;
    this.#tell(key, seated);
  }

  leave(workspace: string, { id }: Who): void {
    const key = `${workspace}/${id}`;
    const seated = this.#agents.get(key);
    if (seated === undefined) return;
    seated.sockets--;
    this.#tell(key, seated);
  }

  /** A durable change of a desk. It may have taken this node for dead, and its agents with it. */
  committed({ actor, before, state }: Pick<Committed, 'actor' | 'before' | 'state'>): void {
    const was = (before as DeskState | undefined)?.agents;
    for (const [id, agent] of (state as DeskState).agents.since(was ?? Tree.of())) {
      const key = `${actor.slice(actor.indexOf('/') + 1)}/${id}`;
      const seated = this.#agents.get(key);
      if (seated === undefined) continue;
      seated.lost = agent?.nodes.includes(this.#parts.node) !== true;
      if (seated.lost) seated.told = false;
      this.#tell(key, seated);
    }
  }

  /** This node ends: whoever takes its place says who is here. */
  close(): void {
    this.#closed = true;
  }

  /** A customer's socket has ended: unless they come back, the conversations that it followed hear of it. */
  left(workspace: string, who: Who, reason: 'left' | 'offline', conversations: readonly string[]): void {
    const { host, hub, clock } = this.#parts;
    clock.after(GONE_GRACE_MS, () => hub.find(workspace, who.id, (found) => {
      if (found) return;
      for (const actor of conversations) host.tell(actor, hearGone(reason, who), () => undefined);
    }));
  }

  /** The desk hears one word after the other, and of a socket that came and went meanwhile only how it stands now. */
  #tell(key: string, seated: Seated): void {
    const { workspace, agent, sockets } = seated;
    const here = sockets > 0;
    if (seated.telling || this.#closed) return;
    if (here === seated.told) {
      if (!here) this.#agents.delete(key);
      return;
    }
    const { host, clock, node } = this.#parts;
    const command: DeskCommand = here ? { type: 'here', agent, node } : { type: 'gone', agent: agent.id, node };
    const goOn = (): void => {
      seated.telling = false;
      this.#tell(key, seated);
    };
    seated.telling = true;
    seated.lost = false;
    host.tell(deskOf(workspace), command satisfies ActorCommand, (answer) => {
      if (answer instanceof Refusal && answer.retryAfterMs > 0) {
        // It may have been taken all the same.
        seated.told = undefined;
        clock.after(RETRY_MS, goOn);
        return;
      }
      // A desk that takes nothing more is a matter of repair; the next start tells it who is here. One that was seen without
      // the agent may be an older one, or have lost them since: it is told again, whatever is true by now.
      seated.told = here && seated.lost ? undefined : here;
      goOn();
    });
  }
}
