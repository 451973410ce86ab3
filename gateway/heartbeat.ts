/**
 * Whether somebody is still at the other end of a socket, and may stay: a greeting in time, a sign of life, a token that
 * has not ended. It also keeps the line warm when nothing else is said.
 */
import type { CodeName } from '../sdk/protocol/codes.ts';
import type { Clock } from './clock.ts';
import type { Dialogue } from './dialogue.ts';
import type { Intake } from './intake.ts';
import type { Outgoing } from './outgoing.ts';

export interface HeartbeatParts {
  clock: Clock;
  heartbeatMs: number;
  intake: Intake;
  out: Outgoing;
}

const HELLO_MS = 5_000;
const REAUTH_MS = 60_000;

export class Heartbeat {
  readonly #parts: HeartbeatParts;
  readonly #openedAt: number;
  #heardAt: number;
  /** The end of the token for which another has been asked. */
  #askedFor = 0;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
    this.#openedAt = this.#heardAt = parts.clock.now();
  }

  heard(): void {
    this.#heardAt = this.#parts.clock.now();
  }

  /** Before HELLO. Gives the reason to close, if there is one. */
  greeting(now: number): CodeName | undefined {
    return now - this.#openedAt >= HELLO_MS ? 'helloTimeout' : this.#dead(now);
  }

  /** @param dialogue undefined while a token is being verified */
  beat(now: number, dialogue: Dialogue | undefined): CodeName | undefined {
    const dead = this.#dead(now);
    if (dead !== undefined || dialogue === undefined) return dead;
    const { identity: { expires }, following } = dialogue;
    if (now >= expires) return 'tokenExpired';
    const { heartbeatMs, out } = this.#parts;
    if (this.#askedFor !== expires && now >= expires - REAUTH_MS) {
      this.#askedFor = expires;
      out.say({ t: 'reauth', deadlineMs: expires - now });
    }
    if (now - out.saidAt >= heartbeatMs - 1_000) {
      out.say({ t: 'ping', at: now, heads: following.heads(now - 4 * heartbeatMs) });
    }
    return undefined;
  }

  #dead(now: number): CodeName | undefined {
    const { heartbeatMs, intake, out } = this.#parts;
    // Whom we do not read we cannot hear.
    if (!intake.open) this.#heardAt = now;
    if (now - this.#heardAt > 2 * heartbeatMs) return 'noHeartbeat';
    return out.stuck(now) ? 'tooSlow' : undefined;
  }
}
