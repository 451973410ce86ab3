/** Objects with named fields in programs, positional arrays on the wire: what frames and entries are made of. */
import type { Json } from './data.ts';
import { arrayOf, type Field, type Infer } from './fields.ts';
import type { Reader } from './reader.ts';
import type { Trail } from './trail.ts';
import type { Writer } from './writer.ts';

/** Fields are only ever added at the end, as `maybe`. */
export interface Struct<T> extends Field<T> {
  readonly size: number;
  /** The fields without the array around them, for frames, whose number stands before. */
  writeInside(to: Writer, value: T): void;
  readInside(from: Reader, count: number, into: object): T;
  toJsonInside(value: T, into: Json[], trail: Trail): Json;
  fromJsonInside(json: readonly unknown[], first: number, into: object, trail: Trail): T;
}

export function struct<S extends Readonly<Record<string, Field<unknown>>>>(fields: S): Struct<{ -readonly [K in keyof S]: Infer<S[K]> }> {
  type Value = { -readonly [K in keyof S]: Infer<S[K]> };
  type Loose = Record<string, unknown>;
  const keys = Object.keys(fields);
  const all = Object.values(fields);
  const size = keys.length;

  /** Does `each` for every field, leaving its name on the trail. */
  const walk = (trail: Trail, each: (key: string, field: Field<unknown>, place: number) => void): void => {
    const depth = trail.depth++;
    for (let place = 0; place < size; place++) {
      trail.names[depth] = keys[place]!;
      each(keys[place]!, all[place]!, place);
    }
    trail.depth = depth;
  };
  const absent = (field: Field<unknown>, trail: Trail): null => {
    if (!field.optional) throw trail.refusal('badFrame', 'missing');
    return null;
  };

  const it: Struct<Value> = {
    shape: { is: 'struct', of: Object.fromEntries(keys.map((key, place) => [key, all[place]!.shape])) },
    optional: false,
    size,
    write(to, value) {
      to.array(size);
      it.writeInside(to, value);
    },
    read: (from) => it.readInside(from, from.array(), {}),
    toJson: (value, trail) => it.toJsonInside(value, [], trail),
    fromJson: (json, trail) => it.fromJsonInside(arrayOf(json, trail), 0, {}, trail),
    writeInside(to, value) {
      walk(to, (key, field) => field.write(to, (value as Loose)[key]));
    },
    readInside(from, count, into) {
      walk(from, (key, field, place) => {
        (into as Loose)[key] = place < count ? field.read(from) : absent(field, from);
      });
      from.skip(Math.max(0, count - size));
      return into as Value;
    },
    toJsonInside(value, into, trail) {
      walk(trail, (key, field) => into.push(field.toJson((value as Loose)[key], trail)));
      return into;
    },
    fromJsonInside(json, first, into, trail) {
      walk(trail, (key, field, place) => {
        const at = first + place;
        (into as Loose)[key] = at < json.length ? field.fromJson(json[at], trail) : absent(field, trail);
      });
      return into as Value;
    },
  };
  return it;
}
