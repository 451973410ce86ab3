/**
 * Which shards this node claims and which it gives away. A claim is right whoever makes it, since the log decides; this
 * only sees to it that shards lie where they should, that none is left alone, and that nobody takes from the living.
 */
import { rest, type Clock } from './clock.ts';
import type { Measures } from './measures.ts';
import type { Members } from './members.ts';
import type { Report } from './report.ts';
import { UNKNOWN, type Shard } from './shard.ts';
import { ranked } from './sharding.ts';
import { NOBODY } from './writer.ts';

export interface OwnershipParts {
  members: Members;
  shards: readonly Shard[];
  clock: Clock;
  report: Report;
  measures: Measures;
  /** Listens for commands to a shard; resolves once they arrive. Nobody is answered before the shard is open. */
  listen(shard: Shard): Promise<void>;
  silence(shard: Shard): void;
  /** This process stood still for a while: whatever it owns may have been taken from it. */
  stoodStill(): void;
}

/** How it stands, for the decision. */
export interface Standing {
  self: string;
  possible: readonly string[];
  takers: readonly string[];
  /** Since when the takers are these. */
  since: number;
  now: number;
  shards: readonly { n: number; owner: string; isOpen: boolean; isFollowing: boolean }[];
  /** How many are being given away. */
  giving: number;
  isLeaving: boolean;
}

/** Newcomers must stay for so long before they are given anything. */
const SETTLED_MS = 2_000;
const GIVING_MAX = 4;
const LOOK_MS = 250;
const RETRY_MS = 200;
/** A node that was not there for longer does not know what it missed. */
const STILL_MS = 1_000;

export function decide({ self, possible, takers, since, now, shards, giving, isLeaving }: Standing): { claim: number[]; give: number[] } {
  const first = new Map(shards.map(({ n }) => [n, ranked(n, takers)[0]]));
  const alone = (owner: string): boolean => owner === NOBODY || (owner !== UNKNOWN && !possible.includes(owner));
  // What is this node's, and it does not have open, nobody else may take, whoever is first: it was fenced by a record of its
  // own, that came late.
  const claim = isLeaving ? [] : shards.filter((shard) =>
    shard.isFollowing && (shard.owner === self || (first.get(shard.n) === self && alone(shard.owner)))).map(({ n }) => n);
  const isSettled = now - since >= SETTLED_MS || isLeaving;
  const give = !isSettled ? [] : shards.filter(({ n, isOpen }) => isOpen && first.get(n) !== undefined && first.get(n) !== self)
    .slice(0, Math.max(0, GIVING_MAX - giving)).map(({ n }) => n);
  return { claim, give };
}

export class Ownership {
  readonly #parts: OwnershipParts;
  readonly #giving = new Map<number, Promise<void>>();
  readonly #claiming = new Set<number>();
  /** Owners whose records have come. */
  readonly #writing = new Set<string>();
  /** Since when a shard is seen without an owner, for the measure. */
  readonly #alone = new Map<number, number>();
  #isWatching = false;
  #waiting: (() => void)[] = [];
  #stops: (() => void)[] = [];
  #standing: 'outside' | 'taking' | 'leaving' | 'closed' = 'outside';

  constructor(parts: OwnershipParts) {
    this.#parts = parts;
  }

