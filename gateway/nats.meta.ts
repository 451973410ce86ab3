/** What a cluster is, written once when its first node starts: how many shards it has, and the secret that signs its tokens. */
import { randomBytes } from 'node:crypto';
import { Stream } from './log.nats.stream.ts';
import { Denial, DENIED, Silence, type Api } from './nats.api.ts';
import type { Report } from './report.ts';

export interface Meta {
  shards: number;
  secret: Uint8Array;
}

const VERSION = 1;
const SECRET_BYTES = 32;

/** Of two nodes that start a cluster at once, one writes it and both read the same. @throws Error with a sentence for the operator */
export async function openMeta(api: Api, name: string, replicas: number, shards: number, report: Report): Promise<Meta> {
  const subject = `parley.${name}.meta`;
  const stream = await Stream.open(api, { name: `PARLEY_${name}_META`, subject, replicas }, report);
  const fresh = { version: VERSION, shards, secret: randomBytes(SECRET_BYTES).toString('base64') };
  const meta = await api.patiently(async () => {
    const found = await stream.last(subject);
    if (found !== undefined) return metaOf(found.data, stream.name);
    // Whatever comes of it, what then stands there is read.
    await stream.append(subject, Buffer.from(JSON.stringify(fresh)), 0).catch((error: unknown) => {
      if (!(error instanceof Denial) || error.code !== DENIED.wrongLast) throw error;
    });
    throw new Silence('The cluster is being made.', true);
  });
  if (meta.shards !== shards) {
    report('warn', 'The cluster keeps the number of shards that it was made with.', { has: meta.shards, asked: shards });
  }
  return meta;
}

function metaOf(data: Uint8Array, stream: string): Meta {
  const { version, shards, secret } = JSON.parse(Buffer.from(data).toString()) as { version?: unknown; shards?: unknown; secret?: unknown };
  if (version !== VERSION || typeof shards !== 'number' || typeof secret !== 'string') {
    throw new Error(`The stream ${stream} says something of this cluster that this program cannot read. Run the one that wrote it.`);
  }
  return { shards, secret: Buffer.from(secret, 'base64') };
}
