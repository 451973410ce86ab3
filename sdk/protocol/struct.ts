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

type Fields = Readonly<Record<string, Field<unknown>>>;
type ValueOf<S extends Fields> = { -readonly [K in keyof S]: Infer<S[K]> };

export function struct<S extends Fields>(fields: S): Struct<ValueOf<S>> {
  type Value = ValueOf<S>;
  type Loose = Record<string, unknown>;
  const keys = Object.keys(fields);
  const all = Object.values(fields);
  const size = keys.length;

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
    // Each of these loops leaves the field's name on the trail. They are the hot path, hence loops and no callbacks.
    writeInside(to, value) {
      const depth = to.depth++;
      for (let place = 0; place < size; place++) {
        const key = (to.names[depth] = keys[place]!);
        all[place]!.write(to, (value as Loose)[key]);
      }
      to.depth = depth;
    },
    readInside(from, count, into) {
      const depth = from.depth++;
      for (let place = 0; place < size; place++) {
        const key = (from.names[depth] = keys[place]!);
        (into as Loose)[key] = place < count ? all[place]!.read(from) : absent(all[place]!, from);
      }
      from.depth = depth;
      if (count > size) from.skip(count - size);
      return into as Value;
    },
    toJsonInside(value, into, trail) {
      const depth = trail.depth++;
      for (let place = 0; place < size; place++) {
        const key = (trail.names[depth] = keys[place]!);
        into.push(all[place]!.toJson((value as Loose)[key], trail));
      }
      trail.depth = depth;
      return into;
    },
    fromJsonInside(json, first, into, trail) {
      const depth = trail.depth++;
      for (let place = 0; place < size; place++) {
        const key = (trail.names[depth] = keys[place]!);
        const field = all[place]!;
        const at = first + place;
        (into as Loose)[key] = at < json.length ? field.fromJson(json[at], trail) : absent(field, trail);
      }
      trail.depth = depth;
      return into as Value;
    },
  };
  return it;
}
