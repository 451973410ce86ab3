/** What stands before the beginning of a window is not shown behind its end, though it was said here. */
import { afterEach, expect, it } from 'vitest';
import { createClient } from '../../sdk/node.ts';
import type { Client, MessageWindow } from '../../sdk/index.ts';
import { openHouse, type House } from '../gateway/house.ts';

let house: House;
let client: Client;
afterEach(async () => {
  client.close();
  await house.close();
});

it('messages that were acknowledged unseen stand where they belong once the newest page is there', async () => {
  house = await openHouse();
  // With an agent there, who is offered the ticket, nobody says anything of its place.
  await house.agent();
  client = createClient({ url: house.gateway.url });
  const talk = client.conversation();
  // Nobody looks at it meanwhile, and it is longer than a page.
  const said = Array.from({ length: 80 }, (_, n) => talk.send({ text: `line ${n}` }));
  await Promise.all(said.map(({ committed }) => committed));
  const close = talk.open();
  const whole = await new Promise<MessageWindow>((resolve) => {
    talk.messages.subscribe((window) => window.complete && !window.loading && resolve(window));
  });
  const order = whole.items.map(({ seq }) => seq ?? 0);
  expect(order.at(-1)).toBe(81);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  await talk.older(100);
  expect(talk.messages.get().items.map(({ seq }) => seq)).toEqual(Array.from({ length: 81 }, (_, n) => n + 1));
  close();
});
