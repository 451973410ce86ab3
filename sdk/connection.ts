/**
 * The connection, as a pure function: `(state, event, when) -> [state, effects]`. `wire.ts` carries the effects out.
 *
 * Sockets and requests for tokens are numbered, and whatever comes from one that the state does not name is ignored:
 * so there is at most one socket in use and one being opened, whatever arrives late.
 */
import { again, backoff, dial, dialOf, goOffline, open, TOKEN_MS, wait, type Dial } from './dial.ts';
import { actionOf } from './protocol/codes.ts';

export type TokenReason = 'first' | 'expired' | 'refused';

export type Phase =
  | { at: 'dialing'; dial: Dial }
  /** `dial`: the next socket, opened before this one is left. `renewal`: a new token is being fetched for this one. */
  | { at: 'live'; socket: number; dial: Dial | null; renewal: number | null }
  | { at: 'offline' }
  | { at: 'paused'; because: 'background' | 'closed' }
  | { at: 'stopped'; code: number; detail: string };

export interface State {
  phase: Phase;
  /** Tries since the last healthy connection. */
  attempt: number;
  /** Numbers given to sockets and requests for tokens so far. */
  count: number;
  token: string | null;
  /** Why the next token is needed. */
  reason: TokenReason;
  /** What the operating system says. It may be wrong, so it only slows tries down. */
  online: boolean;
  settings: { heartbeatMs: number; backoffMs: number; backoffMaxMs: number };
}

export type Timer = 'dial' | 'healthy' | 'quiet' | 'probe' | 'renewal';

export type Event =
  /** The screen is back, or the app wants to: is the path still there? */
  | { type: 'resume' }
  | { type: 'pause'; because: 'background' | 'closed' }
  | { type: 'network'; online: boolean }
  | { type: 'token'; ask: number; token: string }
  /** `final`: the code to stop with, null to try again. */
  | { type: 'noToken'; ask: number; final: number | null; detail: string }
  | { type: 'identify'; token: string }
  | { type: 'opened'; socket: number }
  | { type: 'welcome'; socket: number; settings: State['settings'] }
  | { type: 'closed'; socket: number; code: number; detail: string }
  | { type: 'reauth'; socket: number }
  | { type: 'goaway'; socket: number; spreadMs: number }
  /** Something proves that the path of the live socket is dead. */
  | { type: 'dead' }
  /** `heardAt`: when the live socket last gave a sign of life. */
  | { type: 'timer'; timer: Timer; heardAt: number };

export type Effect =
  | { do: 'fetch'; ask: number; reason: TokenReason }
  | { do: 'open'; socket: number }
  | { do: 'hello'; socket: number; token: string }
  | { do: 'adopt'; socket: number }
  /** `bye`: a reason to tell the server, at once, before closing. */
  | { do: 'close'; socket: number; bye: string | null }
  | { do: 'auth'; token: string }
  | { do: 'ping' }
  /** A timer has one date; arming it again moves it. */
  | { do: 'arm'; timer: Timer; ms: number }
  | { do: 'disarm'; timer: Timer };

/** When it is, and a number from 0 to 1 to spread clients by. */
export interface When {
  at: number;
  chance: number;
}
export type Next = [State, Effect[]];

/** Without an answer to our own question for so long, the path is dead. */
export const PROBE_MS = 2_500;
/** Beyond two heartbeats, for the way. */
const GRACE_MS = 2_500;
/** A connection that lasted so long was a good one: tries are counted afresh. */
const HEALTHY_MS = 10_000;
const FOR_LIVE: readonly Timer[] = ['healthy', 'quiet', 'probe', 'renewal'];

export const initial: State = {
  phase: { at: 'paused', because: 'closed' },
  attempt: 0,
  count: 0,
  token: null,
  reason: 'first',
  online: true,
  settings: { heartbeatMs: 25_000, backoffMs: 500, backoffMaxMs: 20_000 },
};

