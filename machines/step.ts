/**
 * A step on a conversation, under way: the state it builds and the lines its log gains.
 */
import type { ActorCommand, Line, Reply, Stepped } from './actor.ts';
import { differing } from './copy.ts';
import type { Happening } from './happenings.ts';
import { mentionsIn } from './mentions.ts';
import { deskOf } from './routing.ts';
import { session, type SessionEvent, type SessionReason, type SessionState } from './session.ts';
import { heardOf, standingOf, stoodStill } from './stands.ts';
import { contactOf, SYSTEM, type ConversationState, type Place } from './state.ts';
import { shown, type Status } from './style.ts';
import { ticket, type TicketEvent } from './ticket.ts';
import { armed } from './timers.ts';

const DEVICES_MAX = 32;
const MENTIONS_MAX = 50;

export class Step {
  state: ConversationState;
  readonly lines: Line[] = [];
  /** For flows. */
  readonly happened: Happening[] = [];
  readonly #at: number;
  readonly #id: string;
  readonly #before: ConversationState | undefined;
  #changed = false;

  /** @param begun whether the conversation begins with this step. */
  constructor(id: string, state: ConversationState, at: number, begun = false) {
    this.#id = id;
    this.#before = begun ? undefined : state;
    this.state = state;
    this.#at = at;
  }

  /** Its id within the workspace. */
  get conversation(): string {
    return this.#id.slice(this.#id.lastIndexOf('/') + 1);
  }

