/** The panel beside the thread: who the customer is, how the ticket stands, and who else is looking. */
import type { Conversation, Item, Me } from '../index.ts';
import { dayName, useNow } from '../ui/moments.ts';
import { useValue } from '../ui/value.ts';
import { Chip } from './chip.tsx';
import { Face } from './face.tsx';
import { LANGUAGE, STRINGS } from './strings.ts';
import { tickets } from './tickets.ts';

interface Props {
  conversation: Conversation;
  me: Me | null;
  watch(act: Promise<unknown>): void;
}

export function About({ conversation, me, watch }: Props) {
  const summary = useValue(conversation.state);
  const others = useValue(conversation.others);
  const { items } = useValue(conversation.messages);
  if (!summary) return <aside class="about" aria-label={STRINGS.about} />;

  const customer = others.find((other) => other.role === 'customer');
  const viewing = others.filter((other) => other.role === 'agent' && other.viewing && other.id !== me?.id);
  const name = summary.contact.name || STRINGS.visitor;
  return (
    <aside class="about" aria-label={STRINGS.about}>
      <div class="contact">
        <Face id={summary.contact.id} name={name} />
        <h3>{name}</h3>
        <p>{summary.contact.identified ? STRINGS.identified : STRINGS.anonymous}</p>
        <p class={customer?.online ? 'presence is-online' : 'presence'}>
          {customer?.online ? STRINGS.customerOnline : STRINGS.customerAway}
        </p>
      </div>
      <dl>
        <dt>{STRINGS.style}</dt><dd>{STRINGS.styles[summary.style]}</dd>
        <dt>{STRINGS.channel}</dt><dd>{summary.channel}</dd>
        <dt>{STRINGS.ticket}</dt><dd>{summary.ticket}</dd>
        <dt>{STRINGS.assignee}</dt><dd>{summary.assignee?.name ?? STRINGS.nobody}</dd>
        <dt>{STRINGS.sessionState}</dt><dd>{STRINGS.sessionStates[summary.session]}</dd>
      </dl>
      <Tickets items={items} />
      {viewing.length > 0 && (
        <section>
          <h3>{STRINGS.viewing}</h3>
          <ul class="viewing">
            {viewing.map((other) => <li key={other.id}><Face id={other.id} name={other.name} /> {other.name}</li>)}
          </ul>
        </section>
      )}
      {summary.session !== 'ended' && (
        <button type="button" class="secondary" onClick={() => watch(conversation.end())}>{STRINGS.endSession}</button>
      )}
    </aside>
  );
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
