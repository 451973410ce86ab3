/** Frames to messages of the socket and back, in both encodings, as small as a client can do it. */
import { SAID, TOLD, type Layout, type Struct } from './layout.ts';
import { decode, encode } from './pack.ts';
import type { Said, Told } from './protocol/frames.ts';
import { toBytes, toText } from './ulid.ts';

export interface Encoding {
  readonly subprotocol: string;
  /** One frame; several are sent together by `join`. */
  encode(frame: Said): Uint8Array | string;
  join(parts: readonly (Uint8Array | string)[]): Uint8Array | string;
  /** Frames that this version does not know are left out. Throws on what no server of ours says. */
  decode(message: Uint8Array | string): Told[];
}

/** Null stands for itself everywhere. */
function lay(layout: Layout, value: unknown, binary: boolean): unknown {
  if (layout === 0 || value === null) return value;
  if (layout === 1) return binary && typeof value === 'string' ? toBytes(value) : value;
  if (!Array.isArray(layout)) return Object.entries(layout as Struct).map(([key, of]) => lay(of, (value as Record<string, unknown>)[key], binary));
  if (typeof layout[0] === 'string') return binary ? layout.indexOf(value) : value;
  return (value as unknown[]).map((item, place) => lay(layout[layout.length === 1 ? 0 : place], item, binary));
}

function lift(layout: Layout, value: unknown): unknown {
  // A field that an older server does not send yet is null.
  if (layout === 0 || value == null) return value ?? null;
  if (layout === 1) return value instanceof Uint8Array ? toText(value) : value;
  if (!Array.isArray(layout)) return liftInto({}, layout as Struct, value as unknown[]);
  if (typeof layout[0] === 'string') return typeof value === 'number' ? layout[value] : value;
  return (value as unknown[]).map((item, place) => lift(layout[layout.length === 1 ? 0 : place], item));
}

function liftInto(into: Record<string, unknown>, struct: Struct, values: readonly unknown[]): object {
  Object.entries(struct).forEach(([key, of], place) => (into[key] = lift(of, values[place])));
  return into;
}

const positional = (frame: Said, binary: boolean): unknown[] => {
  const [number, struct] = SAID[frame.t]!;
  return [number, ...(lay(struct, frame, binary) as unknown[])];
};

function named(rows: readonly unknown[]): Told[] {
  return rows.flatMap((row) => {
    const [number, ...values] = row as unknown[];
    const known = Object.entries(TOLD).find(([, [of]]) => of === number);
    return known === undefined ? [] : [liftInto({ t: known[0] }, known[1][1], values) as Told];
  });
}

export const msgpack: Encoding = {
  subprotocol: 'parley1.msgpack',
  encode: (frame) => encode(positional(frame, true)),
  join(parts) {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts as Uint8Array[]) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  },
  decode: (message) => named(decode(message as Uint8Array)),
};

export const json: Encoding = {
  subprotocol: 'parley1.json',
  encode: (frame) => JSON.stringify(positional(frame, false)),
  join: (parts) => `[${parts.join(',')}]`,
  decode(message) {
    const rows = JSON.parse(message as string) as unknown[];
    return named(Array.isArray(rows[0]) ? rows : [rows]);
  },
};
