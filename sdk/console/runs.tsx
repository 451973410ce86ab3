/** The flows that run on the open conversation: where each stands, what it waits for and until when, and how to end it. */
import type { AgentConversation, RunRow } from '../agent.ts';
import { Icon } from '../ui/icons.tsx';
import { useValue } from '../ui/value.ts';
import { countdown } from './ages.ts';
import { useConsole, useGatewayNow } from './context.ts';
import { STRINGS } from './strings.ts';

export function Runs({ conversation }: { conversation: AgentConversation }) {
  const { watch } = useConsole();
  const runs = useValue(conversation.runs);
  if (runs.length === 0) return null;
  return (
    <ul class="runs" aria-label={STRINGS.runsHere}>
      {runs.map((run) => (
        <li key={run.run}>
          <Icon name="flow" />
          <b>{run.name}</b>
          <Stand run={run} />
          <button type="button" class="plain" aria-label={STRINGS.stopRun(run.name)} title={STRINGS.stopRun(run.name)}
            onClick={() => watch(conversation.stopRun(run.run), { said: STRINGS.runStopped(run.name) })}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

const DAY = 86_400_000;
/** What stands for the name of a step that has none. */
const KINDS: readonly string[] = [
  'say', 'ask', 'branch', 'http', 'assign', 'wait', 'set', 'tag', 'note', 'priority', 'status', 'jump', 'run', 'close', 'end',
];
const named = (name: string): string => (KINDS.includes(name) ? '' : name);

/** "Remind in 58:12"; what waits for somebody, and nothing is known of later, says what it is and how long that may take. */
function Stand({ run: { waits, until, next, stepName } }: { run: RunRow }) {
  const now = useGatewayNow(1_000);
  const left = until === 0 || until - now > DAY ? '' : countdown(until - now);
  const here = named(stepName) || STRINGS.runWaits;
  const then = waits === 'answer' ? '' : named(next);
  const what = then !== '' && until > 0 ? STRINGS.runGoesOn(then, countdown(until - now))
    : [waits === 'answer' ? STRINGS.runAsks(here) : here, left].filter((part) => part !== '').join(' · ');
  return <span title={here}>{what}</span>;
}
