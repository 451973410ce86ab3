/** The WebSocket of a browser, React Native or Node, behind two verbs. */
import type { Encoding } from './encoding.ts';
import type { Said, Told } from './protocol/frames.ts';

/** As much of a WebSocket as the SDK uses; the handlers are set by the SDK. */
export interface WebSocketLike {
  binaryType: string;
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  send(message: Uint8Array<ArrayBuffer> | string): void;
  close(code?: number, reason?: string): void;
}
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

export interface Heard {
  opened(): void;
  frames(frames: readonly Told[]): void;
  /** Once, and nothing after it. `code` is below 4000 when the server did not say why. */
  closed(code: number, detail: string): void;
}

export interface Socket {
  /** Frames of one tick leave together, in as few messages as the server's limit allows. */
  send(frame: Said): void;
  /** Sends what waits, then closes. Nothing is heard from it any more. */
  close(): void;
}

export interface SocketOptions {
  make: WebSocketConstructor;
  url: string;
  encoding: Encoding;
  /** The largest message that the server takes: it says so in WELCOME. */
  maxBytes(): number;
}

/** Opens at once. Throws for a URL that is none. */
export function openSocket({ make, url, encoding, maxBytes }: SocketOptions, heard: Heard): Socket {
  let parts: (Uint8Array | string)[] = [];
  let bytes = 0;
  let ended = false;

  const end = (code: number, detail = '', tell = true): void => {
    if (ended) return;
    ended = true;
    try {
      ws.close(1000);
    } catch {
      // It was not open yet, and some runtimes do not like that.
    }
    if (tell) heard.closed(code, detail);
  };
  const flush = (): void => {
    if (parts.length === 0 || ended) return;
    const message = encoding.join(parts) as Uint8Array<ArrayBuffer> | string;
    parts = [];
    bytes = 0;
    try {
      ws.send(message);
    } catch {
      end(1006);
    }
  };

  const ws = Object.assign(new make(url, [encoding.subprotocol]), {
    binaryType: 'arraybuffer',
    onopen: () => ended || heard.opened(),
    // An error is followed by a closing; one that nobody listens to would end a Node process.
    onerror() {},
    onclose: ({ code, reason }: { code: number; reason?: string }) => end(code, reason),
    onmessage({ data }: { data: ArrayBuffer | string }) {
      if (ended) return;
      let frames: readonly Told[];
      try {
        frames = encoding.decode(typeof data === 'string' ? data : new Uint8Array(data));
      } catch (error) {
        return end(1002, String(error));
      }
      heard.frames(frames);
    },
  });

  return {
    send(frame) {
      const part = encoding.encode(frame);
      if (bytes + part.length > maxBytes()) flush();
      if (parts.push(part) === 1) void Promise.resolve().then(flush);
      bytes += part.length + 1;
    },
    close() {
      flush();
      end(1000, '', false);
    },
  };
}
