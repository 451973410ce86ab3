/** The demo page: becomes an agent of its own machine's gateway, then sets the stage. */
import { render } from 'preact';
import { createClient, memory, Unauthorized } from '../index.ts';
import { adopt, getToken } from '../ui/session.ts';
import { Stage } from './stage.tsx';
import { STRINGS } from './strings.ts';

const root = document.body.appendChild(document.createElement('div'));
root.id = 'app';

async function start() {
  const answer = await fetch('/demo/agent', { cache: 'no-store' });
  if (!answer.ok) throw new Unauthorized(STRINGS.noAgent);
  const { token }: { token: string } = await answer.json();
  adopt(token);
  // It only watches: nothing of it outlives the page, and it shares nothing with the console or the shop beside it.
  const client = createClient({ url: location.origin, getToken, storage: memory() });
  render(<Stage client={client} />, root);
}

start().catch(() => {
  render(<main class="sorry"><p><strong>{STRINGS.noAgent}</strong> {STRINGS.noAgentMend}</p></main>, root);
});
