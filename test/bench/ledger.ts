/** What was sent, acknowledged and delivered, when, and whether any of it was lost, doubled or out of order. */
import { customerOf, indexOf } from './cmid.ts';

const ACKED = 1;
const DELIVERED = 2;
/** Send times kept per customer. No candidate may lag further behind than this many messages of one customer. */
const RING = 4096;

export interface Verdict {
  sent: number;
  unacked: number;
  lost: number;
  /** Delivered more than once although sent once. */
  duplicates: number;
  /** Delivered to the agent after a later message of the same customer. */
  orderBreaks: number;
}

export class Ledger {
  readonly #customers: { sent: number; newest: number; flags: Uint8Array; times: Float64Array }[];
  readonly acks = new Samples();
  readonly deliveries = new Samples();
  measuring = false;
  sent = 0;
  acked = 0;
  delivered = 0;
  duplicates = 0;
  orderBreaks = 0;

  constructor(customers: number) {
    this.#customers = Array.from({ length: customers }, () => (
      { sent: 0, newest: -1, flags: new Uint8Array(1024), times: new Float64Array(RING) }
    ));
  }

  /** Notes a send and returns its index. */
  send(customer: number, now: number): number {
    const of = this.#of(customer);
    const index = of.sent++;
    if (index >= of.flags.length) {
      const more = new Uint8Array(of.flags.length * 2);
      more.set(of.flags);
      of.flags = more;
    }
    of.times[index % RING] = now;
    this.sent++;
    return index;
  }

  /** The index of a customer's newest message, -1 for none. */
  newest(customer: number): number {
    return this.#of(customer).sent - 1;
  }

  /** Whether this is the first acknowledgement of that message. */
  ack(cmid: string, now: number): boolean {
    const [of, index] = this.#look(cmid);
    const flags = of.flags[index] ?? 0;
    if (flags & ACKED) return false;
    of.flags[index] = flags | ACKED;
    this.acked++;
    if (this.measuring) this.acks.add(now - (of.times[index % RING] ?? now));
    return true;
  }

  deliver(cmid: string, now: number): void {
    const [of, index] = this.#look(cmid);
    const flags = of.flags[index] ?? 0;
    if (flags & DELIVERED) {
      this.duplicates++;
      return;
    }
    of.flags[index] = flags | DELIVERED;
    this.delivered++;
    if (index < of.newest) this.orderBreaks++;
    else of.newest = index;
    if (this.measuring) this.deliveries.add(now - (of.times[index % RING] ?? now));
  }

  verdict(): Verdict {
    const { sent, acked, delivered, duplicates, orderBreaks } = this;
    return { sent, unacked: sent - acked, lost: sent - delivered, duplicates, orderBreaks };
  }

  #of(customer: number) {
    const of = this.#customers[customer];
    if (of === undefined) throw new Error(`There is no customer ${customer}: the server sent an id that nobody used.`);
    return of;
  }

  #look(cmid: string) {
    const of = this.#of(customerOf(cmid));
    const index = indexOf(cmid);
    if (index >= of.sent) throw new Error(`${cmid} was never sent.`);
    return [of, index] as const;
  }
}

/** Durations in milliseconds. */
export class Samples {
  #values = new Float64Array(4096);
  count = 0;

  add(value: number): void {
    if (this.count === this.#values.length) {
      const more = new Float64Array(this.count * 2);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.count++] = value;
  }

  /** The values at these fractions, 0 when there are none. */
  at(...fractions: number[]): number[] {
    const sorted = this.#values.slice(0, this.count).sort();
    return fractions.map((f) => sorted[Math.min(this.count - 1, Math.floor(f * this.count))] ?? 0);
  }
}
