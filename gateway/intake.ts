/** Whether one socket is read. It is not while any cause stands; what the client says then waits in its own buffers. */
import type { WebSocket } from 'ws';

/** Too many frames unanswered; frames that come too fast; answers that lie unread. */
export type Cause = 'unanswered' | 'tooFast' | 'unread';

export class Intake {
  readonly #ws: WebSocket;
  readonly #causes = new Set<Cause>();

  constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  get open(): boolean {
    return this.#causes.size === 0;
  }

  stop(cause: Cause): void {
    if (this.#causes.size === 0) this.#ws.pause();
    this.#causes.add(cause);
  }

  goOn(cause: Cause): void {
    if (this.#causes.delete(cause) && this.#causes.size === 0) this.#ws.resume();
  }

  /** For the last time: a closing socket is read to its end. */
  release(): void {
    this.#causes.clear();
    this.#ws.resume();
  }
}
