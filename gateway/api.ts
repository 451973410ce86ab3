/** What agents ask over HTTP: settings, links for colleagues, search. Rights are the desk's to know. */
import type { ActorCommand, Reply } from '../machines/actor.ts';
import type { DeskCommand, Sections as Said } from '../machines/desk.ts';
import { deskOf } from '../machines/routing.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Desk } from './desk.ts';
import type { Desks } from './desks.ts';
import type { Host } from './host.ts';
import type { Identities, Identity } from './identity.ts';
import { Json, type AgentRoute, type Asked, type Routes } from './routes.ts';
import { schemas } from './settings.sections.ts';
import type { Store } from './store.ts';

export interface ApiParts {
  host: Host;
  store: Store;
  desks: Desks;
  identities: Identities;
  /** Where this node is, for links, when whoever asks does not say under which name they know it. */
  url(): string;
}

const QUERY_CHARS = 200;
/** Lines on a page. */
const FOUND = 20;

export function apiRoutes({ host, store, desks, identities, url }: ApiParts): Routes {
  const schema = schemas();
  const route = (answer: (request: Asked, identity: Identity, desk: Desk) => unknown): AgentRoute => ({
    async agent(request, identity) {
      const desk = desks.of(identity.workspace);
      if (desk?.said === undefined) throw new Refusal('damaged');
      return answer(request, identity, desk);
    },
  });

  return {
    // Every agent asks for them whenever they have changed, so they are put into words once.
    'GET /api/settings': route(async (_request, { workspace }, desk) => {
      await abreast(host, deskOf(workspace));
      return once(desk.said, ({ sections, revs, locked, by }) => ({ sections, revs, locked, by, schema }));
    }),

    'PUT /api/settings/:section': route(async ({ at: { section = '' }, body }, { who, workspace }, desk) => {
      const { rev, value } = body;
      if (typeof rev !== 'number') throw new Refusal('invalid', 'rev is the revision of the section that you have changed');
      if (!Object.hasOwn(body, 'value')) throw new Refusal('invalid', 'value is what the section is to be');
      const command: DeskCommand = { type: 'configure', who, section, value, rev };
      await told(host, deskOf(workspace), command);
      return { rev: desk.said?.revs[section] };
    }),

    'POST /api/agents/:agent/link': route(({ at: { agent }, home }, { who, workspace }, desk) => {
      if (desk.right(who.id) !== 'admin') throw new Refusal('forbidden', 'links for agents are made by administrators: ask one of them');
      const member = desk.sections.agents.find(({ id }) => id === agent);
      if (member === undefined) throw new Refusal('notFound', 'there is no such agent in the settings: add them first');
      const code = identities.code(workspace, { id: member.id, name: member.name });
      return { url: `${home ?? url()}/console#code=${code}` };
    }),

    // All agents see all of their workspace, and nothing of another.
    'GET /api/search': route(async ({ query }, { workspace }) => {
      const words = query.get('q') ?? '';
      if (words.length > QUERY_CHARS) throw new Refusal('invalid', `q is at most ${QUERY_CHARS} characters`);
      return store.search(workspace, words, query.get('next'), FOUND);
    }),
  };
}

const texts = new WeakMap<Said, Json>();

function once(said: Said | undefined, answer: (said: Said) => unknown): Json | undefined {
  if (said === undefined) return undefined;
  let text = texts.get(said);
  if (text === undefined) texts.set(said, text = new Json(answer(said)));
  return text;
}

/** Resolves when it is durable. @throws Refusal */
export function told(host: Host, actor: string, command: ActorCommand): Promise<Reply> {
  return new Promise((resolve, reject) => {
    host.tell(actor, command, (answer) => {
      if (answer instanceof Refusal) reject(answer);
      else resolve(answer);
    });
  });
}

/** @throws Refusal when nobody can be asked for it now */
export async function seen(host: Host, actor: string): Promise<unknown> {
  const refusal = host.refusal(actor);
  if (refusal !== undefined) throw refusal;
  await abreast(host, actor);
  return new Promise((resolve) => { host.peek(actor, resolve); });
}

/** Whoever asks over HTTP may have changed it a moment ago at another node: this one hears of that first, if it can now. */
export async function abreast(host: Host, actor: string): Promise<void> {
  if (!host.owns(actor)) await host.refresh(actor);
}
