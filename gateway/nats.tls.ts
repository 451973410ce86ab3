/** TLS towards NATS: whose certificates this node believes, and its own. */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { NatsSettings } from './nats.ts';
import { messageOf } from './report.ts';

export interface NatsTls {
  ca?: string;
  cert?: string;
  key?: string;
  checkServerIdentity(host: string, certificate: PeerCertificate): Error | undefined;
}

/** Undefined where the settings want none; the servers may still ask for it. @throws Error when a file cannot be read */
export async function tlsOf({ servers, caFile, certFile, keyFile }: NatsSettings): Promise<NatsTls | undefined> {
  if (caFile === undefined && certFile === undefined && !servers.some((server) => server.startsWith('tls://'))) return undefined;
  const [ca, cert, key] = await Promise.all([pem('caFile', caFile), pem('certFile', certFile), pem('keyFile', keyFile)]);
  const addresses = servers.map(hostOf).filter((host) => isIP(host));
  return {
    ...ca === undefined ? {} : { ca }, ...cert === undefined ? {} : { cert }, ...key === undefined ? {} : { key },
    checkServerIdentity(host, certificate) {
      // Of a server named by its address the client would compare the certificate with "localhost".
      if (addresses.some((address) => checkServerIdentity(address, certificate) === undefined)) return undefined;
      return checkServerIdentity(host, certificate);
    },
  };
}

/** Of host:port, nats://host:port or tls://host:port. */
function hostOf(server: string): string {
  return new URL(/^(nats|tls):\/\//.test(server) ? server : `nats://${server}`).hostname.replace(/^\[|\]$/g, '');
}

async function pem(setting: string, path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`nats.${setting} cannot be read: ${messageOf(error)}.`, { cause: error });
  });
}
