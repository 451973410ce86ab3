/** The work in the console: threads, waiting, snooze, notes, macros, replies held back, offers and places. */
import { describe, expect, it } from 'vitest';
import type { Board, Offer } from '../../sdk/agent.ts';
import type { ConversationSummary, Item, Me, Outgoing } from '../../sdk/index.ts';
import { brief, justNow, tone } from '../../sdk/console/ages.ts';
import { candidates } from '../../sdk/console/candidates.ts';
import { createGroups } from '../../sdk/console/groups.ts';
import { heldOf } from '../../sdk/console/held.ts';
import { isOver, load } from '../../sdk/console/lanes.ts';
import { afterOf, filled, fillingOf, joined } from '../../sdk/console/macros.ts';
import { asked, completed, pieces } from '../../sdk/console/mentions.ts';
import { newsOf } from '../../sdk/console/news.ts';
import { fresh, inOrder, secondsLeft } from '../../sdk/console/offers.ts';
import { snoozedUntil } from '../../sdk/console/snoozes.ts';
import { workspaceOf } from '../../sdk/console/workspace.ts';
import { blocks } from '../../sdk/ui/blocks.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = new Date(2026, 4, 12, 12).getTime();
const ada = { role: 'agent', id: 'a_ada', name: 'Ada' } as const;
const ben = { role: 'agent', id: 'a_ben', name: 'Ben' } as const;
const mina = { role: 'customer', id: 'v_1', name: 'Mina' } as const;

describe('a thread of thousands', () => {
  const say = (seq: number, at = NOON + seq * 1_000): Item => ({
    key: `k${seq}`, seq, at, author: seq % 7 === 0 ? ada : mina, kind: 'message', body: { text: `${seq}` } });
  const items = Array.from({ length: 10_000 }, (_, i) => say(i + 1));

  it('draws one group again for a message, and none for nothing', () => {
    const arrange = createGroups(() => null);
    const before = arrange(items);
    expect(before).toHaveLength(200);
    expect(arrange([...items])).toBe(before);
    const after = arrange([...items, say(10_001)]);
    expect(after.filter((group) => !before.includes(group))).toHaveLength(1);
  });

  it('keeps what is drawn when older messages come above', () => {
    const arrange = createGroups(() => null);
    const before = arrange(items.slice(5_020));
    const after = arrange(items.slice(4_820));
    // The group that was cut, and none below it.
    expect(before.filter((group) => !after.includes(group)).map(({ key }) => key)).toEqual([before[0]?.key]);
  });

  it('says the same as a thread in one piece, but for runs that a cut parts', () => {
    const days = items.slice(0, 400).map((item, i) => ({ ...item, at: NOON + i * 20 * MINUTE }));
    const groups = createGroups(() => null)(days).flatMap((group) => group.blocks);
    const heads = (all: readonly { is: string; key: string }[]) => all.filter(({ is }) => is === 'day').map(({ key }) => key);
    expect(heads(groups)).toEqual(heads(blocks(days, () => null)));
    const said = groups.flatMap((block) => (block.is === 'run' ? block.items.map(({ key }) => key) : []));
    expect(said).toEqual(days.map(({ key }) => key));
  });

  it('takes back the head of a day when earlier messages of it come exactly at a cut', () => {
    const arrange = createGroups(() => null);
    const heads = (from: number) => arrange(items.slice(from, 150)).flatMap(({ blocks: all }) => all).filter(({ is }) => is === 'day').length;
    expect([heads(100), heads(50)]).toEqual([1, 1]);
  });

  it('heads the day when all of it that stands above goes without saying', () => {
    const quiet: Item = { key: 'q', seq: 50, at: NOON + 86_400_000, author: ada, kind: 'status', body: { status: 'new', ticket: 1 } };
    const all = [...items.slice(0, 49), quiet, say(51, NOON + 86_400_000 + 1_000)];
    const second = createGroups(() => null)(all)[1];
    expect(second?.blocks.map(({ is }) => is)).toEqual(['day', 'run']);
  });
});

describe('waiting', () => {
  it('grows worse with time, sooner in a chat than in social messaging', () => {
    expect([MINUTE, 3 * MINUTE, 9 * MINUTE].map((ms) => tone(ms, 'chat'))).toEqual(['calm', 'late', 'urgent']);
    expect([9 * MINUTE, 2 * HOUR, 9 * HOUR].map((ms) => tone(ms, 'social'))).toEqual(['calm', 'late', 'urgent']);
  });

  it('is said in the largest unit', () => {
    expect([-5, 59_000, 12 * MINUTE, 119 * MINUTE, 50 * HOUR].map((ms) => brief(ms, 'en'))).toEqual(['now', 'now', '12m', '1h', '2d']);
    expect([200, 3_400, 5 * MINUTE].map((ms) => justNow(ms, 'en'))).toEqual(['1s ago', '3s ago', '5m ago']);
  });
});

