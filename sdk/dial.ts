/** The way to the next socket: when to try, with which token. A part of the connection's pure step. */
import type { Effect, Next, Phase, State, When } from './connection.ts';

/** A pause, then a token if one is needed, then the socket up to its WELCOME. */
export type Dial =
  | { at: 'waiting'; until: number; because: string }
  | { at: 'token'; ask: number }
  | { at: 'opening'; socket: number };

/** From the first byte to WELCOME, and for one request for a token. */
const OPENING_MS = 10_000;
export const TOKEN_MS = 30_000;
/** The operating system may be wrong about the network, so look now and then. */
export const OFFLINE_MS = 30_000;

/** Full jitter. The first try is made at once: `attempt` is the number of those already made. */
export function backoff(attempt: number, chance: number, { backoffMs, backoffMaxMs }: State['settings']): number {
  return attempt === 0 ? 0 : chance * Math.min(backoffMaxMs, backoffMs * 2 ** Math.min(attempt - 1, 30));
}

export function dialOf(phase: Phase): Dial | null {
  return phase.at === 'dialing' || phase.at === 'live' ? phase.dial : null;
}

/** The state with another way to the next socket; whatever the old way held open is closed. */
export function withDial(state: State, way: Dial): Next {
  const { phase } = state;
  const old = dialOf(phase);
  const effects: Effect[] = old?.at === 'opening' ? [{ do: 'close', socket: old.socket, bye: null }] : [];
  return [{ ...state, phase: phase.at === 'live' ? { ...phase, dial: way } : { at: 'dialing', dial: way } }, effects];
}

/** Goes for the next socket now. */
export function dial(state: State): Next {
  const tried: State = { ...state, attempt: state.attempt + 1 };
  if (state.token !== null) return open(tried);
  const ask = state.count + 1;
  const [next, effects] = withDial({ ...tried, count: ask }, { at: 'token', ask });
  return [next, [...effects, { do: 'fetch', ask, reason: state.reason }, { do: 'arm', timer: 'dial', ms: TOKEN_MS }]];
}

export function wait(state: State, ms: number, because: string, { at }: When): Next {
  const [next, effects] = withDial(state, { at: 'waiting', until: at + ms, because });
  return [next, [...effects, { do: 'arm', timer: 'dial', ms }]];
}

/** Tries again: at once after a healthy connection, else after a while; seldom when there is no network. */
export function again(state: State, because: string, when: When): Next {
  if (!state.online && state.phase.at !== 'live') return goOffline(state);
  const ms = backoff(state.attempt, when.chance, state.settings);
  return state.attempt === 0 ? dial(state) : wait(state, ms, because, when);
}

/** No network, it is said: nothing is open, and one looks again now and then. */
export function goOffline(state: State): Next {
  const way = dialOf(state.phase);
  const effects: Effect[] = way?.at === 'opening' ? [{ do: 'close', socket: way.socket, bye: null }] : [];
  return [{ ...state, phase: { at: 'offline' } }, [...effects, { do: 'arm', timer: 'dial', ms: OFFLINE_MS }]];
}

/** Opens a socket with the token that is there. */
export function open(state: State): Next {
  const count = state.count + 1;
  const [next, effects] = withDial({ ...state, count }, { at: 'opening', socket: count });
  return [next, [...effects, { do: 'open', socket: count }, { do: 'arm', timer: 'dial', ms: OPENING_MS }]];
}
