/** Tells the others that this person types, no more often than they need to know, and that it has ended. */
import type { House } from './house.ts';
import { wellFormed } from './pack.ts';

const DRAFT = 500;

export class Typing {
  readonly #house: House;
  readonly #conversation: string;
  #draft = '';
  #told: { typing: boolean; draft: string } = { typing: false, draft: '' };
  /** Until then nothing more is told. */
  #pause: (() => void) | null = null;
  #on = false;

  constructor(house: House, conversation: string) {
    this.#house = house;
    this.#conversation = conversation;
  }

  set(on: boolean, draft = ''): void {
    this.#on = on;
    this.#draft = on ? wellFormed(draft.slice(0, DRAFT)) : '';
    if (on) {
      if (this.#pause === null) this.#tell();
      return;
    }
    if (this.#told.draft !== '') this.#signal('draft', '');
    if (this.#told.typing) this.#signal('typing', '');
    this.quiet();
  }

  /** The others know by themselves: a message came, or the connection went. */
  quiet(): void {
    this.#pause?.();
    this.#pause = null;
    this.#on = false;
    this.#told = { typing: false, draft: '' };
  }

  #tell(): void {
    this.#on = false;
    this.#signal('typing', '1');
    if (this.#draft !== this.#told.draft) this.#signal('draft', this.#draft);
    this.#told = { typing: true, draft: this.#draft };
    this.#pause = this.#house.after(this.#house.wire.settings.typingMs / 2, () => {
      this.#pause = null;
      // Typed since: say so. Else their own clocks end it.
      if (this.#on) this.#tell();
      else this.#told = { typing: false, draft: this.#told.draft };
    });
  }

  /** Half-written words are a customer's, for agents to see. */
  #signal(kind: 'typing' | 'draft', value: string): void {
    if (kind === 'draft' && this.#house.me.get()?.role === 'agent') return;
    this.#house.send({ t: 'signal', conversation: this.#conversation, kind, value });
  }
}
