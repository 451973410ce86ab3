/**
 * Whom a node believes alive, from what it hears and does not hear of the others: a failure detector, pure. It knows neither
 * the bus nor the clock; `members.pings.ts` tells it both.
 */

/** Two pings in a row found nobody: the process has ended, and its connection with it. */
const NOBODY_LEAST = 2;
/** Somebody is there and says nothing for so long, while pings to oneself come back: it stands still. */
const SILENCE_MS = 2_000;
/** A ping to oneself that came back so lately says that words pass. */
const SELF_MS = 300;
/** Names of those who are gone are kept so long, and so many of them. */
const GONE = { keptMs: 600_000, most: 1_000 };

export interface Death {
  node: string;
  /** Its process has ended; or it is there, and says nothing. */
  why: 'ended' | 'frozen';
}

interface Life {
  takes: boolean;
  /** The newest sign of life, or when waiting for one began. */
  heardAt: number;
  /** Waiting began, and no sign has come. */
  awaited: boolean;
  /** Pings in a row that found nobody. */
  nobody: number;
  /** It writes though pings found nobody: they say nothing of it, and only silence does. */
  hidden: boolean;
}

export class Detector {
  readonly #self: string;
  readonly #lives = new Map<string, Life>();
  /** Those of whom it has seen records and heard no word. */
  readonly #writers = new Map<string, Life>();
  readonly #gone = new Map<string, { how: Death['why'] | 'left'; at: number }>();
  #takes = false;
  #selfHeardAt = -Infinity;
  /** Until then it buries nobody and names no takers: it does not know yet who is here. */
  #unsureUntil = Infinity;

  constructor(self: string) {
    this.#self = self;
  }

  /** Everyone alive as far as it knows, itself among them; sorted. */
  get alive(): string[] {
    return [this.#self, ...this.#lives.keys()].sort();
  }

  /** And whoever may be, as far as the log tells. */
  get possible(): string[] {
    return [...this.alive, ...this.#writers.keys()].sort();
  }

  takers(now: number): string[] {
    if (now < this.#unsureUntil || this.awaits()) return [];
    return this.alive.filter((node) => (node === this.#self ? this.#takes : this.#lives.get(node)?.takes));
  }

  take(takes: boolean): void {
    this.#takes = takes;
  }

  /** It waits for a sign of somebody who may live, or has waited until now for longer than so many milliseconds. */
  awaits(now = Infinity, longerMs = 0): boolean {
    return this.#all.some(({ awaited, heardAt }) => awaited && now - heardAt > longerMs);
  }

  /** It stood still, was cut off, or has just begun: what it has counted says nothing, and it is unsure for so long. */
  anew(now: number, unsureMs: number): void {
    this.#unsureUntil = now + unsureMs;
    this.#selfHeardAt = -Infinity;
    for (const life of this.#all) Object.assign(life, { heardAt: now, awaited: true, nobody: 0 });
  }

  /** Its own ping has come back. */
  heardSelf(now: number): void {
    this.#selfHeardAt = now;
  }

  /** A sign of life. @returns `back` when it had been given up; it does not know that */
  heard(node: string, takes: boolean, now: number): 'known' | 'new' | 'back' | 'left' {
    const life = this.#lives.get(node);
    // Words keep their order. What comes before its own ping may have been said before this node stood still.
    const fresh = this.#selfHeardAt !== -Infinity;
    if (life) {
      if (fresh || !life.awaited) Object.assign(life, { heardAt: now, awaited: false, nobody: 0 });
      life.takes = takes;
      return 'known';
    }
    const gone = this.#gone.get(node);
    // Its last words may be on their way still; its name never comes again.
    if (gone?.how === 'left') return 'left';
    this.#gone.delete(node);
    this.#writers.delete(node);
    this.#lives.set(node, { takes, heardAt: now, awaited: !fresh, nobody: 0, hidden: false });
    return gone ? 'back' : 'new';
  }

  /**
   * It has written a record, at this time of its own clock; a clock that is ahead makes none younger than now. One that was
   * written after it was found ended says that it lives, and that pings say nothing of it.
   *
   * @returns whether it may live, and nobody knew
   */
  wrote(node: string, at: number, now: number): boolean {
    const heardAt = Math.min(at, now);
    const life = this.#lifeOf(node);
    if (life) {
      if (heardAt > life.heardAt) Object.assign(life, { heardAt, awaited: false });
      return false;
    }
    const gone = this.#gone.get(node);
    // Its last ones may be late.
    if (now - heardAt >= SILENCE_MS || gone?.how === 'left' || (gone?.how === 'ended' && heardAt <= gone.at)) return false;
    this.#writers.set(node, { takes: false, heardAt, awaited: false, nobody: 0, hidden: gone?.how === 'ended' });
    return true;
  }

  /** It owns something, as the log says. @returns whether it may live, and nobody knew */
  named(node: string, now: number): boolean {
    if (this.#lifeOf(node) || this.#gone.has(node)) return false;
    this.#writers.set(node, { takes: false, heardAt: now, awaited: true, nobody: 0, hidden: false });
    return true;
  }

  /** A ping found nobody. */
  nobody(node: string): void {
    const life = this.#lifeOf(node);
    if (life) life.nobody++;
  }

  /** It says that it ends. */
  left(node: string, now: number): void {
    this.#end(node, 'left', now);
  }

  /** Gives up whom it must. @returns those of whom it had heard */
  judge(now: number): Death[] {
    if (now < this.#unsureUntil) return [];
    const heardSelf = now - this.#selfHeardAt <= SELF_MS;
    const dead = [...this.#lives, ...this.#writers].flatMap(([node, { nobody, heardAt, hidden }]): Death[] => {
      if (nobody >= NOBODY_LEAST && !hidden) return [{ node, why: 'ended' }];
      return heardSelf && now - heardAt >= SILENCE_MS ? [{ node, why: 'frozen' }] : [];
    });
    const known = dead.filter(({ node }) => this.#lives.has(node));
    // Of one that pings do not find they say nothing later, either.
    for (const { node, why } of dead) this.#end(node, this.#writers.get(node)?.hidden === true ? 'ended' : why, now);
    return known;
  }

  /** Of whoever may live. */
  get #all(): Life[] {
    return [...this.#lives.values(), ...this.#writers.values()];
  }

  #lifeOf(node: string): Life | undefined {
    return this.#lives.get(node) ?? this.#writers.get(node);
  }

  #end(node: string, how: Death['why'] | 'left', now: number): void {
    this.#lives.delete(node);
    this.#writers.delete(node);
    this.#gone.delete(node);
    this.#gone.set(node, { how, at: now });
    for (const [name, { at }] of this.#gone) {
      if (this.#gone.size <= GONE.most && now - at < GONE.keptMs) break;
      this.#gone.delete(name);
    }
  }
}
