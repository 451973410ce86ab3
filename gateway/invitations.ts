/**
 * Codes that sign one agent in, once. A code stays with the node that made it, which alone can give it away: so it is used
 * at most once, wherever it is shown.
 */
import { randomBytes } from 'node:crypto';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';

/** Whom a code signs in. */
export interface Invited {
  workspace: string;
  agent: { id: string; name: string };
}

const LIFE_MS = 600_000;
const CODES_MAX = 1_000;
const CODE_BYTES = 18;
const SHAPE = /^[A-Za-z0-9_-]{24}$/;
/** If no node has answered by then, none has it. */
const ASK_MS = 2_000;

export class Invitations {
  readonly #clock: Clock;
  readonly #bus: Bus | undefined;
  readonly #known = new Map<string, Invited & { expires: number }>();

  /** @param bus undefined on a node that is alone. */
  constructor(clock: Clock, bus: Bus | undefined) {
    this.#clock = clock;
    this.#bus = bus;
  }

  /** Resolves once other nodes can ask for what is made here. */
  async open(): Promise<void> {
    await this.#bus?.listen('code', (bytes, answer) => {
      const known = this.#take(Buffer.from(bytes).toString());
      if (known !== undefined) answer(Buffer.from(JSON.stringify(known)));
    });
  }

  /** A code for one use within ten minutes. Of very many the oldest are forgotten. */
  make(whom: Invited): string {
    const now = this.#clock.now();
    for (const [code, { expires }] of this.#known) if (expires < now || this.#known.size >= CODES_MAX) this.#known.delete(code);
    const code = randomBytes(CODE_BYTES).toString('base64url');
    this.#known.set(code, { ...whom, expires: now + LIFE_MS });
    return code;
  }

  /** Undefined for a code that was used, has expired or never was, or whose node is not there any more. */
  use(code: string): Promise<Invited | undefined> {
    const own = this.#take(code);
    if (own !== undefined || this.#bus === undefined || !SHAPE.test(code)) return Promise.resolve(own);
    const bus = this.#bus;
    return new Promise((resolve) => {
      // What comes after the first answer resolves nothing.
      const stop = bus.ask('code', Buffer.from(code), (answer) => {
        resolve(answer === undefined ? undefined : JSON.parse(Buffer.from(answer).toString()) as Invited);
      });
      this.#clock.after(ASK_MS, () => {
        stop();
        resolve(undefined);
      });
    });
  }

  #take(code: string): Invited | undefined {
    const known = this.#known.get(code);
    this.#known.delete(code);
    if (known === undefined || known.expires < this.#clock.now()) return undefined;
    const { workspace, agent } = known;
    return { workspace, agent };
  }
}
