/**
 * A gateway in the same process, without a network: sockets are objects, frames travel through the codec both ways,
 * and the test decides what is lost, doubled or late. It keeps the promises of the protocol and nothing more.
 */
import { json, msgpack, type Codec } from '../../sdk/protocol/codec.ts';
import { CODES, type CodeName } from '../../sdk/protocol/codes.ts';
import type { Author, Entry, Mark, Summary } from '../../sdk/protocol/entry.ts';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import type { WebSocketLike } from '../../sdk/index.ts';

interface Room {
  entries: Entry[];
  marks: Mark[];
  cmids: Map<string, number>;
}
export type Person = { id: string; name: string; role: 'customer' | 'agent'; identified: boolean; workspace: string };

export class FakeSocket implements WebSocketLike {
  binaryType = '';
  onopen: unknown = null;
  onmessage: unknown = null;
  onclose: unknown = null;
  onerror: unknown = null;
  readonly server: FakeServer;
  readonly codec: Codec;
  readonly aliases = new Map<string, number>();
  me: Person | null = null;
  open = true;
  messages = 0;

  constructor(server: FakeServer, protocols: string[]) {
    this.server = server;
    this.codec = protocols[0] === 'parley1.json' ? json : msgpack;
  }

  send(message: Uint8Array | string): void {
    if (!this.open) throw new Error('closed');
    this.messages++;
    for (const frame of this.codec.decodeSaid(message)) this.server.hear(this, frame);
  }

  close(): void {
    this.open = false;
    this.server.sockets.delete(this);
  }

  /** Several frames in one message. */
  tell(...frames: Told[]): void {
    const passed = frames.flatMap((frame) => this.server.pass(frame, this));
    if (passed.length === 0 || !this.open) return;
    const message = this.codec.join(passed.map((frame) => this.codec.encodeTold(frame)));
    const data = typeof message === 'string' ? message : message.slice().buffer;
    if (typeof this.onmessage === 'function') this.onmessage({ data });
  }

  /** The server, or the network, ends it. */
  drop(code = 1006, reason = ''): void {
    this.open = false;
    this.server.sockets.delete(this);
    if (typeof this.onclose === 'function') this.onclose({ code, reason });
  }
}

export class FakeServer {
  readonly rooms = new Map<string, Room>();
  readonly sockets = new Set<FakeSocket>();
  readonly said: Said[] = [];
  /** How many sockets were ever made. */
  made = 0;
  /** Whether connecting works. */
  reachable = true;
  settings = { heartbeatMs: 25_000, frameBytes: 65_536, window: 16, typingMs: 6_000, backoffMs: 500, backoffMaxMs: 20_000 };
  /** By token. */
  people = new Map<string, Person>([['visitor', { id: 'v_1', name: 'Visitor', role: 'customer', identified: false, workspace: 'demo' }]]);
  now = () => 1_700_000_000_000;
  /** What becomes of a frame on its way to the client. */
  pass: (frame: Told, socket: FakeSocket) => Told[] = (frame) => [frame];
  /** Whoever sees to what only agents say: hears HELLO when it is answered, and frames that are not known here. */
  beyond: (socket: FakeSocket, frame: Said) => void = () => {};
  /** Answers a frame instead of the server when it returns true. */
  instead: (socket: FakeSocket, frame: Said) => boolean = () => false;

  /** For `ClientOptions.WebSocket`. */
  get WebSocket(): new (url: string, protocols: string[]) => FakeSocket {
    const server = this;
    return class extends FakeSocket {
      constructor(_url: string, protocols: string[]) {
        super(server, protocols);
        server.made++;
        void Promise.resolve().then(() => {
          if (!server.reachable) return this.drop();
          server.sockets.add(this);
          if (typeof this.onopen === 'function') this.onopen({});
        });
      }
    };
  }

  get socket(): FakeSocket {
    const socket = [...this.sockets].at(-1);
    if (socket === undefined) throw new Error('nobody is connected');
    return socket;
  }

  saidOf<T extends Said['t']>(t: T): Extract<Said, { t: T }>[] {
    return this.said.filter((frame): frame is Extract<Said, { t: T }> => frame.t === t);
  }

