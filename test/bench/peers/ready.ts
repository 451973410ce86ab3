/** Tells the bench the port of a peer, and ends the peer when the bench is gone, however it went. */
import type { AddressInfo } from 'node:net';

interface Listening {
  once(event: 'listening', listener: () => void): unknown;
  address(): AddressInfo | string | null;
}

export function ready(server: Listening): void {
  server.once('listening', () => {
    const address = server.address();
    process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
  });
  process.once('disconnect', () => process.exit(0));
}
