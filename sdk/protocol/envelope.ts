/**
 * Frames around values that are encoded already and are not looked at again: what `encodeTold` would give, without its
 * work. So a value that many hear of is encoded once. For the server; no client needs it.
 */
import { DATA_VALUES } from './data.ts';
import { AGENT_SERVER } from './desk.ts';
import { summary as summaryField, type Summary } from './entry.ts';
import { either, id, list, text, uint, ulid } from './fields.ts';
import { SERVER, type Told } from './frames.ts';
import { Reader } from './reader.ts';
import { Trail } from './trail.ts';
import { Writer } from './writer.ts';

// One of each serves all: nothing here waits or calls back in the middle of a value.
const writer = /* @__PURE__ */ new Writer();
const reader = /* @__PURE__ */ new Reader();
const trail = /* @__PURE__ */ new Trail();

function start(name: string, number: number, size: number): void {
  writer.restart();
  writer.begin(name, DATA_VALUES);
  writer.array(1 + size);
  writer.uint(number);
}

function all(values: readonly Uint8Array[]): void {
  writer.array(values.length);
  for (const bytes of values) writer.raw(bytes);
}

export function eventFrame(alias: number, entryBytes: Uint8Array): Uint8Array {
  start('event', SERVER.event[0], 2);
  uint.write(writer, alias);
  writer.raw(entryBytes);
  return writer.take();
}

/** The same for JSON, around the entry's JSON text. */
export const eventText = (alias: number, entryText: string): string => `[${SERVER.event[0]},${alias},${entryText}]`;

/** All of a PAGE but its entries. */
export type PageHead = Omit<Extract<Told, { t: 'page' }>, 't' | 'entries'>;

export function pageFrame(head: PageHead, entries: readonly Uint8Array[]): Uint8Array {
  start('page', SERVER.page[0], 6);
  uint.write(writer, head.rid);
  id.write(writer, head.conversation);
  uint.write(writer, head.from);
  uint.write(writer, head.to);
  either.write(writer, head.more);
  all(entries);
  return writer.take();
}

export const pageText = ({ rid, conversation, from, to, more }: PageHead, entries: readonly string[]): string =>
  `${JSON.stringify([SERVER.page[0], rid, conversation, from, to, more]).slice(0, -1)},[${entries.join(',')}]]`;

/** A row of a list, in memory of its own. Throws Refusal as `encodeTold` does. */
export function encodeSummary(summary: Summary): Uint8Array {
  writer.restart();
  writer.begin('summary', DATA_VALUES);
  summaryField.write(writer, summary);
  return writer.copy();
}

/** Of what `encodeSummary` gave. */
export function decodeSummary(bytes: Uint8Array): Summary {
  reader.open(bytes, 0);
  reader.begin('summary', DATA_VALUES);
  return summaryField.read(reader);
}

export function summaryText(summary: Summary): string {
  trail.begin('summary', DATA_VALUES);
  return JSON.stringify(summaryField.toJson(summary, trail));
}

/** All of a LISTED but its rows. */
export type ListedHead = Omit<Extract<Told, { t: 'listed' }>, 't' | 'rows'>;

const storeField = /* @__PURE__ */ text(40);
const goneField = /* @__PURE__ */ list(ulid, 200);

export function listedFrame(head: ListedHead, rows: readonly Uint8Array[]): Uint8Array {
  start('listed', AGENT_SERVER.listed[0], 8);
  uint.write(writer, head.wid);
  storeField.write(writer, head.store);
  uint.write(writer, head.n);
  uint.write(writer, head.total);
  either.write(writer, head.reset);
  either.write(writer, head.more);
  all(rows);
  goneField.write(writer, head.gone);
  return writer.take();
}

export const listedText = ({ wid, store, n, total, reset, more, gone }: ListedHead, rows: readonly string[]): string =>
  `${JSON.stringify([AGENT_SERVER.listed[0], wid, store, n, total, reset, more]).slice(0, -1)},[${rows.join(',')}],${JSON.stringify(gone)}]`;
