/** How far a message of one's own has come on its way to the other side. */
import type { Other } from '../index.ts';

export type Receipt = 'sent' | 'delivered' | 'read';

/** `side` is who it was meant for. The furthest of them counts: one agent who read it has read it for the team. */
export function receipt(seq: number, others: readonly Other[], side: Other['role']): Receipt {
  let far: Receipt = 'sent';
  for (const other of others) {
    if (other.role !== side) continue;
    if (other.read >= seq) return 'read';
    if (other.delivered >= seq) far = 'delivered';
  }
  return far;
}
