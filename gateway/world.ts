/** What conversations and contacts may know of their workspace: its desk as it was last committed, and its flows. */
import { availableIn, waitingIn } from '../machines/desk.ts';
import type { Shelf } from '../machines/flows/run.ts';
import { FIELDS_ALWAYS, type FieldType, type World } from '../machines/world.ts';
import type { Desk } from './desk.ts';
import type { Sections } from './settings.sections.ts';

/** @param shelf the flows that are live now. */
export function worldAround(desk: Desk, shelf: () => Shelf): World {
  return {
    get styles() { return desk.styles; },
    get shelf() { return shelf(); },
    get fields() { return typesOf(desk.sections); },
    hours: (team) => {
      const { teams, hours } = desk.sections;
      return team === '' ? hours : teams.find(({ id }) => id === team)?.hours ?? null;
    },
    waiting: (team) => (desk.state === undefined ? 0 : waitingIn(desk.state, team)),
    available: (team) => (desk.state === undefined ? 0 : availableIn(desk.state, team)),
    agent: (own) => desk.sections.agents.find(({ id }) => id === own)?.name,
  };
}

/** A step needs what the settings of this node do not name: any more, or not yet, while another node's do. */
export class Unnamed extends Error {}

/**
 * Around what a workspace has left that the settings do not name: what needs no settings goes on, and nothing begins.
 *
 * @param missed called whenever something needs them
 */
export function nowhere(workspace: string, missed: () => void): World {
  const missing = (): never => {
    missed();
    throw new Unnamed(`there is no workspace ${workspace}`);
  };
  return {
    get styles() { return missing(); },
    shelf: { live: [], at: missing, successor: missing },
    fields: FIELDS_ALWAYS, hours: missing, waiting: missing, available: missing, agent: missing,
  };
}

const types = new WeakMap<Sections['fields'], readonly FieldType[]>();

/** All types of a workspace, those first that are always there. */
export function typesOf({ fields }: Pick<Sections, 'fields'>): readonly FieldType[] {
  let all = types.get(fields);
  if (all === undefined) types.set(fields, all = [...FIELDS_ALWAYS, ...fields]);
  return all;
}
