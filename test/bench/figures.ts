/** What the rounds say: medians, ratios to the peers, and whether the aims are met. */
import type { CandidateName } from './candidates.ts';
import type { Load, Round } from './load.ts';

export type Medians = Record<keyof Round, number>;
export type LoadName = 'K=1' | 'K=16' | '1000/s';

/** The measured loads: closed loops with 1 and 16 messages in flight, and an equal load for all. */
export const LOADS: Record<LoadName, Load> = {
  'K=1': { inFlight: 1 },
  'K=16': { inFlight: 16 },
  '1000/s': { perSecond: 1000 },
};

/** Whom the others are compared with. */
const YARDSTICKS = ['ws', 'socketio-postgres'] as const satisfies readonly CandidateName[];
type Yardstick = (typeof YARDSTICKS)[number];

export interface Result {
  candidate: CandidateName;
  load: LoadName;
  medians: Medians;
  /** This candidate's median divided by the yardstick's; only of yardsticks that were measured. */
  ratios: Partial<Record<Yardstick, Medians>>;
  rounds: Round[];
}

export interface Aim {
  aim: string;
  got: number;
  met: boolean;
}

export function results(rounds: ReadonlyMap<LoadName, ReadonlyMap<CandidateName, Round[]>>): Result[] {
  return [...rounds].flatMap(([load, byCandidate]) => {
    const medians = new Map([...byCandidate].map(([candidate, of]) => [candidate, medianRound(of)]));
    return [...byCandidate].map(([candidate, of]): Result => {
      const own = medianRound(of);
      const ratios: Result['ratios'] = {};
      for (const yardstick of YARDSTICKS) {
        const other = medians.get(yardstick);
        if (other === undefined || yardstick === candidate) continue;
        ratios[yardstick] = each((key) => own[key] / other[key], own);
      }
      return { candidate, load, medians: own, ratios, rounds: of };
    });
  });
}

/** What is aimed at, and by which figure it is judged: ours divided by the peer's. */
const AIMS: [aim: string, load: LoadName, peer: Yardstick, key: keyof Round, met: (ratio: number) => boolean][] = [
  ['at least 6x the acked/s of Socket.IO + PostgreSQL', 'K=1', 'socketio-postgres', 'ackedPerSecond', (x) => x >= 6],
  ['at least 12x the acked/s of Socket.IO + PostgreSQL', 'K=16', 'socketio-postgres', 'ackedPerSecond', (x) => x >= 12],
  ['at least 0.7x the acked/s of bare ws', 'K=1', 'ws', 'ackedPerSecond', (x) => x >= 0.7],
  ['at least 1x the acked/s of bare ws', 'K=16', 'ws', 'ackedPerSecond', (x) => x >= 1],
  ['ack p50 below that of Socket.IO + PostgreSQL', '1000/s', 'socketio-postgres', 'ackP50Ms', (x) => x < 1],
  ['ack p99 below that of Socket.IO + PostgreSQL', '1000/s', 'socketio-postgres', 'ackP99Ms', (x) => x < 1],
  ['at most 0.6x CPU of Socket.IO + PostgreSQL', '1000/s', 'socketio-postgres', 'serverCpuPer100k', (x) => x <= 0.6],
];

/** The aims that the measured candidates allow to judge. */
export function aims(of: readonly Result[]): Aim[] {
  const ours = of.filter((result) => result.candidate === 'parley');
  if (ours.length === 0) return [];
  const judged = AIMS.flatMap(([aim, load, peer, key, met]): Aim[] => {
    const got = ours.find((result) => result.load === load)?.ratios[peer]?.[key];
    return got === undefined ? [] : [{ aim: `${load}: ${aim}`, got, met: met(got) }];
  });
  const wrong = ours.flatMap((result) => result.rounds)
    .reduce((sum, r) => sum + r.unacked + r.lost + r.duplicates + r.orderBreaks + r.repeatsDelivered, 0);
  return [...judged, { aim: 'nothing lost, doubled or out of order', got: wrong, met: wrong === 0 }];
}

function medianRound(rounds: readonly Round[]): Medians {
  const [first] = rounds;
  if (first === undefined) throw new Error('No round was measured.');
  return each((key) => median(rounds.map((round) => round[key])), first);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Figures of the same names, each made anew. */
export function each<K extends string>(value: (key: K) => number, like: Record<K, number>): Record<K, number> {
  const made = { ...like };
  for (const key of Object.keys(like) as K[]) made[key] = value(key);
  return made;
}
