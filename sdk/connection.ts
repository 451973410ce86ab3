/**
 * The connection, as a pure function: `(state, event, when) -> [state, effects]`. `wire.ts` carries the effects out.
 *
 * Sockets and requests for tokens are numbered, and whatever comes from one that the state does not name is ignored:
 * so there is at most one socket in use and one being opened, whatever arrives late.
 */
import { again, arm, backoff, dial, dialOf, goOffline, leave, open, shut, TOKEN_MS, wait, type Dial } from './dial.ts';
import { nameOf } from './error.ts';
import { actionOf } from './protocol/codes.ts';
import type { Told } from './protocol/frames.ts';

export type TokenReason = 'first' | 'expired' | 'refused';

export type Phase =
  | { at: 'dialing'; dial: Dial }
  /** `dial`: the next socket, opened before this one is left. `renewal`: a new token is being fetched for this one. */
  | { at: 'live'; socket: number; dial: Dial | null; renewal: number | null; since: number }
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
  /** What the server asked for, or what is usual until it has. */
  settings: Settings;
}
type Settings = Extract<Told, { t: 'welcome' }>['settings'];

export type Timer = 'dial' | 'quiet' | 'probe' | 'renewal';

export type Event =
  /** The screen is back, or the app wants to: is the path still there? */
  | { type: 'resume' }
  | { type: 'pause'; because: 'background' | 'closed' }
  | { type: 'network'; online: boolean }
  | { type: 'token'; ask: number; token: string }
  /** `final`: what to stop with, null to try again. */
  | { type: 'noToken'; ask: number; final: { code: number; detail: string } | null }
  | { type: 'identify'; token: string }
  | { type: 'opened'; socket: number }
  | { type: 'welcome'; socket: number; settings: Settings }
  /** `code` is below 4000 when nobody said why; also when something proves that the path is dead. */
  | { type: 'closed'; socket: number; code: number; detail: string }
  | { type: 'reauth'; socket: number }
  | { type: 'goaway'; socket: number; spreadMs: number }
  /** `heardAt`: when the live socket last gave a sign of life. */
  | { type: 'timer'; timer: Timer; heardAt: number };

export type Effect =
  | { do: 'fetch'; ask: number; reason: TokenReason }
  | { do: 'open'; socket: number }
  | { do: 'hello'; socket: number; token: string }
  | { do: 'adopt' }
  /** `bye`: a reason to tell the server, at once, before closing. */
  | { do: 'close'; socket: number; bye: string | null }
  | { do: 'auth'; token: string }
  | { do: 'ping' }
  /** A timer has one date; arming it again moves it. */
  | { do: 'arm'; timer: Timer; ms: number }
  /** Takes all timers back. */
  | { do: 'still' };

/** When it is, and a number from 0 to 1 to spread clients by. */
export interface When {
  at: number;
  chance: number;
}
export type Next = [State, Effect[]];
type Live = Extract<Phase, { at: 'live' }>;

/** Without an answer to our own question for so long, the path is dead. */
export const PROBE_MS = 2_500;
/** Beyond two heartbeats, for the way. */
const GRACE_MS = 2_500;
/** A connection that lasted so long was a good one: tries are counted afresh. */
const HEALTHY_MS = 10_000;
const STILL: Effect = { do: 'still' };
/** How many tries a failed renewal counts as: the socket still lives, there is no hurry. */
const RENEWAL_TRIES = 4;

export const initial: State = {
  phase: { at: 'paused', because: 'closed' },
  attempt: 0,
  count: 0,
  token: null,
  reason: 'first',
  online: true,
  settings: {
    heartbeatMs: 25_000,
    frameBytes: 65_536,
    window: 16,
    typingMs: 6_000,
    backoffMs: 500,
    backoffMaxMs: 20_000,
  },
};

export function step(state: State, event: Event, when: When): Next {
  const { phase } = state;
  const same: Next = [state, []];
  const live = phase.at === 'live' && (!('socket' in event) || event.socket === phase.socket) ? phase : null;
  const way = dialOf(phase);
  const opening = 'socket' in event && way?.at === 'opening' && way.socket === event.socket;
  switch (event.type) {
    case 'resume':
      return live ? probe(state) : phase.at === 'paused' ? dial(state) : hurry(state);
    case 'pause':
      return phase.at === 'stopped' ? same : rest(state, { at: 'paused', because: event.because }, event.because);
    case 'network': {
      const next: State = { ...state, online: event.online };
      if (live) return probe(next);
      if (event.online) return hurry(next);
      return way?.at === 'waiting' ? goOffline(next) : [next, []];
    }
    case 'identify':
      return identify({ ...state, token: event.token, reason: 'first' });
    case 'token':
    case 'noToken':
      return answered(state, event, when);
    case 'opened':
      if (!opening || state.token === null) return same;
      return [state, [{ do: 'hello', socket: event.socket, token: state.token }]];
    case 'welcome':
      return opening ? welcome(state, event.socket, event.settings, when.at) : same;
    case 'closed':
      return live || opening ? closed(state, event, live, when) : same;
    case 'reauth':
      return live?.renewal === null ? renew(state, live) : same;
    case 'goaway':
      // A server that ends is no failure of the network: whatever failed before, the next one is tried without delay.
      return live?.dial === null ? wait({ ...state, attempt: 0 }, when.chance * event.spreadMs, 'network', when) : same;
    case 'timer':
      return timed(state, event.timer, event.heardAt, when);
    default:
      return event satisfies never;
  }
}

