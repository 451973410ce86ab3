/**
 * The built pages, read once: they are small, and what is in memory leaves nothing open when a reader goes away.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

export interface Page {
  bytes: Uint8Array;
  headers: Readonly<Record<string, string>>;
}
/** By path. */
export type Pages = ReadonlyMap<string, Page>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.json': 'application/json', '.map': 'application/json',
};
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; "
  + "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'";

/** Every file of the folder under its own name, and the pages under the names that people type. */
export async function readPages(folder: string, demo: boolean): Promise<Pages> {
  const names = (await readdir(folder, { recursive: true }).catch(() => [])).map((name) => name.split(sep).join('/'));
  const shown = names.filter((name) => extname(name) !== '' && (demo || !name.startsWith('demo')));
  const pages = new Map<string, Page>();
  for (const name of shown) pages.set(`/${name}`, { bytes: await readFile(join(folder, name)), headers: headersOf(name) });
  for (const [path, name] of [['/console', '/console.html'], ['/', '/demo.html']] as const) {
    const page = pages.get(name);
    if (page !== undefined) pages.set(path, page);
  }
  return pages;
}

function headersOf(name: string): Record<string, string> {
  return {
    'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream', 'Cache-Control': 'no-cache', 'Content-Security-Policy': CSP,
    // The widget's script is for any page; which pages may then connect is decided by their origin.
    ...(name === 'widget.js' ? { 'Cross-Origin-Resource-Policy': 'cross-origin' } : {}),
  };
}
