/** Lines for the operator: whole, in one piece each, and without what only the person concerned should read. */
import { afterEach, expect, it, vi } from 'vitest';
import { stderrReport, type Level } from '../../gateway/report.ts';

afterEach(() => { vi.restoreAllMocks(); });

function said(least: Level, tell: (report: ReturnType<typeof stderrReport>) => void): Record<string, unknown>[] {
  let text = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => { text += String(chunk); return true; });
  tell(stderrReport('n1-1234', least));
  vi.restoreAllMocks();
  expect(text.endsWith('\n') || text === '').toBe(true);
  return text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('says when, where, how much it weighs and what; facts of any text stay on their line', () => {
  const [line, ...others] = said('info', (report) => report('warn', 'something is odd', { why: 'a\nb\u001b[31m', shard: 3, node: 'n2-5678' }));
  expect(others).toEqual([]);
  expect(line).toEqual({ at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as unknown, on: 'n1-1234', level: 'warn', what: 'something is odd', why: 'a\nb\u001b[31m', shard: 3, node: 'n2-5678' });
});

it('leaves out what weighs less than asked for', () => {
  const levels = (least: Level): unknown[] => said(least, (report) => { for (const level of ['info', 'warn', 'error'] as const) report(level, 'x'); }).map(({ level }) => level);
  expect(levels('info')).toEqual(['info', 'warn', 'error']);
  expect(levels('warn')).toEqual(['warn', 'error']);
  expect(levels('error')).toEqual(['error']);
});

it('a person is a digest, the same one each time, wherever their id stands', () => {
  const [line] = said('info', (report) => report('error', 'x', { actor: 'p/demo/u_mia@example.com', why: 'Error: no kind for p/demo/u_mia@example.com#fields, nor c/demo/01J9ZK3M8Q0000000000000001' }));
  const [, id] = /^p\/demo\/([0-9a-f]{12})$/.exec(String(line?.['actor'])) ?? [];
  expect(line?.['why']).toBe(`Error: no kind for p/demo/${id}#fields, nor c/demo/01J9ZK3M8Q0000000000000001`);
});

it('what could not be parsed is not quoted', () => {
  let why = '';
  try { JSON.parse('my "card" is 4242'); } catch (error) { why = String(error); }
  expect(why).toContain('card');
  const [line] = said('info', (report) => report('error', 'x', { why }));
  expect(line?.['why']).not.toMatch(/card|4242/);
  expect(line?.['why']).toMatch(/is not valid JSON/);
});
