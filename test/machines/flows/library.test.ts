/** A workspace's library of flows: drafts, versions that stay, what goes live and back, and who stands in whose way. */
import { describe, expect, it } from 'vitest';
import type { Refusal, Who } from '../../../machines/actor.ts';
import type { Flow, Problem, Step } from '../../../machines/flows/flow.ts';
import { library, type LibraryCommand } from '../../../machines/flows/library.ts';
import { liveFlows, shelved, versionOf, type LibraryState } from '../../../machines/flows/shelved.ts';

const ADA: Who = { role: 'agent', id: 'a_ada', name: 'Ada', identified: true };
const BEN: Who = { role: 'agent', id: 'a_ben', name: 'Ben', identified: true };
const START = Date.UTC(2026, 10, 26);

const flow = (name: string, ...steps: Step[]): Flow => ({ name, start: [{ on: 'called' }], steps });
const say = (id: string): Step => ({ id, do: 'say', text: id });

/** What is right and clean, as a test has it. */
class Shelf {
  state: LibraryState | undefined;
  detail = '';
  at = START;
  /** Steps that do not fit the workspace any more. */
  bad = new Set<string>();
  stuck: Problem[] = [];
  asked: string[][] = [];
  readonly kind = library({
    check: (_workspace, _flow, definition, live) => {
      this.asked.push(live.map(({ id }) => id));
      const given = definition as Flow;
      if (!Array.isArray(given.steps)) return { problems: [{ path: 'steps', problem: 'is missing: write at least one step' }] };
      const problems = given.steps.flatMap((step, i) => {
        if (this.bad.has(step.id)) return [{ path: `steps.${i}.id`, problem: `"${step.id}" is bad` }];
        if (step.do !== 'run' || live.some(({ id, flow: other }) => id === step.flow && other.start.some(({ on }) => on === 'called'))) return [];
        return [{ path: `steps.${i}.flow`, problem: `there is no live flow "${step.flow}" that starts on called` }];
      });
      return problems.length > 0 ? { problems } : { flow: given, problems: [] };
    },
    migration: () => this.stuck,
  });

  /** @returns the answer's `n`, or why not */
  tell(command: LibraryCommand): number | Refusal['refused'] {
    this.at += 1_000;
    const stepped = this.kind.step('f/demo', this.state, command, this.at);
    this.detail = 'refused' in stepped ? stepped.detail : '';
    if ('refused' in stepped) return stepped.refused;
    this.state = stepped.state;
    return stepped.reply.n;
  }

  draft(id: string, definition: unknown, rev: number, who = ADA) {
    return this.tell({ type: 'draft', who, flow: id, definition, rev });
  }

  publish(id: string, rev: number, { migrate = false, note = '', who = ADA } = {}) {
    return this.tell({ type: 'publish', who, flow: id, rev, migrate, note });
  }

  live(id: string, version: number) {
    return this.tell({ type: 'live', who: ADA, flow: id, version });
  }

  remove(id: string) {
    return this.tell({ type: 'remove', who: ADA, flow: id });
  }

  of(id: string) {
    return this.state === undefined ? undefined : shelved(this.state, id);
  }

  /** Versions with where their runs go over to. */
  successors(id: string): Record<number, number> {
    return Object.fromEntries((this.of(id)?.versions ?? []).map(({ version, successor }) => [version, successor]));
  }

  /** A draft and its publication. */
  bring(id: string, definition: Flow, migrate = false) {
    this.draft(id, definition, this.of(id)?.rev ?? 0);
    return this.publish(id, this.of(id)?.rev ?? 0, { migrate });
  }
}

