/** What conversations find on their workspace's shelf: compiled once, whatever else is wrong. */
import { expect, it } from 'vitest';
import { Flows } from '../../gateway/flows.ts';
import { parseSettings } from '../../gateway/settings.ts';
import type { Who } from '../../machines/actor.ts';
import type { Flow } from '../../machines/flows/flow.ts';
import { library } from '../../machines/flows/library.ts';
import type { LibraryState } from '../../machines/flows/shelved.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';

const ADA: Who = { role: 'agent', id: 'a_ada', name: 'Ada', identified: true };
const { workspaces } = parseSettings({});
const hello = (text: string): Flow => ({ name: 'Hello', start: [{ on: 'opened' }], steps: [{ id: 'hello', do: 'say', text }] });

interface Staged { flows: Flows; reports: string[]; bring(id: string, flow: unknown, migrate?: boolean): void; live(id: string, version: number): void }
/** A library that takes anything. */
function staged(): Staged {
  const reports: string[] = [];
  const flows = new Flows({
    workspaces, sectionsOf: () => workspaces.demo?.sections as never, report: (_level, what, facts) => { reports.push(`${what}: ${String(facts?.flow)}`); },
  });
  const kind = library({ check: (_workspace, _flow, definition) => ({ flow: definition as Flow, problems: [] }), migration: () => [] });
  let state: LibraryState | undefined;
  let rev = 0;
  const tell = (command: object): void => {
    const stepped = kind.step('f/demo', state, { who: ADA, ...command } as never, 0);
    if ('refused' in stepped) throw new Error(stepped.detail);
    state = stepped.state;
    rev = stepped.reply.n;
    flows.committed({ actor: 'f/demo', state } as never);
  };
  const revs = new Map<string, number>();
  return {
    flows, reports,
    bring(id, definition, migrate = false) {
      tell({ type: 'draft', flow: id, definition, rev: revs.get(id) ?? 0 });
      revs.set(id, rev);
      tell({ type: 'publish', flow: id, rev, migrate, note: '' });
    },
    live: (id, version) => tell({ type: 'live', flow: id, version }),
  };
}

it('has live flows in the order of their ids, and every version that ever was, each compiled once', () => {
  const { flows, bring, live } = staged();
  const shelf = flows.shelfOf('demo');
  for (const id of ['b', 'a']) bring(id, hello(id));
  bring('b', hello('other'));
  live('a', 0);
  expect(shelf.live.map(({ id, version }) => [id, version])).toEqual([['b', 2]]);
  expect([shelf.at('a', 1)?.flow, shelf.at('b', 1)?.flow, shelf.at('b', 3)]).toEqual([hello('a'), hello('b'), undefined]);
  const compiled = shelf.at('b', 2);
  bring('c', hello('c'));
  expect([shelf.at('b', 2), shelf.live.map(({ id }) => id)]).toEqual([compiled, ['b', 'c']]);
  expect(shelf.live[0]?.compiled).toBe(compiled);
});

it('leads a run over as many versions as there are, to the last that it can go to', () => {
  const { flows, bring, live } = staged();
  const shelf = flows.shelfOf('demo');
  for (const [i, text] of ['one', 'two', 'three', 'four'].entries()) bring('a', hello(text), i > 0);
  expect([1, 2, 3, 4].map((version) => shelf.successor('a', version))).toEqual([4, 4, 4, undefined]);
  live('a', 2);
  expect([1, 2, 3, 4].map((version) => shelf.successor('a', version))).toEqual([2, undefined, undefined, undefined]);
  expect(shelf.successor('none', 1)).toBeUndefined();
});

it('does without a live flow that cannot be compiled, says so once, and starts the others', () => {
  const { flows, reports, bring } = staged();
  bring('bad', { ...hello('bad'), steps: [{ id: 'away', do: 'jump', to: 'nowhere', times: 1 }] });
  bring('good', hello('good'));
  const shelf = flows.shelfOf('demo');
  expect([shelf.live.map(({ id }) => id), shelf.live.length, reports]).toEqual([['good'], 1, ['a live flow cannot be compiled and starts nowhere: bad']]);
});

it('of a library that cannot be read has nothing, and says so', async () => {
  const { flows, reports } = staged();
  await flows.begin({ insist: async () => new Refusal('damaged'), peek: () => { throw new Error('nobody is there to be looked at'); } });
  const shelf = flows.shelfOf('demo');
  expect([shelf.live, reports]).toEqual([[], ['a library of flows cannot be read: nothing new starts: undefined']]);
  expect(shelf.at('a', 1)).toBeUndefined();
  expect(() => flows.shelfOf('nowhere')).toThrow('there is no workspace nowhere');
});
