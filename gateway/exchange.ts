/**
 * One HTTP request of a flow and its answer. The host is looked up once and every address that comes of it is checked; the
 * connection then goes to these and no other, so that a name which changes its mind leads nowhere else. Nothing is followed,
 * unpacked or proxied, and whatever comes back is bounded in size and time.
 */
import { lookup } from 'node:dns/promises';
import { request as plain, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Clock } from './clock.ts';
import { guard, type Host, type Target } from './reach.ts';
import { Unanswered } from './unanswered.ts';

export interface Asked {
  method: string;
  target: Target;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** For all of it: from the name to the last byte of the body. */
  timeoutMs: number;
}

export interface ExchangeParts {
  allow: readonly Host[];
  clock: Clock;
  /** All addresses of a name. */
  resolve(name: string): Promise<readonly string[]>;
  /** Ends it at once. */
  signal: AbortSignal;
  /** Asked when the connection stands, just before the first byte: whether the request may go out even now. */
  may(): Promise<boolean>;
}

const BODY_BYTES = 256 * 1024;
const HEADER_BYTES = 16 * 1024;
const HEADERS_MAX = 100;
/** Answers before the answer (100 Continue and the like). */
const HINTS_MAX = 8;
const LONGEST_RETRY_AFTER_MS = 30_000;
/** Beside all of 5xx. */
const TRY_AGAIN = [408, 425, 429];

export async function systemResolve(name: string): Promise<string[]> {
  return (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address);
}

/** @returns the body of a 2xx answer. @throws Unanswered for everything else */
export async function exchange(asked: Asked, parts: ExchangeParts): Promise<Buffer> {
  const over = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason as Error), { once: true });
  });
  ended.catch(() => undefined);
  const abort = (): void => over.abort(new Unanswered('the node stops'));
  if (parts.signal.aborted) abort();
  parts.signal.addEventListener('abort', abort);
  const late = new Unanswered(`no answer within ${asked.timeoutMs / 1_000} s`, { again: true });
  const stop = parts.clock.after(asked.timeoutMs, () => over.abort(late));
  try {
    const addresses = await Promise.race([addressesOf(asked.target, parts), ended]);
    guard(asked.target, addresses, parts.allow);
    return await Promise.race([send(asked, addresses, over.signal, parts), ended]);
  } catch (error) {
    throw broken(error);
  } finally {
    stop();
    parts.signal.removeEventListener('abort', abort);
    // Whatever is left of it goes.
    over.abort(late);
  }
}

async function addressesOf({ name }: Target, { resolve }: ExchangeParts): Promise<readonly string[]> {
  if (isIP(name) !== 0) return [name];
  try {
    return await resolve(name);
  } catch (error) {
    throw new Unanswered(`the host's name leads nowhere (${codeOf(error)})`, { again: true });
  }
}

async function send(
  { method, target, headers: own, body: text }: Asked, addresses: readonly string[], signal: AbortSignal, { clock, may }: ExchangeParts,
): Promise<Buffer> {
  const { url } = target;
  // As bytes: a text would be sent together with the headers, and these, too, in its encoding.
  const body = text === undefined ? undefined : Buffer.from(text);
  const headers = body === undefined ? own : { ...own, 'Content-Length': String(body.length) };
  const options = {
    method, headers,
    // Node's own pool would give a connection that was checked for somebody else.
    agent: false, lookup: only(addresses), maxHeaderSize: HEADER_BYTES, rejectUnauthorized: true,
  } as const;
  const isSecure = url.protocol === 'https:';
  const request = isSecure ? secure(url, options) : plain(url, options);
  signal.addEventListener('abort', () => request.destroy(), { once: true });
  const response = await answerTo(request, isSecure ? 'secureConnect' : 'connect', body, may);
  check(response, clock.now());
  return await bodyOf(response);
}

/** Answers every question for an address with those that were checked. */
function only(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, done) => {
    const [first = { address: '', family: 4 }] = all;
    if (options.all === true) done(null, all);
    else done(null, first.address, first.family);
  };
}

function answerTo(request: ClientRequest, stands: string, body: Buffer | undefined, may: () => Promise<boolean>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let hints = 0;
    request.maxHeadersCount = HEADERS_MAX + 1;
    request.on('information', () => {
      if (++hints > HINTS_MAX) request.destroy(new Unanswered('the answer does not begin'));
    });
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Unanswered('HTTP 101: no answer to what was asked'));
    });
    request.on('response', resolve);
    request.on('error', reject);
    request.once('socket', (socket) => socket.once(stands, () => {
      may().then((isWanted) => (isWanted ? request.end(body) : request.destroy(new Unanswered('it is not wanted any more'))), reject);
    }));
  });
}

function check(response: IncomingMessage, now: number): void {
  const { statusCode: status = 0, headers, rawHeaders } = response;
  if (status >= 300 && status < 400) throw new Unanswered(`HTTP ${status}: a redirect, which is not followed; use the URL that it leads to`);
  if (status < 200 || status > 299) {
    throw new Unanswered(`HTTP ${status}`, { again: status >= 500 || TRY_AGAIN.includes(status), afterMs: afterOf(headers['retry-after'], now) });
  }
  if (rawHeaders.length / 2 > HEADERS_MAX) throw new Unanswered(`the answer has more than ${HEADERS_MAX} headers`);
  const packed = headers['content-encoding'] ?? 'identity';
  if (packed.trim().toLowerCase() !== 'identity') throw new Unanswered('the answer is compressed, which was not asked for');
  if (Number(headers['content-length'] ?? 0) > BODY_BYTES) throw tooLarge();
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > BODY_BYTES) throw tooLarge();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): Unanswered {
  return new Unanswered(`the answer is larger than ${BODY_BYTES / 1024} KiB`);
}

/** What the network says. What is no HTTP, or more of it than is read, will be the same again. */
function broken(error: unknown): Unanswered {
  if (error instanceof Unanswered) return error;
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') return new Unanswered(`the answer's headers are larger than ${HEADER_BYTES / 1024} KiB`);
  if (code.startsWith('HPE_')) return new Unanswered('the answer is no HTTP');
  if (/CERT|SSL|TLS|ISSUER|SIGNATURE/.test(code)) return new Unanswered(`the host's certificate is not right (${code})`);
  return new Unanswered(`the connection failed (${code})`, { again: true });
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}

/** In seconds, or a date. */
function afterOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}
