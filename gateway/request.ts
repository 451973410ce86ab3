/** What an HTTP request says, read with care: where to, from which page, with which token, and a JSON body of bounded size. */
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../sdk/protocol/codes.ts';

/** More are not looked at. */
const LANGUAGES_MAX = 20;
const TOKEN = /^Bearer +([\w.~+/=-]{1,4096})$/i;

/** Only `/path?query` is a target here: no absolute form, and nothing that a parser takes for another host. */
export function targetOf({ url = '' }: IncomingMessage): URL | undefined {
  if (!url.startsWith('/')) return undefined;
  try {
    const target = new URL(url, 'http://gateway');
    return target.host === 'gateway' && !url.startsWith('//') ? target : undefined;
  } catch {
    return undefined;
  }
}

/** The gateway's own pages are at home: their origin names the host that the request was sent to. */
export function foreignOrigin({ headers: { origin, host } }: IncomingMessage): string | undefined {
  const own = host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
  return own ? undefined : origin;
}

/** Undefined when there is none, or something else stands there. */
export function bearerOf({ headers: { authorization = '' } }: IncomingMessage): string | undefined {
  return TOKEN.exec(authorization)?.[1];
}

/** Whether a proxy has passed it on, as far as it says so. */
export function isForwarded({ headers }: IncomingMessage): boolean {
  return ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'].some((name) => headers[name] !== undefined);
}

/** @throws Refusal `tokenInvalid` */
export function tokenOf(request: IncomingMessage): string {
  const token = bearerOf(request);
  if (token === undefined) throw new Refusal('tokenInvalid', 'the header Authorization is "Bearer", a space and a token');
  return token;
}

/** The one that the device likes best, the first of several; '' for none. */
export function languageOf({ headers: { 'accept-language': accepted = '' } }: IncomingMessage): string {
  const tags = accepted.split(',', LANGUAGES_MAX).map((one) => {
    const [tag = '', ...more] = one.split(';').map((part) => part.trim());
    const weight = more.find((part) => part.startsWith('q='))?.slice(2) ?? '1';
    return { tag, weight: Number(weight) };
  }).filter(({ tag, weight }) => tag !== '' && tag !== '*' && weight > 0);
  return tags.sort((a, b) => b.weight - a.weight)[0]?.tag ?? '';
}

/** {} for none. @throws Refusal `tooLarge`, `invalid` */
export function bodyOf(request: IncomingMessage, most: number): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // What is too much is read on and dropped, until the time for a request is over: only so the answer arrives.
      if (bytes > most) reject(new Refusal('tooLarge', `a request body has at most ${most} bytes`));
      else chunks.push(chunk);
    });
    request.on('end', () => {
      const body = parseObject(Buffer.concat(chunks).toString('utf8') || '{}');
      if (body === undefined) reject(new Refusal('invalid', 'the body is a JSON object'));
      else resolve(body);
    });
    request.on('error', reject);
  });
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}
