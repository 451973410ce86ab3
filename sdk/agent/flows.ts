/** The workspace's flows: drafts, published versions, and trials that touch nobody. Changing them is for administrators. */
import type { Ask } from './http.ts';

/** What is wrong with a definition: where (`steps.2.cases.0`, '' for the whole), and in one sentence what, and what to do. */
export interface Problem {
  readonly path: string;
  readonly problem: string;
}

export interface FlowRow {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  /** Of the draft: what the next `save` is based on. */
  readonly rev: number;
  /** The version that runs, 0 for none. */
  readonly live: number;
  /** The draft says something else than the live version. */
  readonly draft: boolean;
  /** How many the draft has. */
  readonly problems: number;
  readonly versions: number;
  /** What it starts on. */
  readonly start: readonly string[];
  /** Who changed the draft last, and when, milliseconds since 1970. */
  readonly by: string;
  readonly at: number;
}

/** A sentence, or one for each language. */
export type Text = string | Readonly<Record<string, string>>;

export interface Template {
  readonly id: string;
  readonly name: Text;
  readonly about: Text;
  /** JSON Schema of what it can be given. */
  readonly parameters: unknown;
  /** The parameters when nothing is said, and the flow that they make. */
  readonly preset: unknown;
  readonly definition: unknown;
}

export interface Library {
  readonly flows: readonly FlowRow[];
  readonly templates: readonly Template[];
  /** JSON Schema of a definition. */
  readonly schema: unknown;
}

export interface FlowVersion {
  readonly version: number;
  readonly flow: unknown;
  readonly note: string;
  readonly by: string;
  readonly at: number;
  /** The version to which its runs have gone over, 0 for none. */
  readonly successor: number;
}

export interface FlowView {
  readonly id: string;
  readonly rev: number;
  readonly draft: unknown;
  readonly problems: readonly Problem[];
  readonly live: number;
  readonly by: string;
  readonly at: number;
  readonly versions: readonly FlowVersion[];
  /** Why runs of the live version cannot go over to the draft; empty when they can. */
  readonly migration: readonly Problem[];
}

/** The statechart of a flow; `within`: the node that a node lies in. */
export interface FlowChart {
  readonly nodes: readonly { readonly id: string; readonly label: string; readonly kind: string; readonly within: string | null }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string }[];
}

/** What a trial begins with. */
export interface TrialStart {
  /** Milliseconds since 1970. Default: now. */
  at?: number;
  channel?: string;
  language?: string;
  identified?: boolean;
  /** The contact's. */
  fields?: Readonly<Record<string, string>>;
  /** Tickets that wait, and agents who could take one. */
  waiting?: number;
  available?: number;
}

export type TrialMove =
  | { do: 'customer' | 'agent'; text: string }
  /** An agent takes the ticket, or solves it; the customer leaves; an HTTP request gets no answer. */
  | { do: 'accept' | 'solve' | 'leave' | 'noAnswer' }
  /** Time goes by, in milliseconds. */
  | { do: 'pass'; ms: number }
  | { do: 'answer'; status: number; body: unknown };

export interface Trial {
  readonly at: number;
  readonly lines: readonly {
    readonly at: number; readonly kind: string; readonly author: { readonly role: string; readonly name: string };
    readonly text: string; readonly choices: readonly string[];
  }[];
  readonly runs: readonly RunRow[];
  /** What would have been asked over HTTP. */
  readonly calls: readonly {
    readonly step: string; readonly method: string; readonly url: string;
    readonly headers: readonly { readonly name: string; readonly value: string }[]; readonly body: unknown;
    /** Null: not yet. `dropped`: the run ended before. */
    readonly answered: null | 'noAnswer' | 'dropped' | { readonly status: number; readonly body: unknown };
  }[];
  readonly fields: Readonly<Record<string, string>>;
  readonly ticket: {
    readonly status: string; readonly team: string; readonly agent: string | null; readonly priority: number; readonly tags: readonly string[];
  };
  /** Why the last move could not be made. */
  readonly refused: string | null;
}

/** A flow under way on a conversation. */
export interface RunRow {
  readonly run: number;
  readonly flow: string;
  readonly name: string;
  readonly version: number;
  readonly step: string;
  readonly stepName: string;
  /** For a reply; for time to pass, or somebody to be there; for the answer to an HTTP request. */
  readonly waits: 'reply' | 'time' | 'answer';
  /** At the latest, milliseconds since 1970, the gateway's clock; 0 for ever. */
  readonly until: number;
  /** What comes then, '' for the end. */
  readonly next: string;
}

/** Each rejects with `ParleyError`; what changes something with `forbidden` for who is no administrator. */
export interface Flows {
  list(): Promise<Library>;
  read(id: string): Promise<FlowView>;
  /** Keeps the draft, however wrong it is; `rev` 0 begins a flow. `conflict` when somebody has changed it after `rev`. */
  save(id: string, definition: unknown, rev: number): Promise<{ rev: number; problems: readonly Problem[] }>;
  /**
   * The draft of `rev` becomes the next version, and live. `migrate`: runs of the live version go over to it, else they
   * finish on theirs. `invalid` says what is wrong with it, `conflict` when the draft is another by now.
   */
  publish(id: string, how: { rev: number; migrate: boolean; note: string }): Promise<number>;
  /** Back, or forward again, to a version; 0: none, so that nothing new starts. */
  live(id: string, version: number): Promise<void>;
  /** Out of the library; runs finish. `inUse` while it is live. */
  remove(id: string): Promise<void>;
  check(id: string, definition: unknown): Promise<{ problems: readonly Problem[]; chart: FlowChart | null }>;
  /** Runs a definition against moves, from the first each time; nobody is told and nothing is kept. */
  trial(id: string, definition: unknown, start: TrialStart, moves: readonly TrialMove[]): Promise<Trial>;
  /** The definition that a template makes; `invalid` says what is wrong with the parameters. */
  fromTemplate(id: string, parameters: unknown): Promise<unknown>;
}

export function createFlows(ask: Ask): Flows {
  const at = (id: string): string => `/api/flows/${encodeURIComponent(id)}`;
  return {
    list: async () => (await ask('GET', '/api/flows')) as Library,
    read: async (id) => (await ask('GET', at(id))) as FlowView,
    save: async (id, definition, rev) =>
      (await ask('PUT', at(id), { rev, definition })) as Awaited<ReturnType<Flows['save']>>,
    publish: async (id, how) => ((await ask('POST', `${at(id)}/publish`, how)) as { version: number }).version,
    async live(id, version) {
      await ask('POST', `${at(id)}/live`, { version });
    },
    async remove(id) {
      await ask('POST', `${at(id)}/remove`, {});
    },
    check: async (flow, definition) =>
      (await ask('POST', '/api/flows/check', { flow, definition })) as Awaited<ReturnType<Flows['check']>>,
    trial: async (flow, definition, start, moves) =>
      (await ask('POST', '/api/flows/trial', { flow, definition, start, moves })) as Trial,
    fromTemplate: async (id, parameters) =>
      ((await ask('POST', `/api/templates/${encodeURIComponent(id)}`, { parameters })) as { definition: unknown }).definition,
  };
}
