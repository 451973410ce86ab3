/**
 * Carries out the HTTP requests of flows, for effects that wait in conversations' outboxes: fills in their secrets, tries
 * again, and says what came of each. A bounded number of them at once: of one conversation one, and of one workspace not so
 * many that a CRM which does not answer would keep the others' flows waiting.
 */
import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Effect } from '../machines/actor.ts';
import type { Call, Called } from '../machines/flows/call.ts';
import type { Json, Value } from '../machines/flows/flow.ts';
import type { Clock } from './clock.ts';
import { exchange, systemResolve } from './exchange.ts';
import { found } from './jsonpath.ts';
import { covers, targetOf, type Target } from './reach.ts';
import type { Outside } from './settings.http.ts';
import { Unanswered } from './unanswered.ts';

/**
 * Whoever acts outside for actors. A call may be asked for again after a crash, under the same `Idempotency-Key`; one whose
 * result the actor has taken is never asked for again.
 */
export interface OutsideCaller {
  /**
   * Does what the effect says.
   * @param wanted whether the actor still wants it, and this node may do it; asked before each try. What it says holds for
   *   half a second: a process that stood still in between asks once more before it says anything
   * @returns what the actor is to hear; undefined when nothing came of it, because it is not wanted or this node closes
   */
  call(actor: string, effect: Effect, wanted: () => boolean | Promise<boolean>): Promise<Called | undefined>;
  /** Ends every call that is under way; nothing is said of them. */
  close(): void;
}

export interface CallerParts {
  /** @throws never: for a workspace that is not in the settings, one that may reach nothing */
  outsideOf(workspace: string): Outside;
  clock: Clock;
  /** From 0 up to 1. */
  random(): number;
  /** Default: as this machine does. */
  resolve?: ((name: string) => Promise<readonly string[]>) | undefined;
}

/** How long it is believed that something is wanted. */
const FRESH_MS = 500;
const AT_ONCE_MAX = 64;
const OF_WORKSPACE_MAX = 48;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** What the connection needs for itself, and what would say something else than the body does. */
const OURS = /^(host|connection|content-length|transfer-encoding|expect|upgrade|te|trailer|keep-alive|accept-encoding|idempotency-key|proxy-.*)$/i;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const HEADER_CHARS = 8_000;

export class Caller implements OutsideCaller {
  readonly #parts: CallerParts;
  readonly #over = new AbortController();
  /** Whose call is being tried. */
  readonly #busy = new Set<string>();
  /** How many of them are of which workspace. */
  readonly #shares = new Map<string, number>();
  #waiting: { actor: string; go(): void }[] = [];

  constructor(parts: CallerParts) {
    this.#parts = parts;
    // Each call that is under way listens.
    setMaxListeners(0, this.#over.signal);
    this.#over.signal.addEventListener('abort', () => { for (const { go } of this.#waiting.splice(0)) go(); });
  }

  async call(actor: string, effect: Effect, wanted: () => boolean | Promise<boolean>): Promise<Called | undefined> {
    const { n } = effect;
    const call = effect.command as Call;
    const { clock } = this.#parts;
    for (let tried = 0; ; tried++) {
      await this.#room(actor);
      let isWanted = !this.#closed && await wanted();
      const saidAt = clock.now();
      const may = async (): Promise<boolean> => {
        if (clock.now() - saidAt > FRESH_MS) isWanted = await wanted();
        return isWanted;
      };
      const tells = isWanted ? await this.#try(actor, n, call, may).catch(failure) : undefined;
      this.#leave(actor);
      if (this.#closed || !isWanted || tells === undefined) return undefined;
      if (!(tells instanceof Unanswered)) return { type: 'called', n, outcome: { values: tells } };
      if (!tells.again || tried >= call.retries) return { type: 'called', n, outcome: { why: tells.message } };
      await this.#pause(tells.afterMs ?? Math.min(FIRST_PAUSE_MS * 2 ** tried, LONGEST_PAUSE_MS) * (0.5 + this.#parts.random() / 2));
    }
  }

  close(): void {
    this.#over.abort();
  }

  get #closed(): boolean {
    return this.#over.signal.aborted;
  }

  async #try(actor: string, n: number, call: Call, may: () => Promise<boolean>): Promise<Record<string, Value>> {
    const { allow, secrets } = this.#parts.outsideOf(workspaceOf(actor));
    const target = targetOf(call.url, allow);
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const own = headersOf(call, target, { allow, secrets });
    const headers = {
      'User-Agent': 'Parley', Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...own,
      'Accept-Encoding': 'identity', 'Idempotency-Key': keyOf(actor, n),
    };
    const { clock, resolve = systemResolve } = this.#parts;
    const asked = { method: call.method, target, headers, body, timeoutMs: call.timeoutMs };
    const answer = await exchange(asked, { allow, clock, resolve, signal: this.#over.signal, may });
    const values = call.map.length === 0 || answer.length === 0 ? {} : found(call.map, parsed(answer));
    if (Object.values(values).some((value) => shows(value, call, secrets))) throw new Unanswered('the answer repeats a secret, which no flow may see');
    return values;
  }

  /** Resolves when this actor's next try may begin, or nothing begins any more. */
  #room(actor: string): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#mayGo(actor)) {
      this.#enter(actor);
      return Promise.resolve();
    }
    return new Promise((go) => { this.#waiting.push({ actor, go }); });
  }

  #mayGo(actor: string): boolean {
    return this.#busy.size < AT_ONCE_MAX && !this.#busy.has(actor) && (this.#shares.get(workspaceOf(actor)) ?? 0) < OF_WORKSPACE_MAX;
  }

  #enter(actor: string): void {
    this.#busy.add(actor);
    this.#share(actor, 1);
  }

