/** The figures for a reader at a terminal. */
import { CANDIDATES } from './candidates.ts';
import type { Aim, Medians, Result } from './figures.ts';

type Column = [title: string, value: (result: Result) => string];

const COLUMNS: Column[] = [
  ['candidate', (r) => r.candidate],
  ['load', (r) => r.load],
  ['acked/s', (r) => Math.round(r.medians.ackedPerSecond).toLocaleString('en')],
  ['ack p50', (r) => three(r.medians.ackP50Ms)],
  ['p99 ms', (r) => three(r.medians.ackP99Ms)],
  ['dlv p50', (r) => three(r.medians.deliveryP50Ms)],
  ['p99 ms', (r) => three(r.medians.deliveryP99Ms)],
  ['CPU s/100k', (r) => three(r.medians.serverCpuPer100k)],
  ['cores srv', (r) => r.medians.serverCores.toFixed(2)],
  ['load', (r) => r.medians.loadCores.toFixed(2)],
  ['other', (r) => r.medians.otherCores.toFixed(2)],
  ['x ws', (r) => ratio(r, 'ws')],
  ['CPU', (r) => ratio(r, 'ws', 'serverCpuPer100k')],
  ['x sio+pg', (r) => ratio(r, 'socketio-postgres')],
  ['CPU', (r) => ratio(r, 'socketio-postgres', 'serverCpuPer100k')],
  ['unacked', (r) => sum(r, 'unacked')],
  ['lost', (r) => sum(r, 'lost')],
  ['dup', (r) => sum(r, 'duplicates')],
  ['order', (r) => sum(r, 'orderBreaks')],
  ['rpt', (r) => sum(r, 'repeatsDelivered')],
];

export function table(results: readonly Result[], aims: readonly Aim[]): string {
  const rows = [COLUMNS.map(([title]) => title), ...results.map((result) => COLUMNS.map(([, value]) => value(result)))];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const padded = (cell: string, i: number): string =>
    i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  const lines = rows.map((row) => row.map(padded).join('  '));
  const names = [...new Set(results.map((result) => result.candidate))];
  return [
    ...lines, '', ...names.map((name) => `  ${name}: ${CANDIDATES[name].what}`),
    '  Medians of the rounds; the last five columns are sums: unacknowledged, lost, doubled, out of order,',
    '  and delivered again after a repeat under the same id. "x" is acked/s divided by the peer\'s, "CPU" likewise.',
    ...aims.map(({ aim, got, met }) => `  ${met ? 'met     ' : 'NOT MET '} ${aim}: ${three(got)}`),
  ].join('\n');
}

function ratio(result: Result, peer: keyof Result['ratios'], key: keyof Medians = 'ackedPerSecond'): string {
  const of = result.ratios[peer];
  return of === undefined ? '-' : of[key].toFixed(2);
}

function sum(result: Result, key: keyof Medians): string {
  return String(result.rounds.reduce((total, round) => total + round[key], 0));
}

function three(value: number): string {
  return value === 0 ? '0' : value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
