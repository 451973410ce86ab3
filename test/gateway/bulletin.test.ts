/** A frame that many read alike: made once, encoded once, at most once a second, and never lost. */
import { expect, it } from 'vitest';
import { Bulletin, type Reader } from '../../gateway/bulletin.ts';
import { handClock } from '../../gateway/clock.ts';
import { json, msgpack, type Codec } from '../../sdk/protocol/codec.ts';

function stage() {
  const clock = handClock(0);
  const reports: string[] = [];
  let made = 0;
  let rev = 0;
  const bulletin = new Bulletin({ clock, report: (_level, what) => { reports.push(what); }, make: () => { made++; return { t: 'configured', rev }; } });
  const reader = (codec: Codec = json): Reader & { seen: (Uint8Array | string)[]; revs(): number[] } => {
    const seen: (Uint8Array | string)[] = [];
    return {
      codec, seen, shown: (_kind, bytes) => { seen.push(bytes); },
      revs: () => seen.map((bytes) => (codec.decodeTold(bytes as never)[0] as { rev: number }).rev),
    };
  };
  return { clock, reports, bulletin, reader, become(next: number) { rev = next; bulletin.changed(); }, break() { rev = -1; bulletin.changed(); }, made: () => made };
}

it('a reader is shown it at once, and each change a second after the last at most, the newest of many', () => {
  const { clock, bulletin, reader, become } = stage();
  const one = reader();
  bulletin.add(one);
  become(1);
  for (let rev = 2; rev <= 500; rev++) { become(rev); clock.advance(1); }
  clock.advance(999);
  expect(one.revs()).toEqual([0, 1, 500]);
  become(501);
  clock.advance(10_000);
  expect(one.revs()).toEqual([0, 1, 500, 501]);
});

it('who comes meanwhile sees it as it is now, and the others still get it in time', () => {
  const { clock, bulletin, reader, become } = stage();
  const [early, late] = [reader(), reader()];
  bulletin.add(early);
  become(1);
  become(2);
  bulletin.add(late);
  expect([early.revs(), late.revs()]).toEqual([[0, 1], [2]]);
  clock.advance(1_000);
  expect([early.revs(), late.revs()]).toEqual([[0, 1, 2], [2, 2]]);
});

it('is encoded once for all of one encoding, and made for nobody', () => {
  const { clock, bulletin, reader, become, made } = stage();
  become(1);
  clock.advance(5_000);
  expect(made()).toBe(0);
  const readers = [reader(), reader(), reader(msgpack), reader(msgpack)];
  for (const one of readers) bulletin.add(one);
  become(2);
  expect(made()).toBe(2);
  const [a, b, c, d] = readers.map(({ seen }) => seen.at(-1));
  expect([a === b, c === d, a === c]).toEqual([true, true, false]);
  for (const one of readers) bulletin.remove(one);
  become(3);
  clock.advance(5_000);
  expect([made(), readers[0]?.revs()]).toEqual([2, [1, 2]]);
});

it('one that cannot be made is reported, and harms nobody who changes it', () => {
  const { clock, bulletin, reader, become, break: spoil, reports } = stage();
  const one = reader();
  bulletin.add(one);
  spoil();
  expect(reports).toEqual(['a frame for all agents could not be made']);
  become(7);
  clock.advance(1_000);
  expect(one.revs()).toEqual([0, 7]);
});
