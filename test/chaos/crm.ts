/** The CRM that flows ask in the crash test: a real server, now and then slow, out of order or gone, which writes down whom it has answered what. */
import { createServer, type ServerResponse } from 'node:http';
import type { Asked } from './auditor.ts';
import { between, type Chance } from './chance.ts';
import { portOf } from './port.ts';

type Whim = 'prompt' | 'slow' | 'busy' | 'unknown' | 'cut' | 'mute';
/** With which chance it is this one or one before it. */
const WHIMS: readonly (readonly [Whim, number])[] = [['prompt', 0.7], ['slow', 0.85], ['busy', 0.91], ['unknown', 0.94], ['cut', 0.97], ['mute', 1]];
const PROMPT_MS = 150;
/** Longer than a flow waits for one try. */
const SLOW_MS = 1_400;

export class Crm {
  readonly asked: Asked[] = [];
  readonly #chance: Chance;
  readonly #server = createServer(({ url = '', headers }, response) => {
    const email = new URL(url, 'http://crm').searchParams.get('email') ?? '';
    const key = String(headers['idempotency-key']);
    const one: Asked = { key, email, nonce: `n${this.asked.length}`, vip: this.#chance() < 0.4, status: 0, at: Date.now(), answeredAt: 0 };
    this.asked.push(one);
    this.#answer(one, response);
  });

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** @returns its port */
  open(): Promise<number> {
    return portOf(this.#server);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(one: Asked, response: ServerResponse): void {
    const roll = this.#chance();
    const whim = WHIMS.find(([, upTo]) => roll < upTo)?.[0];
    const say = (status: number, body: object): void => {
      if (response.destroyed) return;
      one.status = status;
      one.answeredAt = Date.now();
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    const found = (): void => say(200, { customerType: one.vip ? 'VIP' : 'regular', nonce: one.nonce });
    switch (whim) {
      case 'prompt': return void setTimeout(found, between(this.#chance, 0, PROMPT_MS));
      case 'slow': return void setTimeout(found, between(this.#chance, PROMPT_MS, SLOW_MS));
      case 'busy': return say(503, {});
      case 'unknown': return say(404, {});
      case 'cut': return void response.destroy();
      default:
    }
  }
}