  /** Begins to take shards; resolves when it does, and every shard has an owner, this node or another. */
  async join(): Promise<void> {
    const { members, clock } = this.#parts;
    this.#standing = 'taking';
    this.#stops = [members.onChange(() => { this.look(); this.#watch(clock.now()); }), () => undefined];
    // Who owns what it tells its members first: of one of whom nobody has heard they must find out before it takes anything.
    this.look();
    members.join();
    this.#watch(clock.now());
    if (this.#isWhole) return;
    await new Promise<void>((resolve) => { this.#waiting.push(resolve); });
  }

  /**
   * A record of a shard has come. Who writes lives, whatever pings say: two nodes that do not hear each other and both reach
   * the log would take every shard from each other, again and again.
   */
  saw({ owner, at }: Shard): void {
    const { members } = this.#parts;
    if (owner === members.self || owner === UNKNOWN || owner === NOBODY) return;
    this.#writing.add(owner);
    members.wrote(owner, at);
  }

  /** A shard has another owner than before, or none. */
  changed(shard: Shard): void {
    if (!shard.isOpen && !this.#claiming.has(shard.n) && !this.#giving.has(shard.n)) this.#parts.silence(shard);
    this.look();
  }

  /** Gives every shard away that another node can take; resolves when none is left, or nobody takes them. */
  async leave(): Promise<void> {
    if (this.#standing === 'taking') this.#standing = 'leaving';
    this.#parts.members.leave();
    for (;;) {
      this.look();
      if (this.#giving.size === 0) return;
      await Promise.race(this.#giving.values());
    }
  }

  close(): void {
    this.#standing = 'closed';
    for (const stop of this.#stops) stop();
    for (const shard of this.#parts.shards) this.#parts.silence(shard);
  }

  /** Looks at how it stands, and does what is due. */
  look(): void {
    if (this.#standing !== 'taking' && this.#standing !== 'leaving') return;
    const { members, shards, clock } = this.#parts;
    const { self, alive } = members;
    const now = clock.now();
    for (const { n, owner } of shards) {
      // Of an owner of whom nobody has told this node it is unknown whether that one lives.
      if (owner !== NOBODY && owner !== UNKNOWN) members.named(owner);
      if (owner !== NOBODY && alive.includes(owner)) this.#alone.delete(n);
      else if (!this.#alone.has(n)) this.#alone.set(n, now);
    }
    const { possible, takers, since } = members;
    const standing = { self, possible, takers, since, now, shards, giving: this.#giving.size, isLeaving: this.#standing === 'leaving' };
    const { claim, give } = decide(standing);
    for (const n of claim) if (!this.#claiming.has(n) && !this.#giving.has(n)) void this.#claim(n);
    for (const n of give) if (!this.#giving.has(n)) this.#give(n);
    // An owner that stood still may be back, without any shard having moved.
    if (this.#waiting.length > 0 && this.#isWhole) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Among others it looks again and again: not every change is told. */
  #watch(last: number): void {
    const { members, clock, stoodStill } = this.#parts;
    if (members.alive.length < 2 || this.#isWatching || this.#standing === 'closed') return;
    this.#isWatching = true;
    this.#stops[1] = clock.after(LOOK_MS, () => {
      this.#isWatching = false;
      const now = clock.now();
      if (now - last > STILL_MS) stoodStill();
      this.look();
      this.#watch(now);
    });
  }

  async #claim(n: number): Promise<void> {
    const { shards, members, report, clock, listen, silence, measures } = this.#parts;
    const shard = shards[n];
    if (shard === undefined) return;
    this.#claiming.add(n);
    const since = this.#alone.get(n) ?? clock.now();
    try {
      await listen(shard);
      await shard.claim((owner) => owner === NOBODY || owner === members.self || !members.possible.includes(owner));
      if (shard.isOpen) measures.tookOver(clock.now() - since);
    } catch (error) {
      report('error', 'a shard could not be claimed, and is tried again', { shard: n, why: String(error) });
      await rest(clock, RETRY_MS);
    }
    this.#claiming.delete(n);
    if (!shard.isOpen) silence(shard);
    this.look();
  }

  #give(n: number): void {
    const { shards, clock, silence } = this.#parts;
    const shard = shards[n];
    if (shard === undefined) return;
    this.#giving.set(n, shard.give().then(async () => {
      // A log that takes nothing now is not asked in every turn.
      if (shard.isOpen) await rest(clock, RETRY_MS);
    }).finally(() => {
      this.#giving.delete(n);
      if (!shard.isOpen) silence(shard);
      this.look();
    }));
  }

  /** Whether this node takes shards, and each has an owner that lives, or can have none. */
  get #isWhole(): boolean {
    const { shards, members: { self, takers, alive, possible } } = this.#parts;
    if (!takers.includes(self)) return false;
    // One that is not heard and writes keeps what it has.
    const lives = (owner: string): boolean => alive.includes(owner) || (possible.includes(owner) && this.#writing.has(owner));
    return shards.every(({ owner, refusal }) => refusal !== undefined || lives(owner));
  }
}
