/** The head of a thread: who it is with, who else looks at it, and what may be done with its ticket. */
import type { AgentConversation } from '../agent.ts';
import { factsOf } from '../agent.ts';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/moments.ts';
import { useValue } from '../ui/value.ts';
import type { ActId } from './acts.ts';
import { withKeys } from './caps.tsx';
import { Chip } from './chip.tsx';
import { useConsole } from './context.ts';
import { Face, namesOf } from './face.tsx';
import { PREFERENCES } from './preferences.ts';
import { PriorityMark } from './priority-mark.tsx';
import { until } from './snoozes.ts';
import { SETTABLE, shows, whyNotAccept, whyNotStatus } from './statuses.ts';
import { LANGUAGE, STRINGS } from './strings.ts';

export function Subject({ conversation }: { conversation: AgentConversation }) {
  const { me, acting, go } = useConsole();
  const summary = useValue(conversation.state);
  const others = useValue(conversation.others);
  const { about } = useValue(PREFERENCES);
  const now = useNow(60_000);
  const name = summary?.contact.name || STRINGS.visitor;
  const facts = summary && factsOf(summary);
  const viewing = others.filter((other) => other.role === 'agent' && other.viewing && other.id !== me?.id);
  return (
    <header class="subject">
      <button type="button" class="plain back" aria-label={STRINGS.back} onClick={() => go({ open: null })}>
        <Icon name="back" />
      </button>
      <div class="who">
        <h2>{name}</h2>
        {facts && <PriorityMark priority={facts.priority} />}
        {summary && !shows(summary.status) && <Chip status={summary.status} />}
        {facts && facts.snoozedUntil > now && (
          <button type="button" class="fact is-snoozed" title={STRINGS.wake} onClick={() => acting.run('snooze')}>
            <Icon name="alarm" />{until(facts.snoozedUntil, now, LANGUAGE)}
          </button>
        )}
        {viewing.length > 0 && (
          <span class="watched" title={STRINGS.alsoLooks(namesOf(viewing), viewing.length)}>
            <Icon name="eye" />{viewing.map((other) => <Face key={other.id} id={other.id} name={other.name} />)}
          </span>
        )}
      </div>
      <TicketActs conversation={conversation} />
      <div class="tools">
        <Tool act="handOver" icon="pass" />
        <Tool act="snooze" icon="alarm" />
        <Tool act="about" icon="panel" pressed={about} />
      </div>
      {summary?.status === 'closed' && <p class="why">{STRINGS.closedIsFinal}</p>}
    </header>
  );
}

/** Accept, and the four statuses that an agent sets by hand. */
function TicketActs({ conversation }: { conversation: AgentConversation }) {
  const { me, acting } = useConsole();
  const summary = useValue(conversation.state);
  const waits = summary?.status === 'new' || (summary !== null && summary.assignee === null);
  return (
    <div class="acts">
      {whyNotAccept(summary, me) === null && (
        <button type="button" class={waits ? 'primary' : 'secondary'} title={withKeys(STRINGS.acts.accept, 'accept')}
          onClick={() => acting.run('accept')}>
          {waits ? STRINGS.accept : STRINGS.takeOver}
        </button>
      )}
      <div class="statuses" role="group" aria-label={STRINGS.setStatus}>
        {SETTABLE.map((status) => {
          const why = whyNotStatus(summary, status);
          return (
            <button key={status} type="button" aria-pressed={summary?.status === status} aria-disabled={why !== null}
              class={`is-${status}`} title={why ?? withKeys(STRINGS.acts[status], status)}
              onClick={() => acting.run(status)}>
              {STRINGS.statuses[status]}
            </button>
          );
        })}
      </div>
    </div>
  );
}

function Tool({ act, icon, pressed }: { act: ActId; icon: 'pass' | 'alarm' | 'panel'; pressed?: boolean }) {
  const { acting } = useConsole();
  const name = STRINGS.acts[act];
  return (
    <button type="button" class="plain" aria-label={name} aria-pressed={pressed} onClick={() => acting.run(act)}
      title={acting.why(act) ?? withKeys(name, act)}>
      <Icon name={icon} />
    </button>
  );
}
