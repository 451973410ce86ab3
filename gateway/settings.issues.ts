/** What is wrong with settings, in sentences for whoever wrote them: where, what, and which name may be meant. */
import { z } from 'zod';
import { noSuch } from '../machines/nearest.ts';

/** The first of very many faults, and how many more there are. */
export function spelled<T>(faults: readonly T[], most: number, say: (fault: T) => readonly string[]): string[] {
  const more = faults.length - most;
  return [...faults.slice(0, most).flatMap(say), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** @param say how a place in the value is called */
export function sentences(error: z.ZodError, schema: z.ZodType, most: number, say: (path: readonly PropertyKey[]) => string = pathOf): string[] {
  return spelled(error.issues, most, (issue) => {
    const where = say(issue.path);
    if (issue.code === 'invalid_key') return [`${where}: ${issue.issues[0]?.message ?? 'is no id'}`];
    if (issue.code !== 'unrecognized_keys') return [`${where}: ${issue.message}`];
    const known = namesAt(schema, issue.path);
    return spelled(issue.keys, most, (key) => [`${where}: ${noSuch('', key, known)}`]);
  });
}

export function pathOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.') || 'settings';
}

interface Shape {
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape;
  anyOf?: Shape[];
}

function namesAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: Shape | undefined = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  for (const part of path) {
    const here: Shape = within(at ?? {});
    at = here.properties?.[String(part)] ?? (typeof here.additionalProperties === 'object' ? here.additionalProperties : here.items);
  }
  return Object.keys(within(at ?? {}).properties ?? {});
}

/** Of "this or null", this. */
function within(shape: Shape): Shape {
  return shape.anyOf?.find((one) => one.properties !== undefined) ?? shape;
}