  #leave(actor: string): void {
    if (!this.#busy.delete(actor)) return;
    this.#share(actor, -1);
    const next = this.#waiting.findIndex((one) => this.#mayGo(one.actor));
    const [one] = next < 0 ? [] : this.#waiting.splice(next, 1);
    if (one === undefined) return;
    this.#enter(one.actor);
    one.go();
  }

  #share(actor: string, change: 1 | -1): void {
    const workspace = workspaceOf(actor);
    const share = (this.#shares.get(workspace) ?? 0) + change;
    if (share === 0) this.#shares.delete(workspace);
    else this.#shares.set(workspace, share);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#over;
      const end = (): void => {
        stop();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const stop = this.#parts.clock.after(ms, end);
      signal.addEventListener('abort', end);
    });
  }
}

function workspaceOf(actor: string): string {
  return actor.split('/')[1] ?? '';
}

function failure(error: unknown): Unanswered {
  if (error instanceof Unanswered) return error;
  throw error;
}

/** The same for every try of an effect, also after a crash, and of no other. */
export function keyOf(actor: string, n: number): string {
  return createHash('sha256').update(`${actor} ${n}`).digest('hex').slice(0, 32);
}

/** @throws Unanswered when a secret is not for this host, or a header cannot be sent */
function headersOf(call: Call, target: Target, { allow, secrets }: Outside): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const { name, value } of call.headers) {
    if (!HEADER_NAME.test(name) || OURS.test(name)) throw new Unanswered(`the header "${name.slice(0, 100)}" cannot be set`);
    const text = value.map((part) => {
      if (typeof part === 'string') return part;
      const secret = secrets.get(part.secret);
      if (secret === undefined) throw new Unanswered(`there is no secret "${part.secret}" in the settings file`);
      if (!covers(secret.hosts, target.name, target.port)) throw new Unanswered(`the secret "${part.secret}" is not for the host ${target.url.host}`);
      if (target.url.protocol !== 'https:' && !covers(allow, target.name, target.port)) {
        throw new Unanswered(`the secret "${part.secret}" goes over https alone`);
      }
      return secret.value;
    }).join('');
    if (text.length > HEADER_CHARS || /[\0-\x08\x0a-\x1f\x7f]/.test(text)) throw new Unanswered(`the header "${name}" holds what no header can`);
    // As UTF-8, byte by byte: Node takes each character for one.
    filled[name] = Buffer.from(text.trim(), 'utf8').toString('latin1');
  }
  return filled;
}

/** Shorter ones are found by chance. */
const TELLING_CHARS = 8;

/** Whether a value holds a secret that went with the call: a server may say back what it was sent. */
function shows(value: Value, { headers }: Call, secrets: Outside['secrets']): boolean {
  if (typeof value !== 'string') return false;
  return headers.some((header) => header.value.some((part) => {
    const secret = typeof part === 'string' ? '' : secrets.get(part.secret)?.value ?? '';
    return secret.length >= TELLING_CHARS && value.includes(secret);
  }));
}

function parsed(answer: Buffer): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer)) as Json;
  } catch {
    throw new Unanswered('the answer is not JSON');
  }
}
