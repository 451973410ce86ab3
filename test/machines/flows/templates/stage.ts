/** Where the tests try templates: a workspace with every team that they name, and what a trial showed, in short. */
import type { Json, Text, Value } from '../../../../machines/flows/flow.ts';
import { compile } from '../../../../machines/flows/compile.ts';
import { textIn } from '../../../../machines/flows/fill.ts';
import { Rehearsal } from '../../../../machines/flows/rehearsal.ts';
import type { Template } from '../../../../machines/flows/templates/template.ts';
import type { Start, Trial, Tried } from '../../../../machines/flows/trial.ts';
import { OFFICE_HOURS } from '../../../../machines/hours.ts';
import type { Style } from '../../../../machines/style.ts';
import { plain, type World } from '../../../../machines/world.ts';
import { START, stylesOf } from '../../talk.ts';

/** Everybody's, where no template sends anybody. */
export const LOBBY = 'lobby';
export const TEAMS = [LOBBY, 'support', 'sales', 'vip', 'managers', 'italian', 'portuguese', 'czech'];
export const LANGUAGES_SPOKEN = ['en', 'it', 'pt-BR', 'cs'];

/** A request's answer is an object, of which the paths of these tests name a field. */
export function read(map: readonly { path: string; save: string }[], body: Json): { values: Record<string, Value> } {
  const fields = body as Readonly<Record<string, Value>> | null;
  return { values: Object.fromEntries(map.flatMap(({ path, save }) => {
    const value = fields?.[path.slice('$.'.length)];
    return value === undefined ? [] : [[save, value]];
  })) };
}

export function tried(template: Template, parameters: unknown, style: Style = 'chat'): Tried {
  const world: World = {
    ...plain({ ...stylesOf(style), teams: TEAMS }), hours: () => OFFICE_HOURS, agent: (id) => ({ mia: 'Mia' })[id],
  };
  return { world, id: template.id, compiled: compile(template.make(parameters)), read, now: START };
}

export function rehearse(template: Template, parameters: unknown, start: Start = {}, style: Style = 'chat'): Rehearsal {
  return new Rehearsal(tried(template, parameters, style), start);
}

/** What a parameter says to a customer of this language. */
export function sentenceOf(template: Template, parameters: unknown, language = 'en'): (name: string) => string {
  const all = template.parameters.parse(parameters) as Readonly<Record<string, Text>>;
  return (name) => textIn(all[name] ?? `no parameter ${name}`, language, 'en');
}

/** What came from no person: `[at, 'message …']`, in order. */
export function done({ lines }: Trial, kinds: readonly string[] = ['message']): [number, string][] {
  return lines.filter(({ kind, author: { role } }) => role === 'system' && kinds.includes(kind)).map(({ at, kind, text }) => [at, `${kind} ${text}`]);
}
