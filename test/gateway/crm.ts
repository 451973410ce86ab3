/** A back end outside, as flows call it: a real server on loopback, which the settings allow, and a caller with a clock moved by hand. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Caller, type CallerParts } from '../../gateway/caller.ts';
import { handClock } from '../../gateway/clock.ts';
import { outsideFor } from '../../gateway/settings.http.ts';
import type { Call, Called } from '../../machines/flows/call.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
export type Outcome = Called['outcome'];

export const SECRET = 'k3y of the CRM';
export const NOON = '2026-11-26T12:00:00Z';
export const json = (value: unknown): Handler => (_request, response) => void response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
export const status = (code: number, headers: Record<string, string> = {}): Handler => (_request, response) =>
  void response.writeHead(code, headers).end('{"customerType":"VIP"}');

export class Crm {
  readonly clock = handClock(Date.parse(NOON));
  handle: Handler = json({});
  /** Requests that have come, newest last. */
  came: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  caller: Caller;
  port = 0;
  readonly #server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      this.came.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      this.handle(request, response, body);
    });
  });

  constructor() {
    this.caller = this.make();
  }

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.at((this.#server.address() as AddressInfo).port);
    return this;
  }

  /** Calls go there. */
  at(port: number): void {
    this.port = port;
    this.caller = this.make();
  }

  make(parts: Partial<CallerParts> = {}): Caller {
    const here = `127.0.0.1:${Math.max(this.port, 1)}`;
    const secrets = { crm: { value: SECRET, hosts: [here] }, other: { value: 'x', hosts: ['crm.example.com'] } };
    const outside = outsideFor({ http: { allow: [here, here.replace('127.0.0.1', 'crm.test')] }, secrets });
    return new Caller({ outsideOf: () => outside, clock: this.clock, random: () => 0, ...parts });
  }

  call(change: Partial<Call> = {}): Call {
    return {
      type: 'call', method: 'GET', url: `http://127.0.0.1:${this.port}/customers?mail=a%40b.it`, headers: [], body: undefined,
      map: [{ path: '$.customerType', save: 'vars.customerType' }], timeoutMs: 10_000, retries: 0, ...change,
    };
  }

  async ask(change: Partial<Call> = {}, n = 1, actor = 'c/demo/1'): Promise<Outcome | undefined> {
    const called = await this.caller.call(actor, { n, to: 'x/demo/1', command: this.call(change) }, () => true);
    return called?.outcome;
  }

  /** Resolves when that many requests have come and all that was under way has settled. Moves time on meanwhile. */
  async until(count: number, stepMs = 0): Promise<void> {
    while (this.came.length < count) {
      this.clock.advance(stepMs);
      await turns(1);
    }
    await turns(20);
  }

  /** Nobody listens any more. */
  async close(): Promise<void> {
    this.caller.close();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => { setImmediate(resolve); });
}
