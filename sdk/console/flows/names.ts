/**
 * What a flow can name, in the reader's words: teams, agents, skills, tags and other flows of the workspace, fields of
 * contacts, and what the flow itself keeps in variables. Pure.
 */
import { fieldTypes, type FieldType, type FlowRow, type Settings } from '../../agent.ts';
import type { Tree } from '../admin/tree.ts';
import { named } from '../staff.ts';
import { STRINGS } from '../strings.ts';
import { workspaceOf } from '../workspace.ts';
import { allSteps, idOfStep, kindOf, stepsOf } from './steps.ts';
import { FLOWS } from './words.ts';

export interface Option {
  readonly id: string;
  readonly name: string;
  readonly group?: string;
}

export interface Names {
  readonly teams: readonly Option[];
  readonly agents: readonly Option[];
  readonly skills: readonly Option[];
  readonly tags: readonly string[];
  readonly channels: readonly Option[];
  /** Other flows that may be run by this one. */
  readonly flows: readonly Option[];
  readonly contact: readonly FieldType[];
  /** Variables that the flow sets. */
  readonly vars: readonly string[];
  /** Steps that one can jump to. */
  readonly steps: readonly Option[];
}

/** @param own id of the flow, which does not run itself */
export function namesOf(
  settings: Settings | null, flows: readonly FlowRow[], own: string, flow: Tree, stepName: (step: Tree) => string,
): Names {
  const workspace = workspaceOf(settings);
  return {
    teams: workspace.teams.map(({ id, name }) => ({ id, name })),
    agents: workspace.agents.map(({ handle, name }) => ({ id: handle, name })),
    skills: named(settings, 'skills').map(({ id, name }) => ({ id, name })),
    tags: workspace.tags,
    channels: Object.keys(workspace.groups).map((id) => ({ id, name: id })),
    flows: flows.filter(({ id, start }) => id !== own && start.includes('called'))
      .map(({ id, name }) => ({ id, name })),
    contact: fieldTypes(settings),
    vars: variablesOf(flow),
    steps: allSteps(flow).map(({ step }) => ({ id: idOfStep(step), name: stepName(step) })),
  };
}

/** Names of the variables that a flow keeps something in. */
export function variablesOf(flow: Tree): string[] {
  const kept = allSteps(flow).flatMap(({ step }) => {
    const mapped = kindOf(step) === 'http' ? stepsOf(step['map']).map((one) => one['save']) : [];
    return [step['save'], step['field'], ...mapped];
  });
  const found = kept.flatMap((one) => (typeof one === 'string' && one.startsWith('vars.') ? [one.slice('vars.'.length)] : []));
  return [...new Set(found)].filter((one) => one !== '').sort();
}

/** How a field is called: "Contact: E-mail". */
export function fieldName(names: Names, field: string): string {
  return fieldsOf(names).find(({ id }) => id === field)?.name ?? field;
}

/** All that conditions can look at. */
export function fieldsOf(names: Names): Option[] {
  const { groups, conversation } = FLOWS.fields;
  const perTeam = (what: 'hours' | 'queue' | 'available') => [
    { id: what, name: FLOWS.fields[what], group: groups[what] },
    ...names.teams.map(({ id, name }) => (
      { id: `${what}.${id}`, name: FLOWS.fields.ofTeam[what](name), group: groups[what] })),
  ];
  return [
    ...contactFields(names),
    ...names.vars.map((id) => ({ id: `vars.${id}`, name: id, group: groups.vars })),
    { id: 'message.text', name: FLOWS.fields.message, group: groups.conversation },
    ...Object.entries(conversation).map(([id, name]) => (
      { id: `conversation.${id}`, name, group: groups.conversation })),
    ...perTeam('hours'), ...perTeam('queue'), ...perTeam('available'),
    { id: 'now', name: FLOWS.fields.now, group: groups.hours },
  ];
}

/** Those that can be put into texts. */
export function fillsOf(names: Names): Option[] {
  const { groups, conversation } = FLOWS.fields;
  const told = ['channel', 'agent', 'team', 'ticket'] as const;
  return [
    ...contactFields(names), ...names.vars.map((id) => ({ id: `vars.${id}`, name: id, group: groups.vars })),
    { id: 'message.text', name: FLOWS.fields.message, group: groups.conversation },
    ...told.map((id) => ({ id: `conversation.${id}`, name: conversation[id], group: groups.conversation })),
  ];
}

/** Those that a flow can write to. */
export function keptIn(names: Names): Option[] {
  const { groups } = FLOWS.fields;
  return [
    ...names.contact.map(({ id, name }) => (
      { id: `contact.${id}`, name: contactName(id, name), group: groups.contact })),
    ...names.vars.map((id) => ({ id: `vars.${id}`, name: id, group: groups.vars })),
  ];
}

function contactFields(names: Names): Option[] {
  const { groups, contact } = FLOWS.fields;
  const always = Object.entries(contact).filter(([id]) => names.contact.every((one) => one.id !== id));
  return [
    ...names.contact.map(({ id, name }) => (
      { id: `contact.${id}`, name: contactName(id, name), group: groups.contact })),
    ...always.map(([id, name]) => ({ id: `contact.${id}`, name, group: groups.contact })),
  ];
}

function contactName(id: string, name: string): string {
  const known: Readonly<Record<string, string>> = FLOWS.fields.contact;
  return known[id] ?? name;
}

/** What values a field has, where there are only so many. */
export function valuesOf(names: Names, field: string): readonly Option[] | null {
  const [of = '', what = ''] = field.split('.');
  const words = (table: Readonly<Record<string, string>>) => Object.entries(table).map(([id, name]) => ({ id, name }));
  if (of === 'hours') return words(FLOWS.fields.hoursAre);
  if (of === 'contact') {
    const choices = names.contact.find(({ id }) => id === what)?.choices ?? [];
    return choices.length === 0 ? null : choices.map((id) => ({ id, name: id }));
  }
  if (of !== 'conversation') return null;
  switch (what) {
    case 'status': return words(STRINGS.statuses);
    case 'style': return words(STRINGS.styles);
    case 'priority': return words(STRINGS.priorities);
    case 'lastWord': return words(FLOWS.fields.lastWordIs);
    case 'team': return names.teams;
    case 'agent': return names.agents;
    case 'channel': return names.channels;
    default: return null;
  }
}

export type Shape = 'text' | 'number' | 'boolean' | 'date';

export function shapeOf(names: Names, field: string): Shape {
  const [of = '', what = ''] = field.split('.');
  if (of === 'now') return 'date';
  const counted = ['conversation.ticket', 'conversation.priority'].includes(field);
  if (of === 'queue' || of === 'available' || counted) return 'number';
  if (field === 'contact.identified' || field === 'conversation.inbound') return 'boolean';
  const type = of === 'contact' ? names.contact.find(({ id }) => id === what)?.type : undefined;
  return type === 'number' || type === 'boolean' || type === 'date' ? type : 'text';
}
