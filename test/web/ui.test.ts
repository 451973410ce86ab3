/** The thinking part of the pages: what is clickable, how messages stand, what an agent may do, what is drawn. */
import { describe, expect, it } from 'vitest';
import type { Bodies, ConversationSummary, Item, Me } from '../../sdk/index.ts';
import { line } from '../../sdk/console/lines.ts';
import { whyNotAccept, whyNotChange, whyNotStatus, whyNotUnassign } from '../../sdk/console/statuses.ts';
import { tickets } from '../../sdk/console/tickets.ts';
import { workspaceOf } from '../../sdk/console/workspace.ts';
import { drawn, STATE } from '../../sdk/demo/layout.ts';
import { course, duration, lastSteps, left } from '../../sdk/demo/machine.ts';
import { blocks, type Teller } from '../../sdk/ui/blocks.ts';
import { parts } from '../../sdk/ui/links.ts';
import { ago, dayName } from '../../sdk/ui/moments.ts';
import { receipt } from '../../sdk/ui/receipts.ts';
import { line as toldToCustomer } from '../../sdk/widget/lines.ts';
import { chartOf } from '../../gateway/chart.ts';

const NOON = new Date(2026, 4, 12, 12).getTime();
const MINUTE = 60_000;
const customer = { role: 'customer', id: 'c', name: 'Mina' } as const;
const agent = { role: 'agent', id: 'a', name: 'Ada' } as const;
const parley = { role: 'system', id: 'parley', name: 'Parley' } as const;

/** A log in the making: each call adds the next line, a minute later. */
function log() {
  const items: Item[] = [];
  const add = (item: Pick<Item, 'kind' | 'body' | 'author'>, at = NOON + items.length * MINUTE) => {
    items.push({ key: `k${items.length}`, seq: items.length + 1, at, ...item } as Item);
    return made;
  };
  const made = {
    items,
    says: (text: string, author: Item['author'] = customer, at?: number) =>
      add({ kind: 'message', body: { text }, author }, at),
    notes: (text: string) => add({ kind: 'note', body: { text }, author: agent }),
    ticket: (ticket: number, at?: number) =>
      add({ kind: 'ticket', body: { ticket, style: 'chat', previous: ticket - 1 }, author: parley }, at),
    happens: <K extends Item['kind']>(kind: K, body: Bodies[K]) => add({ kind, body, author: agent } as Item),
    status: (status: ConversationSummary['status'], ticket = 1, at?: number) =>
      add({ kind: 'status', body: { status, ticket }, author: agent }, at),
  };
  return made;
}

