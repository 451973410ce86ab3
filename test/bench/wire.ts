/**
 * A WebSocket client with nothing to spare, the same for every candidate, so that the load costs little and equally:
 * one write per socket and turn of the event loop, a zero mask, frames parsed where they lie.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const CONNECT_MS = 10_000;

export interface WireOptions {
  port: number;
  path: string;
  protocol?: string;
  /** Text messages, each value in one of its own; or binary ones that hold all values of a turn. */
  form: 'text' | 'binary';
}

/** Collects the sockets that have something to write and writes at the end of the turn. */
export class Turn {
  #dirty: Wire[] = [];
  #flush = (): void => {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const wire of dirty) wire.flush();
  };

  add(wire: Wire): void {
    if (this.#dirty.push(wire) === 1) setImmediate(this.#flush);
  }
}

export class Wire {
  onMessage: (payload: Buffer) => void = () => {};
  /** Called when the server ends it; not after `close()`. */
  onEnd: (why: string) => void = () => {};
  readonly #turn: Turn;
  readonly #socket: Socket;
  readonly #form: 'text' | 'binary';
  #values: Uint8Array[] = [];
  #rest: Buffer | undefined;

  private constructor(turn: Turn, socket: Socket, form: 'text' | 'binary') {
    this.#turn = turn;
    this.#socket = socket;
    this.#form = form;
  }

  static open(turn: Turn, options: WireOptions): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: options.port, noDelay: true });
      let head = Buffer.alloc(0);
      const fail = (why: string): void => {
        socket.destroy();
        reject(new Error(`No WebSocket at 127.0.0.1:${options.port}${options.path}: ${why}`));
      };
      const timer = setTimeout(() => fail(`no answer within ${CONNECT_MS} ms.`), CONNECT_MS);
      socket.on('error', (error) => fail(error.message));
      socket.on('close', () => fail('closed before the upgrade.'));
      socket.on('connect', () => socket.write([
        `GET ${options.path} HTTP/1.1`, `Host: 127.0.0.1:${options.port}`, 'Connection: Upgrade', 'Upgrade: websocket',
        'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        ...(options.protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${options.protocol}`]), '', '',
      ].join('\r\n')));
      socket.on('data', function upgrade(chunk) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        clearTimeout(timer);
        const [status = ''] = head.toString('latin1', 0, end).split('\r\n');
        if (!status.includes(' 101 ')) return fail(`${status} ${head.toString('utf8', end + 4, end + 300)}`);
        socket.removeAllListeners();
        const wire = new Wire(turn, socket, options.form);
        resolve(wire);
        // The caller sets its listeners when the promise resolves: what came with the head waits until then.
        setImmediate(() => wire.#begin(head.subarray(end + 4)));
      });
    });
  }

  say(value: Uint8Array): void {
    if (this.#values.push(value) === 1) this.#turn.add(this);
  }

  flush(): void {
    const values = this.#values;
    this.#values = [];
    if (this.#socket.destroyed) return;
    if (this.#form === 'text') {
      this.#socket.write(Buffer.concat(values.flatMap((value) => [header(TEXT, value.length), value])));
    } else {
      let bytes = 0;
      for (const value of values) bytes += value.length;
      this.#socket.write(Buffer.concat([header(BINARY, bytes), ...values]));
    }
  }

  close(): void {
    this.onEnd = () => {};
    this.onMessage = () => {};
    this.#socket.destroy();
  }

  #begin(first: Buffer): void {
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.onEnd(error.message));
    this.#socket.on('close', () => this.onEnd('The server closed the socket.'));
    if (first.length > 0) this.#take(first);
  }

  #take(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    let at = 0;
    while (at + 2 <= bytes.length) {
      const first = bytes.readUInt8(at);
      let length = bytes.readUInt8(at + 1);
      let from = at + 2;
      if (length === 126) {
        if (from + 2 > bytes.length) break;
        length = bytes.readUInt16BE(from);
        from += 2;
      } else if (length === 127) {
        if (from + 8 > bytes.length) break;
        length = Number(bytes.readBigUInt64BE(from));
        from += 8;
      }
      if (from + length > bytes.length) break;
      at = from + length;
      this.#frame(first, bytes.subarray(from, at));
    }
    if (at < bytes.length) this.#rest = bytes.subarray(at);
  }

  #frame(first: number, payload: Buffer): void {
    const opcode = first & 0x0f;
    if (first < 0x80 || opcode === 0) throw new Error('Fragmented messages are not spoken here.');
    if (opcode === TEXT || opcode === BINARY) this.onMessage(payload);
    else if (opcode === PING) this.#socket.write(Buffer.concat([header(PONG, payload.length), payload]));
    else if (opcode === CLOSE) {
      const code = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
      this.onEnd(`Closed with ${code} ${payload.toString('utf8', 2)}`);
      this.close();
    }
  }
}

/** The head of a masked frame. The mask is zero: legal, and the payload needs no copy. */
function header(opcode: number, length: number): Buffer {
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(6 + extended);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) head.writeUInt16BE(length, 2);
  if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