export function step(state: State, event: Event, when: When): Next {
  const { phase } = state;
  switch (event.type) {
    case 'resume':
      if (phase.at === 'live') return probe(state);
      return phase.at === 'paused' ? dial(state) : hurry(state);
    case 'pause':
      return phase.at === 'stopped' ? [state, []] : rest(state, { at: 'paused', because: event.because }, event.because);
    case 'network':
      return network({ ...state, online: event.online });
    case 'identify':
      return identify({ ...state, token: event.token, reason: 'first' });
    case 'token':
    case 'noToken':
      return answered(state, event, when);
    case 'opened':
      if (!opening(phase, event.socket) || state.token === null) return [state, []];
      return [state, [{ do: 'hello', socket: event.socket, token: state.token }]];
    case 'welcome':
      return welcome(state, event);
    case 'closed':
      return closed(state, event, when);
    case 'reauth':
      return phase.at === 'live' && phase.socket === event.socket && phase.renewal === null ? renew(state, phase) : [state, []];
    case 'goaway':
      if (phase.at !== 'live' || phase.socket !== event.socket || phase.dial !== null) return [state, []];
      return wait(state, when.chance * event.spreadMs, 'goingAway', when);
    case 'dead':
      return phase.at === 'live' ? lost(state, phase, 'network', when) : [state, []];
    case 'timer':
      return timed(state, event.timer, event.heardAt, when);
    default:
      return event satisfies never;
  }
}

const opening = (phase: Phase, socket: number): boolean => {
  const way = dialOf(phase);
  return way?.at === 'opening' && way.socket === socket;
};

/** What was waited for may be there now: no more waiting. */
function hurry(state: State): Next {
  const { phase } = state;
  return phase.at === 'offline' || (phase.at === 'dialing' && phase.dial.at === 'waiting') ? dial({ ...state, attempt: 0 }) : [state, []];
}

function network(state: State): Next {
  const { phase } = state;
  if (phase.at === 'live') return probe(state);
  if (state.online) return hurry(state);
  return phase.at === 'dialing' && phase.dial.at === 'waiting' ? goOffline(state) : [state, []];
}

/** Another person's token: told to the server at once, and used for whatever is opened from now on. */
function identify(state: State): Next {
  const { phase } = state;
  if (phase.at === 'paused') return [state, []];
  if (phase.at !== 'live') return dial({ ...state, attempt: 0 });
  const alone: State = { ...state, phase: { ...phase, renewal: null } };
  const effects: Effect[] = [{ do: 'auth', token: state.token ?? '' }, { do: 'disarm', timer: 'renewal' }];
  if (phase.dial === null || phase.dial.at === 'waiting') return [alone, effects];
  const [next, more] = dial(alone);
  return [next, [...effects, ...more]];
}

const probe = (state: State): Next => [state, [{ do: 'ping' }, { do: 'arm', timer: 'probe', ms: PROBE_MS }]];

function renew(state: State, phase: Phase & { at: 'live' }): Next {
  const count = state.count + 1;
  return [{ ...state, count, phase: { ...phase, renewal: count } }, [{ do: 'fetch', ask: count, reason: 'expired' }, { do: 'arm', timer: 'renewal', ms: TOKEN_MS }]];
}

/** Lets go of every socket and timer. */
function rest(state: State, phase: Phase, bye: string | null): Next {
  const effects: Effect[] = [...FOR_LIVE, 'dial' as const].map((timer) => ({ do: 'disarm', timer }));
  const way = dialOf(state.phase);
  if (way?.at === 'opening') effects.push({ do: 'close', socket: way.socket, bye: null });
  if (state.phase.at === 'live') effects.push({ do: 'close', socket: state.phase.socket, bye });
  return [{ ...state, phase, attempt: 0 }, effects];
}

