/**
 * HTTP: the pages, the few requests that a browser makes before its socket, and the upgrade. One table of routes serves
 * requests and upgrades alike.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { json, msgpack, type Codec } from '../sdk/protocol/codec.ts';
import { CODES, Refusal, type CodeName } from '../sdk/protocol/codes.ts';
import { FRAME_BYTES } from './greeting.ts';
import type { Identity } from './identity.ts';
import type { Pages } from './pages.ts';
import { bearerOf, bodyOf, foreignOrigin, isForwarded, languageOf, targetOf, tokenOf } from './request.ts';
import { Json, Reply, RouteTable, type Asked, type Found, type Routes } from './routes.ts';

export interface ServerParts {
  routes: Routes;
  /** The agent who asks with this token, from a page of this origin. @throws Refusal */
  admit(token: string, origin: string | undefined): Promise<Identity>;
  /** The customer who does. @throws Refusal */
  admitCustomer(token: string, origin: string | undefined): Promise<Identity>;
  pages: Pages;
  /** Whether this web origin may ask at all; what it may do in a workspace is for routes and connections to say. */
  allowed(origin: string): boolean;
  /** False when no further socket may come now. */
  room(): boolean;
  /** @param language that the device prefers, '' for none */
  connect(ws: WebSocket, codec: Codec, origin: string | undefined, language: string): void;
}

const CODECS: readonly Codec[] = [msgpack, json];
const BODY_BYTES = 16 * 1024;
/** Of an agent's request: a section of settings may name a thousand people. */
const AGENT_BODY_BYTES = 1024 * 1024;
/** What pages ask first. Any of them may read its answer, else one that is refused sees a broken network and tries for ever. */
const FIRST_ASKED = '/auth/visitor';
/** Who is slow to say what they want makes room for others. */
const PATIENCE = { maxHeaderSize: 8192, headersTimeout: 5_000, requestTimeout: 8_000, connectionsCheckingInterval: 1_000 };
/** HTTP's word for a refusal; tokens are 401, all else 400. */
const STATUSES: Readonly<Partial<Record<CodeName, number>>> = {
  rateLimited: 429, tooLarge: 413, originRefused: 403, forbidden: 403, notFound: 404, conflict: 409, inUse: 409,
  overloaded: 503, ownerChanging: 503, storeUnavailable: 503, quarantined: 500, damaged: 500,
};

/** What is answered to bytes that are no request. */
const MISTAKES: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout', HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

