/** How one moves through the console: what keys mean, what is found and drawn, where one is, what is remembered. */
import { describe, expect, it } from 'vitest';
import { createActing } from '../../sdk/console/acting.ts';
import { ACT_IDS, ACTS } from '../../sdk/console/acts.ts';
import { actOf, caps, type Press } from '../../sdk/console/keys.ts';
import { read } from '../../sdk/console/preferences.ts';
import { hashOf, placeOf } from '../../sdk/console/route.ts';
import { drawnRows, nearsEnd, topFor } from '../../sdk/console/rows-window.ts';
import { halves, listNamed } from '../../sdk/console/views.ts';
import { teamName, workspaceOf } from '../../sdk/console/workspace.ts';
import { en } from '../../sdk/console/languages/en.ts';
import { fuzzy, ranked } from '../../sdk/ui/fuzzy.ts';

const ID = '01J9ZZ00000000000000000001';

describe('keys', () => {
  const press = (key: string, more: Partial<Press> = {}): Press => ({
    key, code: `Key${key.toUpperCase()}`, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false,
    defaultPrevented: false, ...more,
  });

  it('mean one act each, and each act that has one is named', () => {
    const keys = ACT_IDS.flatMap((id) => [...ACTS[id].keys]);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    expect(Object.keys(en.acts).sort()).toEqual([...ACT_IDS].sort());
  });

  it('are silent while somebody writes, but for those with Ctrl, Cmd or Alt, and Escape', () => {
    expect(actOf(press('s'), 'free')).toBe('solved');
    expect(actOf(press('s'), 'field')).toBeNull();
    expect(actOf(press('k', { ctrlKey: true }), 'field')).toBe('palette');
    expect(actOf(press('K', { metaKey: true }), 'field')).toBe('palette');
    expect(actOf(press('Escape'), 'field')).toBe('back');
  });

  it('are found by their place under Alt, where a Mac writes another letter', () => {
    expect(actOf(press('å', { altKey: true, code: 'KeyA' }), 'field')).toBe('acceptOffer');
    // AltGr is Ctrl and Alt, and writes letters of other languages.
    expect(actOf(press('a', { altKey: true, ctrlKey: true }), 'field')).toBeNull();
  });

  it('leave a button its Enter, a thread its arrows, and an input method everything', () => {
    expect(actOf(press('Enter'), 'button')).toBeNull();
    expect(actOf(press('Enter'), 'free')).toBe('enter');
    expect(actOf(press('ArrowDown'), 'scrolls')).toBeNull();
    expect(actOf(press('ArrowDown'), 'button')).toBe('next');
    expect(actOf(press('j', { isComposing: true }), 'free')).toBeNull();
    expect(actOf(press('Enter', { ctrlKey: true }), 'field')).toBeNull();
  });

  it('are written as they stand on the keyboard', () => {
    expect(caps('mod+shift+Enter', false)).toEqual(['Ctrl', '⇧', '↵']);
    expect(caps('alt+a', true)).toEqual(['⌥', 'A']);
    expect(caps('?', false)).toEqual(['?']);
  });
});

describe('acts', () => {
  it('are done by whoever came last, and only when nothing speaks against it', () => {
    const acting = createActing();
    const done: string[] = [];
    const end = acting.register(() => ({ search: () => done.push('list'), accept: { why: () => 'Closed is final.', run: () => done.push('no') } }));
    const gone = acting.register(() => ({ search: () => done.push('page') }));
    expect(acting.run('search')).toBe(true);
    gone();
    acting.run('search');
    expect(acting.run('accept')).toBe(false);
    expect([acting.why('accept'), acting.why('snooze')]).toEqual(['Closed is final.', undefined]);
    expect(acting.possible()).toEqual(['search']);
    end();
    expect(acting.run('search')).toBe(false);
    expect(done).toEqual(['page', 'list']);
  });
});

describe('finding', () => {
  const best = (typed: string, ...names: string[]) => ranked(typed, names, (name) => [name]);

  it('prefers the beginning of a word, then its middle, then letters in order', () => {
    expect(best('so', 'Absorb', 'Set on hold', 'Set Solved', 'Solved')).toEqual(['Solved', 'Set Solved', 'Absorb', 'Set on hold']);
  });

  it('wants every word, in any order, without case and accents', () => {
    expect(best('novak tom', 'Tomáš Novák', 'Tomáš Weber')).toEqual(['Tomáš Novák']);
  });

  it('says which letters were meant', () => {
    expect(fuzzy('ho', 'Hand over')?.at).toEqual([0, 5]);
    expect(fuzzy('žá', 'Žádost')?.at).toEqual([0, 1]);
  });

  it('takes no letters from all over a long text', () => {
    expect(fuzzy('snoo', 'Administration of rooms')).toBeNull();
    expect(fuzzy('aitn', 'Administration')).toBeNull();
    const found = ranked('wet', ['Refund', 'Parcel'], (name) => [name, name === 'Parcel' ? 'it arrived wet' : 'we regret that']);
    expect(found).toEqual(['Parcel']);
  });

  it('keeps the order while nothing is typed', () => {
    expect(best(' ', 'b', 'a')).toEqual(['b', 'a']);
  });
});

