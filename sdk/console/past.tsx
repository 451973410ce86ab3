/** The other conversations of a customer, newest first. */
import { ago, useNow } from '../ui/moments.ts';
import { useValue } from '../ui/value.ts';
import { Chip } from './chip.tsx';
import { useConsole } from './context.ts';
import { LANGUAGE, STRINGS } from './strings.ts';

/** Shown here; the whole list is a list like any other. */
const SHOWN = 5;

export function Past({ contact, open }: { contact: string; open: string }) {
  const { agent, place, go } = useConsole();
  const { items, total } = useValue(agent.inbox.list(`contact:${contact}`, 'newest').value);
  const now = useNow(60_000);
  const others = items.filter(({ id }) => id !== open);
  if (others.length === 0) return null;
  return (
    <section>
      <h3>{STRINGS.past}</h3>
      <ul class="past">
        {others.slice(0, SHOWN).map((one) => (
          <li key={one.id}>
            <button type="button" class="past-one" aria-current={one.id === place.open} onClick={() => go({ open: one.id })}>
              <Chip status={one.status} /><time dateTime={new Date(one.at).toISOString()}>{ago(one.at, now, LANGUAGE)}</time>
              <span>{one.preview}</span>
            </button>
          </li>
        ))}
      </ul>
      {total > SHOWN + 1 && (
        <button type="button" class="add-more" onClick={() => go({ list: `contact:${contact}`, open })}>{STRINGS.allPast(total)}</button>
      )}
    </section>
  );
}
