/** Types of web.mjs, for the tests. */
export function buildWeb(options: { outdir: string; minify?: boolean; sourcemap?: boolean }): Promise<void>;
