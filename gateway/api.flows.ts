/** What agents ask over HTTP about flows: the library, drafts and versions, whether a definition is right, and trials of it. */
import { ulid } from 'ulid';
import type { ConversationCommand } from '../machines/conversation.ts';
import { chartOf } from '../machines/flows/chart.ts';
import type { Problem } from '../machines/flows/flow.ts';
import { libraryOf, type LibraryCommand } from '../machines/flows/library.ts';
import { flowJsonSchema, parseFlow } from '../machines/flows/schema.ts';
import { shelved, type LibraryState, type Shelved } from '../machines/flows/shelved.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import { canonical } from '../sdk/protocol/ulid.ts';
import { abreast, told } from './api.ts';
import { templatesShown } from './api.trials.ts';
import type { Desk } from './desk.ts';
import type { Desks } from './desks.ts';
import { Glances } from './flows.glance.ts';
import type { Flows } from './flows.ts';
import { actorOf } from './hear.ts';
import type { Host } from './host.ts';
import type { Identity } from './identity.ts';
import { Json, type AgentRoute, type Asked, type Routes } from './routes.ts';

export interface FlowRoutesParts {
  host: Host;
  desks: Desks;
  flows: Flows;
}

/** Whom the answer is for, and what there is. */
interface Place {
  desk: Desk;
  identity: Identity;
  library: LibraryState;
}

export function flowRoutes({ host, desks, flows }: FlowRoutesParts): Routes {
  const route = (answer: (asked: Asked, place: Place) => unknown): AgentRoute => ({
    async agent(asked, identity) {
      await abreast(host, libraryOf(identity.workspace));
      const desk = desks.of(identity.workspace);
      const library = flows.stateOf(identity.workspace);
      if (desk?.said === undefined || library === undefined) throw new Refusal('damaged');
      return answer(asked, { desk, identity, library });
    },
  });
  /** One that changes what everybody's conversations do. */
  const change = (answer: (asked: Asked, place: Place) => unknown): AgentRoute => route((asked, place) => {
    if (place.desk.right(place.identity.who.id) === 'admin') return answer(asked, place);
    throw new Refusal('forbidden', 'flows are changed by administrators: ask one of them');
  });
  const tell = async ({ workspace }: Identity, command: LibraryCommand): Promise<number> =>
    (await told(host, libraryOf(workspace), command)).n;
  const problemsOf = (workspace: string, flow: string, definition: unknown): readonly Problem[] =>
    flows.check(workspace, flow, definition).problems;

  const glances = new Glances(flows);
  const [schema, templates] = [flowJsonSchema(), templatesShown()];
  /** Whoever looks at the library asks again whenever something has changed; it is put into words once. */
  const lists = new WeakMap<LibraryState, { of: unknown; json: Promise<Json> }>();
  const listOf = async (workspace: string, library: LibraryState, settings: unknown): Promise<Json> =>
    new Json({ flows: await glances.of(workspace, library, settings), templates, schema });

  return {
    'GET /api/flows': route((_asked, { desk: { said: of }, identity: { workspace }, library }) => {
      let list = lists.get(library);
      if (list?.of !== of) lists.set(library, list = { of, json: listOf(workspace, library, of) });
      return list?.json;
    }),

    'GET /api/flows/:flow': route(({ at: { flow = '' } }, { identity: { workspace }, library }) => {
      const { id, rev, draft, live, by, at, versions } = the(library, flow);
      const [old, next] = [versions.find(({ version }) => version === live)?.flow, parseFlow(draft)];
      const stuck = old === undefined || !('flow' in next) ? [] : flows.migration(old, next.flow);
      return { id, rev, draft, problems: problemsOf(workspace, id, draft), live, by, at, versions, migration: stuck };
    }),

    'PUT /api/flows/:flow': change(async ({ at: { flow = '' }, body }, { identity }) => {
      const rev = count(body.rev, 'rev is the revision of the draft that you have changed, 0 to begin a flow');
      const { definition } = given(body);
      const command: LibraryCommand = { type: 'draft', who: identity.who, flow, definition, rev };
      return { rev: await tell(identity, command), problems: problemsOf(identity.workspace, flow, definition) };
    }),

    'POST /api/flows/:flow/publish': change(async ({ at: { flow = '' }, body: { rev: asked, migrate = false, note = '' } }, { identity }) => {
      const rev = count(asked, 'rev is the revision of the draft that you have looked at');
      if (typeof migrate !== 'boolean') throw new Refusal('invalid', 'migrate says whether runs go over to it: true or false');
      if (typeof note !== 'string') throw new Refusal('invalid', 'note is a text');
      return { version: await tell(identity, { type: 'publish', who: identity.who, flow, rev, migrate, note }) };
    }),

    'POST /api/flows/:flow/live': change(async ({ at: { flow = '' }, body }, { identity }) => {
      const version = count(body.version, 'version is the one that is to be live, 0 for none');
      await tell(identity, { type: 'live', who: identity.who, flow, version });
      return {};
    }),

    'POST /api/flows/:flow/remove': change(async ({ at: { flow = '' } }, { identity }) => {
      await tell(identity, { type: 'remove', who: identity.who, flow });
      return {};
    }),

    'POST /api/flows/check': route(({ body }, { identity: { workspace } }) => {
      const { flow, definition } = named(body);
      const parsed = parseFlow(definition);
      return { problems: problemsOf(workspace, flow, definition), chart: 'flow' in parsed ? chartOf(parsed.flow) : null };
    }),

    /** For a back end; an agent's screen says it over the socket. `id` makes a repeat harmless. */
    'POST /api/conversations/:conversation/flows/:flow': route(async (
      { at: { conversation = '', flow }, body: { id = ulid() } }, { identity: { who, workspace } },
    ) => {
      const [to, cmid] = [canonical(conversation), typeof id === 'string' ? canonical(id) : undefined];
      if (to === undefined) throw new Refusal('notFound');
      if (cmid === undefined) throw new Refusal('invalid', 'id is a ULID, a new one for each call');
      const command: ConversationCommand = { type: 'act', who, device: who.id, cmid, name: 'run', args: { flow } };
      await told(host, actorOf(workspace, to), command);
      return {};
    }),
  };
}

/** @throws Refusal `notFound` */
function the(library: LibraryState, id: string): Shelved {
  const flow = shelved(library, id);
  if (flow === undefined || flow.removed) throw new Refusal('notFound', `there is no flow "${id.slice(0, 40)}"`);
  return flow;
}

function count(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new Refusal('invalid', what);
  return value;
}

function given(body: Asked['body']): { definition: unknown } {
  if (!Object.hasOwn(body, 'definition')) throw new Refusal('invalid', 'definition is the flow, as data');
  return { definition: body.definition };
}

function named(body: Asked['body']): { flow: string; definition: unknown } {
  if (typeof body.flow !== 'string') throw new Refusal('invalid', 'flow is the id under which it is to run');
  return { flow: body.flow, ...given(body) };
}
