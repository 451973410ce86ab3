/** The document from which others write clients says what the code does. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../machines/acts.ts';
import { actionOf, CODES } from '../../sdk/protocol/codes.ts';
import { author, entry, mark, summary } from '../../sdk/protocol/entry.ts';
import type { Shape } from '../../sdk/protocol/fields.ts';
import { AGENT_CLIENT, AGENT_SERVER } from '../../sdk/protocol/desk.ts';
import { CLIENT, SERVER } from '../../sdk/protocol/frames.ts';
import { SAID_LIMITS } from '../../sdk/protocol/scan.ts';
import { entries } from './samples.ts';

const readme = readFileSync(new URL('../../sdk/protocol/README.md', import.meta.url), 'utf8');
const fixture = (name: string): string => readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8').trim();

/** Rows of the tables under a heading, as their cells. */
function rows(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('|-'))
    .map((line) => line.slice(2, -1).split(/(?<!\\)\|/).map((cell) => cell.trim()));
}

const structures = { author, entry, mark, summary };
const named = new Map<Shape, string>(Object.entries(structures).map(([name, { shape }]) => [shape, name]));

function told(shape: Shape): string {
  switch (shape.is) {
    case 'text': return `text ${shape.max}`;
    case 'literal': return shape.values.join(' \\| ');
    case 'maybe': return `${told(shape.of)}?`;
    case 'list': return `list ${shape.max} of ${told(shape.of)}`;
    case 'tuple': return `[${shape.of.map(told).join(', ')}]`;
    case 'struct': return named.get(shape) ?? `{ ${fields(shape)} }`;
    default: return shape.is;
  }
}
const fields = (shape: Shape): string =>
  shape.is === 'struct' ? Object.entries(shape.of).map(([key, of]) => `${key}: ${told(of)}`).join(', ') : '';

describe('the README', () => {
  const tables = [
    ['What a client says', CLIENT], ['What the server says', SERVER],
    ['What agents say', AGENT_CLIENT], ['What agents hear', AGENT_SERVER],
  ] as const;
  it.each(tables)('lists under "%s" every frame and no others', (heading, table) => {
    const expected = Object.entries(table)
      .map(([name, [number, { shape }]]) => [`${number}`, `\`${name}\``, fields(shape)])
      .sort((a, b) => Number(a[0]) - Number(b[0]));
    expect(rows(heading).slice(1).map((cells) => cells.slice(0, 3))).toEqual(expected);
  });

  it('lists every command of agents', () => {
    const commands = rows('For agents').map(([name]) => name);
    expect(commands.slice(1, commands.indexOf('Act'))).toEqual(Object.keys(COMMANDS).filter((name) => name !== 'end').map((name) => `\`${name}\``));
  });

  it('lists every structure', () => {
    const expected = Object.entries(structures).map(([name, { shape }]) => [`\`${name}\``, fields(shape)]);
    expect(rows('Structures').slice(1, 1 + expected.length)).toEqual(expected);
  });

  it('says what every kind of entry holds', () => {
    const bodies = rows('Structures').slice(-Object.keys(entries).length);
    expect(bodies.map(([kind]) => kind)).toEqual(Object.keys(entries).map((kind) => `\`${kind}\``));
    for (const [place, { body }] of Object.values(entries).entries()) {
      for (const key of Object.keys(body)) expect(bodies[place]![1]).toContain(`\`${key}\``);
    }
  });

  it('lists every code with its action and both of its texts', () => {
    const expected = Object.entries(CODES)
      .map(([name, { code, what, mend }]) => [`${code}`, `\`${name}\``, actionOf(code), what, mend]);
    expect(rows('Codes').slice(1)).toEqual(expected);
  });

  it('shows samples that are the golden fixtures', () => {
    const samples = rows('Samples').slice(1);
    expect(samples.length).toBeGreaterThan(3);
    for (const [name, hex, text] of samples) {
      const file = name!.slice(1, -1);
      expect([hex, text]).toEqual([`\`${fixture(`${file}.hex`)}\``, `\`${fixture(`${file}.json`)}\``]);
    }
  });

  it('names the limits that are enforced', () => {
    const { frames, nodes, items, depth } = SAID_LIMITS;
    expect(readme).toContain(`more than ${frames} frames, ${nodes} values, ${items} items in one array or map,` +
      ` or ${depth} levels`);
  });
});

describe('numbers', () => {
  it('stand for one thing each', () => {
    for (const table of [{ ...CLIENT, ...AGENT_CLIENT }, { ...SERVER, ...AGENT_SERVER }]) {
      const numbers = Object.values(table).map(([number]) => number);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
    const codes = Object.values(CODES).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('that are not known yet still say what to do', () => {
    expect([1050, 1150, 1250].map(actionOf)).toEqual(['retry', 'drop', 'resync']);
    expect([4050, 4150, 4250].map(actionOf)).toEqual(['reconnect', 'newToken', 'stop']);
    expect([3000, 4300].map(actionOf)).toEqual(['reconnect', 'reconnect']);
  });
});
