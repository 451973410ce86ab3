/**
 * A full disk: the gateway refuses sends with a code, stays up, and goes on by itself when there is room. Clients keep what
 * they were to send, in order, and nothing that was acknowledged is missing.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Client, Outgoing } from '../../sdk/index.ts';
import { createClient } from '../../sdk/node.ts';
import { check, faultsOf } from './checker.ts';
import { killAll } from './child.ts';
import { readStanding } from './cold.ts';
import { Gateway } from './gateway.ts';
import { textOf, type JournalLine } from './journal.ts';

const STORE_UNAVAILABLE = 1004;
const DISK = 'size=12m';
const BLOCK = 64 * 1024;

/** A disk of its own, so small that it can be filled. */
function mount(path: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', DISK, 'parley-full-disk', path], { stdio: 'ignore' });
    execFileSync('umount', [path]);
    return true;
  } catch {
    return false;
  }
}
const probe = mkdtempSync(join(tmpdir(), 'parley-mount-'));
const mayMount = mount(probe);
rmSync(probe, { recursive: true });

let folder: string;
let disk: string;
const clients: Client[] = [];
/** How the gateway ended, when nobody asked it to. */
const crashes: string[] = [];

beforeEach(() => {
  crashes.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'parley-full-disk-'));
  disk = join(folder, 'disk');
  mkdirSync(disk);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await killAll();
  execFileSync('umount', ['--lazy', disk], { stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
});

/** On a disk of its own, with people who have talked already. */
async function house(): Promise<{ gateway: Gateway; people: Person[]; journal: JournalLine[] }> {
  execFileSync('mount', ['-t', 'tmpfs', '-o', DISK, 'parley-full-disk', disk]);
  const gateway = await Gateway.make(folder, (how) => crashes.push(how), join(disk, 'data'));
  gateway.start();
  await gateway.ready();
  const journal: JournalLine[] = [];
  const people = Array.from({ length: 4 }, (_, nth) => new Person(`customer${nth}`, gateway.url, journal));
  for (const person of people) clients.push(person.client);
  await everythingOf(people.flatMap((person) => person.say(10)));
  return { gateway, people, journal };
}

async function everythingOf(sends: readonly Outgoing[]): Promise<void> {
  await Promise.all(sends.map(({ committed }) => committed));
}

async function expectWhole(gateway: Gateway, journal: readonly JournalLine[], acked: number): Promise<void> {
  await gateway.stop();
  const { conversations, damage } = await readStanding(gateway.log);
  const verdict = check(journal, conversations);
  expect(verdict.findings).toEqual([]);
  expect(damage).toEqual([]);
  expect(faultsOf(verdict)).toBe(0);
  expect(verdict.acked).toBe(acked);
}

const why = mayMount ? '' : ' (skipped: only root on Linux may mount a small disk)';

describe.skipIf(!mayMount)(`a full disk${why}`, { timeout: 120_000 }, () => {
  test('refuses sends, sends nobody away, and goes on by itself when there is room', async () => {
    const { gateway, people, journal } = await house();
    await fill(join(disk, 'filler'));
    const kept = people.flatMap((person) => person.say(30));
    await Promise.all(people.map((person) => person.hears(STORE_UNAVAILABLE)));
    expect(kept.filter(({ status }) => status.get() === 'failed')).toEqual([]);
    expect(kept.some(({ status }) => status.get() !== 'sent')).toBe(true);
    expect(people.map(({ client }) => client.connection.get().status)).toEqual(people.map(() => 'live'));
    expect(await (await fetch(`${gateway.url}/healthz`)).json()).toMatchObject({ ok: true });

    rmSync(join(disk, 'filler'));
    await everythingOf(kept);
    expect(people.map(({ client }) => client.connection.get().status)).toEqual(people.map(() => 'live'));
    expect(crashes).toEqual([]);
    await expectWhole(gateway, journal, 4 * 40);
  });

  test('stops a start with a sentence, and the start after it has everything', async () => {
    const { gateway, people, journal } = await house();
    await fill(join(disk, 'filler'));
    const kept = people.flatMap((person) => person.say(30));
    await Promise.all(people.map((person) => person.hears(STORE_UNAVAILABLE)));
    await gateway.kill();
    gateway.start();
    expect(await gateway.ready()).toBe(false);
    expect(crashes).toEqual([expect.stringContaining('code 1')]);
    expect(gateway.complaints).toMatch(/no space left.*make room/s);

    rmSync(join(disk, 'filler'));
    gateway.start();
    await everythingOf(kept);
    await expectWhole(gateway, journal, 4 * 40);
  });
});

/** Writes until nothing more fits. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let size = BLOCK; size > 0; ) {
      // The last blocks one by one, so that not even a small record fits.
      await file.appendFile(Buffer.alloc(size, 1)).catch(() => (size = Math.floor(size / 2)));
    }
  } finally {
    await file.close();
  }
}

class Person {
  readonly client: Client;
  readonly #name: string;
  readonly #conversation: string;
  readonly #journal: JournalLine[];
  #n = 0;

  constructor(name: string, url: string, journal: JournalLine[]) {
    this.#name = name;
    this.#journal = journal;
    this.client = createClient({ url });
    this.#conversation = this.client.conversation().id;
  }

  say(count: number): Outgoing[] {
    return Array.from({ length: count }, () => {
      const n = ++this.#n;
      const message = this.client.conversation(this.#conversation).send({ text: textOf(this.#name, n) });
      const { id: cmid, committed } = message;
      this.#journal.push({ t: 'said', client: this.#name, conversation: this.#conversation, n, cmid });
      committed.then(({ seq }) => this.#journal.push({ t: 'acked', cmid, seq, when: Date.now() }), () => {});
      return message;
    });
  }

  /** Resolves when the gateway has refused something with this code. */
  async hears(code: number): Promise<void> {
    while (!this.client.diagnostics().some(({ what, facts }) => what === 'nack' && facts.code === code)) {
      await new Promise((next) => setTimeout(next, 20));
    }
  }
}
