/** The way to the next socket: when to try, with which token. A part of the connection's pure step. */
import type { Effect, Next, Phase, State, Timer, When } from './connection.ts';

/** A pause, then a token if one is needed, then the socket up to its WELCOME. */
export type Dial =
  /** `because`: the name of the code that the server gave, or a word. */
  | { at: 'waiting'; until: number; because: string }
  | { at: 'token'; ask: number }
  | { at: 'opening'; socket: number };

/** From the first byte to WELCOME, and for one request for a token. */
const OPENING_MS = 10_000;
export const TOKEN_MS = 30_000;
/** The operating system may be wrong about the network, so look now and then. */
const OFFLINE_MS = 30_000;

export const arm = (timer: Timer, ms: number): Effect => ({ do: 'arm', timer, ms });
export const shut = (socket: number, bye: string | null = null): Effect => ({ do: 'close', socket, bye });

/** Full jitter. The first try is made at once: `attempt` is the number of those already made. */
export function backoff(attempt: number, chance: number, { backoffMs, backoffMaxMs }: State['settings']): number {
  return attempt === 0 ? 0 : chance * Math.min(backoffMaxMs, backoffMs * 2 ** (attempt - 1));
}

export function dialOf(phase: Phase): Dial | null {
  return phase.at === 'dialing' || phase.at === 'live' ? phase.dial : null;
}

/** What the old way held open is closed. */
export function leave(phase: Phase): Effect[] {
  const old = dialOf(phase);
  return old?.at === 'opening' ? [shut(old.socket)] : [];
}

function withDial(state: State, dial: Dial, effects: Effect[]): Next {
  const { phase } = state;
  const next: Phase = phase.at === 'live' ? { ...phase, dial } : { at: 'dialing', dial };
  return [{ ...state, phase: next }, [...leave(phase), ...effects]];
}

/** Goes for the next socket now. */
export function dial(state: State): Next {
  const tried: State = { ...state, attempt: state.attempt + 1 };
  if (state.token !== null) return open(tried);
  const ask = state.count + 1;
  const effects: Effect[] = [{ do: 'fetch', ask, reason: state.reason }, arm('dial', TOKEN_MS)];
  return withDial({ ...tried, count: ask }, { at: 'token', ask }, effects);
}

/** Opens a socket with the token that is there. */
export function open(state: State): Next {
  const socket = state.count + 1;
  const effects: Effect[] = [{ do: 'open', socket }, arm('dial', OPENING_MS)];
  return withDial({ ...state, count: socket }, { at: 'opening', socket }, effects);
}

export function wait(state: State, ms: number, because: string, { at }: When): Next {
  return withDial(state, { at: 'waiting', until: at + ms, because }, [arm('dial', ms)]);
}

/** Tries again: at once after a healthy connection, else after a while; seldom when there is no network. */
export function again(state: State, because: string, when: When): Next {
  if (!state.online && state.phase.at !== 'live') return goOffline(state);
  if (state.attempt === 0) return dial(state);
  return wait(state, backoff(state.attempt, when.chance, state.settings), because, when);
}

/** No network, it is said: nothing is open, and one looks again now and then. */
export function goOffline(state: State): Next {
  return [{ ...state, phase: { at: 'offline' } }, [...leave(state.phase), arm('dial', OFFLINE_MS)]];
}