describe('a long list', () => {
  const sight = { top: 0, height: 800, row: 80 };

  it('draws what is in sight and little more, wherever it is scrolled', () => {
    expect(drawnRows(sight, 5_000)).toEqual({ from: 0, to: 18 });
    expect(drawnRows({ ...sight, top: 80_000 }, 5_000)).toEqual({ from: 992, to: 1018 });
    expect(drawnRows({ ...sight, top: 399_200 }, 5_000)).toEqual({ from: 4982, to: 5_000 });
  });

  it('never draws beyond what is there, also when it has become shorter', () => {
    for (const [top, count] of [[0, 0], [0, 3], [80_000, 10], [-50, 4]] as const) {
      const { from, to } = drawnRows({ ...sight, top }, count);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(count);
      expect(from).toBeLessThanOrEqual(to);
    }
  });

  it('moves just so far that the marked row is in sight', () => {
    expect(topFor({ ...sight, top: 400 }, 3)).toBe(240);
    expect(topFor({ ...sight, top: 400 }, 8)).toBe(400);
    expect(topFor({ ...sight, top: 400 }, 20)).toBe(880);
  });

  it('asks for more before the end is in sight', () => {
    expect(nearsEnd({ ...sight, top: 0 }, 50)).toBe(false);
    expect(nearsEnd({ ...sight, top: 2_500 }, 50)).toBe(true);
  });
});

describe('where one is', () => {
  const at = (hash: string) => placeOf(hash, 'mine');

  it('survives the way through the address', () => {
    for (const hash of ['#/open', `#/team:vip/${ID}`, `#/mine/${ID}@42`, '#/board', '#/admin']) expect(hashOf(at(hash))).toBe(hash);
    expect(at(`#/${ID}`)).toEqual({ page: 'inbox', list: 'mine', open: ID, at: 0 });
    expect(at('#/admin/teams').page).toBe('admin');
  });

  it('takes nothing else from it', () => {
    for (const hash of ['', '#/', '#/../x', '#/nolist', '#/%', `#/open/${ID}x`, `#code=${ID}`, '#/team:', '#/team:a b', '#/constructor']) {
      expect(at(hash), hash).toMatchObject({ page: 'inbox', open: null });
      expect(hash.includes('open') || at(hash).list === 'mine', hash).toBe(true);
    }
  });

  it('knows lists by name', () => {
    expect(['waiting', 'agent:a_ada', 'status:onHold', 'contact:v_1'].map(listNamed)).toEqual(['waiting', 'agent:a_ada', 'status:onHold', 'contact:v_1']);
    expect(halves('team:vip')).toEqual({ family: 'team', id: 'vip' });
    expect(halves('mine')).toBeNull();
  });
});

describe('settings as the console reads them', () => {
  it('take what is there, and are empty where something is missing or strange', () => {
    const settings = { sections: {
      teams: [{ id: 'vip', name: 'VIP', offerMs: 9_000 }, 'x'], agents: null, tags: ['a', 1],
      macros: [{ id: 'm', name: 'M', text: 'T', status: 'closed', priority: 9 }] } };
    const workspace = workspaceOf(settings);
    expect(workspace.teams).toEqual([{ id: 'vip', name: 'VIP', offerMs: 9_000 }]);
    expect(workspace).toMatchObject({ agents: [], tags: ['a'], statuses: [] });
    expect(workspace.macros[0]).toMatchObject({ status: null, priority: null, tags: [] });
    expect(teamName(workspace, 'gone')).toBe('gone');
    expect(workspaceOf(null).teams).toEqual([]);
  });

  it('of the person are the defaults where nothing sound is kept', () => {
    const defaults = { sound: true, notifications: false, density: 'comfortable', about: true };
    for (const text of [null, '', '{', '[]', '7', '{"sound":"yes","density":"tiny"}']) expect(read(text)).toEqual(defaults);
    expect(read('{"sound":false,"density":"compact"}')).toEqual({ ...defaults, sound: false, density: 'compact' });
  });
});
