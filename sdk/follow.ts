/** Keeps one conversation's thread as the server has it: follows it while it is open, and asks for what is missing. */
import type { House } from './house.ts';
import type { Entry, Told } from './protocol/frames.ts';
import { Thread, type Missing, type Page } from './thread.ts';

export interface Follow {
  readonly thread: Thread;
  /** Somebody looks at it, or did a moment ago. */
  wanted(): boolean;
  /** Whether the live connection carries it. */
  live(): boolean;
  /** Something is on its way that will change the thread. */
  loading(): boolean;
  open(): () => void;
  /** Asks to follow, if that is wanted and not so yet. */
  subscribe(): void;
  /** HELLO has named it, so the answer comes by itself; if it does not, it is asked for. */
  greeted(): void;
  subscribed(frame: Extract<Told, { t: 'subscribed' }>): void;
  /** It cannot be followed now; `why` is the name of a code. `ms`: when to ask again, if the server has said so. */
  refused(why: string, ms?: number): void;
  /** There is no live connection any more, or another one. */
  lost(): void;
  /** A proven range, asked for or not; or an entry as it happens, which proves no range. */
  fill(page: Page): void;
  /** The newest sequence, as a heartbeat or a puller hears it. */
  head(seq: number, epoch?: number): void;
  /** A send of ours stands at `seq`: it exists now, and its event is on the way. */
  stands(seq: number): void;
  older(count: number): Promise<void>;
}

/** Another component may look at it again at once, so following ends a little later. */
const LINGER_MS = 1_000;
const AGAIN_MS = 5_000;
/** The event behind an acknowledgement comes in the same breath; later than that it was lost. */
const EVENT_MS = 1_000;
const NEWEST = 50;
const RANGE = 200;
/** What is kept of a conversation that nobody looks at. */
const KEPT = 50;

/** Told of entries that were not known, oldest first; of none, when only what is known about the thread has changed. */
type Grew = (fresh: Entry[]) => void;

export function createFollow({ requests, after, send, named }: House, conversation: string, grew: Grew): Follow {
  const thread = new Thread();
  let alias: number | null = null;
  let viewers = 0;
  let linger: (() => void) | null = null;
  let subscribing = false;
  let healing = false;
  /** Something of ours stands in it, so it is there, whatever a question from before that is answered. */
  let ours = false;
  let loadingOlder: Promise<void> | null = null;
  /** Counts connections: an answer that belonged to an earlier one changes nothing. */
  let turn = 0;

  function subscribe(): void {
    if (viewers === 0 || alias !== null || subscribing) return;
    const { epoch, to } = thread;
    const now = turn;
    subscribing = true;
    requests.ask({ t: 'subscribe', conversation, epoch, seq: to }).catch((error: { name: string }) => {
      if (now === turn) refused(error.name);
    });
  }

  function refused(why: string, ms?: number): void {
    subscribing = false;
    grew([]);
    // One that is not there begins with its first message, and is asked for again then.
    const now = turn;
    if (why !== 'notFound') after(ms || AGAIN_MS, () => now === turn && subscribe());
    else if (ours) {
      ours = false;
      subscribe();
    }
  }

  function lost(): void {
    if (alias !== null) named.delete(alias);
    alias = null;
    turn++;
    subscribing = healing = false;
    grew([]);
  }

  /** The page comes to `fill` by itself; this resolves when it has. */
  const ask = (range: Missing & { limit: number }): Promise<void> =>
    requests.ask({ t: 'history', conversation, ...range });

  /** Asks for what is missing, one range at a time. */
  function heal(): void {
    const missing = thread.missing();
    if (missing === null || healing || alias === null) return;
    const now = turn;
    const { to } = thread;
    const done = (): void => {
      if (now !== turn) return;
      healing = false;
      // An answer that brings nothing is not asked for again in a hurry.
      if (thread.to > to) heal();
      else after(AGAIN_MS, heal);
    };
    healing = true;
    const limit = missing.newest ? NEWEST : RANGE;
    ask({ ...missing, limit }).then(done, done);
  }

  function head(seq: number, epoch = thread.epoch): void {
    if (epoch !== thread.epoch) {
      lost();
      return subscribe();
    }
    thread.raise(seq);
    grew([]);
    heal();
  }

  return {
    thread,
    wanted: () => viewers > 0 || linger !== null,
    live: () => alias !== null,
    loading: () => loadingOlder !== null || (viewers > 0 && !thread.complete && (subscribing || healing)),
    open() {
      viewers++;
      linger?.();
      linger = null;
      subscribe();
      let released = false;
      return () => {
        if (released) return;
        released = true;
        if (--viewers > 0) return;
        linger = after(LINGER_MS, () => {
          linger = null;
          if (alias !== null) send({ t: 'unsubscribe', conversation });
          lost();
          thread.trim(KEPT);
        });
      };
    },
    subscribe,
    greeted() {
      const now = turn;
      subscribing = true;
      after(AGAIN_MS, () => now === turn && alias === null && refused('unanswered'));
    },
    subscribed(frame) {
      subscribing = false;
      alias = frame.alias;
      named.set(alias, conversation);
      thread.begin(frame.epoch, frame.head, frame.verdict === 'reset');
      grew([]);
      // The pages of a replay follow at once; what they leave open is asked for.
      if (frame.verdict === 'current') heal();
      else after(EVENT_MS, heal);
    },
    refused,
    lost,
    fill(page) {
      grew(thread.fill(page));
      heal();
    },
    head,
    stands(seq) {
      ours = true;
      subscribe();
      if (alias !== null && seq > thread.to) after(EVENT_MS, () => head(seq));
    },
    older(count) {
      const { from } = thread;
      if (from <= 1) return Promise.resolve();
      loadingOlder ??= ask({ after: 0, before: from, newest: true, limit: count }).finally(() => {
        loadingOlder = null;
        grew([]);
      });
      grew([]);
      return loadingOlder;
    },
  };
}
