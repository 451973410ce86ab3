/** Starting, asking and ending the threads of the store. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Answer, News, Order, Question, Role } from './store.worker.ts';

/** Starts a thread of the store: the built one beside this file, or from source, for tests. */
export function startThread(role: Role): Worker {
  const options = { workerData: role, name: `store ${role.role}` };
  if (import.meta.url.endsWith('.js')) return new Worker(new URL('./store.worker.js', import.meta.url), options);
  // A worker's first file is not loaded by the hooks that `--import tsx` sets, so it is imported from a line of script.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const source = JSON.stringify(new URL('./store.worker.ts', import.meta.url).href);
  const script = `import(${loader}).then(({ register }) => { register(); return import(${source}); })`;
  return new Worker(script, { ...options, eval: true });
}

/** The first thing that a thread says. Rejects when the thread fails before. */
export async function firstNews(thread: Worker): Promise<News> {
  const [news] = (await once(thread, 'message')) as [News];
  return news;
}

export function order(thread: Worker, what: Order, moved: ArrayBuffer[] = []): void {
  thread.postMessage(what, moved);
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
