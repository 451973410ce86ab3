/** A conversation as an agent holds it: what every client can do with it, and what agents do with its ticket. */
import type { Conversation, Talk } from '../conversation.ts';
import type { House } from '../house.ts';
import type { Draft } from '../outbox.ts';
import type { Outgoing } from '../outgoing.ts';
import type { Data } from '../protocol/data.ts';
import { cell, type Value } from '../value.ts';
import { act } from './desk.ts';
import { factsOf } from './facts.ts';
import type { RunRow } from './flows.ts';

export interface AgentConversation extends Conversation {
  /**
   * Takes the ticket, deliberately also above one's capacity. Rejects with `conflict` when its agent is not the one on
   * the screen any more.
   */
  accept(): Promise<void>;
  setStatus(status: 'open' | 'pending' | 'onHold' | 'solved'): Promise<void>;
  /** Back to the queue of its team, by its first waiting time. */
  unassign(): Promise<void>;
  setTeam(team: string): Promise<void>;
  setPriority(priority: 0 | 1 | 2 | 3): Promise<void>;
  /** All of them, at most 20; rejects with `conflict` when a colleague has changed them meanwhile. */
  setTags(tags: readonly string[]): Promise<void>;
  /** Out of the lists until then, or until the customer writes; 0 ends it. */
  snooze(until: number): Promise<void>;
  /**
   * To an agent or a team, with a note for them. `over`: deliberately, although the agent is full or away. Rejects with
   * `noCapacity`.
   */
  handOver(to: { agent: string } | { team: string }, note: string, over?: boolean): Promise<void>;
  /** Flows that run on it, in the order in which they began; known while it is open. */
  readonly runs: Value<readonly RunRow[]>;
  /** Starts a flow, if its live version starts when it is called; else rejects with `conflict`, which says why not. */
  run(flow: string): Promise<void>;
  /** Ends a run, by its number. Rejects with `conflict` when it is over already. */
  stopRun(run: number): Promise<void>;
}

export interface AgentTalk extends Talk, AgentConversation {
  /** The newest entry that the message is based on. */
  seen(draft: Draft): number | null;
  /** The conversation is followed now. What runs on it is told next, if anything does. */
  followed(): void;
  ran(runs: readonly RunRow[]): void;
}

const NONE: readonly RunRow[] = [];

const onItsWay = (status: ReturnType<Outgoing['status']['get']>): boolean => status === 'queued' || status === 'sending';

export function createAgentTalk(id: string, house: House): AgentTalk {
  const { requests, outbox, wire, send, after } = house;
  const talk = house.talk(id);
  const { follow, state } = talk;
  /** Takes back what says it again. */
  let viewing: (() => void) | null = null;
  /** What was on the screen at the last key of the text in the composer. */
  let written: number | null = null;
  const runs = cell(NONE);

  /** Nothing of it was ever on the screen: then there is nothing to compare with. */
  const onScreen = (): number | null => (follow.thread.to > 0 ? follow.thread.to : null);

  const command = (name: string, args: Data): Promise<void> => requests.command(id, name, args);

  /** Colleagues see who else looks at it, as long as that is said again and again. */
  function view(): void {
    viewing?.();
    viewing = null;
    // The next connection begins again by itself.
    if (!follow.wanted() || !follow.live()) return;
    send({ t: 'signal', conversation: id, kind: 'viewing', value: '1' });
    viewing = after(wire.settings().typingMs / 2, view);
  }

  return {
    ...talk,
    open() {
      const release = talk.open();
      if (viewing === null) view();
      return release;
    },
    typing(on = true, draft = '') {
      if (on) written = onScreen();
      talk.typing(on, draft);
    },
    send(message) {
      const sent = talk.send(message);
      if (!message.note) written = null;
      return sent;
    },
    followed() {
      runs.set(NONE);
      view();
    },
    ran: runs.set,
    seen(draft) {
      if (draft.kind === 'note') return null;
      // One that goes again was looked at again, if there is anything to look at.
      const now = written ?? onScreen() ?? draft.seen ?? null;
      if (now === null) return null;
      // What is written behind a message that is still on its way shares its view: they are held back together.
      const before = outbox.of(id).filter(({ kept, status }) => kept !== draft && onItsWay(status.get()));
      return Math.min(now, ...before.map(({ kept }) => kept.seen ?? now));
    },
    accept() {
      const summary = state.get();
      return command('accept', summary === null ? {} : { expect: summary.assignee?.id ?? null });
    },
    setStatus: (status) => command('status', { status }),
    unassign: () => command('unassign', {}),
    setTeam: (team) => command('team', { team }),
    setPriority: (priority) => command('priority', { priority }),
    setTags(tags) {
      const summary = state.get();
      const expect: Data = summary === null ? {} : { expect: [...factsOf(summary).tags] };
      return command('tags', { tags: [...tags], ...expect });
    },
    snooze: (until) => command('snooze', { until }),
    handOver: (to, note, over = false) => act(house, 'handOver', { conversation: id, ...to, note, over }),
    runs,
    run: (flow) => command('run', { flow }),
    stopRun: (run) => command('stopRun', { run }),
  };
}
