/** Settings of one process: where it listens and keeps its data, the NATS that joins it to others, and what operators see. */
import { z } from 'zod';

/** As part of a name on NATS, where dots divide. */
const word = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'is no name: it has 1 to 40 of a-z, A-Z, 0-9, "-" and "_"');
const path = z.string().min(1, 'is empty').max(4_096).meta({ as: 'FILE' });
const secret = z.string().min(1, 'is empty').max(4_096).meta({ secret: true });

export const listening = {
  port: z.int().min(0).max(65_535).default(8_080).describe('First port to try; a taken one picks the next. 0 for any free one'),
  host: z.string().min(1, 'is empty').max(255).default('127.0.0.1').meta({ as: 'ADDRESS' })
    .describe('Address to listen on. On any but this machine\'s own the demo page is off, because it signs its reader in as an agent'),
  data: z.string().min(1, 'is empty').max(4_096).default('data').meta({ as: 'DIR' }).describe('Folder of the log and the tables'),
  demo: z.boolean().default(true).describe('The demo page'),
};

export const node = z.strictObject({
  name: word.optional().meta({ as: 'NAME' }).describe('In logs and metrics. Default: the host\'s name'),
  drainMs: z.int().min(0).max(600_000).default(8_000).meta({ unit: 'ms' })
    .describe('When it is stopped, clients have so long to go to other nodes; where there is none they are not waited for'),
  logLevel: z.enum(['info', 'warn', 'error']).optional()
    .describe('The least that is logged, as JSON lines on stderr. Default: info in a cluster, warn on one machine'),
}).prefault({}).describe('This node');

const server = z.string().max(300).refine(isServer,
  'is no server: write host:port, nats://host:port or tls://host:port; user and password have settings of their own');

export const nats = z.strictObject({
  servers: z.array(server).max(100).default([]).describe('With them this node is one of a cluster. Default none: one machine, one process'),
  name: word.default('parley').meta({ as: 'NAME' }).describe('Of the cluster; two on the same NATS need two'),
  user: z.string().min(1, 'is empty').max(200).optional().describe('Whom this node signs in as'),
  password: secret.optional().describe('Better in a file: whoever sees the processes sees a flag'),
  passwordFile: path.optional().describe('A file with the password in it'),
  caFile: path.optional().describe('PEM of the authority that signed the servers\' certificates, for tls://'),
  certFile: path.optional().describe('PEM of this node\'s own certificate, where the servers ask for one'),
  keyFile: path.optional().describe('PEM of the key of it'),
  replicas: z.literal([1, 3]).default(1).describe('Servers that hold the log. 3 needs three of them, each 2.10.23 or later'),
  shards: z.int().min(1).max(1_024).default(64).describe('Fixed when the cluster is created'),
  monitor: z.url({ protocol: /^https?$/, error: 'is no http address' }).optional().meta({ as: 'URL' })
    .describe('A server\'s monitoring address, to say at the start whether it syncs to the disk before it answers'),
  backupMinutes: z.number().min(0.1).max(1_440).default(10).meta({ unit: 'minutes' })
    .describe('Between two backups of the tables; the log is kept back to the older of the newest two'),
}).superRefine(({ user, password, passwordFile, certFile, keyFile }, context) => {
  const wrong = (at: string, message: string): void => context.addIssue({ code: 'custom', path: [at], message });
  if (password !== undefined && passwordFile !== undefined) wrong('passwordFile', 'is given as well as the password; leave one of them out');
  if (user === undefined && (password ?? passwordFile) !== undefined) wrong('user', 'is missing: whose password is it?');
  if (user !== undefined && (password ?? passwordFile) === undefined) wrong('passwordFile', 'is missing: the user needs a password');
  if ((certFile === undefined) !== (keyFile === undefined)) wrong('certFile', 'and keyFile go together');
}).prefault({}).describe('A cluster over NATS');

export const token = secret.min(16, 'is shorter than 16 characters')
  .regex(/^[\w.~+/=-]+$/, 'has characters that no header can hold: take letters, digits, "-" and "_"');

export const metrics = z.strictObject({
  allow: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'is neither an address nor a range such as "10.0.0.0/8"')).max(100)
    .default(['127.0.0.0/8', '::1']).describe('Addresses and ranges that may read /metrics, without a token'),
  token: token.optional()
    .describe('With it, whoever reads /metrics says "Authorization: Bearer TOKEN", from any address'),
  tokenFile: path.optional().describe('A file with the token in it'),
}).refine(({ token, tokenFile }) => token === undefined || tokenFile === undefined, {
  path: ['tokenFile'], message: 'is given as well as the token; leave one of them out',
}).prefault({}).describe('/metrics, for Prometheus');

function isServer(text: string): boolean {
  const url = /^(nats|tls):\/\//.test(text) ? text : `nats://${text}`;
  if (!URL.canParse(url)) return false;
  const { hostname, username, password, pathname, search, hash } = new URL(url);
  return hostname !== '' && [username, password, search, hash].every((part) => part === '') && (pathname === '' || pathname === '/');
}
