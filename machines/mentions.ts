/**
 * Whom a note names: `@ada` is the agent with the id `a_ada`. Whether there is one, the reader sees.
 */

const MENTIONS_MAX = 10;
/** What a token's `sub` may be made of; never the middle of an e-mail address, and no full stop that ends the sentence. */
const MENTION = /(?<![\w.@:+-])@([A-Za-z0-9_](?:[A-Za-z0-9_.@:+-]{0,58}[A-Za-z0-9_])?)/g;

/** Ids of agents, each once, in the order in which they come; at most 10. */
export function mentionsIn(text: string): string[] {
  if (!text.includes('@')) return [];
  return [...new Set([...text.matchAll(MENTION)].map(([, handle]) => `a_${handle ?? ''}`))].slice(0, MENTIONS_MAX);
}
