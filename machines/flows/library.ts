/**
 * The flows of a workspace: drafts, published versions, and which version is live. Actor `f/<workspace>`; versions are
 * never thrown away and what they do never changes, because conversations that run one remember only its number.
 */
import type { ActorCommand, Kind, Refusal, Who } from '../actor.ts';
import { Tree } from '../tree.ts';
import { stepsOf, type Flow, type Problem } from './flow.ts';
import { tooDeep } from './problems.ts';
import { liveFlows, spelt, versionKey, versionOf, type Draft, type LibraryState, type Live, type Version } from './shelved.ts';

export type LibraryCommand = ActorCommand & (
  /** A node starts: from here on there is a library, if there was none. */
  | { type: 'begin' }
  | { who: Who; flow: string } & (
    /** `rev` 0 begins one. A draft may be wrong in any way; it is kept as it is. Answered with its revision as `n`. */
    | { type: 'draft'; definition: unknown; rev: number }
    /** The draft becomes the next version, and live. `migrate`: runs of the live version go over to it, if that is clean.
     * Answered with the version as `n`. */
    | { type: 'publish'; rev: number; migrate: boolean; note: string }
    /** Back, or forward again, to a version; 0: none, so that nothing new starts. */
    | { type: 'live'; version: number }
    /** Gone from the library; runs finish. Not while it is live. */
    | { type: 'remove' }
  )
);

/** What the workspace says of a definition: what would be right is known to its settings, not to the library. */
export interface Judges {
  /** @param live the other flows that are live */
  check(workspace: string, flow: string, definition: unknown, live: readonly Live[]):
  { flow: Flow; problems: readonly [] } | { problems: readonly Problem[] };
  /** Why runs of the old version cannot go over to the next one; [] when all can. */
  migration(old: Flow, next: Flow): readonly Problem[];
}

const FLOW_ID = /^[a-z0-9][a-z0-9_-]{0,39}$/;
const FLOWS_MAX = 200;
/** Of a draft, as JSON. */
const DRAFT_CHARS = 200_000;
const NOTE_CHARS = 500;
const NOTHING: LibraryState = { v: 1, drafts: Tree.of(), versions: Tree.of(), timers: [], outbox: [] };
/** The parts of a state, by the beginning of their keys. */
const DRAFT = 'd/';
const VERSION = 'v/';

/** With `n`, what the command asked for stands; `state` is the old one when it stood already. */
type Taken = { state: LibraryState; n: number } | Refusal;
type Asked<T extends string> = Extract<LibraryCommand, { type: T }>;

export function library(judges: Judges): Kind<LibraryState> {
  function take(workspace: string, state: LibraryState, command: LibraryCommand, at: number): Taken {
    switch (command.type) {
      case 'begin': return { state, n: 0 };
      case 'draft': return drafted(state, command, at);
      case 'publish': return published(judges, workspace, state, command, at);
      case 'live': return enlivened(judges, workspace, state, command);
      case 'remove': return removed(state, command);
      default: throw new Error(`a library does not take ${String((command satisfies never as ActorCommand).type)}`);
    }
  }
  return {
    prefix: 'f',
    step(id, old, command, at) {
      const state = old ?? NOTHING;
      const taken = take(id.slice(id.indexOf('/') + 1), state, command as LibraryCommand, at);
      if ('refused' in taken) return taken;
      return { state: taken.state, lines: [], reply: { seq: 0, n: taken.n, at, repeated: taken.state === old } };
    },
    // A change names the revision that it was made upon, or what is to be; done again it changes nothing.
    mayRepeat: () => undefined,
    freeze: ({ v }) => JSON.stringify({ v }),
    *parts({ drafts, versions }, before = NOTHING) {
      for (const [key, draft] of drafts.since(before.drafts)) yield [DRAFT + key, draft === undefined ? null : JSON.stringify(draft)];
      for (const [key, version] of versions.since(before.versions)) {
        yield [VERSION + key, version === undefined ? null : JSON.stringify(version)];
      }
    },
    thaw(json, parts = new Map()) {
      const all = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
      const of = <T>(prefix: string): Tree<T> => Tree.of(all.filter(([key]) => key.startsWith(prefix))
        .map(([key, part]) => [key.slice(prefix.length), JSON.parse(part) as T] as const));
      return { ...NOTHING, ...JSON.parse(json) as object, drafts: of<Draft>(DRAFT), versions: of<Version>(VERSION) };
    },
    renew(state, json, changed) {
      let { drafts, versions } = state;
      for (const [key, part] of changed) {
        const id = key.slice(DRAFT.length);
        if (key.startsWith(DRAFT)) drafts = part === null ? drafts.delete(id) : drafts.set(id, JSON.parse(part) as Draft);
        else versions = part === null ? versions.delete(id) : versions.set(id, JSON.parse(part) as Version);
      }
      return { ...NOTHING, ...JSON.parse(json) as object, drafts, versions };
    },
  };
}

/** What is wrong with the id of a flow, if anything is. */
export function wrongId(id: string): string | undefined {
  return FLOW_ID.test(id) ? undefined : 'a flow\'s id has 1 to 40 of a-z, 0-9, "-" and "_", a letter or digit first';
}

export function libraryOf(workspace: string): string {
  return `f/${workspace}`;
}