/** What was waited for may be there now: no more waiting. */
function hurry(state: State): Next {
  const { phase } = state;
  return phase.at === 'offline' || dialOf(phase)?.at === 'waiting' ? dial({ ...state, attempt: 0 }) : [state, []];
}

/** Another person's token: told to the server at once, and used for whatever is opened from now on. */
function identify(state: State): Next {
  const { phase, token } = state;
  if (phase.at === 'paused') return [state, []];
  if (phase.at !== 'live') return dial({ ...state, attempt: 0 });
  const alone: State = { ...state, phase: { ...phase, renewal: null } };
  const [next, effects] = phase.dial === null ? [alone, []] : dial(alone);
  return [next, [{ do: 'auth', token: token! }, ...effects]];
}

const probe = (state: State): Next => [state, [{ do: 'ping' }, arm('probe', PROBE_MS)]];

function renew(state: State, phase: Live): Next {
  const ask = state.count + 1;
  const effects: Effect[] = [{ do: 'fetch', ask, reason: 'expired' }, arm('renewal', TOKEN_MS)];
  return [{ ...state, count: ask, phase: { ...phase, renewal: ask } }, effects];
}

/** Lets go of every socket and timer. */
function rest(state: State, phase: Phase, bye: string | null): Next {
  const effects = [STILL, ...leave(state.phase)];
  if (state.phase.at === 'live') effects.push(shut(state.phase.socket, bye));
  return [{ ...state, phase, attempt: 0 }, effects];
}

function answered(state: State, event: Extract<Event, { ask: number }>, when: When): Next {
  const { phase } = state;
  const way = dialOf(phase);
  const dialing = way?.at === 'token' && way.ask === event.ask;
  const renewing = phase.at === 'live' && phase.renewal === event.ask;
  if (!dialing && !renewing) return [state, []];
  if (event.type === 'noToken') {
    const { final } = event;
    if (final !== null) return rest(state, { at: 'stopped', code: final.code, detail: final.detail }, 'unauthorized');
    if (dialing) return again(state, 'token', when);
    return [state, [arm('renewal', backoff(RENEWAL_TRIES, when.chance, state.settings))]];
  }
  const next: State = { ...state, token: event.token, reason: 'expired' };
  if (dialing) return open(next);
  return [{ ...next, phase: { ...(phase as Live), renewal: null } }, [{ do: 'auth', token: event.token }]];
}

function welcome(state: State, socket: number, settings: Settings, since: number): Next {
  const { phase } = state;
  const effects: Effect[] = [STILL, { do: 'adopt' }];
  // The old socket has carried on until this one could take over.
  if (phase.at === 'live') effects.push(shut(phase.socket, 'moved'));
  effects.push(arm('quiet', settings.heartbeatMs * 2 + GRACE_MS));
  return [{ ...state, settings, phase: { at: 'live', socket, dial: null, renewal: null, since } }, effects];
}

type Closed = Extract<Event, { type: 'closed' }>;

function closed(state: State, { code, detail }: Closed, live: Live | null, when: When): Next {
  const action = actionOf(code);
  if (action === 'stop') return rest(state, { at: 'stopped', code, detail }, null);
  const because = code < 4000 ? 'network' : nameOf(code);
  const reason = code === 4100 ? 'expired' : 'refused';
  const next: State = action === 'newToken' ? { ...state, token: null, reason } : state;
  return live ? lost(next, live, because, when) : again(next, because, when);
}

/** The live socket is gone. A next one that is being opened goes on; one that was only planned is wanted now. */
function lost(before: State, phase: Live, because: string, when: When): Next {
  const state = when.at - phase.since < HEALTHY_MS ? before : { ...before, attempt: 0 };
  const effects = [STILL, shut(phase.socket)];
  const way = phase.dial;
  if (way?.at === 'token' || (way?.at === 'opening' && state.token !== null)) {
    return [{ ...state, phase: { at: 'dialing', dial: way } }, [...effects, arm('dial', TOKEN_MS)]];
  }
  const dial = way ?? { at: 'waiting', until: when.at, because };
  const [next, more] = again({ ...state, phase: { at: 'dialing', dial } }, because, when);
  return [next, [...effects, ...more]];
}

function timed(state: State, timer: Timer, heardAt: number, when: When): Next {
  const { phase } = state;
  const way = dialOf(phase);
  if (timer === 'dial') {
    if (phase.at === 'offline' || way?.at === 'waiting') return dial(state);
    return way === null ? [state, []] : again(state, 'network', when);
  }
  if (phase.at !== 'live') return [state, []];
  if (timer === 'renewal') return phase.renewal === null ? [state, []] : renew(state, phase);
  const left = heardAt - when.at + (timer === 'probe' ? PROBE_MS : state.settings.heartbeatMs * 2 + GRACE_MS);
  if (left <= 0) return lost(state, phase, 'network', when);
  return [state, timer === 'quiet' ? [arm(timer, left)] : []];
}