function answered(state: State, event: Event & { type: 'token' | 'noToken' }, when: When): Next {
  const { phase } = state;
  const way = dialOf(phase);
  const dialing = way?.at === 'token' && way.ask === event.ask;
  const renewing = phase.at === 'live' && phase.renewal === event.ask;
  if (!dialing && !renewing) return [state, []];
  if (event.type === 'noToken') {
    if (event.final !== null) return rest(state, { at: 'stopped', code: event.final, detail: event.detail }, 'unauthorized');
    if (dialing) return again(state, 'token', when);
    return [state, [{ do: 'arm', timer: 'renewal', ms: backoff(4, when.chance, state.settings) }]];
  }
  const next: State = { ...state, token: event.token, reason: 'expired' };
  if (!dialing && phase.at === 'live') return [{ ...next, phase: { ...phase, renewal: null } }, [{ do: 'disarm', timer: 'renewal' }, { do: 'auth', token: event.token }]];
  return open(next);
}

function welcome(state: State, { socket, settings }: Event & { type: 'welcome' }): Next {
  const { phase } = state;
  if (!opening(phase, socket)) return [state, []];
  const effects: Effect[] = [{ do: 'disarm', timer: 'dial' }, { do: 'disarm', timer: 'probe' }, { do: 'disarm', timer: 'renewal' }, { do: 'adopt', socket }];
  // The old socket has carried on until this one could take over.
  if (phase.at === 'live') effects.push({ do: 'close', socket: phase.socket, bye: 'moved' });
  effects.push({ do: 'arm', timer: 'healthy', ms: HEALTHY_MS }, { do: 'arm', timer: 'quiet', ms: settings.heartbeatMs * 2 + GRACE_MS });
  return [{ ...state, settings, phase: { at: 'live', socket, dial: null, renewal: null } }, effects];
}

function closed(state: State, event: Event & { type: 'closed' }, when: When): Next {
  const { phase } = state;
  const mine = phase.at === 'live' && phase.socket === event.socket;
  if (!mine && !opening(phase, event.socket)) return [state, []];
  const action = actionOf(event.code);
  if (action === 'stop') return rest(state, { at: 'stopped', code: event.code, detail: event.detail }, null);
  const because = event.code < 4000 ? 'network' : String(event.code);
  const next: State = action === 'newToken' ? { ...state, token: null, reason: event.code === 4100 ? 'expired' : 'refused' } : state;
  return mine ? lost(next, phase, because, when) : again(next, because, when);
}

/** The live socket is gone. A next one that is being opened goes on; one that was only planned is wanted now. */
function lost(state: State, phase: Phase & { at: 'live' }, because: string, when: When): Next {
  const effects: Effect[] = FOR_LIVE.map((timer) => ({ do: 'disarm', timer }));
  effects.push({ do: 'close', socket: phase.socket, bye: null });
  const way = phase.dial;
  const usable = way?.at === 'token' || (way?.at === 'opening' && state.token !== null);
  if (usable) return [{ ...state, phase: { at: 'dialing', dial: way } }, effects];
  const [next, more] = again({ ...state, phase: { at: 'dialing', dial: { at: 'waiting', until: when.at, because } } }, because, when);
  return [next, [...effects, ...more]];
}

function timed(state: State, timer: Timer, heardAt: number, when: When): Next {
  const { phase } = state;
  if (timer === 'dial') {
    const way = dialOf(phase);
    if (phase.at === 'offline' || way?.at === 'waiting') return dial(state);
    return way === null ? [state, []] : again(state, 'network', when);
  }
  if (phase.at !== 'live') return [state, []];
  switch (timer) {
    case 'healthy':
      return [{ ...state, attempt: 0 }, []];
    case 'probe':
      return heardAt > when.at - PROBE_MS ? [state, []] : lost(state, phase, 'network', when);
    case 'quiet': {
      const left = heardAt + state.settings.heartbeatMs * 2 + GRACE_MS - when.at;
      return left > 0 ? [state, [{ do: 'arm', timer, ms: left }]] : lost(state, phase, 'network', when);
    }
    case 'renewal':
      return renew(state, phase);
    default:
      return timer satisfies never;
  }
}
