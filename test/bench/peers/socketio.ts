/**
 * What one writes first: Socket.IO, a table in PostgreSQL, insert unless it is there, emit to the room, acknowledge.
 * A pool of ten connections as the driver's default has it; all settings of both are their defaults.
 */
import { createServer } from 'node:http';
import { Pool } from 'pg';
import { Server } from 'socket.io';
import { ready } from './ready.ts';

interface Message {
  cmid: string;
  conversation: string;
  text: string;
}

const pool = new Pool({ connectionString: process.argv[2], max: 10 });
await pool.query(`DROP TABLE IF EXISTS messages;
  CREATE TABLE messages (id bigserial PRIMARY KEY, cmid text NOT NULL UNIQUE, conversation text NOT NULL,
    body text NOT NULL, at timestamptz NOT NULL DEFAULT now())`);

const http = createServer();
const io = new Server(http, { serveClient: false });
io.on('connection', (socket) => {
  socket.on('watch', (conversations: string[], done: () => void) => {
    socket.join(conversations);
    done();
  });
  socket.on('send', (message: Message, done: (answer: object) => void) => {
    keep(message).then(done, (error: Error) => done({ error: error.message }));
  });
});
http.listen(0, '127.0.0.1');
ready(http);

async function keep({ cmid, conversation, text }: Message): Promise<object> {
  const { rows } = await pool.query<{ id: string }>(
    'INSERT INTO messages (cmid, conversation, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id',
    [cmid, conversation, text],
  );
  const id = rows[0]?.id;
  if (id === undefined) return { repeated: true };
  io.to(conversation).emit('message', { id, cmid, conversation, text, at: Date.now() });
  return { id };
}
