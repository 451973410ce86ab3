/** The nodes that take connections, as a balancer before them knows: each is asked whether it is ready, several times a second. */
import type { WebSocketConstructor } from '../../../sdk/index.ts';
import { NodeSocket } from '../../../sdk/node.ts';
import type { Chance } from '../chance.ts';

const ASK_MS = 200;
const ANSWER_MS = 500;

export class Doors {
  readonly #ports: readonly number[];
  readonly #chance: Chance;
  readonly #ready = new Set<number>();
  readonly #timers: NodeJS.Timeout[];

  constructor(ports: readonly number[], chance: Chance) {
    this.#ports = ports;
    this.#chance = chance;
    for (const port of ports) this.#ready.add(port);
    this.#timers = ports.map((port) => setInterval(() => void this.#ask(port), ASK_MS));
  }

  /** A port that takes connections, as far as is known; any of them while none does. */
  pick(except?: number): number {
    const ready = this.#ports.filter((port) => this.#ready.has(port) && port !== except);
    const among = ready.length > 0 ? ready : this.#ports;
    return among[Math.floor(this.#chance() * among.length)] ?? 0;
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #ask(port: number): Promise<void> {
    const ready = await isReady(port, ANSWER_MS);
    if (ready) this.#ready.add(port);
    else this.#ready.delete(port);
  }
}

/** Whether a node says, in time, that it is ready. */
export async function isReady(port: number, withinMs: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(withinMs) }).catch(() => undefined);
  // Read to its end, else the connection is not used again.
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.ok === true;
}

/** A socket that comes out at another door each time. */
export function socketThrough(doors: Doors): WebSocketConstructor {
  return class extends NodeSocket {
    constructor(url: string, protocols: string[]) {
      const door = new URL(url);
      door.port = String(doors.pick());
      super(door.href, protocols);
    }
  };
}
