/** Where a server of the crash test is to be found. */
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** Has it listen on this machine, on any free port, and says which. */
export async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
