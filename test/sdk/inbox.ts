/** The desk's half of the server in this process: lists of conversations as the gateway keeps them, and counts of them. */
import type { Summary } from '../../sdk/protocol/entry.ts';
import type { Said } from '../../sdk/protocol/frames.ts';
import type { FakeServer, FakeSocket } from './server.ts';

type Watch = Extract<Said, { t: 'watch' }>;
/** `window`: the rows that the client was told to be there. */
type Watched = Watch & { window: Summary[]; total: number };
type Desk = NonNullable<Summary['desk']>;

const STORE = 's1';

export function summaryOf(id: string, change: Partial<Summary> = {}): Summary {
  return {
    conversation: id, channel: 'web', style: 'chat', status: 'open', ticket: 1, contact: { id: 'v_1', name: 'Visitor', identified: false }, assignee: null, session: 'active',
    seq: 1, customerMessages: 1, agentMessages: 0, at: 1, preview: 'hi', marks: [], desk: ['support', 2, 0, 0, [], []], ...change,
  };
}

function belongs(list: string, { status, assignee, desk }: Summary, me: string): boolean {
  const [team, , waitingSince] = desk as Desk;
  const open = status !== 'solved' && status !== 'closed';
  const [kind, name] = list.split(':');
  switch (kind) {
    case 'open': return open;
    case 'unassigned': return status === 'new';
    case 'mine': return open && assignee?.id === me;
    case 'waiting': return open && waitingSince > 0;
    case 'team': return open && team === name;
    default: return status === name;
  }
}

export class FakeInbox {
  readonly rows = new Map<string, Summary>();
  readonly #server: FakeServer;
  readonly #watched = new Map<FakeSocket, Map<number, Watched>>();
  /** All rows as they were at each number. */
  readonly #past: Map<string, Summary>[] = [new Map()];
  /** Whether a client that comes back may go on from where it was. */
  remembers = true;
  /** Whether rows that others push beyond the limit are named as gone. */
  namesPushed = true;
  /** At most so many rows to a frame. */
  perFrame = 200;

  constructor(server: FakeServer) {
    this.#server = server;
    server.beyond = (socket, frame) => {
      if (frame.t === 'watch') this.#watch(socket, frame);
      if (frame.t === 'act') socket.tell({ t: 'result', id: frame.id, value: {} });
    };
  }

  set(...rows: Summary[]): void {
    for (const row of rows) this.rows.set(row.conversation, row);
    this.#past.push(new Map(this.rows));
    for (const [socket, watches] of this.#watched) {
      if (!this.#server.sockets.has(socket)) this.#watched.delete(socket);
      else for (const watched of watches.values()) this.#tell(socket, watched, watched.window, false);
    }
  }

  /** All of a list, in its order. */
  listed(list: string, sort: 'newest' | 'waiting', me: string, rows = this.rows): Summary[] {
    const patience = ({ desk }: Summary): number => (sort === 'newest' ? 0 : (desk as Desk)[2] || Number.MAX_SAFE_INTEGER);
    return [...rows.values()].filter((row) => belongs(list, row, me))
      .sort((a, b) => patience(a) - patience(b) || b.at - a.at || (a.conversation < b.conversation ? -1 : 1));
  }

  #watch(socket: FakeSocket, frame: Watch): void {
    const watches = this.#watched.get(socket) ?? new Map<number, Watched>();
    this.#watched.set(socket, watches);
    const old = watches.get(frame.wid);
    watches.delete(frame.wid);
    if (frame.limit === 0) return;
    const { since, list, sort, limit } = frame;
    const goesOn = since !== null && since.store === STORE && (this.remembers || old !== undefined);
    // On this connection it is known what the client has; from another one it has what it says.
    const before = old?.window ?? (goesOn ? this.listed(list, sort, socket.me!.id, this.#past[since.n]).slice(0, limit) : []);
    const watched = { ...frame, window: [], total: 0 };
    watches.set(frame.wid, watched);
    this.#tell(socket, watched, goesOn ? before : [], !goesOn, true);
  }

  #tell(socket: FakeSocket, watched: Watched, before: readonly Summary[], reset: boolean, asked = false): void {
    const { wid, list, sort, limit } = watched;
    const all = this.listed(list, sort, socket.me!.id);
    watched.window = all.slice(0, limit);
    const rows = watched.window.filter((row) => reset || !before.includes(row));
    const pushed = (row: Summary): boolean => !this.namesPushed && all.includes(row);
    const gone = before.filter((row) => !watched.window.some(({ conversation }) => conversation === row.conversation) && !pushed(row)).map(({ conversation }) => conversation);
    const { total } = watched;
    watched.total = all.length;
    if (!asked && rows.length === 0 && gone.length === 0 && total === all.length) return;
    const same = { t: 'listed', wid, store: STORE, n: this.#past.length - 1, total: all.length, more: all.length > limit } as const;
    for (let at = 0; at === 0 || at < rows.length; at += this.perFrame) {
      socket.tell({ ...same, reset: reset && at === 0, rows: rows.slice(at, at + this.perFrame), gone: at === 0 ? gone : [] });
    }
  }
}
