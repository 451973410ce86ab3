/** Frames to messages of the socket and back, in both encodings, as small as a client can do it. */
import { SAID, TOLD, type Layout, type Layouts, type Struct } from './layout.ts';
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

type Leaf = (layout: 1 | readonly string[], value: unknown) => unknown;
type Each = (struct: Struct, value: never) => unknown;

/** Goes through a value along its layout, and does `leaf` to ids and words, `each` to structs. Null stays null. */
function walk(layout: Layout, value: unknown, leaf: Leaf, each: Each): unknown {
  // A field that an older server does not send yet is null.
  if (layout === 0 || value == null) return value ?? null;
  if (layout === 1) return leaf(layout, value);
  if (!Array.isArray(layout)) return each(layout as Struct, value as never);
  if (typeof layout[0] === 'string') return leaf(layout, value);
  return (value as unknown[]).map((item, place) => walk(layout[layout.length === 1 ? 0 : place], item, leaf, each));
}

const asItStands: Leaf = (_, value) => value;
const compact: Leaf = (layout, value) => {
  if (layout !== 1) return layout.indexOf(value as string);
  return typeof value === 'string' ? toBytes(value) : value;
};
const plain: Leaf = (layout, value) => {
  if (layout !== 1) return layout[value as number];
  return value instanceof Uint8Array ? toText(value) : value;
};

/** Frames that an entry beyond the core says and hears. */
export type More = readonly [said: Layouts, told: Layouts];

/** `inText`: JSON, which is easier to read in developer tools. */
export function createEncoding(inText: boolean, [said, told]: More = [{}, {}]): Encoding {
  const byName = { ...SAID, ...said };
  const frames = Object.entries({ ...TOLD, ...told });
  const byNumber = new Map(frames.map(([t, [number, struct]]) => [number, [t, struct] as const]));
  const out: Leaf = inText ? asItStands : compact;
  const back: Leaf = inText ? asItStands : plain;

  const lay: Each = (struct, value) => Object.entries(struct).map(([key, of]) => walk(of, value[key], out, lay));
  const lift: Each = (struct, value) =>
    Object.fromEntries(Object.entries(struct).map(([key, of], place) => [key, walk(of, value[place], back, lift)]));

  function positional(frame: Said): unknown[] {
    const [number, struct] = byName[frame.t]!;
    return [number, ...(lay(struct, frame as never) as unknown[])];
  }

  function named(rows: readonly unknown[]): Told[] {
    return (rows as [number, ...unknown[]][]).flatMap(([number, ...values]) => {
      const [t, struct] = byNumber.get(number) ?? [];
      return struct === undefined ? [] : [{ t, ...(lift(struct, values as never) as object) } as Told];
    });
  }

  if (inText) {
    return {
      subprotocol: 'parley1.json',
      encode: (frame) => JSON.stringify(positional(frame)),
      join: (parts) => `[${parts.join(',')}]`,
      decode(message) {
        const rows = JSON.parse(message as string) as unknown[];
        return named(Array.isArray(rows[0]) ? rows : [rows]);
      },
    };
  }
  return {
    subprotocol: 'parley1.msgpack',
    encode: (frame) => encode(positional(frame)),
    join: (parts) => new Uint8Array((parts as Uint8Array[]).flatMap((part) => [...part])),
    decode: (message) => named(decode(message as Uint8Array)),
  };
}
