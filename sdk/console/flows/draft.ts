/**
 * The draft that is open: saved by itself a moment after each change, checked as one types, and looked at again now and
 * then for what colleagues do. It goes on saving when nobody looks any more; the browser asks before anything is lost.
 */
import type { FlowChart, Problem, Flows, FlowView } from '../../agent.ts';
import { ParleyError, type Value } from '../../index.ts';
import { same, type Tree } from '../admin/tree.ts';
import {
  begun, edited, isUnsaved, met, mine, notSaved, redone, saved, sending, theirs, undone, type Drafting,
} from './drafting.ts';

export interface Open {
  readonly drafting: Drafting;
  /** The flow as it was read last: versions, which one is live. */
  readonly view: FlowView;
  readonly problems: readonly Problem[];
  /** Of the newest draft that had one: what is no flow at all cannot be drawn. */
  readonly chart: FlowChart | null;
  /** Whether the chart is that of an earlier draft. */
  readonly outdated: boolean;
  /** Whether problems and chart are those of what is typed now. */
  readonly checked: boolean;
  /** Why the last attempt to save failed; it is tried again. */
  readonly failure: unknown;
}

export interface FlowDraft {
  readonly value: Value<Open>;
  edit(value: Tree, field: string | null): void;
  undo(): void;
  redo(): void;
  keepMine(): void;
  loadTheirs(): void;
  /** Resolves when the gateway has what is typed now; rejects with why it has not. */
  save(): Promise<void>;
  /** Reads the flow again: after publishing, or when somebody may have changed it. */
  refresh(): Promise<void>;
  /** As long as somebody looks at it; the returned function ends that. */
  watch(): () => void;
}

/** Time of the page; a test has its own. */
export interface Clock {
  now(): number;
  /** Calls once after so many milliseconds, unless the returned function is called before. */
  after(ms: number, call: () => void): () => void;
}

export const PAGE_CLOCK: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

const SAVE_AFTER_MS = 800;
const CHECK_AFTER_MS = 250;
const AGAIN_AFTER_MS = 4_000;
const LOOK_EVERY_MS = 5_000;
/** Colleagues who save faster than we read are waited for. */
const MOST_CONFLICTS = 4;

/** `may`: whether this agent changes flows; else nothing is ever sent. */
export function openDraft(flows: Flows, first: FlowView, may: boolean, clock: Clock): FlowDraft {
  const listeners = new Set<(now: Open) => void>();
  let open: Open = {
    drafting: begun(first), view: first, problems: first.problems, chart: null, outdated: false, checked: false, failure: null,
  };
  let saving: Promise<void> | null = null;
  let [stopSaving, stopChecking, stopLooking] = [nothing, nothing, nothing];
  let watchers = 0;
  let checks = 0;

  function set(change: Partial<Open>): void {
    open = { ...open, ...change };
    for (const listener of [...listeners]) listener(open);
  }

  function become(drafting: Drafting): void {
    const changed = drafting.value !== open.drafting.value;
    set({ drafting, ...(changed ? { checked: false } : {}) });
    if (changed) planCheck(CHECK_AFTER_MS);
    if (may && isUnsaved(drafting) && drafting.clash === null) planSave(SAVE_AFTER_MS);
  }

  function planSave(ms: number): void {
    stopSaving();
    stopSaving = clock.after(ms, () => void save().catch(nothing));
  }

  function planCheck(ms: number): void {
    stopChecking();
    stopChecking = clock.after(ms, () => void check());
  }

  async function check(): Promise<void> {
    const number = ++checks;
    try {
      const { problems, chart } = await flows.check(first.id, open.drafting.value);
      if (number !== checks) return;
      // Drawing is costly: what is as it was stays the same thing.
      const now = <T>(told: T, before: T): T => (same(told, before) ? before : told);
      const drawn = { chart: now(chart ?? open.chart, open.chart), outdated: chart === null };
      set({ problems: now(problems, open.problems), ...drawn, checked: true });
    } catch {
      if (number === checks) planCheck(AGAIN_AFTER_MS);
    }
  }

  async function attempt(): Promise<void> {
    for (let tries = 0; isUnsaved(open.drafting) && open.drafting.clash === null; tries++) {
      become(sending(open.drafting));
      try {
        const { rev } = await flows.save(first.id, open.drafting.value, open.drafting.rev);
        become(saved(open.drafting, rev));
        set({ failure: null });
      } catch (error) {
        become(notSaved(open.drafting));
        const why = isConflict(error) && tries < MOST_CONFLICTS ? await read().then(() => null, (other: unknown) => other) : error;
        if (why === null) continue;
        set({ failure: why });
        planSave(AGAIN_AFTER_MS);
        throw why;
      }
    }
  }

  function save(): Promise<void> {
    stopSaving();
    saving ??= attempt().finally(() => (saving = null));
    return saving;
  }

  async function read(): Promise<void> {
    const view = await flows.read(first.id);
    set({ view });
    become(met(open.drafting, view));
  }

  function look(): void {
    stopLooking = clock.after(LOOK_EVERY_MS, () => {
      void (saving === null ? read() : Promise.resolve()).catch(nothing).finally(() => { if (watchers > 0) look(); });
    });
  }

  planCheck(0);
  return {
    value: {
      get: () => open,
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    edit: (value, field) => become(edited(open.drafting, value, field, clock.now())),
    undo: () => become(undone(open.drafting)),
    redo: () => become(redone(open.drafting)),
    keepMine: () => become(mine(open.drafting)),
    loadTheirs: () => become(theirs(open.drafting)),
    async save() {
      // What was typed after one left is sent by the next.
      while (saving !== null) await saving;
      await save();
    },
    refresh: read,
    watch() {
      watchers++;
      if (watchers === 1) look();
      return () => {
        watchers--;
        if (watchers > 0) return;
        stopLooking();
        if (may && isUnsaved(open.drafting)) void save().catch(nothing);
      };
    },
  };
}

function isConflict(error: unknown): boolean {
  return error instanceof ParleyError && error.name === 'conflict';
}

function nothing(): void {}
