/** Messages of the socket to frames and back, in both encodings. */
import { Refusal } from './codes.ts';
import { DATA_VALUES } from './data.ts';
import { AGENT_CLIENT, AGENT_SERVER } from './desk.ts';
import { entry as entryField, type Entry } from './entry.ts';
import { CLIENT, SERVER, type Said, type Told } from './frames.ts';
import { Reader } from './reader.ts';
import { SAID_LIMITS, scan, scanJson, TOLD_LIMITS, type Limits } from './scan.ts';
import type { Struct } from './struct.ts';
import { Trail } from './trail.ts';
import { utf8 } from './utf8.ts';
import { Writer } from './writer.ts';

export type Bytes = Uint8Array | string;
/**
 * Told of a frame that has a value which is not allowed, while all else is sound: NACK it under its `ref` and go on.
 * Without it such a frame refuses its whole message.
 */
export type OnRefused = (ref: string | number, refusal: Refusal) => void;

/** Decoding throws Refusal `badFrame`, whose detail names the field and holds nothing of the sender's. */
export interface Codec<B extends Bytes = Bytes> {
  readonly subprotocol: 'parley1.msgpack' | 'parley1.json';
  /** Which kind of WebSocket message carries it. */
  readonly binary: boolean;
  /** Encoding throws Refusal `badFrame`, `invalid` or `tooLarge` for what the other side would refuse. */
  encodeSaid(frame: Said): B;
  encodeTold(frame: Told): B;
  /** Frames of a number that this version does not know are left out. */
  decodeSaid(message: Bytes, refused?: OnRefused): Said[];
  decodeTold(message: Bytes): Told[];
  /** Several encoded frames as the payload of one WebSocket message. */
  join(parts: readonly B[]): B;
}

interface Kind {
  name: string;
  number: number;
  body: Struct<unknown>;
}
interface Kinds {
  byName: ReadonlyMap<string, Kind>;
  byNumber: readonly (Kind | undefined)[];
}
function kindsOf(table: Readonly<Record<string, readonly [number, Struct<unknown>]>>): Kinds {
  const kinds = Object.entries(table).map(([name, [number, body]]): Kind => ({ name, number, body }));
  const byNumber: (Kind | undefined)[] = [];
  for (const kind of kinds) byNumber[kind.number] = kind;
  return { byName: new Map(kinds.map((kind) => [kind.name, kind])), byNumber };
}
const SAID = /* @__PURE__ */ kindsOf({ ...CLIENT, ...AGENT_CLIENT });
const TOLD = /* @__PURE__ */ kindsOf({ ...SERVER, ...AGENT_SERVER });

// One of each serves all: nothing here waits or calls back in the middle of a value.
const writer = /* @__PURE__ */ new Writer();
const reader = /* @__PURE__ */ new Reader();
const trail = /* @__PURE__ */ new Trail();

function kindOf(kinds: Kinds, name: string): Kind {
  const kind = kinds.byName.get(name);
  if (!kind) throw new Refusal('badFrame', 'no frame of that name');
  return kind;
}

function pack(kinds: Kinds, frame: { t: string }): Uint8Array {
  const { name, number, body } = kindOf(kinds, frame.t);
  writer.restart();
  writer.begin(name, DATA_VALUES);
  writer.array(1 + body.size);
  writer.uint(number);
  body.writeInside(writer, frame);
  return writer.take();
}

function unpack(kinds: Kinds, message: Bytes, limits: Limits, refused?: OnRefused): object[] {
  if (typeof message === 'string') throw new Refusal('badFrame', 'a text message where MessagePack was agreed');
  const frames: object[] = [];
  for (const at of scan(message, limits)) {
    reader.open(message, at);
    reader.begin('frame', DATA_VALUES);
    const count = reader.array();
    const number = reader.number();
    const kind = kinds.byNumber[number];
    if (!kind) continue;
    reader.begin(kind.name, DATA_VALUES);
    const frame: Begun = { t: kind.name };
    const { body } = kind;
    if (complete(frame, refused, () => body.readInside(reader, count - 1, frame))) frames.push(frame);
  }
  return frames;
}

function stringify(kinds: Kinds, frame: { t: string }): string {
  const { name, number, body } = kindOf(kinds, frame.t);
  trail.begin(name, DATA_VALUES);
  return JSON.stringify(body.toJsonInside(frame, [number], trail));
}

