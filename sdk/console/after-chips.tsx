/** What will happen to the ticket once the words have been sent: seen before, and taken off by a click. */
import { Icon } from '../ui/icons.tsx';
import type { After } from './macros.ts';
import { STRINGS } from './strings.ts';

interface Props {
  after: After | null;
  onChange(after: After | null): void;
}

export function AfterChips({ after, onChange }: Props) {
  if (after === null) return <span class="then" />;
  const { status, priority, tags } = after;
  const without = (change: Partial<After>) => {
    const next = { ...after, ...change };
    onChange(next.status === null && next.priority === null && next.tags.length === 0 ? null : next);
  };
  return (
    <span class="then">
      <span>{STRINGS.then}</span>
      {status !== null && <Chip name={STRINGS.statuses[status]} onGone={() => without({ status: null })} />}
      {priority !== null && <Chip name={STRINGS.priorities[priority]} onGone={() => without({ priority: null })} />}
      {tags.map((tag) => <Chip key={tag} name={tag} onGone={() => without({ tags: tags.filter((one) => one !== tag) })} />)}
    </span>
  );
}

function Chip({ name, onGone }: { name: string; onGone(): void }) {
  return (
    <button type="button" class="fact is-removable" aria-label={STRINGS.without(name)} title={STRINGS.without(name)} onClick={onGone}>
      {name}<Icon name="close" />
    </button>
  );
}
