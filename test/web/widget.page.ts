/** What stands on the test's page before the widget's script: a gateway in the page itself, so that each line comes when the test says so. */
import type { Entry } from '../../sdk/protocol/entry.ts';
import { FakeServer } from '../sdk/server.ts';

declare global {
  interface Window { gateway: TestGateway }
}

export class TestGateway extends FakeServer {
  override now = () => Date.now();
  /** Bodies of what was asked over HTTP, by path. */
  readonly asked: [path: string, body: unknown][] = [];

  /** A flow, or the house, says something in the only conversation that there is. */
  tells(entry: Pick<Entry, 'kind' | 'n' | 'author' | 'body'>): void {
    const [id] = this.rooms.keys();
    if (id !== undefined) this.put(id, { ...entry, cmid: null });
  }
}

window.gateway = new TestGateway();
window.WebSocket = window.gateway.WebSocket as unknown as typeof WebSocket;
window.fetch = async (url, { body } = {}) => {
  window.gateway.asked.push([new URL(String(url)).pathname, JSON.parse(String(body))]);
  return new Response(JSON.stringify({ token: 'visitor' }));
};
