/** The agents' console: signs in, then shows the desk. */
import { render } from 'preact';
import { createAgent } from '../agent.ts';
import { indexedDb } from '../index.ts';
import { Desk } from './desk.tsx';
import { forget, getToken, signIn } from '../ui/session.ts';
import { Door } from './door.tsx';
import { showLanguage } from './languages/choice.ts';
import { STRINGS } from './strings.ts';
import { showTheme } from './theme.ts';

const root = document.body.appendChild(document.createElement('div'));
root.id = 'app';
showTheme();
showLanguage();

async function start() {
  render(<Door because={STRINGS.signInWorking} working />, root);
  const result = await signIn();
  if (result !== 'in') {
    const because = { none: null, used: STRINGS.linkUsed, failed: STRINGS.signInFailed }[result];
    render(<Door because={because} />, root);
    return;
  }
  // A visitor of a page on this origin keeps their things under another name.
  const agent = createAgent({ url: location.origin, getToken, storage: indexedDb('parley-console') });
  const end = () => {
    forget();
    render(<Door because={STRINGS.signedOut} />, root);
  };
  const leave = async () => {
    await agent.signOut();
    end();
  };
  agent.connection.subscribe((connection) => {
    if (connection.status === 'stopped' && connection.code >= 4100 && connection.code < 4200) end();
  });
  render(<Desk agent={agent} onLeave={leave} />, root);
  addEventListener('pagehide', (event) => {
    if (!event.persisted) agent.close();
  });
}

// A second one-time link in an open tab signs in again.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#code=')) location.reload();
});
void start();
