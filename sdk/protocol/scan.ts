/**
 * The strict look at untrusted bytes before anything is decoded: it refuses what the protocol never says, and bounds
 * what a decoder may be made to do. It allocates nothing but the list of offsets, whatever lengths the bytes claim.
 */
import { Refusal } from './codes.ts';

export interface Limits {
  /** Arrays and maps inside one another. */
  depth: number;
  /** Items of one array, pairs of one map. */
  items: number;
  /** Values of all kinds in the whole message, map keys included. */
  nodes: number;
  /** Frames in the message. */
  frames: number;
}
export const SAID_LIMITS: Limits = { depth: 8, items: 512, nodes: 4096, frames: 256 };
export const TOLD_LIMITS: Limits = { depth: 10, items: 1024, nodes: 262_144, frames: 4096 };
const DEEPEST = 16;

/** What is still to come in each open container; in a map (`keyed` 1) a key is next when an even number is left. */
const left = /* @__PURE__ */ new Float64Array(DEEPEST + 1);
const keyed = /* @__PURE__ */ new Uint8Array(DEEPEST + 1);

const bad = (why: string): Refusal => new Refusal('badFrame', why);

/** The offset of each of the values that stand one behind another in the message. @throws Refusal `badFrame` */
export function scan(bytes: Uint8Array, limits: Limits): number[] {
  const end = bytes.length;
  const starts: number[] = [];
  let at = 0;
  let depth = 0;
  let nodes = 0;
  while (at < end || depth > 0) {
    if (at >= end) throw bad('cut short');
    if (depth === 0 && starts.push(at) > limits.frames) throw bad('too many frames in one message');
    if (++nodes > limits.nodes) throw bad('too many values in one message');
    const first = bytes[at++]!;
    const key = depth > 0 && keyed[depth] === 1 && left[depth]! % 2 === 0;
    let pairs = -1;
    let items = -1;
    if (first < 0x80 || first >= 0xe0) {
      if (key) throw bad('a map key that is no text');
    } else if (first >= 0xa0 && first < 0xc0) {
      at += first & 31;
    } else if (first >= 0xd9 && first <= 0xdb) {
      const width = 1 << (first - 0xd9);
      at += width + size(bytes, at, width);
    } else if (key) {
      throw bad('a map key that is no text');
    } else if (first < 0x90) {
      pairs = first & 15;
    } else if (first < 0xa0) {
      items = first & 15;
    } else if (first >= 0xdc) {
      const width = first & 1 ? 4 : 2;
      if (first < 0xde) items = size(bytes, at, width);
      else pairs = size(bytes, at, width);
      at += width;
    } else if (first >= 0xc4 && first <= 0xc6) {
      const width = 1 << (first - 0xc4);
      at += width + size(bytes, at, width);
    } else if (first >= 0xca && first <= 0xd3) {
      at += first === 0xca ? 4 : first === 0xcb ? 8 : 1 << (first & 3);
    } else if (first === 0xc1 || first > 0xc3) {
      throw bad('a type of MessagePack that the protocol does not use');
    }
    if (at > end) throw bad('cut short');
    if (depth > 0) left[depth]!--;
    if (pairs >= 0 || items >= 0) {
      if (Math.max(pairs, items) > limits.items) throw bad('too many items in one array or map');
      if (++depth > limits.depth) throw bad('too many levels');
      left[depth] = pairs >= 0 ? 2 * pairs : items;
      keyed[depth] = pairs >= 0 ? 1 : 0;
    }
    while (depth > 0 && left[depth] === 0) depth--;
  }
  if (starts.length === 0) throw bad('empty');
  return starts;
}

/** A big-endian length; beyond the end it is cut, and the caller finds its position outside. */
function size(bytes: Uint8Array, at: number, width: number): number {
  let length = 0;
  for (let k = 0; k < width; k++) length = length * 256 + (bytes[at + k] ?? 255);
  return length;
}

/** The same bounds for JSON text, before `JSON.parse` builds what it says. @throws Refusal `badFrame` */
export function scanJson(text: string, limits: Limits): void {
  let depth = 0;
  let nodes = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = closingQuote(text, at);
        break;
      case 0x5b:
      case 0x7b:
        nodes++;
        // One level more than in MessagePack: the list of frames.
        if (++depth > limits.depth + 1) throw bad('too many levels');
        break;
      case 0x5d:
      case 0x7d:
        depth--;
        break;
      case 0x2c:
      case 0x3a:
        nodes++;
        break;
    }
    if (nodes > limits.nodes) throw bad('too many values in one message');
  }
}

/** Where the text that opens at `open` ends. */
function closingQuote(text: string, open: number): number {
  let close = open;
  for (;;) {
    close = text.indexOf('"', close + 1);
    if (close < 0) throw bad('cut short');
    let slashes = 0;
    while (text.charCodeAt(close - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return close;
  }
}
