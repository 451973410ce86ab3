/**
 * The data folder: whether it is ours, and the gateway's own key in it. Nothing is written before every check has passed.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MARK = 'parley.json';
const FORMAT = 1;

export interface Folder {
  path: string;
  log: string;
  store: string;
  /** Signs visitors' tokens, and agents' in a development set-up. Made once. */
  secret: Uint8Array;
}

/** @throws Error whose message says what was found and what to do. */
export async function openFolder(path: string): Promise<Folder> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    if (error.code === 'ENOTDIR') throw new Error(`${path} is a file, not a folder. Choose another with --data.`);
    throw new Error(`${path} cannot be read (${error.code ?? error.message}). Choose another with --data, or correct its permissions.`);
  });
  if (!names.includes(MARK)) {
    if (names.length > 0) {
      throw new Error(`${path} is not empty and was not made by Parley (${MARK} is missing). It was left untouched. `
        + 'Choose an empty or new folder with --data.');
    }
    const secret = randomBytes(32);
    await mkdir(path, { recursive: true });
    await writeFile(join(path, MARK), `${JSON.stringify({ format: FORMAT, secret: secret.toString('base64url') }, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return folder(path, secret);
  }
  const text = await readFile(join(path, MARK), 'utf8');
  const mark = parse(text);
  if (mark === undefined) {
    throw new Error(`${join(path, MARK)} is damaged. Nothing was changed. Restore that file from a backup; it holds the key that signs visitors' tokens.`);
  }
  if (mark.format !== FORMAT) {
    throw new Error(`${path} has the format ${mark.format}, this version reads ${FORMAT}. Nothing was changed. Use the version of Parley that made it, or another folder with --data.`);
  }
  return folder(path, mark.secret);
}

function parse(text: string): { format: number; secret: Uint8Array } | undefined {
  try {
    const mark: unknown = JSON.parse(text);
    if (typeof mark !== 'object' || mark === null || !('format' in mark) || !('secret' in mark)) return undefined;
    const { format, secret } = mark;
    if (typeof format !== 'number' || typeof secret !== 'string') return undefined;
    const bytes = Buffer.from(secret, 'base64url');
    return bytes.length >= 32 ? { format, secret: bytes } : undefined;
  } catch {
    return undefined;
  }
}

function folder(path: string, secret: Uint8Array): Folder {
  return { path, secret, log: join(path, 'log'), store: join(path, 'store') };
}
