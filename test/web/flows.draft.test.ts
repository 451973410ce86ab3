/** A draft that saves itself: nothing typed is lost or overwritten unseen, whatever the gateway and colleagues do meanwhile. */
import { describe, expect, it } from 'vitest';
import type { FlowView, Flows, Problem } from '../../sdk/agent.ts';
import { refusedBy } from '../../sdk/agent/errors.ts';
import { ParleyError } from '../../sdk/index.ts';
import { CODES } from '../../sdk/protocol/codes.ts';
import { openDraft, type Clock } from '../../sdk/console/flows/draft.ts';
import { begun, edited, isUnsaved, met, redone, saved, sending, undone } from '../../sdk/console/flows/drafting.ts';
import { put, valueAt } from '../../sdk/console/flows/steps.ts';

const FLOW = { name: 'Nudge', steps: [{ id: 'say', do: 'say', text: 'Hi' }, { id: 'wait', do: 'wait', forMs: 1_000 }] };
const text = (words: string, of: object = FLOW) => put({ ...of }, ['steps', 0, 'text'], words);
const delay = (ms: number, of: object = FLOW) => put({ ...of }, ['steps', 1, 'forMs'], ms);

/** A clock moved by hand, and a gateway with one flow. */
function house() {
  let now = 0;
  const timers = new Set<{ at: number; call: () => void }>();
  const clock: Clock = {
    now: () => now,
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const kept = { draft: FLOW as unknown, rev: 1, by: 'Ada' };
  const asked: string[] = [];
  let hindrance: Error | null = null;
  const view = (): FlowView => ({ id: 'nudge', ...kept, problems: [], live: 0, at: 0, versions: [], migration: [] });
  const problems = (definition: unknown): Problem[] => (valueAt(definition, ['steps', 0, 'text']) === '' ? [{ path: 'steps.0.text', problem: 'is empty' }] : []);
  const flows = {
    read: () => (kept.rev < 0 ? Promise.reject(refusedBy({ code: CODES.notFound.code }, 404)) : Promise.resolve(view())),
    save(_id, definition, rev) {
      asked.push(JSON.stringify([rev, valueAt(definition, ['steps', 0, 'text'])]));
      if (hindrance) return Promise.reject(hindrance);
      if (rev !== kept.rev) return Promise.reject(refusedBy({ code: CODES.conflict.code }, 409));
      Object.assign(kept, { draft: definition, rev: rev + 1, by: 'Ada' });
      return Promise.resolve({ rev: rev + 1, problems: problems(definition) });
    },
    check: (_id, definition) => Promise.resolve({ problems: problems(definition), chart: null }),
  } satisfies Partial<Flows>;
  const settle = async () => { for (let i = 0; i < 30; i++) await Promise.resolve(); };
  return {
    kept, asked,
    draft: openDraft(flows as unknown as Flows, view(), true, clock),
    hinder: (error: Error | null) => { hindrance = error; },
    bo: (draft: unknown) => Object.assign(kept, { draft, rev: kept.rev + 1, by: 'Bo' }),
    async pass(ms: number) {
      const end = now + ms;
      for (;;) {
        await settle();
        const due = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = due.at;
        due.call();
      }
      now = end;
      await settle();
    },
  };
}

describe('a draft', () => {
  it('is saved a moment after the last key, once for all that was typed', async () => {
    const { draft, kept, asked, pass } = house();
    draft.edit(text('Hello'), 'say text');
    await pass(500);
    draft.edit(text('Hello!'), 'say text');
    await pass(799);
    expect(asked).toEqual([]);
    await pass(1);
    expect([asked, kept.draft, isUnsaved(draft.value.get().drafting)]).toEqual([['[1,"Hello!"]'], text('Hello!'), false]);
  });

  it('tells problems as one types', async () => {
    const { draft, pass } = house();
    draft.edit(text(''), 'say text');
    await pass(250);
    expect(draft.value.get()).toMatchObject({ checked: true, problems: [{ path: 'steps.0.text' }] });
  });

  it('is sent again when the gateway did not answer, and says why until then', async () => {
    const { draft, kept, hinder, pass } = house();
    hinder(new ParleyError('unanswered'));
    draft.edit(text('Hello'), null);
    await pass(800);
    expect(draft.value.get()).toMatchObject({ failure: { name: 'unanswered' }, drafting: { value: text('Hello') } });
    hinder(null);
    await pass(4_000);
    expect([kept.draft, draft.value.get().failure]).toEqual([text('Hello'), null]);
  });

  it('takes in what a colleague changed elsewhere, says so, and is saved on top of it', async () => {
    const { draft, kept, bo, pass } = house();
    bo(delay(9_000));
    draft.edit(text('Hello'), null);
    await pass(800);
    expect(kept.draft).toEqual(delay(9_000, text('Hello')));
    expect(draft.value.get().drafting.taken).toMatchObject({ by: 'Bo', all: [{ path: ['steps', 'wait', 'forMs'] }] });
  });

  it('keeps a new step between the two where it was put, also on top of what a colleague did', async () => {
    const { draft, kept, bo, pass } = house();
    bo(text('Good day'));
    const [first, second] = FLOW.steps;
    draft.edit({ ...FLOW, steps: [first, { id: 'note', do: 'note', text: 'New' }, second] }, null);
    await pass(800);
    expect((kept.draft as typeof FLOW).steps.map(({ id, text: words }) => [id, words])).toEqual([['say', 'Good day'], ['note', 'New'], ['wait', undefined]]);
  });

  it('waits for a decision where both changed the same: theirs', async () => {
    const { draft, kept, bo, asked, pass } = house();
    bo(text('Good day'));
    draft.edit(text('Hello'), null);
    await pass(60_000);
    expect(draft.value.get().drafting.clash).toMatchObject({ by: 'Bo', clash: { all: [{ mine: { to: 'Hello' }, theirs: { to: 'Good day' } }] } });
    expect([kept.draft, asked.length]).toEqual([text('Good day'), 1]);
    draft.loadTheirs();
    await pass(60_000);
    expect([kept.draft, draft.value.get().drafting.value, asked.length]).toEqual([text('Good day'), text('Good day'), 1]);
  });

  it('waits for a decision where both changed the same: mine, on top of the rest of theirs', async () => {
    const { draft, kept, bo, pass } = house();
    bo(delay(9_000, text('Good day')));
    draft.edit(text('Hello'), null);
    await pass(800);
    draft.keepMine();
    await pass(800);
    expect(kept.draft).toEqual(delay(9_000, text('Hello')));
  });

  it('shows what a colleague does while one only looks', async () => {
    const { draft, bo, pass } = house();
    const leave = draft.watch();
    bo(text('Good day'));
    await pass(5_000);
    expect(draft.value.get().drafting.value).toEqual(text('Good day'));
    leave();
    bo(text('Again'));
    await pass(60_000);
    expect(draft.value.get().drafting.value).toEqual(text('Good day'));
  });

  it('of a flow that a colleague has removed says so, and keeps what was typed', async () => {
    const { draft, kept, pass } = house();
    draft.edit(text('Hello'), null);
    kept.rev = -1;
    await pass(800);
    expect(draft.value.get()).toMatchObject({ failure: { name: 'notFound' }, drafting: { value: text('Hello') } });
  });

  it('is saved at once by whoever leaves', async () => {
    const { draft, kept, pass } = house();
    const leave = draft.watch();
    draft.edit(text('Hello'), null);
    leave();
    await pass(0);
    expect(kept.draft).toEqual(text('Hello'));
  });
});

it('what was read before one saved and came after it takes nothing back', () => {
  const draft = saved(sending(edited(begun({ draft: FLOW, rev: 1, by: '' }), text('Hello'), null, 0)), 2);
  expect(met(draft, { draft: FLOW, rev: 1, by: 'Ada' })).toBe(draft);
});

describe('undo', () => {
  const typed = (words: string, at: number, from = begun({ draft: FLOW, rev: 1, by: '' })) => edited(from, text(words), 'say text', at);

  it('takes back what was typed in one go, and pauses part it', () => {
    const twice = typed('Hello there', 3_000, typed('Hello', 900, typed('Hel', 0)));
    expect(valueAt(undone(twice).value, ['steps', 0, 'text'])).toBe('Hello');
    expect(undone(undone(twice)).value).toEqual(FLOW);
    expect(redone(undone(twice)).value).toEqual(twice.value);
    expect(undone(undone(undone(twice)))).toEqual(undone(undone(twice)));
  });

  it('is gone once something else is written', () => {
    const other = edited(undone(typed('Hello', 0)), delay(5), null, 1);
    expect(redone(other)).toBe(other);
  });
});
