/** What a puller does when a consumer is not what it should be: a server that a test plays. */
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { Pull } from '../../gateway/log.nats.pull.ts';

const ends: (() => void)[] = [];
afterEach(() => { for (const end of ends.splice(0)) end(); });

/** Tells what was asked for, and answers as the test says. */
function aPull(heard: (places: number[]) => void | Promise<void> = () => undefined, newest?: () => Promise<number>) {
  const clock = handClock(0);
  const made: number[] = [];
  const asked: string[] = [];
  const told: number[] = [];
  let deliver: (message: Msg) => void = () => undefined;
  let inbox = '';
  const nc = {
    subscribe(subject: string, { callback }: { callback: (error: null, message: Msg) => void }) {
      inbox = subject;
      deliver = (message) => callback(null, message);
      return { unsubscribe: () => undefined };
    },
    publish: (subject: string) => { asked.push(subject); },
  } as unknown as NatsConnection;
  const pull = new Pull({
    api: {
      nc, clock, inbox: 'inbox', connected: true, onChange: () => () => undefined, pause: async () => undefined,
      async ask<T>(_: string, body?: object) {
        made.push((body as { config: { opt_start_seq: number } }).config.opt_start_seq);
        return { name: `c${made.length}` } as T;
      },
    },
    stream: 'S', from: 5, newest,
    heard: (messages) => { const places = messages.map(({ at }) => at); told.push(...places); return heard(places); },
  });
  ends.push(() => pull.end());
  const message = (at: number, delivered: number, words = ''): void =>
    deliver({ subject: 's', reply: `$JS.ACK.${words}S.c.1.${at}.${delivered}.0.0`, data: new Uint8Array(1) } as Msg);
  const status = (code: number, description = ''): void =>
    deliver({ subject: inbox, reply: '', data: new Uint8Array(), headers: { code, description } } as unknown as Msg);
  const next = (): number => asked.filter((subject) => subject.includes('MSG.NEXT')).length;
  return { clock, made, told, message, status, next };
}

it('tells messages as they come, and asks again when a request has come to its end', async () => {
  const { made, told, message, status, next } = aPull();
  await turn();
  expect([made, next()]).toEqual([[5], 1]);
  message(5, 1);
  message(9, 2, 'domain.account.');
  status(100);
  await turn();
  expect([told, next()]).toEqual([[5, 9], 1]);
  status(408, 'Request Timeout');
  await turn();
  status(409, 'Message Size Exceeds MaxBytes');
  await turn();
  expect([made, next()]).toEqual([[5], 3]);
});

it('begins anew behind what it has, when a message was skipped or the consumer is gone', async () => {
  const { made, told, message, status } = aPull();
  await turn();
  message(5, 1);
  message(7, 3);
  message(8, 4);
  await turn();
  expect([made, told]).toEqual([[5, 6], [5]]);
  message(6, 1);
  status(409, 'Consumer Deleted');
  await turn();
  expect([made, told]).toEqual([[5, 6, 7], [5, 6]]);
});

it('silence means that nobody is there; a heartbeat, that there is nothing to tell', async () => {
  const { made, clock, status } = aPull();
  await turn();
  for (let i = 0; i < 20; i++) {
    clock.advance(500);
    status(100);
  }
  await turn();
  expect(made).toEqual([5]);
  clock.advance(2_000);
  await turn();
  expect(made).toEqual([5, 5]);
});

it('a consumer that tells nothing of what the leader has is given up; one that has told all is not', async () => {
  let end = 4;
  const { made, told, message, status } = aPull(undefined, async () => end);
  await turn();
  status(408);
  await turn();
  expect(made).toEqual([5]);
  end = 5;
  message(5, 1);
  await turn();
  status(408);
  await turn();
  status(408);
  await turn();
  expect([made, told]).toEqual([[5], [5]]);
  end = 6;
  status(408);
  await turn();
  expect(made).toEqual([5, 6]);
});

it('asks for no more before whoever hears has taken what came', async () => {
  let taken = (): void => undefined;
  const { message, status, next } = aPull(() => new Promise((resolve) => { taken = resolve; }));
  await turn();
  message(5, 1);
  status(408);
  await turn();
  expect(next()).toBe(1);
  taken();
  await turn();
  expect(next()).toBe(2);
});
