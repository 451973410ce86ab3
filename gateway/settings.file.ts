/** The configuration file on the disk: read as JSON, and what is told when it is none. */
import { readFile } from 'node:fs/promises';

/** @throws Error in a sentence or two, without anything that stands in the file */
export async function readSettings(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The settings file ${path} cannot be read (${error.code ?? error.message}). Name a JSON file with --config.`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    // The rest of the engine's message quotes the file, which may hold secrets.
    const where = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new Error(`The settings file ${path} is not JSON${where === undefined ? '' : `, from character ${where} on`}. Correct it and start again.`);
  }
}
