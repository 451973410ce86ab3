/** Parley itself: the built gateway as `npm start` runs it, on a folder of its own, without limits on what one says. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import type { Child, Children } from '../children.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const START_MS = 60_000;
/** As in package.json. */
const AS_STARTED = '--max-semi-space-size=64';
const SECRET = 'a key of the bench alone, known to nobody else';
const KEY = { kid: 'bench', algorithm: 'HS256', issuer: 'bench', audience: 'bench', roles: ['agent'] };
const UNLIMITED = 1_000_000_000;

export interface Gateway {
  child: Child;
  port: number;
  /** Tokens of the agents, as `agent0` and so on. */
  extra: Record<string, string>;
}

/** Builds the gateway when its sources are newer than the build. */
export async function buildGateway(children: Children): Promise<void> {
  const script = `import { buildAll } from './gateway/build.mjs'; await buildAll();`;
  const build = children.program('The build', process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'],
  });
  await build.succeeds();
}

/** A node of a cluster: what else its command line says, and where its tables are, if there are some already. */
export interface Node {
  line: readonly string[];
  data: string | undefined;
}

/** @param flags further flags of Node, for a profile. @param workspace further settings of the workspace. */
export async function startGateway(
  children: Children, agents: number, flags: readonly string[] = [], workspace: object = {}, node: Node = { line: [], data: undefined },
): Promise<Gateway> {
  const folder = children.folder('parley');
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({
    workspaces: { demo: { ...workspace, keys: [{ ...KEY, secret: SECRET }] } },
    limits: {
      framesPerSecond: UNLIMITED, frameBurst: UNLIMITED, personFramesPerSecond: UNLIMITED, personFrameBurst: UNLIMITED,
      visitorsPerSecond: UNLIMITED, visitorBurst: UNLIMITED,
    },
  }));
  const child = children.program('parley', process.execPath, [
    AS_STARTED, ...flags, join(ROOT, 'dist/gateway/main.js'),
    '--port', '0', '--no-demo', '--data', node.data ?? join(folder, 'data'), '--config', config, ...node.line,
  ], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const [, port] = await child.prints(/Socket\s+ws:\/\/127\.0\.0\.1:(\d+)[^]*Stop/, START_MS);
  const extra: Record<string, string> = {};
  for (let nth = 0; nth < agents; nth++) extra[`agent${nth}`] = await agentToken(nth);
  return { child, port: Number(port), extra };
}

function agentToken(nth: number): Promise<string> {
  return new SignJWT({ sub: `agent${nth}`, role: 'agent', name: `Agent ${nth}` })
    .setProtectedHeader({ alg: KEY.algorithm, kid: KEY.kid }).setIssuer(KEY.issuer).setAudience(KEY.audience)
    .setIssuedAt().setExpirationTime('1h').sign(new TextEncoder().encode(SECRET));
}
