/** What an append to JetStream is said to have come to, when servers answer late, wrongly or not at all. */
import { expect, it } from 'vitest';
import { Appending } from '../../gateway/log.nats.append.ts';
import type { Placed } from '../../gateway/log.nats.places.ts';
import { Denial, Silence } from '../../gateway/nats.api.ts';
import { NO_HASH } from '../../gateway/record.ts';
import { reasonOf } from '../contracts/log.ts';
import { recordAfter } from './log.folders.ts';

const silence = new Silence('No answer.', true);
const cutOff = new Silence('Cut off.', false);
const full = new Denial({ code: 503, err_code: 10077, description: 'maximum bytes exceeded' });
const noSpace = new Denial({ code: 503, err_code: 10077, description: 'write /data/1.blk: no space left on device' });
const noResources = new Denial({ code: 500, err_code: 10023, description: 'insufficient resources' });
const wrongLast = (at: number): Denial => new Denial({ code: 400, err_code: 10071, description: `wrong last sequence: ${at}` });
const underWay = new Denial({ code: 400, err_code: 10164, description: 'wrong last sequence' });

const mine = recordAfter(undefined, 'mine');
const theirs = recordAfter(undefined, 'theirs');
const placed = (bytes: Uint8Array, at: number): Placed => ({ shard: 0, seq: 1, bytes, at });

/** An owner of shard 0, which is empty as far as it knows; servers answer its appends and readings with these, one after the other. */
function owner(answers: (number | Error)[], readings: (Placed | undefined)[] = [], replicas = 1) {
  const said: string[] = [];
  const places = {
    known: () => ({ seq: 0, at: 0, hash: NO_HASH }), newest: () => ({ seq: 0, at: 0, hash: NO_HASH }), note: () => undefined,
    append: async () => {
      const answer = answers.shift() ?? silence;
      if (typeof answer === 'number') return answer;
      throw answer;
    },
    last: async () => readings.shift(),
    following: async (_: number, last: Placed) => last,
  };
  const appending = new Appending({ places, replicas, api: { pause: async () => undefined }, report: (level, what) => { said.push(`${level}: ${what}`); } });
  return { said, append: () => reasonOf(appending.append(0, 0, mine)), left: readings };
}

it('no room is certain with one replica, and only where the server says so before it stores anything', async () => {
  const { append } = owner([full, noResources, noSpace]);
  expect([await append(), await append(), await append()]).toEqual(['unavailable', 'unavailable', 'unknown']);
  const three = owner([full, noResources], [], 3);
  expect([await three.append(), await three.append()]).toEqual(['unknown', 'unknown']);
});

it('an append that may have been stored is never called refused for want of room, until it is known', async () => {
  const { append } = owner([silence, full, full, 7, full]);
  expect([await append(), await append(), await append(), await append()]).toEqual(['unknown', 'unknown', 'unknown', 'none']);
  expect(await append()).toBe('unavailable');
});

it('one that cannot have left this node leaves no doubt', async () => {
  const { append } = owner([cutOff, full]);
  expect([await append(), await append()]).toEqual(['unknown', 'unavailable']);
});

it('where another stands is looked up, and again while what is read is older than what the refusal named', async () => {
  const ours = owner([silence, wrongLast(9)], [undefined, placed(theirs, 4), placed(mine, 9)]);
  expect([await ours.append(), await ours.append()]).toEqual(['unknown', 'none']);
  const lost = owner([wrongLast(9)], [undefined, placed(mine, 4), placed(theirs, 9)]);
  expect(await lost.append()).toBe('fenced');
  expect(lost.left).toEqual([]);
});

it('a server that stays behind what it named itself decides nothing', async () => {
  expect(await owner([wrongLast(9)], Array.from({ length: 20 }, () => placed(theirs, 4))).append()).toBe('unknown');
});

it('while another append is under way nothing is decided', async () => {
  const { append } = owner([underWay, underWay, underWay], [undefined, placed(theirs, 3), placed(mine, 3)]);
  expect([await append(), await append(), await append()]).toEqual(['unknown', 'fenced', 'none']);
});

it('the operator is told once that the log takes nothing, and once that it does again', async () => {
  const { append, said } = owner([silence, silence, full, 1, 2]);
  for (let i = 0; i < 5; i++) await append();
  expect(said).toEqual(['warn: The log takes no records now; what is sent waits until it does.', 'info: The log takes records again.']);
});
