/** What the client holds of the protocol's tables says what the tables say: `-u` writes it anew from them. */
import { expect, test } from 'vitest';
import { author, entry, mark, summary } from '../../sdk/protocol/entry.ts';
import type { Shape } from '../../sdk/protocol/fields.ts';
import { actionOf, CODES } from '../../sdk/protocol/codes.ts';
import { AGENT_CLIENT, AGENT_SERVER } from '../../sdk/protocol/desk.ts';
import { CLIENT, SERVER } from '../../sdk/protocol/frames.ts';

/** Refusals that only agents meet: their entry of the SDK has the whole table. */
const AGENTS = ['ticketClosed', 'wrongStatus', 'superseded', 'conflict', 'noCapacity', 'offerGone', 'inUse'];
const NAMED = new Map<Shape, string>([[author.shape, 'author'], [entry.shape, 'entry'], [mark.shape, 'mark'], [summary.shape, 'summary']]);

function render(shape: Shape, top = false): string {
  const name = NAMED.get(shape);
  if (name !== undefined && !top) return name;
  switch (shape.is) {
    case 'ulid':
    case 'id':
      return '1';
    case 'literal':
      return `[${shape.values.map((word) => `'${word}'`).join(', ')}]`;
    case 'maybe':
      return render(shape.of);
    case 'list': {
      const of = render(shape.of);
      return of === '0' ? '0' : `[${of}]`;
    }
    case 'tuple': {
      const places = shape.of.map((place) => render(place));
      return places.every((place) => place === '0') ? '0' : `[${places.join(', ')}]`;
    }
    case 'struct':
      return `{ ${Object.entries(shape.of).map(([key, of]) => `${key}: ${render(of)}`).join(', ')} }`;
    default:
      return '0';
  }
}
const wrapped = (text: string): string => (text.length < 110 ? text : text.replace(/(.{80,105}?,) /g, '$1\n    '));
const constants = [...NAMED].map(([shape, name]) => wrapped(`${name === 'summary' ? 'export ' : ''}const ${name} = ${render(shape, true)} as const;`));
const table = (name: string, of: Readonly<Record<string, readonly [number, { readonly shape: Shape }]>>): string =>
  `export const ${name}: Layouts = {\n${Object.entries(of).map(([key, [number, { shape }]]) => wrapped(`  ${key}: [${number}, ${render(shape)}],`)).join('\n')}\n};\n`;

test('layout.ts is derived from the tables', async () => {
  const text = `/**
 * How frames lie on the wire, and nothing of how they are checked: a client trusts the server that it chose.
 * Derived from protocol/frames.ts; \`npx vitest run test/sdk/layout.test.ts -u\` writes it anew.
 */

/** 0: as it stands. 1: an id, binary in MessagePack. Words: an index in MessagePack. One layout in brackets: a list. */
export type Layout = 0 | 1 | readonly string[] | readonly Layout[] | Struct;
export interface Struct {
  readonly [field: string]: Layout;
}
/** By name of the frame: its number and its fields. */
export type Layouts = Readonly<Record<string, readonly [number, Struct]>>;

${constants.join('\n')}

${table('SAID', CLIENT)}
${table('TOLD', SERVER)}`;
  await expect(text).toMatchFileSnapshot('../../sdk/layout.ts');
});

test('agent/layout.ts is derived from the tables of agents', async () => {
  const text = `/** The same as ../layout.ts for what only agents say and hear. Derived from protocol/desk.ts by the same test. */
import { summary, type Layouts } from '../layout.ts';

${table('AGENT_SAID', AGENT_CLIENT)}
${table('AGENT_TOLD', AGENT_SERVER)}`;
  await expect(text).toMatchFileSnapshot('../../sdk/agent/layout.ts');
});

test('causes.ts is derived from the codes', async () => {
  const rows = Object.entries(CODES).filter(([name]) => !AGENTS.includes(name)).map(([name, { code, what, mend }]) => {
    const ours = ['idReused', 'unknownCommand'].includes(name);
    const reaches = (actionOf(code) === 'drop' && !ours) || ['tokenInvalid', 'originRefused', 'versionUnsupported'].includes(name);
    const quoted = (text: string) => `'${text.replace(/;.*/, '.').replace(/'/g, "\\'")}'`;
    return `  ${name}: [${[code, ...(reaches ? [quoted(what), quoted(mend)] : [])].join(', ')}],`;
  });
  const text = `/**
 * What refusals and closings mean: number, what went wrong, how to mend it, up to the first semicolon. Those that the
 * SDK sees to by itself, and those that only its own mistakes bring about, have no texts here; those that only agents
 * meet are not here at all. Derived from protocol/codes.ts; \`npx vitest run test/sdk/layout.test.ts -u\` writes it anew.
 */
import type { CodeName } from './protocol/codes.ts';

export type Cause = readonly [code: number, what?: string, mend?: string];

export const CAUSES: Readonly<Partial<Record<CodeName, Cause>>> = {
${rows.join('\n')}
};
`;
  await expect(text).toMatchFileSnapshot('../../sdk/causes.ts');
});
