/** The server outside that flows ask: answers each request under a nonce of its own, and writes down which key it came under. */
import { createServer } from 'node:http';
import { between, type Chance } from '../chance.ts';
import type { EffectLine, Pen } from './history.ts';
import { portOf } from '../port.ts';

/** Some answers take longer, so that nodes die between the request and its result. */
const SLOW = 0.1;
const SLOW_MS = 1_200;
const PROMPT_MS = 30;

export class Outside {
  asked = 0;
  readonly #pen: Pen<EffectLine>;
  readonly #server;

  constructor(pen: Pen<EffectLine>, chance: Chance) {
    this.#pen = pen;
    this.#server = createServer(({ headers }, response) => {
      const nonce = `n${this.asked++}`;
      pen.write({ kind: 'asked', at: Date.now(), key: String(headers['idempotency-key']), nonce });
      const ms = chance() < SLOW ? between(chance, PROMPT_MS, SLOW_MS) : between(chance, 0, PROMPT_MS);
      setTimeout(() => {
        if (response.destroyed) return;
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ nonce }));
        pen.write({ kind: 'answered', at: Date.now(), nonce });
      }, ms);
    });
  }

  /** @returns its port */
  open(): Promise<number> {
    return portOf(this.#server);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#pen.close();
  }
}
