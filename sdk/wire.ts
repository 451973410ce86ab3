/** Carries out what `connection.ts` decides: sockets, tokens and timers. */
import { createEncoding } from './encoding.ts';
import { initial, step, type Effect, type Event, type State, type Timer } from './connection.ts';
import { errorOf, ParleyError } from './error.ts';
import type { House } from './house.ts';
import type { Said, Told } from './protocol/frames.ts';
import { openSocket, type Socket } from './socket.ts';
import { heard, hello, moved } from './switchboard.ts';
import { batch, cell, type Value } from './value.ts';

export type ConnectionState =
  | { status: 'connecting'; attempt: number }
  | { status: 'live' }
  /** Milliseconds since 1970; `because` is the name of a code, or 'network' or 'token'. */
  | { status: 'waiting'; attempt: number; retryAt: number; because: string }
  /** The operating system says that there is no network. */
  | { status: 'offline' }
  | { status: 'paused'; because: 'background' | 'closed' }
  /** Final: only `identify` goes on from here. */
  | { status: 'stopped'; code: number; name: string; what: string; mend: string };

export interface Wire {
  readonly connection: Value<ConnectionState>;
  settings(): State['settings'];
  /** The one of the live connection, null while there is none. */
  token(): string | null;
  /** False when there is no live socket; then nothing is kept. */
  send(frame: Said): boolean;
  /** Something proves that the path is dead. */
  dead(): void;
  dispatch(event: Event): void;
}

export function createWire(house: House): Wire {
  const { clock, random, trace, options } = house;
  const connection = cell<ConnectionState>({ status: 'connecting', attempt: 0 });
  const sockets = new Map<number, Socket>();
  const timers = new Map<Timer, () => void>();
  let state = initial;
  let heardAt = 0;

  function send(frame: Said): boolean {
    const { phase } = state;
    if (phase.at === 'live') say(phase.socket, frame);
    return phase.at === 'live';
  }

  function dispatch(event: Event): void {
    const { at } = state.phase;
    const [next, effects] = step(state, event, { at: clock.now(), chance: random() });
    state = next;
    batch(() => {
      effects.forEach(carryOut);
      if (at === 'live' && next.phase.at !== 'live') moved(house, false);
      const shown = show(next);
      if (JSON.stringify(shown) === JSON.stringify(connection.get())) return;
      trace.note('state', shown.status, shown);
      connection.set(shown);
    });
  }

  function carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'fetch': {
        const { ask, reason } = effect;
        return void house.credentials.token(reason).then(
          (token) => dispatch({ type: 'token', ask, token }),
          (error: unknown) => dispatch({ type: 'noToken', ask, final: error instanceof ParleyError ? error : null }),
        );
      }
      case 'open':
        return open(effect.socket);
      case 'hello':
        return say(effect.socket, hello(house, effect.token));
      case 'adopt':
        return moved(house, true);
      case 'close':
        if (effect.bye !== null) say(effect.socket, { t: 'bye', reason: effect.bye });
        sockets.get(effect.socket)?.close();
        return void sockets.delete(effect.socket);
      case 'auth':
        return void send({ t: 'auth', token: effect.token });
      case 'ping':
        return void send({ t: 'ping', at: clock.now() });
      case 'arm': {
        const { timer, ms } = effect;
        timers.get(timer)?.();
        return void timers.set(timer, clock.after(ms, () => dispatch({ type: 'timer', timer, heardAt })));
      }
      case 'still':
        return timers.forEach((cancel) => cancel());
      default:
        return effect satisfies never;
    }
  }

  function open(number: number): void {
    const url = `${house.base.replace(/^http/, 'ws')}/connect`;
    const encoding = createEncoding(options.encoding === 'json', house.extension?.frames);
    const closed = (code: number, detail = ''): void => {
      sockets.delete(number);
      dispatch({ type: 'closed', socket: number, code, detail });
    };
    try {
      const make = options.WebSocket ?? globalThis.WebSocket;
      const how = { make, url, encoding, maxBytes: () => state.settings.frameBytes };
      sockets.set(number, openSocket(how, {
        opened: () => dispatch({ type: 'opened', socket: number }),
        frames: (frames) => batch(() => frames.forEach((frame) => hear(number, frame))),
        closed,
      }));
    } catch (error) {
      // Such a URL, or no WebSocket at all: seen in the diagnostics, and tried again at the usual pace.
      trace.note('state', String(error), {});
      house.after(0, () => closed(1006));
    }
  }

  function say(socket: number, frame: Said): void {
    trace.note('sent', frame.t, frame);
    sockets.get(socket)?.send(frame);
  }

  function hear(socket: number, frame: Told): void {
    trace.note('heard', frame.t, frame);
    const event = { ...frame, type: frame.t, socket } as Event;
    if (frame.t === 'welcome') {
      // Who this is must be known before anything goes out on the new socket.
      heard(house, frame);
      dispatch(event);
    }
    const { phase } = state;
    // An opening socket says nothing before WELCOME, and one that was left has nothing more to say to us.
    if (phase.at !== 'live' || phase.socket !== socket) return;
    heardAt = clock.now();
    if (frame.t === 'ping') say(socket, { t: 'pong', at: frame.at });
    if (frame.t === 'reauth' || frame.t === 'goaway') dispatch(event);
    else if (frame.t !== 'welcome') heard(house, frame);
  }

  return {
    connection,
    settings: () => state.settings,
    token: () => (state.phase.at === 'live' ? state.token : null),
    send,
    dead() {
      const { phase } = state;
      if (phase.at === 'live') dispatch({ type: 'closed', socket: phase.socket, code: 1006, detail: '' });
    },
    dispatch,
  };
}

function show({ phase, attempt }: State): ConnectionState {
  switch (phase.at) {
    case 'live':
    case 'offline':
      return { status: phase.at };
    case 'paused':
      return { status: phase.at, because: phase.because };
    case 'stopped':
      return { status: phase.at, ...errorOf(phase.code, phase.detail) };
    case 'dialing': {
      const { dial } = phase;
      if (dial.at !== 'waiting') return { status: 'connecting', attempt };
      return { status: dial.at, attempt, retryAt: dial.until, because: dial.because };
    }
    default:
      return phase satisfies never;
  }
}
