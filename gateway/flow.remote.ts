/** A running gateway, as the command line asks it about flows: by its address and an agent's token. */
import { z } from 'zod';
import type { Problem } from '../machines/flows/flow.ts';
import { parseFlow } from '../machines/flows/schema.ts';

export interface Remote {
  check(flow: string, definition: unknown): Promise<readonly Problem[]>;
  /** @returns the version that is live now */
  publish(flow: string, definition: unknown, how: { migrate: boolean; note: string; force: boolean }): Promise<{ version: number; was: number }>;
}

const problems = z.array(z.object({ path: z.string(), problem: z.string() }));
const view = z.object({
  rev: z.number(), draft: z.unknown(), live: z.number(), by: z.string(), at: z.number(),
  versions: z.array(z.object({ version: z.number(), flow: z.unknown() })),
});
/** Every refusal has these; a proxy in between may answer with anything. */
const refusal = z.object({ name: z.string().default(''), error: z.string().default(''), detail: z.string().default(''), mend: z.string().default('') });

/**
 * @param url of the gateway, or a link into its console that `npm start` prints
 * @param token undefined: that of the link, or of the demo's agent
 */
export async function openRemote(url: string, token: string | undefined): Promise<Remote> {
  if (!URL.canParse(url)) throw new Error(`--url is no address: "${url}". Write for instance http://127.0.0.1:8080.`);
  const { origin, hash } = new URL(url);
  const auth = token ?? await tokenOf(origin, /^#code=(.+)$/.exec(hash)?.[1]);
  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; answer: unknown }> => {
    const { status, answer } = await ask(origin, method, path, body, auth);
    if (status >= 400 && status !== 404) throw new Error(sentence(status, answer));
    return { status, answer };
  };
  return {
    async check(flow, definition) {
      const { answer } = await call('POST', '/api/flows/check', { flow, definition });
      return z.object({ problems }).parse(answer).problems;
    },
    async publish(flow, definition, { migrate, note, force }) {
      const at = `/api/flows/${encodeURIComponent(flow)}`;
      const found = await call('GET', at);
      const old = found.status === 404 ? undefined : view.parse(found.answer);
      const live = old?.versions.find(({ version }) => version === old.live)?.flow;
      if (old !== undefined && !force && !same(old.draft, definition) && !same(old.draft, live)) {
        const whose = `by ${old.by} at ${new Date(old.at).toISOString()}`;
        const mend = 'Publish or undo them, or give --force to write over them.';
        throw new Error(`The draft of "${flow}" has changes that are not published, ${whose}. ${mend}`);
      }
      const saved = await call('PUT', at, { rev: old?.rev ?? 0, definition });
      const { rev } = z.object({ rev: z.number() }).parse(saved.answer);
      const { answer } = await call('POST', `${at}/publish`, { rev, migrate, note });
      return { version: z.object({ version: z.number() }).parse(answer).version, was: old?.live ?? 0 };
    },
  };
}

async function tokenOf(origin: string, code: string | undefined): Promise<string> {
  const { status, answer } = code === undefined ? await ask(origin, 'GET', '/demo/agent') : await ask(origin, 'POST', '/auth/code', { code });
  const token = z.object({ token: z.string() }).safeParse(answer);
  if (token.success) return token.data.token;
  if (code !== undefined) throw new Error(sentence(status, answer));
  throw new Error(`${origin} shows no demo, so it wants to know who asks. Give --token, an agent's, or as --url the console link that npm start prints.`);
}

async function ask(origin: string, method: string, path: string, body?: unknown, token?: string): Promise<{ status: number; answer: unknown }> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(origin + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }).catch(() => {
    throw new Error(`Nothing answers at ${origin}. Start a gateway there, or give the address of one with --url.`);
  });
  return { status: response.status, answer: await response.json().catch(() => ({})) as unknown };
}

function sentence(status: number, answer: unknown): string {
  const { name, error, detail, mend } = refusal.safeParse(answer).data ?? { name: '', error: '', detail: '', mend: '' };
  if (error === '') return `The gateway answered ${status} and said nothing more. Is this its address?`;
  return `${error} ${detail === '' ? '' : `${detail}. `}${mend} (${name})`;
}

/** Whether two definitions say the same: what the schema has put in order can be compared. */
function same(a: unknown, b: unknown): boolean {
  const [one, other] = [parseFlow(a), parseFlow(b)];
  return 'flow' in one && 'flow' in other && JSON.stringify(one.flow) === JSON.stringify(other.flow);
}
