/** The panel beside the thread: who the customer is, how the ticket stands, and what there was before. */
import type { ComponentChildren } from 'preact';
import { factsOf, type AgentConversation } from '../agent.ts';
import type { ConversationSummary, Item } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { dayName, useNow } from '../ui/moments.ts';
import { useValue } from '../ui/value.ts';
import type { ActId } from './acts.ts';
import { brief } from './ages.ts';
import { useCalled } from './called.ts';
import { withKeys } from './caps.tsx';
import { Chip } from './chip.tsx';
import { Contact } from './contact.tsx';
import { useConsole, useGatewayNow } from './context.ts';
import { Face } from './face.tsx';
import { Past } from './past.tsx';
import { PriorityMark } from './priority-mark.tsx';
import { until } from './snoozes.ts';
import { whyNotChange } from './statuses.ts';
import { LANGUAGE, STRINGS } from './strings.ts';
import { tickets } from './tickets.ts';
import { priorityOf, teamName } from './workspace.ts';

export function About({ conversation, onClose }: { conversation: AgentConversation; onClose(): void }) {
  const { me, acting } = useConsole();
  const summary = useValue(conversation.state);
  const others = useValue(conversation.others);
  const { items } = useValue(conversation.messages);
  const close = (
    <button type="button" class="plain close" aria-label={STRINGS.closeAbout} onClick={onClose}>
      <Icon name="close" />
    </button>
  );
  if (!summary) return <aside class="about" aria-label={STRINGS.about}>{close}</aside>;

  const customer = others.find((other) => other.role === 'customer');
  const viewing = others.filter((other) => other.role === 'agent' && other.viewing && other.id !== me?.id);
  return (
    <aside class="about" aria-label={STRINGS.about}>
      {close}
      <Contact key={summary.contact.id} contact={summary.contact} online={customer?.online ?? false} />
      <Ticket summary={summary} />
      {viewing.length > 0 && (
        <section>
          <h3>{STRINGS.viewing}</h3>
          <ul class="viewing">
            {viewing.map((other) => <li key={other.id}><Face id={other.id} name={other.name} /> {other.name}</li>)}
          </ul>
        </section>
      )}
      <RunFlow />
      <Tickets items={items} />
      <Past contact={summary.contact.id} open={summary.id} />
      {summary.session !== 'ended' && whyNotChange(summary) === null && (
        <button type="button" class="secondary" onClick={() => acting.run('end')}>{STRINGS.endSession}</button>
      )}
    </aside>
  );
}

/** Each fact that can be changed is a button to where it is changed. */
function Ticket({ summary }: { summary: ConversationSummary }) {
  const { workspace } = useConsole();
  const now = useGatewayNow(30_000);
  const { team, priority, waitingSince, snoozedUntil, tags } = factsOf(summary);
  const { assignee } = summary;
  return (
    <section aria-label={STRINGS.ticketFacts}>
      <h3>{STRINGS.ticketNumber(summary.ticket)}</h3>
      <dl class="ticket-facts">
        <Changed name={STRINGS.assignee} act="handOver">
          {assignee ? <><Face id={assignee.id} name={assignee.name} />{assignee.name}</> : STRINGS.nobody}
        </Changed>
        {team !== '' && <Changed name={STRINGS.team} act="handOver">{teamName(workspace, team)}</Changed>}
        <Changed name={STRINGS.priority} act="priority">
          <PriorityMark priority={priority} always />{STRINGS.priorities[priorityOf(priority)]}
        </Changed>
        <Changed name={STRINGS.tags} act="tags">
          {tags.length === 0 ? STRINGS.addTag : (
            <span class="all-tags">{tags.map((tag) => <span key={tag} class="fact is-tag">{tag}</span>)}</span>
          )}
        </Changed>
        <Changed name={STRINGS.snoozed} act="snooze">
          {snoozedUntil > now ? until(snoozedUntil, now, LANGUAGE) : STRINGS.no}
        </Changed>
        {waitingSince > 0 && <Said name={STRINGS.waiting}>{brief(now - waitingSince, LANGUAGE)}</Said>}
        <Said name={STRINGS.channel}>{summary.channel}</Said>
        <Said name={STRINGS.style}>{STRINGS.styles[summary.style]}</Said>
        <Said name={STRINGS.sessionState}>{STRINGS.sessionStates[summary.session]}</Said>
      </dl>
    </section>
  );
}

function Changed({ name, act, children }: { name: string; act: ActId; children: ComponentChildren }) {
  const { acting } = useConsole();
  const why = acting.why(act) ?? null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {why === null ? (
          <button type="button" class="changed" title={withKeys(STRINGS.acts[act], act)} onClick={() => acting.run(act)}>
            {children}
          </button>
        ) : <span class="changed" title={why}>{children}</span>}
      </dd>
    </div>
  );
}

/** Only where there is one to run. */
function RunFlow() {
  const { agent, acting } = useConsole();
  const flows = useCalled(agent);
  if (flows === null || flows.length === 0 || acting.why('runFlow') !== null) return null;
  return (
    <button type="button" class="add-more" title={withKeys(STRINGS.acts.runFlow, 'runFlow')}
      onClick={() => acting.run('runFlow')}><Icon name="flow" />{STRINGS.runFlowMore}</button>
  );
}

function Said({ name, children }: { name: string; children: ComponentChildren }) {
  return <div><dt>{name}</dt><dd><span class="changed">{children}</span></dd></div>;
}

function Tickets({ items }: { items: readonly Item[] }) {
  const now = useNow(60_000);
  const all = tickets(items);
  if (all.length < 2) return null;
  return (
    <section>
      <h3>{STRINGS.earlier}</h3>
      <ol class="tickets">
        {all.map((ticket) => (
          <li key={ticket.number} value={ticket.number}>
            <Chip status={ticket.status} /> <span>{dayName(ticket.since, now, LANGUAGE)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
