/**
 * The gateway's side of a replay: a workspace with one flow, two agents and a CRM that answers when it is told to, over real
 * sockets and a real HTTP server; time is moved by hand.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handClock } from '../../gateway/clock.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import type { Compiled } from '../../machines/flows/run.ts';
import type { Hours } from '../../machines/hours.ts';
import type { ConversationState } from '../../machines/state.ts';
import { createAgent, type Agent } from '../../sdk/agent.ts';
import { NodeSocket } from '../../sdk/node.ts';
import { turns } from '../gateway/crm.ts';
import { openHouse, type House } from '../gateway/house.ts';
import { LOBBY, TEAMS } from '../machines/flows/templates/stage.ts';
import { DAY, START } from '../machines/talk.ts';
import { WORDS } from './replay.trial.ts';

const WEEK = 7 * DAY;
/** Those of agents, to which no flow sends anybody: the desk offers them nothing. */
const BACKSTAGE = 'backstage';

export class ReplayHouse {
  house!: House;
  ada!: Agent;
  ben!: Agent;
  /** Requests wait here until a move answers them, as `METHOD url body`. */
  readonly waiting: { asked: string; response: ServerResponse }[] = [];
  readonly #crm = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => this.waiting.push({ asked: `${request.method ?? ''} http://${this.crm}${request.url ?? ''} ${body}`, response }));
  });
  readonly #log = memoryLog({ shards: 4 });
  #clock = handClock(START);

  async open(): Promise<void> {
    this.#crm.listen(0, '127.0.0.1');
    await once(this.#crm, 'listening');
    await this.#begin(false);
  }

  async close(): Promise<void> {
    await this.#end();
    this.#crm.closeAllConnections();
    this.#crm.close();
  }

  /** The same workspace, after its file has lost the teams and the agent that flows name. */
  async reopen(): Promise<void> {
    await this.#end();
    this.#clock = handClock(this.#clock.now());
    await this.#begin(true);
  }

  get crm(): string {
    return `127.0.0.1:${(this.#crm.address() as AddressInfo).port}`;
  }

  /** The next version of the flow, live, as this gateway runs it. */
  async publish(id: string, definition: unknown): Promise<{ version: number; compiled: Compiled }> {
    const { rev = 0 } = await this.ada.flows.read(id).catch(() => ({ rev: 0 }));
    const { rev: saved } = await this.ada.flows.save(id, definition, rev);
    const version = await this.ada.flows.publish(id, { rev: saved, migrate: false, note: '' });
    return { version, compiled: this.compiled(id, version) };
  }

  compiled(id: string, version: number): Compiled {
    const compiled = this.house.gateway.flows.shelfOf('demo').at(id, version);
    if (compiled === undefined) throw new Error(`there is no ${id} ${version}`);
    return compiled;
  }

  /** As an administrator's own program does it. */
  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers = { authorization: `Bearer ${await this.house.token('ada')}` };
    const answer = await fetch(this.house.gateway.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  async setHours(hours: Hours): Promise<void> {
    const { revs } = await this.ask('GET', '/api/settings') as { revs: Record<string, number> };
    await this.ask('PUT', '/api/settings/hours', { rev: revs.hours, value: hours });
  }

  /** Time passes until a week is so old; returns when that is. */
  nextAt(ms: number): number {
    const gone = (this.house.clock.now() - START - ms) % WEEK;
    this.house.clock.advance(gone === 0 ? 0 : WEEK - gone);
    return this.house.clock.now();
  }

  state(conversation: string): Promise<ConversationState | undefined> {
    return new Promise((resolve) => { this.house.gateway.host.peek(`c/demo/${conversation}`, (state) => resolve(state as ConversationState | undefined)); });
  }

  async #begin(lost: boolean): Promise<void> {
    this.house = await openHouse({
      // Sockets know no time, so that days may pass while they stay.
      log: this.#log.share(), clock: this.#clock, socketClock: handClock(this.#clock.now()), settings: {
        workspaces: { demo: {
          teams: [...lost ? [LOBBY] : TEAMS, BACKSTAGE].map((id) => ({ id, name: id })), fields: [WORDS], channels: { web: {}, repeat: { style: 'repeat' } },
          http: { allow: [this.crm] }, agents: (lost ? ['ada'] : ['ada', 'ben']).map((id) => ({ id, name: id, right: 'admin', teams: [BACKSTAGE] })),
        } },
        limits: { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 },
      },
    });
    [this.ada, this.ben] = ['ada', 'ben'].map((id) => createAgent({
      url: this.house.gateway.url, WebSocket: NodeSocket, getToken: () => this.house.token(id),
    })) as [Agent, Agent];
  }

  async #end(): Promise<void> {
    for (const agent of [this.ada, this.ben]) agent?.close();
    await this.house?.close();
  }
}

/** Looks again after every turn of the loop: what is waited for is under way. */
export async function until(fits: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!await fits()) {
    if (Date.now() > end) throw new Error(what());
    await turns(1);
  }
}
