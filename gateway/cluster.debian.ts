/**
 * Debian's packages of nats-server: the system's own, installed by apt-get, and a later Debian's, unpacked beside it into a
 * folder, which changes nothing of the system.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Its package runs on bookworm too: it asks for the same libc. */
const LATER = 'trixie';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const QUIET = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }, maxBuffer: 16 * 1024 * 1024 };
const MODULES = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../node_modules' : '../../node_modules', import.meta.url));

/** Installs the system's own nats-server, where that is ours to do. @returns whether it is there now */
export async function installNats(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  try {
    await run('apt-get', ['update', '-q'], QUIET);
    await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'nats-server'], QUIET);
    return true;
  } catch {
    // No Debian, or no mirror: whoever asked says what is missing.
    return false;
  }
}

/** The path of a later Debian's nats-server, from the cache or from the mirror; undefined where neither has it. */
export async function laterNats(): Promise<string | undefined> {
  const caches = [join(MODULES, '.cache', 'parley'), join(tmpdir(), 'parley-cache')];
  for (const cache of caches) {
    const path = binaryIn(join(cache, LATER));
    if (await access(path).then(() => true, () => false)) return path;
  }
  for (const cache of caches) {
    if (!await mkdir(cache, { recursive: true }).then(() => true, () => false)) continue;
    return unpack(cache).catch(() => undefined);
  }
  return undefined;
}

function binaryIn(folder: string): string {
  return join(folder, 'usr', 'sbin', 'nats-server');
}

async function unpack(cache: string): Promise<string> {
  const mirror = await mirrorOf();
  const work = await mkdtemp(join(cache, 'new-'));
  try {
    for (const folder of ['lists/partial', 'archives/partial']) await mkdir(join(work, folder), { recursive: true });
    await writeFile(join(work, 'sources.list'), `deb [signed-by=${KEYRING}] ${mirror} ${LATER} main\n`);
    const apt = [
      `Dir::Etc::sourcelist=${work}/sources.list`, 'Dir::Etc::sourceparts=-', `Dir::State::lists=${work}/lists`,
      `Dir::Cache=${work}`, 'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    await run('apt-get', [...apt, 'update', '-q'], QUIET);
    await run('apt-get', [...apt, 'download', '-q', 'nats-server'], { ...QUIET, cwd: work });
    const file = (await readdir(work)).find((name) => /^nats-server_.*\.deb$/.test(name));
    if (file === undefined) throw new Error('apt-get left no package');
    await run('dpkg-deb', ['-x', join(work, file), join(work, 'root')], QUIET);
    // Others may have been quicker; theirs is as good.
    await rename(join(work, 'root'), join(cache, LATER)).catch(() => undefined);
    const path = binaryIn(join(cache, LATER));
    await access(path);
    return path;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The mirror that this machine uses already. */
async function mirrorOf(): Promise<string> {
  const folder = '/etc/apt/sources.list.d';
  const names = await readdir(folder).catch(() => []);
  const files = ['/etc/apt/sources.list', ...names.map((name) => join(folder, name))];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const found = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s+)?)(\S+\/debian\/?)(?:\s|$)/m.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return 'http://deb.debian.org/debian';
}