describe('snooze', () => {
  it('ends at nine in the morning by the clock on the wall, whatever the season', () => {
    const wall = (at: number) => [new Date(at).getDay(), new Date(at).getHours(), new Date(at).getMinutes()];
    expect(snoozedUntil('hour', NOON) - NOON).toBe(HOUR);
    // A Tuesday.
    expect(wall(snoozedUntil('tomorrow', NOON))).toEqual([3, 9, 0]);
    expect(wall(snoozedUntil('nextWeek', NOON))).toEqual([1, 9, 0]);
    const sunday = new Date(2026, 9, 25, 0, 30).getTime();
    expect(wall(snoozedUntil('tomorrow', sunday))).toEqual([1, 9, 0]);
    const monday = new Date(2026, 4, 11, 8).getTime();
    expect(snoozedUntil('nextWeek', monday) - monday).toBeGreaterThan(6 * 24 * HOUR);
  });
});

describe('mentions', () => {
  const ending = (text: string) => asked(text, text.length);

  it('are asked for behind an @ that begins a word', () => {
    expect(ending('please @be')).toEqual({ from: 7, typed: 'be' });
    expect(ending('@')).toEqual({ from: 0, typed: '' });
    expect(ending('mail ada@exa')).toBeNull();
    expect(ending('@ben ')).toBeNull();
    expect(asked('@ben', 2)).toEqual({ from: 0, typed: 'b' });
  });

  it('are completed in the middle of a text, too', () => {
    const text = 'ask @b about it';
    const made = completed(text, { from: 4, typed: 'b' }, 'ben');
    expect(made).toEqual({ text: 'ask @ben about it', caret: 9 });
    expect(completed('@b', { from: 0, typed: 'b' }, 'ben')).toEqual({ text: '@ben ', caret: 5 });
  });

  it('are only names that exist, and nothing of the text is lost', () => {
    const known = new Set(['ben', 'ada.m']);
    const text = '@ben, ask @ada.m. Or @nobody, or mail ben@ben.example';
    expect(pieces(text, known).filter(({ handle }) => handle !== null).map(({ handle }) => handle)).toEqual(['ben', 'ada.m']);
    expect(pieces(text, known).map((piece) => piece.text).join('')).toBe(text);
  });
});

describe('macros', () => {
  const me: Me = { id: 'a_ada', name: 'Ada', role: 'agent', identified: true, workspace: 'demo' };
  const summary = { ticket: 3, channel: 'web', contact: { id: 'v', name: 'Mina', identified: false } } as ConversationSummary;

  it('fill in what is known, and leave no gap for what is not', () => {
    const text = 'Hello {contact}, I am {agent} ({channel} {ticket}). {x}';
    expect(filled(text, fillingOf(summary, me))).toBe('Hello Mina, I am Ada (web 3). {x}');
    expect(filled('Hello {contact},', fillingOf({ ...summary, contact: { ...summary.contact, name: '' } }, me))).toBe('Hello,');
  });

  it('are not filled in twice: a customer may be called {agent}', () => {
    expect(filled('Hello {contact}', fillingOf({ ...summary, contact: { ...summary.contact, name: '{agent}' } }, me))).toBe('Hello {agent}');
  });

  it('do what they say to the ticket, and a tag is added once', () => {
    const macro = { id: 'm', name: 'M', text: '', status: null, priority: null, tags: [] };
    expect(afterOf(macro)).toBeNull();
    expect(afterOf({ ...macro, status: 'solved' })).toEqual({ status: 'solved', priority: null, tags: [] });
    expect(joined(['a', 'b'], ['b', 'c'])).toEqual(['a', 'b', 'c']);
  });
});

