/** The one way to tell the operator something: a line on stderr, as JSON, without anybody's words, names or tokens in it. */
import { createHash } from 'node:crypto';

export type Report = (level: Level, what: string, facts?: Readonly<Record<string, string | number | boolean>>) => void;
export type Level = 'info' | 'warn' | 'error';

const LEVELS: readonly Level[] = ['info', 'warn', 'error'];
/** A person's id may be what their own house calls them, which is often an e-mail address. */
const PERSON = /\b(p\/[a-z0-9][a-z0-9_-]*\/)([\w.@:+-]+)/g;
/** The engine quotes what it could not parse, which may be what somebody wrote. */
const QUOTED = /"[^]*" is not valid JSON/g;

/** @param node stands in each line as `on`, so that those of many nodes can lie together @param least what weighs less is left out */
export function stderrReport(node: string, least: Level): Report {
  return (level, what, facts = {}) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    const shown = Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'string' ? masked(fact) : fact]);
    process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), on: node, level, what, ...Object.fromEntries(shown) })}\n`);
  };
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Without what only the person concerned should read. One person is always the same digest, so that lines can be compared. */
function masked(text: string): string {
  return text.replace(QUOTED, '… is not valid JSON').replace(PERSON, (_, place: string, id: string) => place + digest(id));
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12);
}
