/** The SDK in Node: the socket of `ws`, and storage in a folder. */
import { WebSocket } from 'ws';
import { createClient as create, type Client, type ClientOptions } from './index.ts';
import { file } from './file.ts';

export { file };

export interface NodeClientOptions extends ClientOptions {
  /** Where outbox, device and token are kept. Default: they last as long as the process. */
  folder?: string;
}

export function createClient({ folder, ...options }: NodeClientOptions): Client {
  const storage = folder === undefined ? {} : { storage: file(folder) };
  // What Node calls its language is the machine's, and nobody's.
  return create({ WebSocket: NodeSocket, language: '', ...storage, ...options });
}

/** A peer that is gone never says goodbye. */
const GOODBYE_MS = 1_000;

/** For `WebSocket` in the options of any other entry. */
export class NodeSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { perMessageDeflate: false });
  }

  override close(code?: number): void {
    super.close(code);
    setTimeout(() => this.terminate(), GOODBYE_MS).unref();
  }
}