describe('a reply that a colleague was faster than', () => {
  const outgoing = (name: string | null) => ({ id: 'mine', error: { get: () => (name === null ? null : { name }), subscribe: () => () => {} } }) as unknown as Outgoing;
  const answer = (seq: number, author: Item['author'], at: number): Item => ({ key: `k${seq}`, seq, at, author, kind: 'message', body: { text: `answer ${seq}` } });
  const mine = (name: string | null): Item => ({ key: 'mine', seq: null, at: NOON, author: ada, kind: 'message', body: { text: 'too late' }, outgoing: outgoing(name) });

  it('is shown beside what the colleague said since, and nothing older', () => {
    const held = heldOf([answer(1, ben, NOON - HOUR), answer(2, mina, NOON - 5), answer(3, ben, NOON + 5), mine('superseded')], 'a_ada');
    expect(held?.text).toBe('too late');
    expect(held?.answers.map(({ seq }) => seq)).toEqual([3]);
  });

  it('still has the answer in sight when this clock runs ahead', () => {
    expect(heldOf([answer(1, ben, NOON - HOUR), answer(2, ben, NOON - MINUTE), mine('superseded')], 'a_ada')?.answers.map(({ seq }) => seq)).toEqual([2]);
  });

  it('is no other failure', () => {
    expect(heldOf([mine('storeUnavailable'), mine(null)], 'a_ada')).toBeNull();
  });
});

describe('offers and places', () => {
  const offer = (number: number, until: number) => ({ offer: number, until }) as Offer;

  it('stand in the order in which they lapse, and each rings once', () => {
    const [one, two, three] = [offer(1, NOON + 9_000), offer(2, NOON + 4_000), offer(3, NOON + 9_000)];
    expect(inOrder([three, one, two]).map((it) => it.offer)).toEqual([2, 1, 3]);
    expect(fresh([one], [two, one])).toEqual([two]);
    expect([3_001, 3_000, -1].map((left) => secondsLeft({ until: NOON + left }, NOON))).toEqual([4, 3, 0]);
  });

  it('count as over when one group of channels is', () => {
    const lanes = [{ group: 'messaging', held: 6, limit: 5 }, { group: 'voice', held: 0, limit: 2 }];
    expect(load(lanes)).toEqual({ held: 6, limit: 7, over: true });
    expect([isOver(lanes, 'messaging'), isOver(lanes, 'voice'), isOver(lanes, 'none')]).toEqual([true, false, false]);
  });

  it('show who may take a ticket: free ones first, oneself not at all', () => {
    const workspace = workspaceOf({ sections: { agents: [{ id: 'ada', name: 'Ada' }, { id: 'ben', name: 'Ben' }, { id: 'cleo', name: 'Cleo' }, { id: 'dan', name: 'Dan' }],
      teams: [{ id: 'support', name: 'Support' }] } });
    const stands = (id: string, held: number, here = true, status = 'online') => ({ id, name: id, status, here, open: held, held, limit: 5 });
    const board: Board = { at: NOON, teams: [], hours: [], agents: [stands('a_ben', 5), stands('a_cleo', 1), stands('a_dan', 0, false), stands('a_eve', 0, true, 'away')] };
    const all = candidates(workspace, board, [], ['a_ada']);
    expect(all.map(({ name }) => name)).toEqual(['Cleo', 'Ben', 'a_eve', 'Dan', 'Support']);
    expect(all.map((one) => (one.is === 'agent' ? [one.full, one.absent] : null))).toEqual([[false, false], [true, false], [false, true], [false, true], null]);
    // Without the board, which is for supervisors, one still sees who is here; nobody is called full.
    const plain = candidates(workspace, null, ['a_ben'], ['a_ada']);
    expect(plain.map((one) => (one.is === 'agent' ? [one.name, one.here, one.full, one.limit] : one.name))).toEqual([
      ['Ben', true, false, null], ['Cleo', false, false, null], ['Dan', false, false, null], 'Support']);
  });
});

describe('news of one\'s own conversations', () => {
  const item = (id: string, customerMessages: number, unread = 1) => ({ id, customerMessages, unread }) as ConversationSummary;
  const list = (items: ConversationSummary[], total = items.length, live = true) => ({ items, total, more: total > items.length, live, error: null });
  const ids = (all: readonly ConversationSummary[]) => all.map(({ id }) => id);

  it('are what was handed over, and what customers said', () => {
    const { came, spoke } = newsOf(list([item('a', 1), item('b', 2)]), list([item('c', 4), item('a', 2), item('b', 2)]));
    expect([ids(came), ids(spoke)]).toEqual([['c'], ['a']]);
  });

  it('are not what a connection brings first, what moves up from below, or what has been read', () => {
    expect(newsOf(list([], 0, false), list([item('a', 1)]))).toEqual({ came: [], spoke: [] });
    expect(ids(newsOf(list([item('a', 1)], 60), list([item('z', 3), item('a', 1)], 60)).came)).toEqual([]);
    expect(ids(newsOf(list([item('a', 1)]), list([item('a', 2, 0)])).spoke)).toEqual([]);
  });
});
