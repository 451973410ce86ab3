/** The configuration file on the disk, and the files that hold secrets for it: what is told when they are not right. */
import { readFile } from 'node:fs/promises';
import { token as isToken } from './settings.node.ts';
import type { Settings } from './settings.ts';

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

/** The settings with the secrets that stand in files of their own. @throws Error in a sentence or two, without the secret */
export async function withSecrets(settings: Settings): Promise<Settings> {
  const { nats, metrics } = settings;
  const password = nats.passwordFile === undefined ? nats.password : await readSecret('nats.passwordFile', nats.passwordFile);
  const token = metrics.tokenFile === undefined ? metrics.token : await readSecret('metrics.tokenFile', metrics.tokenFile);
  const wrong = isToken.optional().safeParse(token).error?.issues[0]?.message;
  if (wrong !== undefined) throw new Error(`${metrics.tokenFile}, which metrics.tokenFile names: the token ${wrong}.`);
  return { ...settings, nats: { ...nats, password }, metrics: { ...metrics, token } };
}

async function readSecret(setting: string, path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${path}, which ${setting} names, cannot be read (${error.code ?? error.message}).`);
  });
  // Editors and `echo` end a file with a new line, which belongs to no secret.
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw new Error(`${path}, which ${setting} names, is empty.`);
  return secret;
}
