/** The one way to tell the operator something: a line on stderr, as JSON, without anybody's words, names or tokens in it. */
export type Report = (level: Level, what: string, facts?: Readonly<Record<string, string | number | boolean>>) => void;
export type Level = 'info' | 'warn' | 'error';

const LEVELS: readonly Level[] = ['info', 'warn', 'error'];

/** @param node stands in each line as `on`, so that those of many nodes can lie together @param least what weighs less is left out */
export function stderrReport(node: string, least: Level): Report {
  return (level, what, facts) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), on: node, level, what, ...facts })}\n`);
  };
}