  /** The first change copies the state; a step without changes gives back the very state it was given. */
  set(change: Partial<ConversationState>): void {
    if (!this.#changed) this.state = { ...this.state };
    this.#changed = true;
    Object.assign(this.state, change);
  }

  write(kind: string, audience: 'everyone' | 'agents', who: Line['author'], body: Line['body'], cmid: string | null = null, n = 0): void {
    const seq = this.state.seq + 1;
    const { role, id, name } = who;
    this.lines.push({
      seq, prev: this.state.publicSeq, n, kind, at: this.#at, author: { role, id, name }, cmid, body, audience,
    });
    this.set({ seq, publicSeq: audience === 'everyone' ? seq : this.state.publicSeq });
  }

  ticket(event: TicketEvent, who: Line['author'], cmid: string | null = null): boolean {
    const before = this.state.ticket;
    const { snapshot, acts, arms } = ticket.step(before, event);
    if (snapshot === before && arms.length === 0) return false;
    this.set({ ticket: snapshot, timers: armed(this.state.timers, 'ticket', arms, this.#at) });
    let seen = shown(before.value);
    const number = this.state.number;
    for (const act of acts) {
      const key = this.lines.some((line) => line.cmid === cmid) ? null : cmid;
      if (act.type === 'assigned') {
        this.write('assigned', 'everyone', who, { agent: snapshot.context.agent, ticket: number }, key);
        this.set({ place: null });
        if (snapshot.context.agent !== null) this.happened.push({ type: 'assigned' });
        continue;
      }
      const status = act.params.status as Status;
      this.happened.push({ type: 'status', status });
      const toCustomer = shown(status);
      // What only agents may know is said to them alone; what the customer sees changes only when it does.
      if (status !== toCustomer && toCustomer !== seen) {
        this.write('status', 'everyone', who, { status: toCustomer, ticket: number }, null);
      }
      this.write('status', toCustomer === status && status !== seen ? 'everyone' : 'agents', who, { status, ticket: number }, key);
      seen = toCustomer;
    }
    if (snapshot.value === 'solved' || snapshot.value === 'closed') {
      // Nobody waits any more.
      this.set({ waitingSince: 0, place: null });
      this.wake();
    }
    if (snapshot.value === 'closed' && this.state.said !== '') this.set({ said: '' });
    if (snapshot.value === 'closed') this.session({ type: 'ticket.closed', at: this.#at, spokeAt: this.state.spokeAt });
    return true;
  }

  session(event: SessionEvent, who: Line['author'] = SYSTEM, cmid: string | null = null): void {
    const { snapshot, acts, arms } = session.step(this.state.session, event);
    // A state that is entered again may come back as the same snapshot, with its timers anew.
    if (snapshot === this.state.session && arms.length === 0) return;
    this.set({ session: snapshot, timers: armed(this.state.timers, 'session', arms, this.#at) });
    for (const { type, params } of acts) {
      if (type !== 'turned') continue;
      const { state, reason } = params as { state: SessionState; reason: SessionReason };
      this.write('session', 'agents', who, { state, reason }, cmid);
      if (state === 'inactive') this.happened.push({ type: 'idle', reason });
      if (state === 'ended') this.happened.push({ type: 'ended' });
    }
  }

  note(who: Line['author'], text: string, cmid: string | null): void {
    const mentions = mentionsIn(text);
    this.write('note', 'agents', who, mentions.length > 0 ? { text, mentions } : { text }, cmid);
    if (mentions.length === 0) return;
    const others = this.state.mentions.filter((id) => !mentions.includes(id));
    this.set({ mentions: [...others, ...mentions].slice(-MENTIONS_MAX) });
  }

  /** Tells the customer of their place, unless it is what they were told last. */
  place(place: Place, who: Line['author'] = SYSTEM): void {
    const last = this.state.place;
    const { state, agent, team, opensAt } = place;
    if (last?.state === state && last.agent?.id === agent?.id && last.team === team && last.opensAt === opensAt) return;
    this.set({ place });
    this.write('routing', 'everyone', who, { state, agent, team, opensAt });
  }

  /** Out of the lists until then. */
  snooze(until: number, who: Line['author'], cmid: string): void {
    const arm = { op: 'set', id: 'snooze', delayMs: until - this.#at, event: 'snooze' } as const;
    const timers = armed(this.state.timers, 'snooze', [arm], this.#at);
    this.set({ snoozed: { until, by: { id: who.id, name: who.name } }, timers });
    this.write('snooze', 'agents', who, { until }, cmid);
  }

  /** Ends the snooze, if there is one. */
  wake(who: Line['author'] = SYSTEM, cmid: string | null = null): void {
    if (this.state.snoozed === null) return;
    const timers = armed(this.state.timers, 'snooze', [{ op: 'cancel', id: 'snooze' }], this.#at);
    this.set({ snoozed: null, timers });
    this.write('snooze', 'agents', who, { until: 0 }, cmid);
  }

  /** Its number. */
  effect(to: string, command: ActorCommand): number {
    const n = this.state.effects + 1;
    this.set({ effects: n, outbox: [...this.state.outbox, { n, to, command }] });
    return n;
  }

  /** The contact's fields, as they are from now on. */
  know(fields: ConversationState['fields']): void {
    const names = differing(this.state.fields, fields);
    if (names.length === 0) return;
    this.set({ fields });
    for (const name of names) this.happened.push({ type: 'field', name });
  }

  /** It has happened, or nobody waits for it any more. */
  release(n: number): void {
    const { outbox } = this.state;
    const left = outbox.filter((effect) => effect.n !== n);
    if (left.length < outbox.length) this.set({ outbox: left });
  }

  /** @param language of the customer's device, where it is known. */
  tellContact(language?: string): void {
    const { contact } = this.state;
    const command = { type: 'conversation', conversation: this.#id, contact, ...language === undefined ? {} : { language } };
    this.effect(contactOf(this.state), command as ActorCommand);
  }

  /** ULIDs of one device grow, so its newest one tells new from repeated; the oldest devices are let go into `floor`. */
  remember(device: string, cmid: string): void {
    const { devices, floor } = this.state;
    if ((devices[device] ?? '') >= cmid) return;
    const next = { ...devices, [device]: cmid };
    const ids = Object.keys(next);
    if (ids.length <= DEVICES_MAX) return this.set({ devices: next });
    const oldest = ids.reduce((a, b) => ((next[a] ?? '') < (next[b] ?? '') ? a : b));
    const gone = next[oldest] ?? '';
    delete next[oldest];
    this.set({ devices: next, floor: gone > floor ? gone : floor });
  }

  /** Only the newest word to the desk waits: how it stood before says nothing any more. */
  #tellDesk(): void {
    const to = deskOf(this.state.workspace);
    this.set({ v: 3, outbox: this.state.outbox.filter((effect) => effect.to !== to) });
    this.effect(to, { type: 'stands', standing: standingOf(this.state), heard: heardOf(this.state) } as ActorCommand);
  }

  done(reply: Partial<Reply> = {}): Stepped<ConversationState> {
    const before = this.#before;
    if (before === undefined || before.v === 1 || !stoodStill(before, this.state)) this.#tellDesk();
    const last = this.lines.at(-1);
    return {
      state: this.state, lines: this.lines,
      reply: { seq: last?.seq ?? 0, n: last?.n ?? 0, at: this.#at, repeated: false, ...reply },
    };
  }
}
