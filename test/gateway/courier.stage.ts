/** An edge and the owner of a shard, between which words arrive when a test says so. */
import { memoryNetwork, type Passage } from '../../gateway/bus.memory.ts';
import { handClock } from '../../gateway/clock.ts';
import { Counter } from '../../gateway/counter.ts';
import { Courier } from '../../gateway/courier.ts';
import type { Answer } from '../../gateway/resident.ts';
import { Refusal, type CodeName } from '../../sdk/protocol/codes.ts';

export const FINE: Answer = { seq: 1, n: 1, at: 0, repeated: false };

interface Taken {
  type: string;
  done(answer: Answer): void;
}

type Which = (passage: Passage) => boolean;

/** Words arrive when `turn` says so; `lose` names those that do not, `twice` those that do so again. */
export async function stage({ bytesMax, lose = () => false, twice = () => false }: { bytesMax?: number; lose?: Which; twice?: Which } = {}) {
  const clock = handClock(0);
  const way: (() => void)[] = [];
  const turns: (() => void)[] = [];
  const passages: Passage[] = [];
  const network = memoryNetwork({
    ...(bytesMax === undefined ? {} : { bytesMax }),
    carry(passage, arrive) {
      if (passage.from !== '') passages.push(passage);
      if (!lose(passage)) way.push(arrive);
      if (twice(passage)) way.push(arrive);
    },
  });
  const taken: Taken[] = [];
  const owner = { head: 0, open: true, sure: Promise.resolve(true) };
  const counter = new Counter({
    shard: 7, bus: network.bus('owner'), head: () => owner.head, isOpen: () => owner.open, epoch: () => 1, isSure: () => owner.sure,
    ask: (_actor, { type }, done) => { taken.push({ type, done }); },
  });
  let reached = Infinity;
  let behind: { seq: number; then: () => void }[] = [];
  const courier = new Courier({
    shard: 7, node: 'edge', bus: network.bus('edge'), clock, epoch: () => 1, soon: (call) => { turns.push(call); },
    reached: (seq, then) => (seq <= reached ? then() : void behind.push({ seq, then })),
  });
  const told: string[] = [];
  const turn = async (): Promise<void> => {
    do {
      for (const call of turns.splice(0)) call();
      for (const arrive of way.splice(0)) arrive();
      await new Promise<void>((resolve) => { queueMicrotask(resolve); });
    } while (turns.length + way.length > 0);
  };
  const opened = counter.open();
  await turn();
  await opened;
  return {
    clock, counter, courier, owner, taken, told, turn, passages,
    types: () => taken.map(({ type }) => type),
    ask(type: string, actor = 'c/1', extra: object = {}) {
      courier.ask(actor, { type, ...extra }, (answer) => told.push(answer instanceof Refusal ? `${type} ${answer.name} ${answer.retryAfterMs}` : type));
    },
    /** The owner answers the oldest. */
    answer: (answer: Answer = FINE) => taken.shift()?.done(answer),
    follow(seq: number) {
      reached = seq;
      const now = behind.filter((one) => one.seq <= seq);
      behind = behind.filter((one) => one.seq > seq);
      for (const { then } of now) then();
    },
    refuse: (name: CodeName) => taken.shift()?.done(new Refusal(name, 'why', 5)),
    words: (from: string) => passages.filter((passage) => passage.from === from).length,
  };
}
