/**
 * The conversations that one connection follows: their aliases, what it gets of each change, and the pages that bring a
 * client's copy up to date.
 */
import { mayEnter } from '../machines/conversation.ts';
import type { Shelf } from '../machines/flows/run.ts';
import type { ConversationState } from '../machines/state.ts';
import { decodeEntry, entryText, type Codec } from '../sdk/protocol/codec.ts';
import { eventFrame, eventText } from '../sdk/protocol/envelope.ts';
import type { Said } from '../sdk/protocol/frames.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import { TYPING_MS } from './greeting.ts';
import { actorOf } from './hear.ts';
import type { Host } from './host.ts';
import type { Hub, Listener, SignalKind } from './hub.ts';
import type { Outgoing } from './outgoing.ts';
import type { Person } from './neighbours.ts';
import { Paging } from './paging.ts';
import type { Audience } from './record.ts';
import { moved, type Committed } from './shard.ts';
import { tellMoves, tellRefusal, tellRuns, tellSummary } from './tell.ts';

interface Followed {
  alias: number;
  actor: string;
  conversation: string;
  head: number;
  epoch: number;
  changedAt: number;
  /** The client must be told the head once it has drained. */
  behind: boolean;
  /** The flows under way as the client knows them; of customers, none. */
  runs: ConversationState['runs'];
}

const FOLLOWED_MAX = 500;
/** A client that lacks more than this gets the newest page and asks for the rest when it wants it. */
const REPLAY_MAX = 500;
const PAGE_ENTRIES = 100;
const NEWEST_ENTRIES = 50;

export class Following {
  readonly #host: Host;
  readonly #hub: Hub;
  readonly #out: Outgoing;
  readonly #codec: Codec;
  readonly #listener: Listener;
  readonly #shelf: () => Shelf;
  readonly #paging: Paging;
  readonly #byAlias = new Map<number, Followed>();
  readonly #byActor = new Map<string, Followed>();
  #aliases = 0;
  #closed = false;

