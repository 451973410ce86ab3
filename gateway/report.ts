/** The one way to tell the operator something: a line on stderr, as JSON, without anybody's words in it. */
export type Report = (level: 'info' | 'warn' | 'error', what: string, facts?: Readonly<Record<string, string | number | boolean>>) => void;

export const stderrReport: Report = (level, what, facts) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, what, ...facts })}\n`);
};
