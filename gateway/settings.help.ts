/** `--help`: every flag with its unit, its default and its name in the environment, written from the schema. */
import type { Option } from './settings.options.ts';

const WIDE = 100;
const INDENT = 30;

/** What can be said on the command line alone. */
const OTHERS: readonly [string, string][] = [
  ['--config FILE', 'Settings as JSON: those below, and workspaces with their styles, channels, agents and keys; see README.md. PARLEY_CONFIG'],
  ['--rebuild', 'Make the tables anew from the log, then stop.'],
  ['--help', 'This text.'],
];

export function helpFor(options: readonly Option[]): string {
  const groups = [...new Set(options.map(({ group }) => group))];
  const loose = options.filter(({ group }) => group === '');
  return [
    'Parley: customer conversations as durable machines.', '', '  npm start -- [options]', '',
    'A flag stands over its variable of the environment, that over the file, that over the default. Lists',
    'have commas between their words. In the file --nats-servers is {"nats": {"servers": [...]}}.', '',
    ...[...OTHERS, ...loose.map(entryOf)].flatMap(([name, text]) => lines(name, text)),
    ...groups.filter((group) => group !== '').flatMap((group) => [
      '', group, ...options.filter((option) => option.group === group).map(entryOf).flatMap(([name, text]) => lines(name, text)),
    ]),
  ].join('\n') + '\n';
}

function entryOf(option: Option): [string, string] {
  const { flag, env, takes, expects, about, as, unit, fallback } = option;
  const isOn = takes === 'switch' && fallback === true;
  const name = takes === 'switch' ? `--${isOn ? 'no-' : ''}${flag}` : `--${flag} ${as}`;
  const what = isOn ? `Without ${about.charAt(0).toLowerCase()}${about.slice(1)}` : about;
  const usual = isOn || !isDefault(fallback) ? '' : `Default ${Array.isArray(fallback) ? fallback.join(',') : String(fallback)}`;
  // That a number of something is above nothing need not be said.
  const limits = takes === 'number' ? /(from|at least) .*/.exec(expects)?.[0] ?? '' : '';
  const range = [[usual, limits].filter((part) => part !== '').join(', '), unit].filter((part) => part !== '').join(' ');
  return [name, [what, range, `${env}${isOn ? '=false' : ''}`].filter((part) => part !== '').join('. ')];
}

function isDefault(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/** A name, and beside it, or below where it is long, the text in lines that fit. */
function lines(name: string, text: string): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    if (INDENT + row.length + 1 + word.length > WIDE) {
      rows.push(row);
      row = word;
    } else row = row === '' ? word : `${row} ${word}`;
  }
  rows.push(row);
  const padded = rows.map((each) => ' '.repeat(INDENT) + each);
  const first = `  ${name}`;
  return first.length + 2 > INDENT ? [first, ...padded] : [first.padEnd(INDENT) + rows[0], ...padded.slice(1)];
}
