/** Starting, asking and ending the threads of the store. */
import { once as event } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Answer, News, Order, Question, Role } from './store.worker.ts';

/** Starts a thread of the store: the built one beside this file, or from source, for tests. */
export function startThread(role: Role): Worker {
  const options = { workerData: role, name: `store ${role.role}` };
  if (import.meta.url.endsWith('.js')) return new Worker(new URL('./store.worker.js', import.meta.url), options);
  return new Worker(script ??= bundle(), { ...options, eval: true });
}

/** Bundled once in a process: a worker's first file is not loaded by a loader's hooks, and those start slowly. */
let script: string | undefined;
function bundle(): string {
  const require = createRequire(import.meta.url);
  const { buildSync } = require('esbuild') as { buildSync(options: object): { outputFiles: { text: string }[] } };
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('./store.worker.ts', import.meta.url))],
    bundle: true, platform: 'node', format: 'cjs', packages: 'external', write: false,
  });
  const here = JSON.stringify(import.meta.url);
  return `globalThis.require = require('node:module').createRequire(${here}); ${outputFiles[0]?.text ?? ''}`;
}

/** The first thing that a thread says. Rejects when the thread fails before. */
export async function firstNews(thread: Worker): Promise<News> {
  const [news] = (await event(thread, 'message')) as [News];
  return news;
}

export function order(thread: Worker, what: Order, moved: ArrayBuffer[] = []): void {
  thread.postMessage(what, moved);
}

/** Has a thread do one thing with a file; when this resolves, nobody has the file open. */
export async function once(role: 'examiner' | 'renamer', file: string, shards = 0): Promise<News> {
  const thread = startThread({ role, file, shards, heads: [] });
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  const news = await firstNews(thread);
  await ended;
  return news;
}

/** Lets a thread finish what it has and end. */
export async function endThread(thread: Worker): Promise<void> {
  if (thread.threadId === -1) return;
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  order(thread, { t: 'close' });
  await ended;
}

/** Questions to the reading thread: all of one turn travel together. */
export class Asker {
  readonly #thread: Worker;
  readonly #open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #gathered: { n: number; question: Question }[] = [];
  #n = 0;
  #ended: Error | undefined;

  constructor(thread: Worker) {
    this.#thread = thread;
  }

  async ask<T>(question: Question): Promise<T> {
    if (this.#ended) throw this.#ended;
    const n = ++this.#n;
    if (this.#gathered.push({ n, question }) === 1) queueMicrotask(() => this.#send());
    return await new Promise<unknown>((resolve, reject) => this.#open.set(n, { resolve, reject })) as T;
  }

  answered(answers: readonly Answer[]): void {
    for (const answer of answers) {
      const asked = this.#open.get(answer.n);
      this.#open.delete(answer.n);
      if ('error' in answer) asked?.reject(new Error(`The store cannot answer: ${answer.error}`));
      else asked?.resolve(answer.value);
    }
  }

  end(error: Error): void {
    this.#ended = error;
    for (const asked of this.#open.values()) asked.reject(error);
    this.#open.clear();
  }

  #send(): void {
    const questions = this.#gathered;
    this.#gathered = [];
    if (!this.#ended) order(this.#thread, { t: 'questions', questions });
  }
}

/** A thread that answers questions, from a connection of its own. */
export class Reader {
  readonly asker: Asker;
  readonly #thread: Worker;

  constructor(place: Pick<Role, 'file' | 'shards'>, failed: (news: News & { t: 'failed' }) => void, broke: (error: Error) => void) {
    this.#thread = startThread({ ...place, role: 'reader', heads: [] });
    this.asker = new Asker(this.#thread);
    this.#thread.on('message', (news: News) => {
      if (news.t === 'answers') this.asker.answered(news.answers);
      else if (news.t === 'failed') failed(news);
    });
    this.#thread.on('error', broke);
  }

  /** To be called when the writing thread has made sure that the file is there. */
  async open(): Promise<this> {
    order(this.#thread, { t: 'open' });
    await firstNews(this.#thread);
    return this;
  }

  async close(): Promise<void> {
    await endThread(this.#thread);
  }

  async terminate(): Promise<void> {
    await this.#thread.terminate();
  }
}
