/** The one alarm of a node: whatever is due rings, also what is on its way into the tables while they are asked. */
import { expect, it } from 'vitest';
import { Alarm } from '../../gateway/alarm.ts';
import { handClock } from '../../gateway/clock.ts';
import type { Unapplied } from '../../gateway/copy.ts';
import type { Store } from '../../gateway/store.ts';
import { turns } from './crm.ts';

const MINUTE = 60_000;

it('rings what came into the tables while they answered', async () => {
  const clock = handClock(0);
  const rung: string[] = [];
  let onItsWay: Unapplied[] = [];
  let tables: { actor: string; due: number }[] = [];
  const store = {
    settled: () => Promise.resolve(),
    async due() {
      const answer = tables;
      // The writer has gone on before the answer is here.
      for (const { actor, due } of onItsWay) tables = [...tables, { actor, due }];
      onItsWay = [];
      await turns(1);
      return { actors: answer, next: 0 };
    },
  } as unknown as Store;
  const alarm = new Alarm({ clock, store, owned: () => undefined, ring: (actor) => rung.push(actor), unapplied: () => onItsWay });
  await alarm.start();
  onItsWay = [{ actor: 'c/demo/1', due: MINUTE + 1_000, pending: false }];
  alarm.set('c/demo/1', MINUTE + 1_000);
  clock.advance(MINUTE);
  await turns(4);
  clock.advance(1_000);
  await turns(4);
  expect(rung).toEqual(['c/demo/1']);
  alarm.stop();
});
