/** A gateway in this process with real sockets, and plain protocol clients to talk to it. The clock is moved by hand. */
import { once } from 'node:events';
import { SignJWT } from 'jose';
import { ulid } from 'ulid';
import { WebSocket } from 'ws';
import type { ActorState, Kind } from '../../machines/actor.ts';
import { msgpack, type Codec } from '../../sdk/protocol/codec.ts';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import type { Bus } from '../../gateway/bus.ts';
import { handClock, type Clock } from '../../gateway/clock.ts';
import { startGateway, type Gateway } from '../../gateway/gateway.ts';
import type { Members } from '../../gateway/members.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import type { Log } from '../../gateway/log.ts';
import { parseSettings, type Settings } from '../../gateway/settings.ts';
import type { Store } from '../../gateway/store.ts';
import { openStore } from '../../gateway/store.sqlite.ts';
import { START } from '../machines/talk.ts';

export interface House {
  gateway: Gateway;
  clock: ReturnType<typeof handClock>;
  log: Log;
  store: Store;
  /** What the operator must know; `course` is what goes as it should. */
  reports: { what: string; facts: Readonly<Record<string, unknown>> }[];
  course: House['reports'];
  /** For an agent, in the settings or not, from a back end of the workspace's own. */
  token(id: string, workspace?: string): Promise<string>;
  customer(device?: string, codec?: Codec): Promise<Peer>;
  agent(id?: string, codec?: Codec): Promise<Peer>;
  close(): Promise<void>;
}

export interface HouseOptions {
  log?: Log;
  settings?: unknown;
  kinds?: readonly Kind<ActorState>[];
  clock?: ReturnType<typeof handClock>;
  /** For tests that let days pass while sockets stay. */
  socketClock?: Clock;
  bus?: Bus;
  members?: Members;
  /** Default: any free one. */
  port?: number;
}

const SECRET = new Uint8Array(32).fill(7);
const OUTSIDE = 'a back end of the workspace\'s own, in tests';

/** Every workspace has a back end that signs agents in. */
function outside(settings: Settings): Settings {
  const key = (workspace: string) => ({
    kid: `house-${workspace}`, algorithm: 'HS256', secret: OUTSIDE, issuer: 'house', audience: workspace, roles: ['agent' as const],
  } as const);
  const workspaces = Object.entries(settings.workspaces).map(([name, workspace]) => [name, { ...workspace, keys: [...workspace.keys, key(name)] }]);
  return { ...settings, workspaces: Object.fromEntries(workspaces) as Settings['workspaces'] };
}

function outsider(id: string, workspace: string, now: number): Promise<string> {
  const seconds = Math.floor(now / 1_000);
  return new SignJWT({ sub: id, role: 'agent', name: id }).setProtectedHeader({ alg: 'HS256', kid: `house-${workspace}` })
    .setIssuer('house').setAudience(workspace).setIssuedAt(seconds).setExpirationTime(seconds + 12 * 3_600).sign(new TextEncoder().encode(OUTSIDE));
}

export async function openHouse({ log = memoryLog({ shards: 4 }), settings = {}, kinds = [], clock = handClock(START), socketClock = clock, bus, members, port = 0 }: HouseOptions = {}): Promise<House> {
  const reports: House['reports'] = [];
  const course: House['reports'] = [];
  const report = (level: string, what: string, facts = {}): void => { (level === 'info' ? course : reports).push({ what, facts }); };
  const store = await openStore({ memory: true, log, report });
  const gateway = await startGateway({
    log, store, settings: outside(parseSettings(settings)), clock, socketClock, report, node: 'test', secret: SECRET, host: '127.0.0.1', port, demo: true, kinds,
    ...bus === undefined ? {} : { bus }, ...members === undefined ? {} : { members, node: members.self },
  });
  const peers: Peer[] = [];
  let closing: Promise<void> | undefined;
  const greet = async (token: string, device: string, codec: Codec): Promise<Peer> => {
    const peer = await dial(gateway, codec);
    peers.push(peer);
    peer.say({ t: 'hello', version: 0, sdk: 'test', device, token, cursors: [], feed: null, language: null });
    await peer.hear('welcome');
    return peer;
  };
  return {
    gateway, clock, log, store, reports, course,
    token: (id, workspace = 'demo') => outsider(id, workspace, clock.now()),
    customer: async (device = ulid(), codec = msgpack) => greet(await gateway.identities.visitor('demo', device, undefined), device, codec),
    agent: async (id = 'ada', codec = msgpack) => greet(await outsider(id, 'demo', clock.now()), ulid(), codec),
    close: () => closing ??= (async () => {
      for (const peer of peers) peer.ws.terminate();
      await gateway.close();
    })(),
  };
}

export interface Peer {
  ws: WebSocket;
  say(...frames: Said[]): void;
  /** The next frame of this kind (that fits), skipping others; also one that has already come. */
  hear<T extends Told['t']>(t: T, fits?: (frame: Extract<Told, { t: T }>) => boolean): Promise<Extract<Told, { t: T }>>;
  /** Every frame so far that `hear` has not taken. */
  frames: Told[];
  closed: Promise<{ code: number; reason: string }>;
}

export async function dial(gateway: Pick<Gateway, 'port'>, codec: Codec = msgpack, headers: Record<string, string> = {}): Promise<Peer> {
  const ws = new WebSocket(`ws://127.0.0.1:${gateway.port}/connect`, codec.subprotocol, { headers });
  const frames: Told[] = [];
  let waiting: (() => void)[] = [];
  const wake = (): void => { for (const call of waiting.splice(0)) call(); };
  let ended = '';
  ws.on('message', (data: Buffer, binary) => {
    frames.push(...codec.decodeTold(binary ? data : data.toString()));
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => { ended = `${code} ${reason.toString()}`; resolve({ code, reason: reason.toString() }); wake(); });
  });
  ws.on('error', () => undefined);
  await once(ws, 'open');
  return {
    ws, frames, closed,
    say: (...said) => ws.send(codec.join(said.map((frame) => codec.encodeSaid(frame)))),
    async hear(t, fits = () => true) {
      for (;;) {
        const i = frames.findIndex((frame) => frame.t === t && fits(frame as never));
        if (i >= 0) return frames.splice(i, 1)[0] as never;
        if (ended !== '') throw new Error(`closed (${ended}) while waiting for ${t}`);
        await new Promise<void>((resolve) => { waiting.push(resolve); });
      }
    },
  };
}

let ids = 0;
/** ULIDs that grow. */
export function nextId(): string {
  return `01J9ZK3M8Q${String(++ids).padStart(16, '0')}`;
}

export function message(conversation: string | number, text: string, cmid = nextId()): Extract<Said, { t: 'send' }> {
  return { t: 'send', cmid, conversation, kind: 'message', text, channel: null, seen: null };
}
