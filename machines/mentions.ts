/**
 * Whom a note names: `@ada` is the agent with the id `a_ada`. Whether there is one, the reader sees.
 */

const MENTIONS_MAX = 10;
/** As long as the `sub` of a token may be. */
const HANDLE_CHARS = 60;
/** Of what a `sub` may be made of, a little more than fits; never the middle of an e-mail address. */
const MENTION = /(?<![\w.@:+-])@(\w[\w.@:+-]{0,79})/g;

/** Ids of agents, each once, in the order in which they come; at most 10. */
export function mentionsIn(text: string): string[] {
  if (!text.includes('@')) return [];
  // What ends a sentence is no part of a name.
  const handles = [...text.matchAll(MENTION)].map(([, run = '']) => run.replace(/[.@:+-]+$/, ''));
  const agents = new Set(handles.filter(({ length }) => length <= HANDLE_CHARS).map((handle) => `a_${handle}`));
  return [...agents].slice(0, MENTIONS_MAX);
}
