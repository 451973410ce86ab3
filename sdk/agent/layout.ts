/** The same as ../layout.ts for what only agents say and hear. Derived from protocol/desk.ts by the same test. */
import { summary, type Layouts } from '../layout.ts';

export const AGENT_SAID: Layouts = {
  watch: [28, { wid: 0, list: 0, sort: ['newest', 'waiting'], limit: 0, since: { store: 0, n: 0 } }],
  act: [29, { id: 1, name: 0, args: 0 }],
};

export const AGENT_TOLD: Layouts = {
  presence: [27, { people: [{ id: 0, name: 0 }] }],
  listed: [30, { wid: 0, store: 0, n: 0, total: 0, reset: 0, more: 0, rows: [summary], gone: [1] }],
  tallies: [31, { counts: 0 }],
  desk: [32, { status: 0, since: 0, right: ['agent', 'supervisor', 'admin'], lanes: 0,
    offers: [{ offer: 0, conversation: 1, until: 0, team: 0, channel: 0, priority: 0,
    contact: 0, from: 0, note: 0 }] }],
  board: [33, { at: 0, teams: [{ team: 0, waiting: 0, since: 0, open: 0 }], agents: [{ id: 0,
    name: 0, status: 0, here: 0, open: 0, held: 0, limit: 0 }], hours: 0 }],
  runs: [35, { alias: 0, runs: [{ run: 0, flow: 0, name: 0, version: 0, step: 0, stepName: 0,
    waits: ['reply', 'time', 'answer'], until: 0, next: 0 }] }],
  configured: [34, { rev: 0 }],
};
