/**
 * The data folder: whether it is ours, and the gateway's own key in it. Nothing is written before every check has passed.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const MARK = 'parley.json';
/** The mark while it is written; alone in a folder, it is left from a crash. */
const DRAFT = 'parley.json.new';
const FORMAT = 1;

export interface Folder {
  path: string;
  log: string;
  store: string;
  /** Signs visitors' tokens, and agents' in a development set-up. Made once; in a cluster its nodes share another one. */
  secret: Uint8Array;
}

export interface FolderWanted {
  /** What to do without a folder of Parley there. */
  otherwise?: 'make' | 'refuse';
  /** The cluster that the node is of, whose log is not here; undefined for a node that has its log here. */
  cluster?: string | undefined;
}

/** @throws Error whose message says what was found and what to do. */
export async function openFolder(path: string, { otherwise = 'make', cluster }: FolderWanted = {}): Promise<Folder> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    if (error.code === 'ENOTDIR') throw new Error(`${path} is a file, not a folder. Choose another with --data.`);
    throw new Error(`${path} cannot be read (${error.code ?? error.message}). Choose another with --data, or correct its permissions.`);
  });
  if (!names.includes(MARK)) {
    if (otherwise === 'refuse') {
      throw new Error(`There is no data of Parley in ${path} (${MARK} is missing). Nothing was changed. Name the right folder with --data.`);
    }
    if (names.some((name) => name !== DRAFT)) {
      throw new Error(`${path} is not empty and was not made by Parley (${MARK} is missing). It was left untouched. `
        + 'Choose an empty or new folder with --data.');
    }
    const secret = randomBytes(32);
    await make(path, { secret, cluster }).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`The folder ${path} cannot be made or written (${error.code ?? error.message}). Choose another with --data, or correct its permissions.`);
    });
    return folder(path, secret);
  }
  const text = await readFile(join(path, MARK), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${join(path, MARK)} cannot be read (${error.code ?? error.message}). Nothing was changed. `
      + 'Correct its permissions, or choose another folder with --data.');
  });
  const mark = parse(text);
  if (mark === undefined) {
    throw new Error(`${join(path, MARK)} is damaged. Nothing was changed. Restore that file from a backup; it holds the key that signs visitors' tokens.`);
  }
  if (mark.format !== FORMAT) {
    throw new Error(`${path} has the format ${mark.format}, this version reads ${FORMAT}. Nothing was changed. `
      + `Use the version of Parley that made it, or another folder with --data.`);
  }
  if (mark.cluster !== cluster) throw new Error(`${path} ${foreign(mark.cluster, cluster)} Nothing was changed.`);
  const found = folder(path, mark.secret);
  for (const place of [found.log, found.store]) {
    if ((await stat(place).catch(() => undefined))?.isDirectory() === false) {
      throw new Error(`${place} is a file, where Parley keeps a folder. Nothing was changed. Move it away, or choose another folder with --data.`);
    }
  }
  if (cluster !== undefined) return found;
  const segments = await readdir(found.log).catch(() => []);
  if (names.includes('store') && !segments.some((name) => name.endsWith('.seg'))) {
    throw new Error(`The log is missing in ${found.log}, but its tables are there. Nothing was changed. `
      + 'Put the log back from a backup; to begin anew, choose another folder with --data.');
  }
  return found;
}

/** A folder that serves one house would, in another, be thrown away or shown to the wrong people. */
function foreign(found: string | undefined, wanted: string | undefined): string {
  if (found === undefined) return 'holds the log of a gateway that stands alone; a cluster has its log on NATS. Choose another folder with --data.';
  if (wanted !== undefined) return `belongs to a node of the cluster "${found}", not "${wanted}". Choose another folder with --data, or correct --nats-name.`;
  return `belongs to a node of the cluster "${found}", whose log is on NATS. Name its servers with --nats-servers, or choose another folder with --data.`;
}

/** The key is on the disk, whole, before anything is signed with it. */
async function make(path: string, { secret, cluster }: { secret: Buffer; cluster: string | undefined }): Promise<void> {
  // What customers wrote is for nobody else on this machine.
  await mkdir(path, { recursive: true, mode: 0o700 });
  await rm(join(path, DRAFT), { force: true });
  const file = await open(join(path, DRAFT), 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ format: FORMAT, secret: secret.toString('base64url'), cluster }, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(join(path, DRAFT), join(path, MARK));
}

function parse(text: string): { format: number; secret: Uint8Array; cluster: string | undefined } | undefined {
  try {
    const mark: unknown = JSON.parse(text);
    if (typeof mark !== 'object' || mark === null || !('format' in mark) || !('secret' in mark)) return undefined;
    const { format, secret } = mark;
    const cluster = 'cluster' in mark && typeof mark.cluster === 'string' ? mark.cluster : undefined;
    if (typeof format !== 'number' || typeof secret !== 'string') return undefined;
    const bytes = Buffer.from(secret, 'base64url');
    return bytes.length >= 32 ? { format, secret: bytes, cluster } : undefined;
  } catch {
    return undefined;
  }
}

function folder(path: string, secret: Uint8Array): Folder {
  return { path, secret, log: join(path, 'log'), store: join(path, 'store') };
}
