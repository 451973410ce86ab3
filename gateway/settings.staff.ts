/** Who works in a workspace, in which teams, what each may hold, and what they have at hand: replies and tags. */
import { z } from 'zod';
import { PLACES, STATUSES_ALWAYS } from '../machines/workspace.ts';
import { LONGEST_WINDOW_MS } from '../machines/style.ts';
import { SUBJECT } from './identity.ts';
import { hours, priority } from './settings.styles.ts';
import { DAY, distinct, HOUR, id, MINUTE, named, SECOND, span, text } from './settings.words.ts';

const MESSAGE_CHARS = 4_000;
const METHODS = ['leastBusy', 'roundRobin', 'longestIdle'] as const;
/** As in their token. Their handle in notes is the same. */
const subject = z.string().regex(SUBJECT, 'is no token\'s subject: it has 1 to 60 letters, digits or _.@:+-');
const places = z.int().min(0).max(1_000);
/** By channel group. */
const lanes = z.record(id, places);
const tag = text(40).regex(/^[^A-Z]*$/, 'has capitals: tags are lower case');

export const teams = named(z.strictObject({
  id,
  name: text(80),
  priority: z.int().min(0).max(9).default(5).describe('For agents of several teams: tickets of a team with a smaller number go first'),
  method: z.enum(METHODS).default('leastBusy')
    .describe('Who of those who are free: with most free places, whose turn it is, or who has had nothing for longest'),
  offerMs: span(SECOND, HOUR).default(30 * SECOND).describe('An offer that nobody accepts moves on after this, in milliseconds'),
  autoAccept: z.boolean().default(false).describe('Offers are assignments at once'),
  preferMs: span(0, DAY).default(60 * SECOND).describe('Preferred skills count for this long, in milliseconds; then any agent of the team will do'),
  fallback: z.strictObject({ team: id, afterMs: span(SECOND, LONGEST_WINDOW_MS) }).nullable().default(null)
    .describe('Where a ticket goes that nobody took for so many milliseconds'),
  hours: hours.nullable().default(null).describe('When somebody is there. None: always'),
}), 200, 'team').min(1, 'has no team: a workspace needs at least one, for its tickets');

export const agents = named(z.strictObject({
  id: subject,
  name: text(120),
  right: z.enum(['agent', 'supervisor', 'admin']).default('agent'),
  teams: distinct(id, 200).default([]),
  skills: distinct(id, 100).default([]),
  capacity: lanes.default({}).describe('Places by channel group, where they differ from the workspace\'s'),
}), 1_000, 'agent').refine((all) => all.some(({ right }) => right === 'admin'), 'has no agent with the right "admin": nobody could change settings any more');

export const skills = named(z.strictObject({ id, name: text(80) }), 200, 'skill');

export const statuses = named(z.strictObject({
  id: id.refine((own) => STATUSES_ALWAYS.every((always) => always.id !== own), 'is a status that is always there: choose another id'),
  name: text(80),
  takes: z.enum(['all', 'transfers', 'nothing']).describe('What an agent in this status takes: all, what colleagues hand over, or nothing'),
}), 20, 'status').describe('Besides online, away, transfers and offline');

export const capacity = lanes.describe(`Places of every agent by channel group. A group that is not named has ${PLACES}`);

export const routing = z.strictObject({
  graceMs: span(0, 10 * MINUTE).default(20 * SECOND).describe('How long an agent may be without a connection before they count as gone, in milliseconds'),
  keepMs: span(0, LONGEST_WINDOW_MS).nullable().default(null)
    .describe('What an agent who is gone keeps goes back to the queue after this, in milliseconds. None: never'),
  returnMs: span(0, LONGEST_WINDOW_MS).nullable().default(5 * MINUTE)
    .describe('A returning customer waits this long, in milliseconds, for their own agent who is away; then any agent will do. None: for ever'),
  lapses: z.int().min(0).max(100).default(0).describe('So many offers in a row that lapse set an agent away. 0: never'),
  inactiveFrees: z.boolean().default(false).describe('A conversation whose customer is inactive frees its place until the next message'),
});

export const macros = named(z.strictObject({
  id,
  name: text(80),
  text: text(MESSAGE_CHARS, 0).default('').describe('{contact}, {agent}, {channel} and {ticket} are filled in'),
  status: z.enum(['open', 'pending', 'onHold', 'solved']).optional().describe('Set afterwards'),
  priority: priority.optional(),
  tags: distinct(tag, 20).default([]).describe('Added to the ticket\'s'),
}).refine((macro) => macro.text !== '' || macro.status !== undefined || macro.priority !== undefined || macro.tags.length > 0,
  'does nothing: give it a text, a status, a priority or tags'), 500, 'macro');

export const tags = distinct(tag, 500).describe('Suggested to agents; others may be used too');