describe('a draft', () => {
  it('is kept as it is, right or wrong, under a revision that grows', () => {
    const shelf = new Shelf();
    expect([shelf.draft('nudge', { half: 'written' }, 0), shelf.draft('nudge', null, 1, BEN)]).toEqual([1, 2]);
    expect(shelf.of('nudge')).toEqual({
      id: 'nudge', draft: null, rev: 2, by: 'Ben', at: shelf.at, live: 0, removed: false, versions: [],
    });
  });

  it('that somebody else has changed meanwhile is not overwritten: the answer says who and when', () => {
    const shelf = new Shelf();
    shelf.draft('nudge', flow('one'), 0, BEN);
    expect([shelf.draft('nudge', flow('two'), 0), shelf.detail])
      .toEqual(['conflict', 'Ben changed "nudge" at 2026-11-26T00:00:01.000Z, it is at rev 1 now: look at it again, then change it']);
    expect(shelf.publish('nudge', 7)).toBe('conflict');
    expect(shelf.of('nudge')?.draft).toEqual(flow('one'));
  });

  it('saved again as it stands is no change, whatever revision an answer that was lost would have told', () => {
    const shelf = new Shelf();
    shelf.draft('nudge', flow('one'), 0);
    const { state } = shelf;
    expect([shelf.draft('nudge', flow('one'), 0), shelf.state === state]).toEqual([1, true]);
  });

  it.each<[string, string, unknown, number, Refusal['refused'], string]>([
    ['an id that is none', 'Nudge 2', {}, 0, 'invalid', '1 to 40 of a-z'],
    ['an id of JavaScript\'s own', '__proto__', {}, 0, 'invalid', '1 to 40 of a-z'],
    ['more than a flow can be', 'long', 'x'.repeat(200_001), 0, 'invalid', 'make two of it'],
    ['what no step could look at safely', 'deep', JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`), 0, 'invalid', 'deep in each other'],
    ['one that is not there', 'gone', {}, 3, 'notFound', 'rev 0 to begin it'],
  ])('of %s is refused with what to do', (_, id, definition, rev, why, words) => {
    const shelf = new Shelf();
    expect([shelf.draft(id, definition, rev), shelf.detail]).toEqual([why, expect.stringContaining(words)]);
  });

  it('of the 201st flow is refused; a removed one makes room', () => {
    const shelf = new Shelf();
    for (let i = 0; i < 200; i++) shelf.draft(`f${i}`, {}, 0);
    expect([shelf.draft('more', {}, 0), shelf.detail]).toEqual(['invalid', 'a workspace has at most 200 flows: remove one first']);
    shelf.remove('f7');
    expect(shelf.draft('more', {}, 0)).toBe(1);
  });
});

describe('publishing', () => {
  it('makes the draft the next version and live; versions stay', () => {
    const shelf = new Shelf();
    shelf.draft('nudge', flow('one', say('a')), 0);
    expect(shelf.publish('nudge', 1, { note: 'first' })).toBe(1);
    shelf.draft('nudge', flow('two', say('b')), 1, BEN);
    expect(shelf.publish('nudge', 2, { who: BEN })).toBe(2);
    expect(shelf.of('nudge')).toMatchObject({ live: 2, versions: [
      { version: 1, flow: flow('one', say('a')), note: 'first', by: 'Ada', at: START + 2_000, successor: 0 },
      { version: 2, flow: flow('two', say('b')), note: '', by: 'Ben', at: START + 4_000, successor: 0 },
    ] });
    expect(liveFlows(shelf.state as LibraryState).map(({ id, version }) => [id, version])).toEqual([['nudge', 2]]);
  });

  it('what is live already is no change', () => {
    const shelf = new Shelf();
    shelf.bring('nudge', flow('one', say('a')));
    const { state } = shelf;
    expect([shelf.publish('nudge', 1, { note: 'again' }), shelf.state === state]).toEqual([1, true]);
  });

  it('is refused for what is wrong: the first problems, where each stands, and how many more', () => {
    const shelf = new Shelf();
    shelf.bad = new Set(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    shelf.draft('nudge', flow('one', ...[...shelf.bad].map(say)), 0);
    expect([shelf.publish('nudge', 1), shelf.detail]).toEqual(['invalid',
      'steps.0.id: "a" is bad; steps.1.id: "b" is bad; steps.2.id: "c" is bad; steps.3.id: "d" is bad; steps.4.id: "e" is bad; and 2 more']);
    expect(shelf.of('nudge')).toMatchObject({ live: 0, versions: [] });
    shelf.draft('nudge', {}, 1);
    expect([shelf.publish('nudge', 2), shelf.detail]).toEqual(['invalid', 'steps: is missing: write at least one step']);
    expect([shelf.publish('none', 1), shelf.detail]).toEqual(['notFound', 'there is no flow "none"; save a draft of it first']);
    expect([shelf.publish('nudge', 2, { note: 'x'.repeat(501) }), shelf.detail]).toEqual(['invalid', 'note: has 501 characters; the most is 500']);
  });

  it('is judged beside the other flows that are live, without itself', () => {
    const shelf = new Shelf();
    shelf.bring('vip', flow('vip', say('a')));
    shelf.draft('draft-only', flow('draft', say('a')), 0);
    shelf.bring('nudge', flow('one', say('a')));
    shelf.asked = [];
    shelf.bring('nudge', flow('two', say('a')));
    expect(shelf.asked).toEqual([['vip']]);
  });
});

describe('runs of the version before', () => {
  it('finish on it; or go over, when that is asked for and clean', () => {
    const shelf = new Shelf();
    shelf.bring('nudge', flow('one', say('a')));
    shelf.bring('nudge', flow('two', say('a')));
    shelf.bring('nudge', flow('three', say('a')), true);
    shelf.bring('nudge', flow('four', say('a')), true);
    expect(shelf.successors('nudge')).toEqual({ 1: 0, 2: 3, 3: 4, 4: 0 });
  });

  it('that cannot all go over: nothing is published, and the answer says why and what instead', () => {
    const shelf = new Shelf();
    shelf.bring('nudge', flow('one', say('a')));
    shelf.stuck = [{ path: 'steps.0', problem: 'runs wait at "a", which is gone' }];
    expect([shelf.bring('nudge', flow('two', say('b')), true), shelf.detail]).toEqual(['invalid',
      'runs cannot go over to it as it is: steps.0: runs wait at "a", which is gone: let runs finish on version 1, or change this']);
    expect(shelf.of('nudge')).toMatchObject({ live: 1, versions: [{ version: 1 }] });
    expect([shelf.publish('nudge', 2), shelf.successors('nudge')]).toEqual([2, { 1: 0, 2: 0 }]);
  });

  it('stay where they are once somebody goes back from where they were to go', () => {
    const shelf = new Shelf();
    for (const name of ['one', 'two', 'three']) shelf.bring('nudge', flow(name, say('a')), true);
    for (const name of ['other', 'another']) shelf.bring('nudger', flow(name, say('a')), true);
    expect(shelf.live('nudge', 2)).toBe(2);
    expect([shelf.successors('nudge'), shelf.of('nudge')?.live]).toEqual([{ 1: 2, 2: 0, 3: 0 }, 2]);
    shelf.live('nudge', 1);
    expect([shelf.successors('nudge'), shelf.successors('nudger')]).toEqual([{ 1: 0, 2: 0, 3: 0 }, { 1: 2, 2: 0 }]);
    expect(shelf.bring('nudge', flow('four', say('a')), true)).toBe(4);
    expect(shelf.successors('nudge')).toEqual({ 1: 4, 2: 0, 3: 0, 4: 0 });
  });
});

describe('going back', () => {
  it('and forward again, and off: the draft stays as it is', () => {
    const shelf = new Shelf();
    shelf.bring('nudge', flow('one', say('a')));
    shelf.bring('nudge', flow('two', say('a')));
    expect([1, 2, 0, 2].map((version) => [shelf.live('nudge', version), shelf.of('nudge')?.live])).toEqual([[1, 1], [2, 2], [0, 0], [2, 2]]);
    expect(shelf.of('nudge')).toMatchObject({ draft: flow('two', say('a')), rev: 2 });
    expect([shelf.live('nudge', 9), shelf.detail]).toEqual(['notFound', '"nudge" has no version 9; it has the versions 1 to 2']);
  });

  it('to a version that does not fit the workspace any more is refused', () => {
    const shelf = new Shelf();
    shelf.bring('nudge', flow('one', say('old')));
    shelf.bring('nudge', flow('two', say('new')));
    shelf.bad.add('old');
    expect([shelf.live('nudge', 1), shelf.detail]).toEqual(['invalid', 'version 1 does not fit any more: steps.0.id: "old" is bad']);
    expect(shelf.of('nudge')?.live).toBe(2);
  });
});

describe('what another live flow runs', () => {
  const run = (id: string): Step => ({ id: 'r', do: 'run', flow: id });
  const staged = (): Shelf => {
    const shelf = new Shelf();
    shelf.bring('part', flow('part', say('a')));
    shelf.bring('whole', flow('whole', run('part')));
    return shelf;
  };

  it('neither goes off nor stops starting on its call', () => {
    const shelf = staged();
    const problem = 'steps.0.flow: there is no live flow "part" that starts on called';
    expect([shelf.live('part', 0), shelf.detail]).toEqual(['inUse', `the live flow "whole" runs it: ${problem}: change "whole" first`]);
    expect(shelf.bring('part', { ...flow('part', say('a')), start: [{ on: 'opened' }] })).toBe('inUse');
    expect([shelf.of('part')?.live, shelf.of('part')?.versions.length]).toEqual([1, 1]);
    shelf.live('whole', 0);
    expect(shelf.live('part', 0)).toBe(0);
  });

  it('may change for all that was wrong before', () => {
    const shelf = staged();
    shelf.bring('whole', flow('whole', run('part'), say('b')));
    shelf.bad.add('b');
    expect(shelf.bring('part', flow('part', say('c')))).toBe(2);
  });
});

describe('a removed flow', () => {
  it('is gone, but not while it is live; its versions stay for the runs that have them', () => {
    const shelf = new Shelf();
    shelf.bring('nudge', flow('one', say('a')));
    expect([shelf.remove('nudge'), shelf.detail]).toEqual(['inUse', '"nudge" is live in version 1: take it off first, with version 0']);
    shelf.live('nudge', 0);
    expect([shelf.remove('nudge'), shelf.remove('nudge')]).toEqual([1, 1]);
    expect([shelf.publish('nudge', 1), shelf.live('nudge', 1), shelf.draft('nudge', {}, 1)]).toEqual(['notFound', 'notFound', 'notFound']);
    expect(versionOf(shelf.state as LibraryState, 'nudge', 1)?.flow).toEqual(flow('one', say('a')));
    expect([shelf.remove('none'), shelf.detail]).toEqual(['notFound', 'there is no flow "none"; there is nothing to remove']);
  });

  it('may be begun again: its versions go on counting', () => {
    const shelf = new Shelf();
    shelf.bring('nudge', flow('one', say('a')));
    shelf.live('nudge', 0);
    shelf.remove('nudge');
    expect([shelf.draft('nudge', flow('two', say('b')), 0), shelf.publish('nudge', 2)]).toEqual([2, 2]);
    expect(shelf.of('nudge')?.versions.map((version) => version.flow.name)).toEqual(['one', 'two']);
  });
});

it('is kept in parts of which a step writes what it has changed, and is the same after waking', () => {
  const shelf = new Shelf();
  const parts = new Map<string, string>();
  /** What another node knows, by the records that have come there. */
  let elsewhere: LibraryState | undefined;
  const keep = (before: LibraryState | undefined): string[] => {
    const now = shelf.state as LibraryState;
    const written = [...shelf.kind.parts?.(now, before) ?? []];
    for (const [key, json] of written) if (json === null) parts.delete(key); else parts.set(key, json);
    const json = shelf.kind.freeze(now);
    const known = elsewhere;
    elsewhere = known === undefined ? shelf.kind.thaw(json, parts) : shelf.kind.renew?.(known, json, new Map(written)) ?? known;
    const changed = (is: LibraryState, was: LibraryState): string[] => [...is.drafts.since(was.drafts), ...is.versions.since(was.versions)].map(([key]) => key);
    if (known !== undefined) expect(changed(elsewhere, known)).toEqual(changed(now, before as LibraryState));
    expect([...elsewhere.drafts, ...elsewhere.versions]).toEqual([...now.drafts, ...now.versions]);
    return written.map(([key]) => key);
  };
  const step = (call: () => void): string[] => { const before = shelf.state; call(); return keep(before); };
  expect(step(() => shelf.tell({ type: 'begin' }))).toEqual([]);
  expect(step(() => shelf.draft('nudge', flow('one', say('a')), 0))).toEqual(['d/nudge']);
  expect(step(() => shelf.publish('nudge', 1))).toEqual(['d/nudge', 'v/nudge/000000000000001']);
  expect(step(() => shelf.draft('vip', null, 0))).toEqual(['d/vip']);
  step(() => shelf.bring('nudge', flow('two', say('b')), true));
  const woken = shelf.kind.thaw(shelf.kind.freeze(shelf.state as LibraryState), parts);
  expect([shelved(woken, 'nudge'), shelved(woken, 'vip')]).toEqual([shelf.of('nudge'), shelf.of('vip')]);
  expect(liveFlows(woken)).toEqual(liveFlows(shelf.state as LibraryState));
  const { state } = shelf;
  shelf.state = woken;
  expect([shelf.live('nudge', 1), shelf.successors('nudge')]).toEqual([1, { 1: 0, 2: 0 }]);
  expect(versionOf(state as LibraryState, 'nudge', 1)?.successor).toBe(2);
});