function parse(kinds: Kinds, message: Bytes, limits: Limits, refused?: OnRefused): object[] {
  const text = typeof message === 'string' ? message : utf8.decode(message, 0, message.length);
  if (text === undefined) throw new Refusal('badFrame', 'not valid UTF-8');
  scanJson(text, limits);
  const frames: object[] = [];
  for (const json of framesIn(text, limits)) {
    const number: unknown = Array.isArray(json) ? json[0] : undefined;
    if (!Array.isArray(json) || typeof number !== 'number') throw new Refusal('badFrame', 'not a frame');
    const kind = kinds.byNumber[number];
    if (!kind) continue;
    trail.begin(kind.name, DATA_VALUES);
    const frame: Begun = { t: kind.name };
    if (complete(frame, refused, () => kind.body.fromJsonInside(json, 1, frame, trail))) frames.push(frame);
  }
  return frames;
}

/** A JSON message is one frame, `[6, …]`, or a list of frames, `[[6, …], [14, …]]`. */
function framesIn(text: string, limits: Limits): readonly unknown[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The engine's message quotes the text.
    throw new Refusal('badFrame', 'not JSON');
  }
  if (!Array.isArray(json) || json.length === 0) throw new Refusal('badFrame', 'not a frame');
  if (!Array.isArray(json[0])) return [json];
  if (json.length > limits.frames) throw new Refusal('badFrame', 'too many frames in one message');
  return json;
}

/** A frame while it is read: the field that an answer refers to is its first. */
interface Begun {
  t: string;
  cmid?: string;
  id?: string;
  rid?: number;
}

/** Fills the frame; false when it was refused alone. */
function complete(frame: Begun, refused: OnRefused | undefined, fill: () => void): boolean {
  try {
    fill();
    return true;
  } catch (error) {
    const ref = frame.cmid ?? frame.id ?? frame.rid;
    const alone = error instanceof Refusal && error.name !== 'badFrame';
    if (!alone || !refused || ref === undefined) throw asBadFrame(error);
    refused(ref, error);
    return false;
  }
}

const asBadFrame = (error: unknown): unknown =>
  error instanceof Refusal && error.name !== 'badFrame' ? new Refusal('badFrame', error.detail) : error;

/** The bytes of a log line: the same in the log, the store and every EVENT and PAGE (see envelope.ts). They may be kept for long. */
export function encodeEntry(entry: Entry): Uint8Array {
  writer.restart();
  writer.begin('entry', DATA_VALUES);
  entryField.write(writer, entry);
  return writer.copy();
}

export function decodeEntry(bytes: Uint8Array): Entry {
  reader.open(bytes, 0);
  reader.begin('entry', DATA_VALUES);
  try {
    const entry = entryField.read(reader);
    if (!reader.ended) throw reader.refusal('badFrame', 'more than one value');
    return entry;
  } catch (error) {
    throw asBadFrame(error);
  }
}

export function entryText(entry: Entry): string {
  trail.begin('entry', DATA_VALUES);
  return JSON.stringify(entryField.toJson(entry, trail));
}

/** Binary messages; each holds one or more MessagePack values, one behind another. */
export const msgpack: Codec<Uint8Array> = {
  subprotocol: 'parley1.msgpack',
  binary: true,
  encodeSaid: (frame) => pack(SAID, frame),
  encodeTold: (frame) => pack(TOLD, frame),
  decodeSaid: (message, refused) => unpack(SAID, message, SAID_LIMITS, refused) as Said[],
  decodeTold: (message) => unpack(TOLD, message, TOLD_LIMITS) as Told[],
  join(parts) {
    if (parts.length === 1) return parts[0]!;
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  },
};

/** Text messages; each holds one frame or a list of frames. */
export const json: Codec<string> = {
  subprotocol: 'parley1.json',
  binary: false,
  encodeSaid: (frame) => stringify(SAID, frame),
  encodeTold: (frame) => stringify(TOLD, frame),
  decodeSaid: (message, refused) => parse(SAID, message, SAID_LIMITS, refused) as Said[],
  decodeTold: (message) => parse(TOLD, message, TOLD_LIMITS) as Told[],
  join: (parts) => (parts.length === 1 ? parts[0]! : `[${parts.join(',')}]`),
};
