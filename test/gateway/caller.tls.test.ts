/** A CRM with a certificate that is right: a process of its own, since whom Node trusts is said at its start. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { CERTIFICATE } from './certificate.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SCRIPT = `
  import { Caller } from './gateway/caller.ts';
  import { systemClock } from './gateway/clock.ts';
  import { outsideFor } from './gateway/settings.http.ts';
  const port = process.env.CRM_PORT;
  const hosts = ['127.0.0.1:' + port, 'crm.example.com:' + port];
  const outside = outsideFor({ http: { allow: hosts }, secrets: {} });
  const caller = new Caller({ outsideOf: () => outside, clock: systemClock, random: () => 0, resolve: async () => ['127.0.0.1'] });
  const ask = async (host, n) => {
    const command = {
      type: 'call', method: 'POST', url: 'https://' + host + '/', headers: [], body: { n }, map: [{ path: '$.n', save: 'vars.n' }], timeoutMs: 10000, retries: 0,
    };
    return (await caller.call('c/demo/' + n, { n, to: 'x/demo/1', command }, () => true)).outcome;
  };
  process.stdout.write(JSON.stringify([await ask(hosts[0], 1), await ask(hosts[1], 2)]));
`;

it('is asked over TLS, and one whose certificate is another host\'s is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'));
  const trusted = join(folder, 'trusted.pem');
  writeFileSync(trusted, CERTIFICATE.cert);
  let came = 0;
  const server = createServer(CERTIFICATE, (request, response) => {
    came++;
    void request.pipe(response);
  }).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted, CRM_PORT: String(port), NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', SCRIPT], { cwd: ROOT, env });
    expect(JSON.parse(stdout)).toEqual([{ values: { 'vars.n': 1 } }, { why: 'the host\'s certificate is not right (ERR_TLS_CERT_ALTNAME_INVALID)' }]);
    expect(came).toBe(1);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
