/** A customer's one conversation over all the gateway's lives: what they say stands, and what they see they see once. */
import type { Told } from '../../sdk/protocol/frames.ts';
import type { Line } from './line.ts';

type Entry = Extract<Told, { t: 'event' }>['entry'];

export class Talk {
  readonly conversation: string;
  readonly email: string;
  /** Messages that were acknowledged. */
  said = 0;
  readonly #line: Line;
  readonly #seen = new Map<number, Entry>();
  #looks: (() => void)[] = [];
  #begun = false;

  constructor(line: Line, email: string) {
    this.#line = line;
    this.email = email;
    this.conversation = line.nextId();
    line.greeted = () => { if (this.#begun) this.#follow(); };
    line.hear = (told) => {
      if (told.t === 'event') this.#see([told.entry]);
      if (told.t === 'page') this.#see(told.entries);
    };
  }

  async say(text: string): Promise<void> {
    const send = { t: 'send', cmid: this.#line.nextId(), conversation: this.conversation, kind: 'message', text, channel: 'web', seen: null } as const;
    const answer = await this.#line.ask(send);
    if (!answer.done) throw new Error(`A customer was refused with ${answer.code}: ${answer.detail}`);
    this.said += 1;
    if (this.#begun) return;
    this.#begun = true;
    this.#follow();
  }

  /** Resolves when that has been said to them so often, or their first ticket is closed. @returns whether it was said */
  async sees(text: string, times = 1): Promise<boolean> {
    for (;;) {
      const lines = [...this.#seen.values()];
      if (lines.filter(({ kind, body }) => kind === 'message' && (body as { text: string }).text === text).length >= times) return true;
      if (lines.some(({ kind, body }) => kind === 'status' && (body as { status: string }).status === 'closed')) return false;
      await new Promise<void>((resolve) => this.#looks.push(resolve));
    }
  }

  #follow(): void {
    this.#line.say({ t: 'subscribe', rid: 1, conversation: this.conversation, epoch: 0, seq: 0 });
  }

  #see(entries: readonly Entry[]): void {
    for (const entry of entries) this.#seen.set(entry.seq, entry);
    for (const look of this.#looks.splice(0)) look();
  }
}
