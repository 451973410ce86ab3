/** Carries out what `connection.ts` decides: sockets, tokens and timers. */
import { initial, step, type Effect, type Event, type State, type Timer } from './connection.ts';
import { json, msgpack } from './encoding.ts';
import { errorOf, nameOf, ParleyError } from './error.ts';
import type { House } from './house.ts';
import type { Said, Told } from './protocol/frames.ts';
import { openSocket, type Socket } from './socket.ts';
import { heard, hello, moved } from './switchboard.ts';
import { batch, cell } from './value.ts';

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

type Settings = Extract<Told, { t: 'welcome' }>['settings'];

export class Wire {
  readonly connection = cell<ConnectionState>({ status: 'connecting', attempt: 0 });
  /** What the server asked for, or what is usual until it has. */
  settings: Settings = { heartbeatMs: 25_000, frameBytes: 64_000, window: 16, typingMs: 6_000, backoffMs: 500, backoffMaxMs: 20_000 };
  readonly #house: House;
  readonly #sockets = new Map<number, Socket>();
  readonly #timers = new Map<Timer, () => void>();
  #state: State = initial;
  #heardAt = 0;

  constructor(house: House) {
    this.#house = house;
  }

  get live(): boolean {
    return this.#state.phase.at === 'live';
  }

  /** False when there is no live socket; then nothing is kept. */
  send(frame: Said): boolean {
    const { phase } = this.#state;
    if (phase.at !== 'live') return false;
    this.#say(phase.socket, frame);
    return true;
  }

  dispatch(event: Event): void {
    const { clock, random, trace } = this.#house;
    const before = this.#state.phase;
    const [state, effects] = step(this.#state, event, { at: clock.now(), chance: random() });
    this.#state = state;
    batch(() => {
      for (const effect of effects) this.#carryOut(effect);
      if (before.at === 'live' && state.phase.at !== 'live') moved(this.#house, false);
      const shown = show(state);
      if (JSON.stringify(shown) === JSON.stringify(this.connection.get())) return;
      trace.note(clock.now(), 'state', shown.status, shown);
      this.connection.set(shown);
    });
  }

  #carryOut(effect: Effect): void {
    const { clock, credentials } = this.#house;
    switch (effect.do) {
      case 'fetch': {
        const { ask } = effect;
        const failed = (error: unknown): void => {
          const final = error instanceof ParleyError ? error.code : null;
          this.dispatch({ type: 'noToken', ask, final, detail: error instanceof ParleyError ? error.detail : '' });
        };
        return void credentials.token(effect.reason).then((token) => this.dispatch({ type: 'token', ask, token }), failed);
      }
      case 'open':
        return this.#open(effect.socket);
      case 'hello':
        return this.#say(effect.socket, hello(this.#house, effect.token));
      case 'adopt':
        return moved(this.#house, true);
      case 'close':
        if (effect.bye !== null) this.#say(effect.socket, { t: 'bye', reason: effect.bye });
        this.#sockets.get(effect.socket)?.close();
        return void this.#sockets.delete(effect.socket);
      case 'auth':
        return void this.send({ t: 'auth', token: effect.token });
      case 'ping':
        return void this.send({ t: 'ping', at: clock.now() });
      case 'arm':
      case 'disarm': {
        const { timer } = effect;
        this.#timers.get(timer)?.();
        this.#timers.delete(timer);
        if (effect.do === 'disarm') return;
        const fire = (): void => this.dispatch({ type: 'timer', timer, heardAt: this.#heardAt });
        return void this.#timers.set(timer, clock.after(effect.ms, fire));
      }
      default:
        return effect satisfies never;
    }
  }

  #open(number: number): void {
    const { base, options } = this.#house;
    const url = `${base.replace(/^http/, 'ws')}/connect`;
    const encoding = options.encoding === 'json' ? json : msgpack;
    const socket = openSocket(options.WebSocket ?? globalThis.WebSocket, url, encoding, () => this.settings.frameBytes, {
      opened: () => this.dispatch({ type: 'opened', socket: number }),
      frames: (frames) => batch(() => frames.forEach((frame) => this.#hear(number, frame))),
      closed: (code, detail) => {
        this.#sockets.delete(number);
        this.dispatch({ type: 'closed', socket: number, code, detail });
      },
    });
    this.#sockets.set(number, socket);
  }

  #say(socket: number, frame: Said): void {
    const { trace, clock } = this.#house;
    trace.note(clock.now(), 'sent', frame.t, frame);
    this.#sockets.get(socket)?.send(frame);
  }

  #hear(socket: number, frame: Told): void {
    const { trace, clock } = this.#house;
    trace.note(clock.now(), 'heard', frame.t, frame);
    if (frame.t === 'welcome') {
      this.settings = frame.settings;
      this.#heardAt = clock.now();
      // Who this is must be known before anything goes out on the new socket.
      heard(this.#house, frame);
      return this.dispatch({ type: 'welcome', socket, settings: frame.settings });
    }
    const { phase } = this.#state;
    // An opening socket says nothing before WELCOME, and one that was left has nothing more to say to us.
    if (phase.at !== 'live' || phase.socket !== socket) return;
    this.#heardAt = clock.now();
    switch (frame.t) {
      case 'ping':
        this.#say(socket, { t: 'pong', at: frame.at });
        break;
      case 'reauth':
        return this.dispatch({ type: 'reauth', socket });
      case 'goaway':
        return this.dispatch({ type: 'goaway', socket, spreadMs: frame.spreadMs });
      default:
    }
    heard(this.#house, frame);
  }
}

function show({ phase, attempt }: State): ConnectionState {
  switch (phase.at) {
    case 'live':
      return { status: 'live' };
    case 'offline':
      return { status: 'offline' };
    case 'paused':
      return { status: 'paused', because: phase.because };
    case 'stopped': {
      const { code, name, what, mend } = errorOf(phase.code, phase.detail);
      return { status: 'stopped', code, name, what, mend };
    }
    case 'dialing': {
      const { dial } = phase;
      if (dial.at !== 'waiting') return { status: 'connecting', attempt };
      const { because } = dial;
      return { status: 'waiting', attempt, retryAt: dial.until, because: /^\d/.test(because) ? nameOf(Number(because)) : because };
    }
    default:
      return phase satisfies never;
  }
}
