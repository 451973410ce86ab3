/** An agent's place at the desk, on a socket that is not read: what is newest waits, once, and nothing else. */
import { expect, it } from 'vitest';
import type { Asking } from '../../gateway/asking.ts';
import { handClock } from '../../gateway/clock.ts';
import { Desk } from '../../gateway/desk.ts';
import type { Listener } from '../../gateway/hub.ts';
import type { Bytes, Outgoing } from '../../gateway/outgoing.ts';
import { Presence } from '../../gateway/presence.ts';
import { Seat } from '../../gateway/seat.ts';
import { check } from '../../gateway/settings.sections.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { desk as kind, type DeskCommand, type DeskState } from '../../machines/desk.ts';
import { NO_FLOWS } from '../../machines/flows/run.ts';
import { json } from '../../sdk/protocol/codec.ts';
import type { Told } from '../../sdk/protocol/frames.ts';

const who = { role: 'agent', id: 'a_ada', name: 'Ada', identified: true } as const;

function stage() {
  const clock = handClock(1_760_000_000_000);
  const settings = parseSettings({}).workspaces.demo;
  if (settings === undefined) throw new Error('the demo is always there');
  const { step } = kind(check);
  const desk = new Desk('demo', settings, { clock, report: () => undefined }, () => NO_FLOWS);
  let state: DeskState | undefined;
  const tell = (command: DeskCommand): void => {
    const stepped = step('d/demo', state, command, clock.now());
    if ('refused' in stepped) throw new Error(stepped.detail);
    desk.take(state = stepped.state);
  };
  tell({ type: 'begin', node: 'n', file: {}, defaults: settings.defaults });
  const said: Told[] = [];
  const out = {
    lagging: false, say: (frame: Told) => { said.push(frame); }, raw: (bytes: Bytes) => { said.push(...json.decodeTold(bytes as string)); },
  };
  const listener = { who, codec: json, shown: (t: string, bytes: Bytes) => seat.shown(t, bytes) } as unknown as Listener;
  const presence = new Presence({ clock, node: 'n', hub: { find: () => undefined }, host: { tell: () => undefined } });
  const seat: Seat = new Seat({ desk, presence, asking: {} as Asking, out: out as unknown as Outgoing, listener });
  return { clock, desk, tell, said, out, seat };
}

it('a thousand changes are one frame of each kind, as it is when the client reads again', () => {
  const { clock, desk, tell, said, out, seat } = stage();
  seat.act({ t: 'act', id: '01J9ZK3M8Q0000000000000001', name: 'board', args: { on: true } });
  expect(said.map(({ t }) => t)).toEqual(['desk', 'result', 'board']);
  said.length = 0;
  out.lagging = true;
  for (let i = 1; i <= 1_000; i++) {
    clock.advance(1_000);
    tell({ type: 'act', who, id: `act ${i}`, name: 'status', args: { status: i % 2 === 0 ? 'online' : 'away' } });
    seat.moved();
    seat.configured(i);
    desk.board.changed();
  }
  tell({ type: 'act', who, id: 'the last', name: 'status', args: { status: 'transfers' } });
  desk.board.changed();
  clock.advance(1_000);
  expect(said).toEqual([]);
  out.lagging = false;
  seat.drained();
  expect(said.map(({ t }) => t).sort()).toEqual(['board', 'configured', 'desk']);
  expect(said).toContainEqual(expect.objectContaining({ t: 'desk', status: 'transfers' }));
  expect(said).toContainEqual({ t: 'configured', rev: 1_000 });
  expect(said).toContainEqual(expect.objectContaining({ t: 'board', agents: [expect.objectContaining({ id: 'a_ada', status: 'transfers' })] }));
  seat.drained();
  expect(said.length).toBe(3);
});

it('who leaves is shown nothing more', () => {
  const { clock, desk, said, seat } = stage();
  seat.act({ t: 'act', id: '01J9ZK3M8Q0000000000000001', name: 'board', args: { on: true } });
  seat.leave();
  said.length = 0;
  desk.board.changed();
  clock.advance(5_000);
  expect(said).toEqual([]);
});
