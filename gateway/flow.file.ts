/** A flow in a file: YAML, JSON, or TypeScript whose default export it is. Where something stands in it is kept for whoever corrects it. */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { build, type BuildFailure } from 'esbuild';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';

export interface FlowFile {
  /** The file's name without its ending: under which id the flow is published. */
  id: string;
  definition: unknown;
  /** The line of what a path names, or of the nearest thing around it; undefined where a file has no lines of data. */
  line(path: string): number | undefined;
}

const SCRIPTS = ['.ts', '.mts', '.js', '.mjs'];
const DATA = ['.yaml', '.yml', '.json'];

/** @throws Error in one sentence, with what to do */
export async function readFlow(path: string): Promise<FlowFile> {
  const ending = extname(path).toLowerCase();
  const id = basename(path).replace(/\..*$/, '');
  if (SCRIPTS.includes(ending)) return { id, definition: await exported(path), line: () => undefined };
  if (!DATA.includes(ending)) throw new Error(`${path} is none of ${[...DATA, ...SCRIPTS].join(', ')}: give the flow one of these endings.`);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${path} cannot be read (${error.code ?? error.message}). Name a file with a flow.`);
  });
  const lines = new LineCounter();
  // JSON is YAML, so one reader knows the lines of both.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const at = lines.linePos(fault.pos[0]).line;
    throw new Error(`${path}:${at}: is not ${ending === '.json' ? 'JSON' : 'YAML'}: ${fault.message.replace(/\.$/, '')}.`);
  }
  return { id, definition: dataOf(document, path), line: (at) => lineOf(document, lines, at) };
}

/** Names that lead nowhere, or to very much, are found only here. */
function dataOf(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    throw new Error(`${path}: is no YAML that can be followed: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Bundled, so that a flow may import its types and parts of its own. It is the caller's own file: it runs as they do. */
async function exported(path: string): Promise<unknown> {
  const { outputFiles: [file] } = await build({
    entryPoints: [path], bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20', logLevel: 'silent',
  }).catch(({ errors: [first] = [] }: Partial<BuildFailure>) => {
    const at = first?.location === undefined || first.location === null ? path : `${path}:${first.location.line}`;
    throw new Error(`${at}: ${first?.text ?? 'cannot be built'}.`);
  });
  const code = Buffer.from(file?.contents ?? []).toString('base64');
  const module = await (import(`data:text/javascript;base64,${code}`) as Promise<{ default?: unknown }>).catch((error: unknown) => {
    throw new Error(`${path} fails as it is read: ${error instanceof Error ? error.message : String(error)}.`);
  });
  if (module.default === undefined) throw new Error(`${path} has no default export: write "export default defineFlow({ … })".`);
  return module.default;
}

function lineOf(document: Document, lines: LineCounter, path: string): number | undefined {
  const parts = path === '' ? [] : path.split('.');
  for (let length = parts.length; length >= 0; length--) {
    const found = document.getIn(parts.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part)), true);
    if (isNode(found) && found.range) return lines.linePos(found.range[0]).line;
  }
  return undefined;
}