describe('links in what strangers wrote', () => {
  const links = (text: string) => parts(text).filter(({ href }) => href !== null);
  const shown = (text: string) => parts(text).map((part) => part.text).join('');

  it.each([
    ['see https://example.com/a?b=1&c=2.', 'https://example.com/a?b=1&c=2', 'https://example.com/a?b=1&c=2'],
    ['(https://example.org/Tea_(drink))', 'https://example.org/Tea_(drink)', 'https://example.org/Tea_(drink)'],
    ['HTTP://EXAMPLE.COM/x, please', 'HTTP://EXAMPLE.COM/x', 'http://example.com/x'],
    ['write to ada.b+tea@example.co.uk!', 'ada.b+tea@example.co.uk', 'mailto:ada.b+tea@example.co.uk'],
    ['mailto:ada@example.com?subject=Tea', 'mailto:ada@example.com?subject=Tea', 'mailto:ada@example.com?subject=Tea'],
    ['https://münchen.example/', 'https://münchen.example/', 'https://xn--mnchen-3ya.example/'],
  ])('%s', (text, word, href) => {
    expect(links(text)).toEqual([{ text: word, href }]);
    expect(shown(text)).toBe(text);
  });

  it.each([
    'javascript:alert(1)', 'JaVaScRiPt:alert(document.cookie)', 'data:text/html,<script>alert(1)</script>',
    'vbscript:x', 'file:///etc/passwd',
    'https://bank.example@evil.example/', 'https://user:secret@evil.example', 'http://', 'https://?',
    `https://example.com/${'a'.repeat(3000)}`, 'java\nscript:alert(1)', '<a href="javascript:alert(1)">x</a>',
    'mailto:', '@@@@', 'a@b',
  ])('never: %s', (text) => {
    expect(links(text)).toEqual([]);
    expect(shown(text)).toBe(text);
  });

  it('ends a link where an invisible character begins to deceive', () => {
    const text = 'https://example.com/';
    expect(links(`${text}\u202egpj.exe`)).toEqual([{ text, href: text }]);
  });

  it('takes no longer for a text that is made to be slow', () => {
    const hostile = [
      'a'.repeat(8000), `${'a.'.repeat(4000)}@`, `x@${'a.'.repeat(4000)}`, `https://${')'.repeat(7900)}`,
      'https://a.b/('.repeat(660),
    ];
    const begun = performance.now();
    for (const text of hostile) expect(shown(text)).toBe(text);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('a thread', () => {
  const nothing = () => null;
  const lines = (items: readonly Item[], tell: Teller) =>
    blocks(items, tell).flatMap((block) => (block.is === 'line' ? [block.text] : []));

  it('joins what one person says in a row, and parts people, notes and pauses', () => {
    const { items } = log().says('one').says('two').says('three', agent).notes('for us').says('four', agent)
      .says('later', agent, NOON + 30 * MINUTE);
    const runs = blocks(items, nothing).filter((block) => block.is === 'run');
    expect(runs.map((run) => [run.kind, run.items.map(({ body }) => body.text)])).toEqual([
      ['message', ['one', 'two']], ['message', ['three']], ['note', ['for us']], ['message', ['four']],
      ['message', ['later']],
    ]);
  });

  it('heads every day once, and none for what is not shown', () => {
    const { items } = log().ticket(1, NOON - 86_400_000).says('today', customer, NOON)
      .says('tomorrow', customer, NOON + 86_400_000);
    expect(blocks(items, nothing).map(({ is }) => is)).toEqual(['day', 'run', 'day', 'run']);
  });

  it('keeps keys apart, so that nothing is drawn twice', () => {
    const { items } = log().ticket(1).says('one').status('open').says('two').status('solved').says('three', agent);
    const keys = blocks(items, (item) => item.kind).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('tells a customer once that a chat was solved and closed, and nothing of the house', () => {
    // One step, and so one time.
    const { items } = log().ticket(1).says('hi').status('open').status('onHold').status('solved', 1, NOON)
      .status('closed', 1, NOON).ticket(2).says('again');
    expect(lines(items, toldToCustomer)).toEqual([
      'Your request was solved. Write again and a new one begins.', 'A new request began',
    ]);
  });

  it('tells a customer of a solved request that may still come back', () => {
    const { items } = log().says('hi').status('solved').says('wait').status('open').status('solved').status('closed');
    expect(lines(items, toldToCustomer)).toEqual([
      'Your request was solved', 'Your request is open again', 'Your request was solved',
      'Your request was closed. Write again and a new one begins.',
    ]);
  });

  it('tells an agent who did it', () => {
    const workspace = workspaceOf({ sections: { teams: [{ id: 'vip', name: 'VIP' }] } });
    const { items } = log().status('pending').happens('team', { team: 'vip', ticket: 1 }).happens('priority', { priority: 0, ticket: 1 })
      .happens('tags', { tags: ['tea', 'wet'], ticket: 1 }).happens('tags', { tags: [], ticket: 1 }).happens('snooze', { until: 0 })
      .happens('routing', { state: 'handedOver', agent: { id: 'b', name: 'Ben' }, team: '', opensAt: 0 }).happens('assigned', { agent, ticket: 1 });
    expect(lines(items, (item) => line(item, workspace))).toEqual([
      'Status: Pending · Ada', 'In the queue of VIP · Ada', 'Priority: Urgent · Ada', 'Tags: tea, wet · Ada', 'No tags · Ada',
      'Back from snooze · Ada', 'Handed over to Ben · Ada', 'Assigned to Ada',
    ]);
  });

  it('marks a message by the furthest of the other side', () => {
    const other = { name: '', online: true, typing: false, viewing: false, draft: '' };
    const others = [
      { ...other, id: 'a', role: 'agent', delivered: 9, read: 4 },
      { ...other, id: 'b', role: 'agent', delivered: 5, read: 0 },
    ] as const;
    expect([3, 6, 10].map((seq) => receipt(seq, others, 'agent'))).toEqual(['read', 'delivered', 'sent']);
    expect(receipt(3, others, 'customer')).toBe('sent');
  });
});

describe('times', () => {
  it.each([
    [0, 'now'], [-5_000, 'now'], [50_000, '1m ago'], [12 * MINUTE, '12m ago'], [180 * MINUTE, '3h ago'],
    [3_000 * MINUTE, '2d ago'],
  ])('%i ms are %s', (ms, said) => {
    expect(ago(NOON - ms, NOON, 'en')).toBe(said);
  });

  it('gives the date after a week, with the year only when it is another', () => {
    expect(ago(new Date(2026, 3, 1, 9).getTime(), NOON, 'en')).toBe('Apr 1');
    expect(ago(new Date(2024, 3, 1, 9).getTime(), NOON, 'en')).toBe('Apr 1, 2024');
  });

  it('names days by the calendar, not by 24 hours', () => {
    const late = new Date(2026, 4, 11, 23, 59).getTime();
    expect(dayName(late, new Date(2026, 4, 12, 0, 1).getTime(), 'en')).toBe('Yesterday');
    expect(dayName(NOON, NOON, 'en')).toBe('Today');
    expect(dayName(new Date(2026, 4, 4, 12).getTime(), NOON, 'en')).toBe('Monday, May 4');
  });
});

describe('the console', () => {
  const me: Me = { id: 'a', name: 'Ada', role: 'agent', identified: true, workspace: 'demo' };
  const summary = (changes: Partial<ConversationSummary>): ConversationSummary => ({
    id: '01J9ZZ00000000000000000001', channel: 'web', style: 'chat', status: 'open', ticket: 1, assignee: null,
    session: 'active', seq: 1, contact: { id: 'c', name: 'Mina Okafor', identified: false }, customerMessages: 1,
    agentMessages: 0, at: NOON, preview: 'Which oolong?', unread: 0, desk: null, ...changes,
  });

  it('says why a status cannot be set, and nothing when it can', () => {
    expect(whyNotStatus(summary({ status: 'open' }), 'pending')).toBeNull();
    expect(whyNotStatus(summary({ status: 'solved' }), 'open')).toBeNull();
    expect(whyNotStatus(summary({ status: 'open' }), 'open')).toMatch(/is Open now/);
    expect(whyNotStatus(summary({ status: 'new' }), 'solved')).toMatch(/[Aa]ccept/);
    expect(whyNotStatus(summary({ status: 'closed' }), 'open')).toMatch(/Closed is final/);
    expect(whyNotStatus(null, 'open')).not.toBeNull();
  });

  it('agrees with the machine about what an agent may set by hand', () => {
    const events = { open: 'agent.open', pending: 'agent.pending', onHold: 'agent.hold', solved: 'agent.solve' };
    for (const style of ['repeat', 'social'] as const) {
      const { transitions } = chartOf(style);
      for (const status of ['new', 'open', 'pending', 'onHold', 'solved', 'closed'] as const) {
        for (const to of ['open', 'pending', 'onHold', 'solved'] as const) {
          const may = transitions.some(({ from, event }) => from === status && event === events[to]);
          expect(whyNotStatus(summary({ status }), to) === null, `${style}: ${status} to ${to}`).toBe(may);
        }
        const accepts = transitions.some(({ from, event }) => from === status && event === 'agent.accept');
        expect(whyNotAccept(summary({ status }), me) === null, `${style}: accept ${status}`).toBe(accepts);
      }
    }
    expect(whyNotAccept(summary({ assignee: { id: 'a', name: 'Ada' } }), me)).not.toBeNull();
  });

  it('gives back only what somebody has, and changes nothing that is Closed', () => {
    expect(whyNotUnassign(summary({}))).toMatch(/Nobody/);
    expect(whyNotUnassign(summary({ assignee: { id: 'b', name: 'Ben' } }))).toBeNull();
    expect(whyNotUnassign(summary({ status: 'closed', assignee: { id: 'b', name: 'Ben' } }))).toMatch(/Closed/);
    expect(whyNotChange(summary({ status: 'solved' }))).toBeNull();
  });

  it('lists the tickets of a conversation, newest first, each as it ended', () => {
    const { items } = log().ticket(1).status('open').status('closed').ticket(2).status('open', 2);
    expect(tickets(items).map(({ number, status }) => [number, status])).toEqual([[2, 'open'], [1, 'closed']]);
  });
});

describe('the statechart', () => {
  it('follows the current ticket through the log', () => {
    const { items } = log().ticket(1).says('hi').status('open').status('closed').ticket(2);
    expect(course(items)).toMatchObject({ ticket: 2, visits: [{ state: 'new' }] });
  });

  it('runs through every arrow of one step', () => {
    const at = NOON + 9 * MINUTE;
    const { items } = log().ticket(1).status('open').status('solved', 1, at).status('closed', 1, at);
    expect(lastSteps(course(items)).map(({ from, to }) => `${from} ${to}`)).toEqual(['open solved', 'solved closed']);
  });

  it.each(['chat', 'repeat', 'social'] as const)('draws every state and way of %s once', (style) => {
    const machine = chartOf(style);
    const picture = drawn(machine);
    expect(picture.states.map(({ key }) => key).sort()).toEqual(machine.states.map(({ key }) => key).sort());
    const moves = machine.transitions.filter(({ from, to }) => from !== to);
    const ways = new Set(moves.map(({ from, to }) => `${from} ${to}`));
    expect(picture.arrows.map(({ from, to }) => `${from} ${to}`).sort()).toEqual([...ways].sort());
    expect(new Set(picture.arrows.map(({ path }) => path)).size).toBe(picture.arrows.length);
    for (const { path } of picture.arrows) expect(path).not.toMatch(/NaN|Infinity|undefined/);
    for (const one of picture.states) {
      const near = picture.states.filter(({ key, x, y }) =>
        key !== one.key && Math.abs(x - one.x) < STATE.width + 10 && Math.abs(y - one.y) < STATE.height + 10);
      expect(near, `${one.key} lies on another`).toEqual([]);
    }
  });

  it('counts durable timers down only where it can', () => {
    expect(['4 d', '90 s', '1 business h', 'soon'].map(duration)).toEqual([345_600_000, 90_000, null, null]);
    const said = [345_600_000, 345_599_000, 61_000, 900, -5].map(left);
    expect(said).toEqual(['4 d', '3 d 23 h', '1 min 1 s', '1 s', '0 s']);
  });
});
