/** What is asked over HTTP about contacts: by agents, who set their fields and write to them first, and by customers of themselves. */
import { ulid } from 'ulid';
import type { Who } from '../machines/actor.ts';
import type { ContactCommand, ContactState } from '../machines/contact.ts';
import type { ConversationCommand } from '../machines/conversation.ts';
import type { Fields } from '../machines/fields.ts';
import { noSuch } from '../machines/nearest.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import { canonical } from '../sdk/protocol/ulid.ts';
import { wellFormed } from '../sdk/protocol/utf8.ts';
import { seen, told } from './api.ts';
import { keepClaims } from './claims.ts';
import type { Desks } from './desks.ts';
import { actorOf, contactOf } from './hear.ts';
import type { Host } from './host.ts';
import type { AgentRoute, CustomerRoute } from './routes.ts';

export interface ContactRoutesParts {
  host: Host;
  desks: Desks;
}

/** As the gateway gives them out: visitors and customers. */
const CONTACT = /^[uv]_[A-Za-z0-9_.@:+-]{1,60}$/;
/** As on the wire. */
const TEXT_CHARS = 8_000;
const CHANNEL = 'web';

/** All agents see all of their workspace, and nothing of another. */
export function contactRoutes({ host, desks }: ContactRoutesParts): Record<string, AgentRoute | CustomerRoute> {
  /** @throws Refusal `notFound` for what is no contact of the workspace */
  const contactIn = async (workspace: string, id = ''): Promise<ContactState> => {
    const state = CONTACT.test(id) ? await seen(host, contactOf(workspace, id)) : undefined;
    if (state === undefined) throw new Refusal('notFound', 'there is no such contact');
    return state as ContactState;
  };

  const set = (workspace: string, contact: string, who: Who, fields: Fields): Promise<unknown> => {
    const command: ContactCommand = { type: 'set', who, fields, ifMissing: false };
    return told(host, contactOf(workspace, contact), command);
  };

  return {
    'GET /api/contacts/:contact': {
      async agent({ at: { contact } }, { workspace }) {
        const { id, name, identified, since, fields, verified } = await contactIn(workspace, contact);
        return { id, name, identified, since, fields, verified, types: desks.worldOf(workspace).fields };
      },
    },

    'PUT /api/contacts/:contact/fields/:field': {
      async agent({ at: { contact, field = '' }, body: { value } }, { who, workspace }) {
        if (typeof value !== 'string') throw new Refusal('invalid', 'value is a text; an empty one removes the field');
        const { id } = await contactIn(workspace, contact);
        await set(workspace, id, who, { [field]: value });
        return {};
      },
    },

    /** `id` makes a repeat harmless: it is the conversation's, and its first message's. */
    'POST /api/contacts/:contact/conversations': {
      async agent({ at: { contact }, body: { text, channel = CHANNEL, id = ulid() } }, { who, workspace }) {
        const cmid = typeof id === 'string' ? canonical(id) : undefined;
        if (cmid === undefined) throw new Refusal('invalid', 'id is a ULID, a new one for each conversation');
        if (typeof text !== 'string' || text.trim() === '' || text.length > TEXT_CHARS || !wellFormed(text)) {
          throw new Refusal('invalid', `text is the first message, of 1 to ${TEXT_CHARS} characters`);
        }
        const channels = Object.keys(desks.of(workspace)?.sections.channels ?? {});
        if (typeof channel !== 'string' || (channel !== CHANNEL && !channels.includes(channel))) {
          throw new Refusal('invalid', noSuch('channel', String(channel), channels));
        }
        const { id: person, name, identified, fields, became } = await contactIn(workspace, contact);
        if (became !== null) throw new Refusal('conflict', `this visitor has signed in as ${became.name}: write to ${became.id}`);
        const to = { id: person, name, identified };
        const command: ConversationCommand = { type: 'reach', who, contact: to, fields, text, cmid, device: who.id, channel };
        await told(host, actorOf(workspace, cmid), command);
        return { conversation: cmid };
      },
    },

    'PUT /api/me': {
      async customer({ body: { fields } }, identity) {
        if (!isFields(fields)) throw new Refusal('invalid', 'fields has a text for each field by its id; an empty one removes the field');
        await keepClaims(host, identity);
        await set(identity.workspace, identity.who.id, identity.who, fields);
        return {};
      },
    },
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === 'string');
}
