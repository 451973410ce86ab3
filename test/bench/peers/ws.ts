/**
 * The ceiling: `ws` and MessagePack, nothing stored, nothing checked. Started with `--batched` it writes what one turn
 * of the event loop had to say to a socket as one WebSocket message; without, each frame is a message and a write.
 */
import { Packr } from 'msgpackr';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { ACK, DELIVERY, SEND, WATCH, WATCHING } from './ws-frames.ts';
import { ready } from './ready.ts';

const packr = new Packr({ useRecords: false });
const watchers = new Map<number, WebSocket>();
const seqs = new Map<number, number>();
const waiting = new Map<WebSocket, Uint8Array[]>();

const say = process.argv.includes('--batched') ? gather : (socket: WebSocket, value: Uint8Array) => socket.send(value);

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('message', (bytes: RawData) => {
    packr.unpackMultiple(bytes as Buffer, (frame: unknown) => hear(socket, frame));
  });
});
ready(server);

function hear(socket: WebSocket, frame: unknown): void {
  const [type, ...fields] = frame as [number, ...unknown[]];
  if (type === SEND) {
    const [cmid, conversation, text] = fields as [string, number, string];
    const seq = (seqs.get(conversation) ?? 0) + 1;
    seqs.set(conversation, seq);
    say(socket, packr.pack([ACK, cmid, seq]));
    const agent = watchers.get(conversation);
    if (agent !== undefined) say(agent, packr.pack([DELIVERY, conversation, seq, cmid, text, Date.now()]));
  } else if (type === WATCH) {
    for (const conversation of fields[0] as number[]) watchers.set(conversation, socket);
    say(socket, packr.pack([WATCHING]));
  }
}

function gather(socket: WebSocket, value: Uint8Array): void {
  const values = waiting.get(socket);
  if (values !== undefined) {
    values.push(value);
    return;
  }
  if (waiting.size === 0) setImmediate(flush);
  waiting.set(socket, [value]);
}

function flush(): void {
  for (const [socket, values] of waiting) socket.send(values.length === 1 ? values[0]! : Buffer.concat(values));
  waiting.clear();
}