  hear(socket: FakeSocket, frame: Said): void {
    this.said.push(frame);
    if (this.instead(socket, frame)) return;
    switch (frame.t) {
      case 'hello': {
        const me = this.people.get(frame.token);
        if (me === undefined) return socket.drop(CODES.tokenInvalid.code, 'tokenInvalid');
        socket.me = me;
        socket.tell({ t: 'welcome', version: 0, connection: '01JD0000000000000000000000', settings: this.settings, now: this.now(), tokenExpires: 0, me, epoch: 'e' });
        for (const cursor of frame.cursors) this.#subscribe(socket, 0, cursor.conversation, cursor.seq);
        this.beyond(socket, frame);
        if (frame.feed !== null) socket.tell({ t: 'feed', store: 's', n: 1, reset: true, more: false, rows: [...this.rooms.keys()].map((id) => this.summary(id, me.role)) });
        return;
      }
      case 'subscribe':
        return this.#subscribe(socket, frame.rid, frame.conversation, frame.seq);
      case 'unsubscribe':
        return void socket.aliases.delete(this.#id(socket, frame.conversation));
      case 'send': {
        const id = this.#id(socket, frame.conversation);
        const known = this.rooms.get(id)?.cmids.get(frame.cmid);
        const me = socket.me!;
        const { seen } = frame;
        const colleague = this.room(id).entries.findLast(({ kind, author: { role, id: by } }) => kind === 'message' && role === 'agent' && by !== me.id);
        if (known === undefined && seen !== null && me.role === 'agent' && (colleague?.seq ?? 0) > seen) return this.nack(socket, frame.cmid, 'superseded', 0, `${colleague!.author.name} answered 3 s ago`);
        const seq = known ?? this.say(id, { kind: frame.kind, text: frame.text, author: me, cmid: frame.cmid }).seq;
        const entry = this.rooms.get(id)!.entries.find((found) => found.seq === seq)!;
        return socket.tell({ t: 'ack', cmid: frame.cmid, seq, n: entry.n, at: entry.at, repeated: known !== undefined });
      }
      case 'history': {
        const id = this.#id(socket, frame.conversation);
        const { after, before, limit, newest, rid } = frame;
        const all = this.visible(id, socket.me!.role);
        const head = all.at(-1)?.seq ?? 0;
        const end = before === 0 ? head + 1 : before;
        const range = all.filter(({ seq }) => seq > after && seq < end);
        const entries = newest ? range.slice(-limit) : range.slice(0, limit);
        const more = entries.length < range.length;
        const from = newest && more ? entries[0]!.seq : after + 1;
        const to = !newest && more ? entries.at(-1)!.seq : end - 1;
        return socket.tell({ t: 'page', rid, conversation: frame.conversation, from, to, more, entries });
      }
      case 'read':
      case 'delivered': {
        const marks: [string | number, number, number, number][] = frame.t === 'read' ? [[frame.conversation, frame.seq, frame.seq, frame.n]] : frame.marks.map(([id, seq]) => [id, seq, 0, 0]);
        for (const [target, delivered, read, n] of marks) this.mark(this.#id(socket, target), { person: socket.me!.id, role: socket.me!.role, delivered, read, n });
        return;
      }
      case 'command':
        return socket.tell({ t: 'result', id: frame.id, value: {} });
      case 'ping':
        return socket.tell({ t: 'pong', at: frame.at });
      case 'auth': {
        const me = this.people.get(frame.token);
        if (me === undefined) return socket.drop(CODES.tokenInvalid.code);
        socket.me = me;
        return socket.tell({ t: 'welcome', version: 0, connection: '01JD0000000000000000000000', settings: this.settings, now: this.now(), tokenExpires: 0, me, epoch: 'e' });
      }
      default:
        this.beyond(socket, frame);
    }
  }

  nack(socket: FakeSocket, ref: string | number, name: CodeName, retryAfterMs = 0, detail = ''): void {
    socket.tell({ t: 'nack', ref, code: CODES[name].code, retryAfterMs, detail });
  }

  /** Somebody says something; whoever follows hears it. */
  say(id: string, { kind = 'message', text, author, cmid = null }: { kind?: 'message' | 'note'; text: string; author: Omit<Author, 'role'> & { role: 'customer' | 'agent' }; cmid?: string | null }): Entry {
    const { role, name, id: person } = author;
    const room = this.room(id);
    const n = kind === 'note' ? 0 : room.entries.filter((entry) => entry.kind === 'message' && entry.author.role === role).length + 1;
    return this.put(id, { kind, n, author: { role, id: person, name }, cmid, body: { text } });
  }

  put(id: string, said: Pick<Entry, 'kind' | 'n' | 'author' | 'cmid' | 'body'>): Entry {
    const room = this.room(id);
    const prev = room.entries.findLast((entry) => entry.kind !== 'note')?.seq ?? 0;
    const entry = { ...said, seq: room.entries.length + 1, prev, at: this.now() } as Entry;
    room.entries.push(entry);
    if (entry.cmid !== null) room.cmids.set(entry.cmid, entry.seq);
    for (const socket of this.sockets) {
      const alias = socket.aliases.get(id);
      if (alias !== undefined && (entry.kind !== 'note' || socket.me?.role === 'agent')) socket.tell({ t: 'event', alias, entry });
    }
    return entry;
  }

  mark(id: string, mark: Mark): void {
    const room = this.room(id);
    const old = room.marks.find(({ person }) => person === mark.person);
    const next = { ...mark, delivered: Math.max(mark.delivered, old?.delivered ?? 0), read: Math.max(mark.read, old?.read ?? 0), n: Math.max(mark.n, old?.n ?? 0) };
    room.marks = [...room.marks.filter((other) => other !== old), next];
    for (const socket of this.sockets) {
      const alias = socket.aliases.get(id);
      if (alias !== undefined) socket.tell({ t: 'mark', alias, mark: next });
    }
  }

  room(id: string): Room {
    let room = this.rooms.get(id);
    if (room === undefined) this.rooms.set(id, (room = { entries: [], marks: [], cmids: new Map() }));
    return room;
  }

  visible(id: string, role: string): Entry[] {
    return this.room(id).entries.filter(({ kind }) => role === 'agent' || kind !== 'note');
  }

  summary(id: string, role: string): Summary {
    const visible = this.visible(id, role);
    const count = (of: string) => visible.filter(({ kind, author }) => kind === 'message' && author.role === of).length;
    const last = visible.findLast((entry) => entry.kind === 'message');
    return {
      conversation: id, channel: 'web', style: 'chat', status: 'open', ticket: 1, contact: { id: 'v_1', name: 'Visitor', identified: false }, assignee: null, session: 'active',
      seq: visible.at(-1)?.seq ?? 0, customerMessages: count('customer'), agentMessages: count('agent'), at: last?.at ?? 0, preview: '', marks: this.room(id).marks, desk: role === 'agent' ? ['support', 2, 0, 0, [], []] : null,
    };
  }

  #id(socket: FakeSocket, target: string | number): string {
    if (typeof target === 'string') return target;
    for (const [id, alias] of socket.aliases) if (alias === target) return id;
    throw new Error(`unknown alias ${target}`);
  }

  #subscribe(socket: FakeSocket, rid: number, id: string, seq: number): void {
    if (!this.rooms.has(id)) return this.nack(socket, rid === 0 ? id : rid, 'notFound');
    const alias = socket.aliases.get(id) ?? socket.aliases.size + 1;
    socket.aliases.set(id, alias);
    const all = this.visible(id, socket.me!.role);
    const head = all.at(-1)?.seq ?? 0;
    const verdict = seq === head ? 'current' : seq > 0 && seq < head && head - seq <= 100 ? 'replaying' : 'reset';
    const entries = verdict === 'replaying' ? all.filter((entry) => entry.seq > seq) : all.slice(-50);
    const subscribed: Told = { t: 'subscribed', rid, conversation: id, alias, epoch: 1, head, verdict, summary: this.summary(id, socket.me!.role) };
    if (verdict === 'current') return socket.tell(subscribed);
    const from = verdict === 'replaying' ? seq + 1 : entries.length < all.length ? entries[0]!.seq : 1;
    socket.tell(subscribed, { t: 'page', rid: 0, conversation: alias, from, to: head, more: from > 1, entries });
  }
}
