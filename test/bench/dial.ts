/** How a load speaks with one candidate. Everything else about the load is the same for all. */

/** A customer in `conversations` of them, and agents who each follow every `agents`-th conversation. */
export interface Parties {
  customers: number;
  agents: number;
  text: string;
  /** What only this candidate needs, for instance tokens. */
  extra: Record<string, string>;
}

export interface Ear {
  acked(cmid: string): void;
  delivered(cmid: string): void;
  /** Ends the run: a refusal, a closed socket, bytes that make no sense. */
  failed(why: string): void;
}

export interface Line {
  say(customer: number, cmid: string): void;
  close(): void;
}

/** Opens all sockets and resolves when every agent follows its conversations. */
export type Dial = (port: number, parties: Parties, ear: Ear) => Promise<Line>;
