/** A gateway whose library of flows is asked over HTTP, as agents do it. */
import { expect } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { CODES, type CodeName } from '../../sdk/protocol/codes.ts';
import { openHouse, type House } from './house.ts';

export const HOUR = 3_600_000;
export const TEAMS = [{ id: 'support', name: 'Support' }, { id: 'sales', name: 'Sales' }];
export const AGENTS = [{ id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }, { id: 'ben', name: 'Ben', teams: ['sales'] }];
export const hello = (text = 'Hello!') => ({ name: 'Hello', about: 'Says hello', start: [{ on: 'opened' }], steps: [{ id: 'hello', do: 'say', text }] });
export const toSales = { name: 'To sales', start: [{ on: 'called' }], steps: [{ id: 'to', do: 'assign', team: 'sales' }] };

export interface Answer { status: number; body: Record<string, unknown> }
/** @param detail the words of it, or what they must hold */
export const refused = (name: CodeName, status: number, detail: unknown) =>
  ({ status, body: expect.objectContaining({ name, code: CODES[name].code, detail }) as unknown });

export class FlowStage {
  house!: House;
  readonly #log = memoryLog({ shards: 4 });

  /** Of the same log as before, if there was one. @param demo what its file says */
  async open(demo: object = {}, now?: number): Promise<void> {
    const settings = { workspaces: { demo, bank: {} } };
    this.house = await openHouse({ log: this.#log.share(), settings, ...(now === undefined ? {} : { clock: handClock(now) }) });
  }

  async ask(method: string, path: string, body?: unknown, id = 'ada', workspace = 'demo'): Promise<Answer> {
    const headers = { authorization: `Bearer ${await this.house.token(id, workspace)}` };
    const response = await fetch(this.house.gateway.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: response.status, body: await response.json() as Answer['body'] };
  }

  async put(section: string, value: unknown): Promise<Answer> {
    const { revs } = (await this.ask('GET', '/api/settings')).body as { revs: Record<string, number> };
    return this.ask('PUT', `/api/settings/${section}`, { rev: revs[section], value });
  }

  save(id: string, definition: unknown, rev = 0): Promise<Answer> {
    return this.ask('PUT', `/api/flows/${id}`, { rev, definition });
  }

  publish(id: string, rev: number, how: object = {}): Promise<Answer> {
    return this.ask('POST', `/api/flows/${id}/publish`, { rev, ...how });
  }

  live(id: string, version: number): Promise<Answer> {
    return this.ask('POST', `/api/flows/${id}/live`, { version });
  }

  async read(id: string): Promise<Record<string, unknown>> {
    return (await this.ask('GET', `/api/flows/${id}`)).body;
  }

  async list(workspace?: string): Promise<Record<string, unknown>[]> {
    return (await this.ask('GET', '/api/flows', undefined, 'ada', workspace)).body.flows as Record<string, unknown>[];
  }
}