  constructor(host: Host, hub: Hub, out: Outgoing, codec: Codec, listener: Listener, shelf: () => Shelf) {
    this.#host = host;
    this.#hub = hub;
    this.#out = out;
    this.#codec = codec;
    this.#listener = listener;
    this.#shelf = shelf;
    this.#paging = new Paging({
      host, out, codec, audience: () => this.#audience, refuse: (rid, refusal) => this.#refuse(rid, '', refusal),
    });
  }

  /** @throws Refusal `unknownAlias` */
  actor(target: string | number): string {
    if (typeof target === 'string') return actorOf(this.#listener.workspace, target);
    const followed = this.#byAlias.get(target);
    if (followed === undefined) throw new Refusal('unknownAlias');
    return followed.actor;
  }

  alias(actor: string): number | undefined {
    return this.#byActor.get(actor)?.alias;
  }

  get actors(): string[] {
    return [...this.#byActor.keys()];
  }

  /** @param isFresh whether this node knows what the owner knew a moment ago */
  subscribe(frame: Omit<Extract<Said, { t: 'subscribe' }>, 't'>, isFresh = false): void {
    const { rid, conversation, epoch, seq } = frame;
    const { who, workspace } = this.#listener;
    const actor = actorOf(workspace, conversation);
    const refusal = this.#host.refusal(actor);
    if (refusal !== undefined) return this.#refuse(rid, conversation, refusal);
    this.#host.peek(actor, (found, isSure) => {
      if (this.#closed) return;
      const state = found as ConversationState | undefined;
      const summary = state === undefined ? undefined : tellSummary(conversation, state, who.role);
      const mayBeOld = state === undefined ? seq > 0 : !mayEnter(state, who) || (epoch === state.epoch && seq > (summary?.seq ?? 0));
      if (mayBeOld && !isFresh) {
        // The client has seen more at another node, or signed in there: never may its copy shrink to what this one knows, be it
        // the owner or not any more.
        void this.#host.refresh(actor).then((fresh) => {
          if (this.#closed) return;
          if (fresh) this.subscribe(frame, true);
          else this.#refuse(rid, conversation, moved());
        });
        return;
      }
      if (state === undefined && !isSure) return this.#refuse(rid, conversation, moved());
      if (state === undefined || summary === undefined || !mayEnter(state, who)) {
        return this.#refuse(rid, conversation, new Refusal('notFound'));
      }
      if (this.#byActor.size >= FOLLOWED_MAX) return this.#refuse(rid, conversation, new Refusal('invalid', `at most ${FOLLOWED_MAX} subscriptions`));
      const head = summary.seq;
      const followed = this.#byActor.get(actor) ?? {
        alias: ++this.#aliases, actor, conversation, head, epoch: state.epoch, changedAt: 0, behind: false, runs: [],
      };
      const known = epoch === state.epoch && seq <= head;
      const verdict = known && seq === head ? 'current' : known && head - seq <= REPLAY_MAX ? 'replaying' : 'reset';
      this.#out.say({ t: 'subscribed', rid, conversation, alias: followed.alias, epoch: state.epoch, head, verdict, summary });
      this.#tellRuns(followed, state, true);
      if (!this.#byActor.has(actor)) {
        this.#byActor.set(actor, followed);
        this.#byAlias.set(followed.alias, followed);
        this.#hub.follow(actor, this.#listener);
      }
      if (verdict === 'current') return;
      const range = verdict === 'reset' ? { after: 0, limit: NEWEST_ENTRIES, newest: true, whole: false }
        : { after: seq, limit: PAGE_ENTRIES, newest: false, whole: true };
      this.#paging.ask({ rid: 0, actor, target: followed.alias, before: head + 1, ...range, wanted: () => this.#byAlias.has(followed.alias) });
    });
  }

  unsubscribe(target: string | number): void {
    const followed = this.#byActor.get(this.actor(target));
    if (followed === undefined) return;
    this.#byActor.delete(followed.actor);
    this.#byAlias.delete(followed.alias);
    this.#hub.unfollow(followed.actor, this.#listener);
  }

  /** Signals go only where this connection listens. @throws Refusal `unknownAlias` */
  signal({ conversation, kind, value }: Extract<Said, { t: 'signal' }>): void {
    const actor = this.actor(conversation);
    if (!this.#byActor.has(actor)) throw new Refusal('unknownAlias');
    this.#hub.signal(actor, this.#listener, kind, value);
  }

  signalled(actor: string, { role, id, name }: Person, kind: SignalKind, value: string): void {
    const alias = this.alias(actor);
    if (alias === undefined || this.#out.thick || role === 'system') return;
    this.#out.say({ t: 'signalled', alias, person: { role, id, name }, kind, value, ttlMs: kind === 'online' ? 0 : TYPING_MS });
  }

  /** Answers HISTORY; the actor's state decides who may read. */
  history({ rid, conversation, after, before, limit, newest }: Extract<Said, { t: 'history' }>): void {
    const actor = this.actor(conversation);
    const refusal = this.#host.refusal(actor);
    if (refusal !== undefined) return this.#refuse(rid, '', refusal);
    this.#host.peek(actor, (found, isSure) => {
      if (this.#closed) return;
      const state = found as ConversationState | undefined;
      if (state === undefined && !isSure) return this.#refuse(rid, '', moved());
      if (state === undefined || !mayEnter(state, this.#listener.who)) return this.#refuse(rid, '', new Refusal('notFound'));
      const head = tellSummary('', state, this.#listener.who.role).seq;
      const target = this.alias(actor) ?? actor.slice(actor.lastIndexOf('/') + 1);
      this.#paging.ask({
        rid, actor, target, after, before: before === 0 ? head + 1 : Math.min(before, head + 1),
        limit: Math.min(Math.max(limit, 1), PAGE_ENTRIES * 2), newest, whole: false, wanted: () => !this.#closed,
      });
    });
  }

  /** A durable change of a conversation that this connection follows. */
  committed({ actor, before, state: after, entries }: Committed): void {
    const followed = this.#byActor.get(actor);
    if (followed === undefined) return;
    const state = after as ConversationState;
    if (!mayEnter(state, this.#listener.who)) {
      // Else a client would wait for ever for what it does not get any more.
      this.#refuse(0, followed.conversation, new Refusal('notFound'));
      return this.unsubscribe(followed.alias);
    }
    followed.head = this.#audience === 'agents' ? state.seq : state.publicSeq;
    followed.changedAt = this.#out.saidAt;
    if (this.#out.lagging) {
      followed.behind = true;
      return;
    }
    for (const { audience, bytes } of entries) {
      if (audience === 'agents' && this.#audience === 'everyone') continue;
      if (this.#codec.binary) this.#out.raw(eventFrame(followed.alias, bytes));
      else this.#out.raw(eventText(followed.alias, entryText(decodeEntry(bytes))));
    }
    for (const mark of tellMoves(before as ConversationState | undefined, state, this.#listener.who.role)) {
      this.#out.say({ t: 'mark', alias: followed.alias, mark });
    }
    this.#tellRuns(followed, state);
  }

  /** The client has read everything: it learns the heads and pulls what it lacks. */
  drained(): void {
    for (const followed of this.#byActor.values()) {
      if (!followed.behind) continue;
      followed.behind = false;
      this.#out.say({ t: 'head', alias: followed.alias, epoch: followed.epoch, seq: followed.head });
      if (this.#audience === 'everyone') continue;
      this.#host.peek(followed.actor, (state) => {
        if (!this.#closed && this.#byActor.has(followed.actor)) this.#tellRuns(followed, state as ConversationState);
      });
    }
    void this.#paging.goOn();
  }

  /** For heartbeats: heads of what changed since a moment, so that a lost last event is found. */
  heads(since: number): [number, number][] {
    const heads: [number, number][] = [];
    for (const { alias, head, changedAt } of this.#byActor.values()) if (changedAt >= since && heads.length < 200) heads.push([alias, head]);
    return heads;
  }

  close(): void {
    this.#closed = true;
    for (const actor of this.#byActor.keys()) this.#hub.unfollow(actor, this.#listener);
    this.#byActor.clear();
    this.#byAlias.clear();
  }

  /** Agents see which flows run, whenever that is not what they know, and `afresh` after SUBSCRIBED. */
  #tellRuns(followed: Followed, state: ConversationState, afresh = false): void {
    const { runs } = state;
    if (this.#audience === 'everyone' || (runs === followed.runs && !afresh)) return;
    if (runs.length === 0 && followed.runs.length === 0) return;
    followed.runs = runs;
    this.#out.say(tellRuns(followed.alias, state, this.#shelf()));
  }

  get #audience(): Audience {
    return this.#listener.who.role === 'agent' ? 'agents' : 'everyone';
  }

  #refuse(rid: number, conversation: string, refusal: Refusal): void {
    this.#out.say(tellRefusal(rid === 0 && conversation !== '' ? conversation : rid, refusal));
  }
}
