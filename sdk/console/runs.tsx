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

/** "Remind in 58:12"; what waits for a reply says until when it does. */
function Stand({ run: { waits, until, next, stepName } }: { run: RunRow }) {
  const now = useGatewayNow(1_000);
  const left = until === 0 ? '' : countdown(until - now);
  const what = waits === 'answer' ? STRINGS.runAsks(stepName)
    : next !== '' && left !== '' ? STRINGS.runGoesOn(next, left) : stepName;
  return <span title={stepName}>{what}</span>;
}