function drafted(state: LibraryState, { who, flow: id, definition, rev }: Asked<'draft'>, at: number): Taken {
  const deep = tooDeep(definition);
  if (deep !== undefined) return refused('invalid', deep.problem);
  const old = state.drafts.get(id);
  const stands = old !== undefined && !old.removed;
  if (stands && same(old.draft, definition)) return { state, n: old.rev };
  const wrong = wrongId(id);
  if (wrong !== undefined) return refused('invalid', wrong);
  if (!stands && rev !== 0) return missing(id, 'save it with rev 0 to begin it');
  if (stands && rev !== old.rev) return conflict(id, old);
  const chars = JSON.stringify(definition ?? null).length;
  if (chars > DRAFT_CHARS) return refused('invalid', `a flow has at most ${DRAFT_CHARS} characters of JSON, and this one ${chars}: make two of it`);
  const kept = [...state.drafts].filter(([, one]) => !one.removed).length;
  if (!stands && kept >= FLOWS_MAX) return refused('invalid', `a workspace has at most ${FLOWS_MAX} flows: remove one first`);
  const { live, newest, rev: was } = old ?? { live: 0, newest: 0, rev: 0 };
  const next: Draft = { draft: definition ?? null, rev: was + 1, by: who.name, at, live, newest, removed: false };
  return { state: { ...state, drafts: state.drafts.set(id, next) }, n: next.rev };
}

function published(
  judges: Judges, workspace: string, state: LibraryState, { who, flow: id, rev, migrate, note }: Asked<'publish'>, at: number,
): Taken {
  const kept = standing(state, id);
  if (kept === undefined) return missing(id, 'save a draft of it first');
  if (rev !== kept.rev) return conflict(id, kept);
  if (note.length > NOTE_CHARS) return refused('invalid', `note: has ${note.length} characters; the most is ${NOTE_CHARS}`);
  const checked = judges.check(workspace, id, kept.draft, liveFlows(state, id));
  if (!('flow' in checked)) return refused('invalid', spelt(checked.problems));
  const old = versionOf(state, id, kept.live);
  if (old !== undefined && same(old.flow, checked.flow)) return { state, n: old.version };
  const version = kept.newest + 1;
  let versions = state.versions.set(versionKey(id, version), { version, flow: checked.flow, note, by: who.name, at, successor: 0 });
  if (old !== undefined && migrate) {
    const stuck = judges.migration(old.flow, checked.flow);
    if (stuck.length > 0) {
      const instead = `let runs finish on version ${old.version}, or change this`;
      return refused('invalid', `runs cannot go over to it as it is: ${spelt(stuck)}: ${instead}`);
    }
    versions = versions.set(versionKey(id, old.version), { ...old, successor: version });
  }
  const drafts = state.drafts.set(id, { ...kept, live: version, newest: version });
  return changed(judges, workspace, state, { ...state, drafts, versions }, id, version);
}

function enlivened(judges: Judges, workspace: string, state: LibraryState, { flow: id, version }: Asked<'live'>): Taken {
  const kept = standing(state, id);
  if (kept === undefined) return missing(id, 'save a draft of it first');
  if (version === kept.live) return { state, n: version };
  const next = { ...state, drafts: state.drafts.set(id, { ...kept, live: version }) };
  if (version === 0) return changed(judges, workspace, state, next, id, 0);
  const wanted = versionOf(state, id, version);
  if (wanted === undefined) {
    const has = kept.newest === 0 ? 'has no version yet: publish it' : `has the versions 1 to ${kept.newest}`;
    return refused('notFound', `"${id}" has no version ${version}; it ${has}`);
  }
  // Settings and other flows may have changed since it was published.
  const checked = judges.check(workspace, id, wanted.flow, liveFlows(state, id));
  if (!('flow' in checked)) return refused('invalid', `version ${version} does not fit any more: ${spelt(checked.problems)}`);
  // Whoever goes back from a version wants nobody else on it: runs that have not gone over stay where they are.
  let { versions } = state;
  for (const [key, one] of versions.from(versionKey(id, 1))) {
    if (!key.startsWith(`${id}/`)) break;
    if (one.successor > version) versions = versions.set(key, { ...one, successor: 0 });
  }
  return changed(judges, workspace, state, { ...next, versions }, id, version);
}

function removed(state: LibraryState, { flow: id }: Asked<'remove'>): Taken {
  const kept = state.drafts.get(id);
  if (kept === undefined) return missing(id, 'there is nothing to remove');
  if (kept.removed) return { state, n: kept.rev };
  if (kept.live > 0) return refused('inUse', `"${id}" is live in version ${kept.live}: take it off first, with version 0`);
  return { state: { ...state, drafts: state.drafts.set(id, { ...kept, removed: true }) }, n: kept.rev };
}

/** Other live flows that run this one must not lose it. */
function changed(judges: Judges, workspace: string, old: LibraryState, next: LibraryState, id: string, version: number): Taken {
  for (const { id: other, flow } of liveFlows(next, id)) {
    if (!stepsOf(flow.steps).some((step) => step.do === 'run' && step.flow === id)) continue;
    const of = (state: LibraryState): readonly Problem[] => judges.check(workspace, other, flow, liveFlows(state, other)).problems;
    const before = of(old);
    const fresh = of(next).filter((problem) => !before.some((known) => same(known, problem)));
    if (fresh.length > 0) return refused('inUse', `the live flow "${other}" runs it: ${spelt(fresh)}: change "${other}" first`);
  }
  return { state: next, n: version };
}

function standing(state: LibraryState, id: string): Draft | undefined {
  const kept = state.drafts.get(id);
  return kept?.removed === false ? kept : undefined;
}

function conflict(id: string, { by, at, rev }: Draft): Refusal {
  const when = new Date(at).toISOString();
  return refused('conflict', `${by} changed "${id}" at ${when}, it is at rev ${rev} now: look at it again, then change it`);
}

function missing(id: string, mend: string): Refusal {
  return refused('notFound', `there is no flow "${id.slice(0, 40)}"; ${mend}`);
}

function refused(why: Refusal['refused'], detail: string): Refusal {
  return { refused: why, detail };
}

/** Values are plain data. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
