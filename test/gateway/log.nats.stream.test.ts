/** Whose word about a stream is taken, where several servers give theirs: servers that a test plays. */
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { Stream } from '../../gateway/log.nats.stream.ts';
import { Api } from '../../gateway/nats.api.ts';

/** Tells how a stream stands; to each question come these answers, one after another. */
function stands(...answers: object[]): Promise<{ last_seq: number }> {
  let deliver: (message: Msg) => void = () => undefined;
  const nc = {
    subscribe(_: string, { callback }: { callback: (error: null, message: Msg) => void }) { deliver = (message) => callback(null, message); },
    publish(_: string, __: unknown, { reply }: { reply: string }) {
      for (const answer of answers) deliver({ subject: reply, data: Buffer.from(JSON.stringify(answer)) } as unknown as Msg);
    },
    isClosed: () => false,
    async *status() { /* It stays as it is. */ },
  } as unknown as NatsConnection;
  return new Stream(new Api(nc, handClock(0), 'inbox'), 'S').state();
}

const config = { num_replicas: 3 };
const halted = { config, state: { last_seq: 8_107 }, cluster: { leader: 'nats-3' } };
const leading = { config, state: { last_seq: 9_724 }, cluster: { leader: 'nats-2', replicas: [{ name: 'nats-1' }, { name: 'nats-3' }] } };

it('is that of the server that leads, also where one whose copy has come to a halt is quicker', async () => {
  expect((await stands(halted, leading)).last_seq).toBe(9_724);
  expect((await stands(leading, halted)).last_seq).toBe(9_724);
});

it('is that of the only one there is, and a denial is one', async () => {
  expect((await stands({ config: { num_replicas: 1 }, state: { last_seq: 5 } })).last_seq).toBe(5);
  await expect(stands({ error: { code: 404, err_code: 10059, description: 'stream not found' } })).rejects.toThrow('stream not found');
});
