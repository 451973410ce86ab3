/** Random walks of a customer, an agent and time through a trial, beside what is expected of it. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Rehearsal } from '../../../../machines/flows/rehearsal.ts';
import type { Move } from '../../../../machines/flows/trial.ts';
import { Expected } from './script.ts';
import { done } from './stage.ts';

const KINDS = ['message', 'note', 'team', 'tags'];
const SOON = [1, 999, 1_000];

/** Moves that most often go somewhere: what the customer may say, delays and how they end, what a CRM may answer. */
export function moves(texts: readonly string[], delays: readonly number[], answers: readonly { status: number; body: Record<string, string | number> }[]) {
  const pass = fc.constantFrom(...SOON, ...delays.flatMap((ms) => [ms - 1, ms, ms + 1])).map((ms): Move => ({ do: 'pass', ms }));
  const customer = fc.constantFrom(...texts).map((text): Move => ({ do: 'customer', text }));
  const crm = answers.length === 0 ? [] : [
    { weight: 3, arbitrary: fc.constantFrom(...answers).map((answer): Move => ({ do: 'answer', ...answer })) },
    { weight: 1, arbitrary: fc.constant<Move>({ do: 'noAnswer' }) },
  ];
  const agent = fc.constantFrom<Move>({ do: 'accept' }, { do: 'agent', text: 'Hello from Ada' }, { do: 'solve' });
  return fc.array(fc.oneof(
    { weight: 8, arbitrary: customer }, { weight: 4, arbitrary: pass }, ...crm, { weight: 1, arbitrary: agent },
    { weight: 1, arbitrary: fc.constant<Move>({ do: 'leave' }) },
  ), { maxLength: 25 });
}

/** Makes the same moves in both, and compares what they did after each. */
export function compare(rehearsal: Rehearsal, expected: Expected, walk: readonly Move[]): void {
  for (const move of [{ do: 'customer', text: 'Hello there' } satisfies Move, ...walk]) {
    const asked = expected.waitsForAnswer;
    const refused = rehearsal.move(move);
    if (move.do === 'answer' || move.do === 'noAnswer') expect(refused === null).toBe(asked);
    if (refused === null) mirror(expected, move, rehearsal.result(null).ticket.status);
    const trial = rehearsal.result(null);
    expect(done(trial, KINDS).map(([at, what]) => [at, what.startsWith('note ') ? 'note' : what])).toEqual(expected.doings.all);
    expect(trial.calls.map(({ method, url, body }) => [method, url, ...body === undefined ? [] : [JSON.stringify(body)]].join(' ')))
      .toEqual(expected.doings.calls);
    expect(trial.runs.length > 0).toBe(expected.isUnderWay);
    expect(trial.ticket.team).toBe(expected.doings.team);
    expect(trial.lines.some(({ kind, text }) => kind === 'flow' && text.startsWith('broke'))).toBe(false);
  }
}

function mirror(expected: Expected, move: Move, status: string): void {
  switch (move.do) {
    case 'customer': expected.customer(move.text); break;
    case 'pass': expected.pass(move.ms); break;
    case 'answer': expected.answer({ status: move.status, body: move.body as Record<string, string | number> }); break;
    case 'noAnswer': expected.answer(NOBODY); break;
    case 'agent': case 'accept': expected.agent(); break;
    default: break;
  }
  if (status === 'closed') expected.closed();
}

/** No answer is one that failed. */
const NOBODY = { status: 0, body: {} };
