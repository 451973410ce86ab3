/**
 * The bytes on the wire, frozen: a client of another language is right when it reads and writes these. A test that
 * fails here says that older clients no longer understand. `GOLDEN=write npx vitest run test/protocol/golden.test.ts`
 * adds the fixtures of new frames.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { encodeEntry, entryText, json, msgpack } from '../../sdk/protocol/codec.ts';
import { entries, said, told } from './samples.ts';

const folder = new URL('golden/', import.meta.url);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const fixtures: Record<string, { file: string; text: string }> = {};
const add = (name: string, bytes: Uint8Array, text: string): void => {
  fixtures[`${name}.hex`] = { file: `${name}.hex`, text: hex(bytes) };
  fixtures[`${name}.json`] = { file: `${name}.json`, text };
};
for (const frame of Object.values(said)) add(`said.${frame.t}`, msgpack.encodeSaid(frame), json.encodeSaid(frame));
for (const frame of Object.values(told)) add(`told.${frame.t}`, msgpack.encodeTold(frame), json.encodeTold(frame));
for (const entry of Object.values(entries)) add(`entry.${entry.kind}`, encodeEntry(entry), entryText(entry));

it.each(Object.values(fixtures))('$file stands', ({ file, text }) => {
  const path = new URL(file, folder);
  if (process.env['GOLDEN'] === 'write' && !existsSync(path)) writeFileSync(path, `${text}\n`);
  expect(`${text}\n`).toBe(readFileSync(path, 'utf8'));
});

it('has a fixture for every frame and no others', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(fixtures).sort());
});

it('reads every fixture back', () => {
  const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8').trim();
  for (const frame of Object.values(said)) {
    expect(msgpack.decodeSaid(Buffer.from(read(`said.${frame.t}.hex`), 'hex'))).toEqual([frame]);
    expect(json.decodeSaid(read(`said.${frame.t}.json`))).toEqual([frame]);
  }
  for (const frame of Object.values(told)) {
    expect(msgpack.decodeTold(Buffer.from(read(`told.${frame.t}.hex`), 'hex'))).toEqual([frame]);
    expect(json.decodeTold(read(`told.${frame.t}.json`))).toEqual([frame]);
  }
});
