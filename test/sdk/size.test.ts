/** The byte budget, and nothing that a strict content-security policy refuses. */
import { expect, test } from 'vitest';
import { bundle, sizes } from '../../sdk/size.mjs';

test('the core weighs at most 15,000 bytes, an agent\'s entry with it 21,000, and React adds at most 2,000', async () => {
  const { core, agent, react, reactNative } = await sizes();
  expect(core).toBeLessThanOrEqual(15_000);
  expect(agent).toBeLessThanOrEqual(21_000);
  expect(react).toBeLessThanOrEqual(2_000);
  expect(reactNative).toBeLessThanOrEqual(1_000);
});

test('no entry makes code at run time', async () => {
  for (const name of ['core', 'agent', 'react', 'reactNative', 'node']) {
    expect(await bundle(name), name).not.toMatch(/\beval\s*\(|\bnew Function\b|\bFunction\s*\(/);
  }
});

test('the console starts without what few open: flows and the drawing of statecharts are loaded when somebody does', async () => {
  const start = await bundle('console');
  expect(start).toContain('./flows-');
  expect(start).not.toMatch(/ranksep|step-row/);
});
