/** Says one word in a conversation of each shard that a fault has struck, through nodes that live, and sees when it stands. */
import { Turn } from '../../bench/wire.ts';
import type { Chance } from '../chance.ts';
import { customerToken } from '../gateway.ts';
import { Line, type Station } from '../line.ts';
import { wordsOf, type ClientLine, type Pen } from './history.ts';
import type { Node } from './node.ts';
import { oneOnEach } from './witness.ts';

const NAME = 'prober';
const AGAIN_MS = 25;

export class Prober {
  readonly #nodes: readonly Node[];
  readonly #chance: Chance;
  readonly #pen: Pen<ClientLine>;
  readonly #lines: Line[];
  readonly #conversations: readonly string[];
  /** Of each line in each conversation: two lines promise no order. */
  readonly #numbers = new Map<string, number>();
  /** Where each line has its door now. */
  readonly #doors: number[] = [];
  #unanswered = 0;

  constructor(nodes: readonly Node[], shards: number, chance: Chance, pen: Pen<ClientLine>, failed: (error: unknown) => void) {
    this.#nodes = nodes;
    this.#chance = chance;
    this.#pen = pen;
    const turn = new Turn();
    const doors = this.#doors;
    this.#lines = nodes.map((node, nth) => {
      // To its own node while that lives, else to any that does.
      const station: Station = { get port() { return (doors[nth] = doorOf(node, nodes)); }, turn, up: () => passing(AGAIN_MS), failed };
      return new Line(station, () => customerToken(NAME));
    });
    const [line] = this.#lines;
    this.#conversations = oneOnEach(shards, () => line?.nextId() ?? '');
  }

  get quiet(): boolean {
    return this.#unanswered === 0;
  }

  /** Whatever is on its way to this node goes to another. */
  avoid(node: Node): void {
    for (const [nth, line] of this.#lines.entries()) if (this.#doors[nth] === node.port) line.leave(0);
  }

  /** @param probe the number of the fault. @returns when all of them stand */
  async probe(shards: readonly number[], probe?: number): Promise<void> {
    const living = this.#nodes.flatMap(({ standing }, nth) => (standing === 'up' ? [nth] : []));
    await Promise.all(shards.map((shard) => this.#say(shard, living[Math.floor(this.#chance() * living.length)] ?? 0, probe)));
  }

  close(): void {
    for (const line of this.#lines) line.close();
    this.#pen.close();
  }

  async #say(shard: number, nth: number, probe: number | undefined): Promise<void> {
    const line = this.#lines[nth];
    const conversation = this.#conversations[shard];
    if (line === undefined || conversation === undefined) return;
    const who = `${NAME}${nth}`;
    const key = `${who} ${conversation}`;
    const n = (this.#numbers.get(key) ?? 0) + 1;
    this.#numbers.set(key, n);
    const id = line.nextId();
    this.#unanswered += 1;
    this.#pen.write({ at: Date.now(), who, op: 'invoke', kind: 'send', conversation, id, n, ...(probe === undefined ? {} : { probe }) });
    const text = wordsOf(who, n, conversation);
    const answer = await line.ask({ t: 'send', cmid: id, conversation, kind: 'message', text, channel: 'web', seen: null });
    this.#unanswered -= 1;
    if (answer.done) this.#pen.write({ at: Date.now(), who, op: 'ok', kind: 'send', id, seq: answer.seq });
    else this.#pen.write({ at: Date.now(), who, op: 'fail', kind: 'send', id, why: `${answer.code} ${answer.detail}` });
  }
}

function doorOf(node: Node, nodes: readonly Node[]): number {
  return (node.standing === 'up' ? node : nodes.find(({ standing }) => standing === 'up') ?? node).port;
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
