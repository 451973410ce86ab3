/** Codes that sign an agent in: at any node, once, within ten minutes. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { memoryNetwork } from '../../gateway/bus.memory.ts';
import { handClock } from '../../gateway/clock.ts';
import { Invitations } from '../../gateway/invitations.ts';

const ADA = { workspace: 'demo', agent: { id: 'ada', name: 'Ada' } };

async function nodes(...names: string[]) {
  const [clock, network] = [handClock(0), memoryNetwork()];
  const all = names.map((name) => new Invitations(clock, network.bus(name)));
  for (const one of all) await one.open();
  return { clock, network, all };
}
/** Time that nothing answers in, after everything has arrived. */
async function patience(clock: { advance(ms: number): void }): Promise<void> {
  for (let i = 0; i < 10; i++) await turn();
  clock.advance(2_000);
}

describe('a code', () => {
  it('is used at another node than the one that made it, once', async () => {
    const { all: [n1, n2, n3], clock } = await nodes('n1', 'n2', 'n3');
    const code = n1?.make(ADA) ?? '';
    expect(await n2?.use(code)).toEqual(ADA);
    const [again, there] = [n1?.use(code), n3?.use(code)];
    await patience(clock);
    expect(await Promise.all([again, there])).toEqual([undefined, undefined]);
  });

  it('shown to all nodes at the same time is used by one', async () => {
    const { all, clock } = await nodes('n1', 'n2', 'n3');
    const code = all[0]?.make(ADA) ?? '';
    const used = all.slice(1).map((one) => one.use(code)).concat(all.slice(1).map((one) => one.use(code)));
    await patience(clock);
    expect((await Promise.all(used)).filter((found) => found !== undefined)).toEqual([ADA]);
  });

  it('that is too old, invented, or of a node that is gone is none', async () => {
    const { all: [n1, n2], clock, network } = await nodes('n1', 'n2');
    const [old, fresh] = [n1?.make(ADA) ?? '', n1?.make(ADA) ?? ''];
    clock.advance(600_001);
    const uses = [n2?.use(old), n2?.use('x'.repeat(24)), n2?.use('short'), n2?.use('x'.repeat(100_000))];
    await patience(clock);
    expect(await Promise.all(uses)).toEqual([undefined, undefined, undefined, undefined]);
    network.kill('n1');
    const late = n2?.use(fresh);
    await patience(clock);
    expect(await late).toBe(undefined);
  });

  it('of a node that is alone needs nobody else', async () => {
    const alone = new Invitations(handClock(0), undefined);
    await alone.open();
    const code = alone.make(ADA);
    expect([await alone.use(code), await alone.use(code)]).toEqual([ADA, undefined]);
  });
});
