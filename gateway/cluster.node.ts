/** A gateway node of a local cluster as a process, and what it says of itself over HTTP. */
import { get } from 'node:http';
import { join } from 'node:path';
import { Process } from './cluster.process.ts';

export interface NodeParts {
  name: string;
  port: number;
  /** The built gateway. */
  main: string;
  /** For its data, and the file of what it logs. */
  folder: string;
  /** Flags of `npm start`, besides its name, port and data. */
  flags: readonly string[];
  /** Called after each of its ends. @param wanted whether it was told to end */
  ended: (how: string, wanted: boolean) => void;
}

/** Of the JavaScript heap's young part, as `npm start` has it. */
const SEMI_SPACE_MB = 64;
const ANSWER_MS = 1_000;

export class Node {
  readonly name: string;
  readonly port: number;
  readonly log: string;
  readonly process: Process;
  /** What it has printed in this life. */
  printed = '';

  constructor({ name, port, main, folder, flags, ended }: NodeParts) {
    this.name = name;
    this.port = port;
    this.log = join(folder, `${name}.log`);
    const own = ['--node-name', name, '--port', String(port), '--data', join(folder, name)];
    this.process = new Process({
      command: [process.execPath, `--max-semi-space-size=${SEMI_SPACE_MB}`, main, ...own, ...flags], log: this.log, ended,
      hear: (text) => { this.printed += text; },
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  start(): Promise<void> {
    this.printed = '';
    return this.process.start();
  }

  async isReady(): Promise<boolean> {
    return (await this.#ask('/readyz'))?.status === 200;
  }

  /** A number that it shows to Prometheus; undefined while it does not answer. */
  async figure(name: string): Promise<number | undefined> {
    const text = (await this.#ask('/metrics'))?.text ?? '';
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  }

  #ask(path: string): Promise<{ status: number; text: string } | undefined> {
    return new Promise((resolve) => {
      const request = get({ host: '127.0.0.1', port: this.port, path, agent: false, timeout: ANSWER_MS }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => { text += part; });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(undefined));
      request.on('close', () => resolve(undefined));
    });
  }
}
