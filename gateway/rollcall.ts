/**
 * Which nodes live, told to the desks that this node owns: agents who were connected to one that died are gone together. Said
 * whenever that changes, and of a desk that this node takes over.
 */
import type { ActorCommand } from '../machines/actor.ts';
import type { DeskCommand } from '../machines/desk.ts';
import { deskOf } from '../machines/routing.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Clock } from './clock.ts';
import type { Host } from './host.ts';
import type { Members } from './members.ts';

export interface RollCallParts {
  host: Pick<Host, 'tell' | 'owns' | 'onOwned'>;
  members: Pick<Members, 'alive' | 'onChange'>;
  clock: Clock;
  workspaces: readonly string[];
  /** A node that has just started does not know all others before this time; it says nothing until then. 0 when alone. */
  settleMs: number;
}

const RETRY_MS = 1_000;

export class RollCall {
  readonly #parts: RollCallParts;
  /** Desks that are being told, and whether the nodes have changed meanwhile. */
  readonly #telling = new Map<string, boolean>();
  #stops: (() => void)[] = [];
  #settled = false;

  constructor(parts: RollCallParts) {
    this.#parts = parts;
  }

  begin(): void {
    const { host, members, clock, settleMs } = this.#parts;
    const settle = (): void => {
      this.#settled = true;
      this.#callAll();
    };
    this.#stops = [members.onChange(() => this.#callAll()), host.onOwned(() => this.#callAll())];
    if (settleMs === 0) settle();
    else this.#stops.push(clock.after(settleMs, settle));
  }

  close(): void {
    this.#settled = false;
    for (const stop of this.#stops.splice(0)) stop();
  }

  #callAll(): void {
    for (const workspace of this.#parts.workspaces) this.#call(workspace);
  }

  #call(workspace: string): void {
    const { host, members, clock } = this.#parts;
    const desk = deskOf(workspace);
    if (!this.#settled || !host.owns(desk)) return;
    if (this.#telling.has(workspace)) return void this.#telling.set(workspace, true);
    this.#telling.set(workspace, false);
    const goOn = (again: boolean): void => {
      const changed = this.#telling.get(workspace) === true;
      this.#telling.delete(workspace);
      // Told again it hears who lives then, not who did.
      if (again || changed) this.#call(workspace);
    };
    host.tell(desk, { type: 'nodes', alive: members.alive } satisfies DeskCommand as ActorCommand, (answer) => {
      if (answer instanceof Refusal && answer.retryAfterMs > 0) clock.after(RETRY_MS, () => goOn(true));
      else goOn(false);
    });
  }
}
