/**
 * Time, chance and everything that is still to happen, in one process: nothing here waits for a real clock. Each event
 * belongs to a place, which can stand still or die; what was to happen there then waits, or never does.
 */
import type { Clock } from '../../gateway/clock.ts';
import { between, chanceOf, type Chance } from '../chaos/chance.ts';

interface Event {
  at: number;
  order: number;
  place: Place;
  /** Undefined: it was called off. */
  call: (() => void) | undefined;
}

/** Where things happen: a node in one of its lives, the server of the log, a client. */
export class Place {
  readonly name: string;
  state: 'live' | 'frozen' | 'dead' = 'live';
  /** How far its wall clock is from the world's. */
  skew = 0;
  readonly backlog: Event[] = [];

  constructor(name: string) {
    this.name = name;
  }
}

/** When the world begins, in milliseconds since 1970. */
export const BEGIN = Date.UTC(2026, 0, 5, 9, 0);
/** More than this in one run means that something never comes to rest. */
const EVENTS_MAX = 400_000;

export class World {
  readonly chance: Chance;
  now = BEGIN;
  /** Where the event that runs now happens. */
  here: Place;
  events = 0;
  /** What a place threw, which would have ended its process. */
  readonly thrown: string[] = [];
  readonly #heap: Event[] = [];
  #soon: Event[] = [];
  #order = 0;

  constructor(seed: number) {
    this.chance = chanceOf(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
    this.here = new Place('world');
  }

  /** A whole number, both ends included. */
  pick(low: number, high: number): number {
    return between(this.chance, low, high);
  }

  odds(probability: number): boolean {
    return this.chance() < probability;
  }

  one<T>(list: readonly T[]): T {
    return list[Math.floor(this.chance() * list.length)] as T;
  }

  /** Calls at a place after so many milliseconds. @returns calls it off */
  after(ms: number, place: Place, call: () => void): () => void {
    const event: Event = { at: this.now + Math.max(ms, 0), order: this.#order++, place, call };
    this.#push(event);
    return () => { event.call = undefined; };
  }

  /** The wall clock of a place: it goes with the world's, but may be wrong. */
  clock(place: Place): Clock {
    return { now: () => this.now + place.skew, after: (ms, call) => this.after(ms, place, call) };
  }

  /** As `setImmediate` does, for whoever runs now. */
  immediate(call: () => void, place = this.here): void {
    this.#soon.push({ at: this.now, order: this.#order++, place, call });
  }

  freeze(place: Place): void {
    if (place.state === 'live') place.state = 'frozen';
  }

  /** Everything that waited happens now, in its order, before anything that comes later. */
  thaw(place: Place): void {
    if (place.state !== 'frozen') return;
    place.state = 'live';
    for (const event of place.backlog.splice(0)) this.#push(event);
  }

  kill(place: Place): void {
    place.state = 'dead';
    place.backlog.length = 0;
  }

  /** Lets things happen, one after the other, until a moment. */
  async runTo(end: number): Promise<void> {
    for (;;) {
      const next = this.#next(end);
      if (next === undefined) break;
      if (next.place.state !== 'live' || next.call === undefined) {
        if (next.place.state === 'frozen') next.place.backlog.push(next);
        continue;
      }
      if (++this.events > EVENTS_MAX) throw new Error(`nothing comes to rest: ${EVENTS_MAX} events`);
      this.here = next.place;
      try {
        next.call();
      } catch (error) {
        this.thrown.push(error instanceof Error ? error.stack ?? error.message : String(error));
      }
      // Whatever this has resolved is heard before anything else happens: Node runs all promises before the next tick.
      await new Promise<void>((resolve) => { process.nextTick(resolve); });
    }
    this.now = Math.max(this.now, end);
  }

  #next(end: number): Event | undefined {
    const soon = this.#soon.shift();
    if (soon !== undefined) return soon;
    const first = this.#heap[0];
    if (first === undefined || first.at > end) return undefined;
    this.#pop();
    this.now = Math.max(this.now, first.at);
    return first;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let i = heap.push(event) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!sooner(event, heap[up] as Event)) break;
      heap[i] = heap[up] as Event;
      i = up;
    }
    heap[i] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && sooner(heap[down + 1] as Event, heap[down] as Event)) down++;
      if (!sooner(heap[down] as Event, last)) break;
      heap[i] = heap[down] as Event;
      i = down;
    }
    heap[i] = last;
  }
}

function sooner(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