export function serve(parts: ServerParts): Server {
  const table = new RouteTable(parts.routes);
  const server = createServer(PATIENCE, (request, response) => {
    answer(parts, table, request, response).catch(() => {
      if (!response.headersSent) say(response, 500, { error: 'The server failed on this request.' });
      else response.destroy();
    });
  });
  const sockets = new WebSocketServer({
    noServer: true, perMessageDeflate: false, maxPayload: FRAME_BYTES, clientTracking: false, autoPong: true,
    // Limits by count of parts, not only by bytes.
    ...{ maxFragments: 16, maxBufferedChunks: 64 },
    handleProtocols: (offered) => CODECS.find(({ subprotocol }) => offered.has(subprotocol))?.subprotocol ?? false,
  });
  server.on('upgrade', (request, socket, head) => upgrade(parts, sockets, request, socket, head));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (socket.writable) last(socket, `HTTP/1.1 ${MISTAKES[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
    else socket.destroy();
  });
  return server;
}

async function answer(parts: ServerParts, table: RouteTable, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  const url = targetOf(request);
  if (url === undefined) return say(response, 400, { error: 'The request target is not a path.' });
  const method = request.method === 'HEAD' ? 'GET' : request.method ?? '';
  const { origin } = request.headers;
  const foreign = foreignOrigin(request);
  const allowed = foreign === undefined || parts.allowed(foreign);
  response.setHeader('Vary', 'Origin');
  if (origin !== undefined && (allowed || url.pathname === FIRST_ASKED)) response.setHeader('Access-Control-Allow-Origin', origin);
  const routes = table.at(url.pathname);
  const methods = [...routes.keys()];
  if ((parts.pages.has(url.pathname) || url.pathname === '/connect') && !methods.includes('GET')) methods.unshift('GET');
  if (methods.length === 0) {
    const unbuilt = parts.pages.size === 0 ? ' The pages have not been built: npm start builds them.' : '';
    const mend = `The demo is at /, the console at /console, the socket at /connect.${unbuilt}`;
    return say(response, 404, { error: `There is nothing at ${url.pathname.slice(0, 100)}.`, mend });
  }
  if (method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Methods', methods.join(', '));
    response.setHeader('Access-Control-Allow-Headers', 'Content-Type, Authorization');
    return say(response, 204);
  }
  if (!methods.includes(method)) {
    response.setHeader('Allow', methods.join(', '));
    return say(response, 405, { error: `${url.pathname} does not take ${method.slice(0, 20)}.`, mend: `It takes ${methods.join(', ')}.` });
  }
  const page = method === 'GET' ? parts.pages.get(url.pathname) : undefined;
  if (page !== undefined) {
    response.writeHead(200, { ...page.headers, 'Content-Length': page.bytes.length }).end(page.bytes);
    return;
  }
  if (url.pathname === '/connect') {
    const mend = `Connect with the subprotocol ${CODECS.map((c) => c.subprotocol).join(' or ')}.`;
    return say(response, 426, { error: 'This is a WebSocket address.', mend });
  }
  try {
    if (method !== 'GET' && !allowed) throw new Refusal('originRefused');
    say(response, 200, await carryOut(parts, routes.get(method), request, url, foreign));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { what, mend } = CODES[error.name];
    const status = STATUSES[error.name] ?? (error.code >= 4100 && error.code < 4200 ? 401 : 400);
    if (error.retryAfterMs > 0) response.setHeader('Retry-After', Math.ceil(error.retryAfterMs / 1000));
    say(response, status, { code: error.code, name: error.name, error: what, mend, detail: error.detail });
  }
}

async function carryOut(
  { admit, admitCustomer }: ServerParts, found: Found | undefined, request: IncomingMessage, url: URL, foreign: string | undefined,
): Promise<unknown> {
  if (found === undefined) return undefined;
  const { route, at } = found;
  const forAgents = 'agent' in route;
  // Nobody's megabyte is read before it is known whose it is.
  const identity = forAgents ? await admit(tokenOf(request), foreign) : undefined;
  const body = request.method === 'GET' || request.method === 'HEAD' ? {} : await bodyOf(request, forAgents ? AGENT_BODY_BYTES : BODY_BYTES);
  const { origin, host = '' } = request.headers;
  const asked: Asked = {
    body, at, query: url.searchParams, address: request.socket.remoteAddress ?? '', origin: foreign,
    home: foreign === undefined ? origin : undefined, local: foreign === undefined && LOOPBACK.test(host),
    token: bearerOf(request), forwarded: isForwarded(request),
  };
  if (forAgents) return identity === undefined ? undefined : route.agent(asked, identity);
  if ('customer' in route) return route.customer(asked, await admitCustomer(tokenOf(request), foreign));
  return route(asked);
}

function upgrade(parts: ServerParts, sockets: WebSocketServer, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const refuse = (status: string, body: Readonly<Record<string, unknown>>): void => {
    const text = JSON.stringify(body);
    last(socket, `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  socket.on('error', () => socket.destroy());
  if (targetOf(request)?.pathname !== '/connect') return refuse('404 Not Found', { error: 'The socket is at /connect.' });
  const origin = foreignOrigin(request);
  if (origin !== undefined && !parts.allowed(origin)) {
    const { code, what, mend } = CODES.originRefused;
    return refuse('403 Forbidden', { code, error: what, mend });
  }
  const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const codec = CODECS.find(({ subprotocol }) => offered.includes(subprotocol));
  if (codec === undefined) {
    return refuse('400 Bad Request', { error: 'None of the offered subprotocols is spoken here.', supported: CODECS.map((c) => c.subprotocol) });
  }
  if (!parts.room()) {
    const mend = 'Try again later, or at another node.';
    return refuse('503 Service Unavailable', { error: 'This node takes no further connections now.', mend });
  }
  sockets.handleUpgrade(request, socket, head, (ws) => parts.connect(ws, codec, origin, languageOf(request)));
}

function say(response: ServerResponse, status: number, body?: unknown): void {
  if (body instanceof Reply) return write(response, body);
  const text = body === undefined ? '' : `${body instanceof Json ? body.text : JSON.stringify(body)}\n`;
  write(response, { status, type: 'application/json', text });
}

function write(response: ServerResponse, { status, type, text }: Reply): void {
  const headers = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), 'Cache-Control': 'no-store' };
  response.writeHead(status, text === '' ? {} : headers);
  response.end(text);
}

/** The last words to a socket: then it is gone, whether or not the other side closes too. */
function last(socket: Duplex, text: string): void {
  socket.once('finish', () => socket.destroy());
  socket.resume();
  socket.end(text);
}
