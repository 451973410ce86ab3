/** A ticket's priority as three bars, or as an alarm; Normal goes without saying. */
import { STRINGS } from './strings.ts';
import { priorityOf } from './workspace.ts';

const ALARM = 'M3 1.5h10A1.5 1.5 0 0 1 14.5 3v10a1.5 1.5 0 0 1-1.5 1.5H3A1.5 1.5 0 0 1 1.5 13V3A1.5 1.5 0 0 1 3 1.5z'
  + 'M7.2 4v5h1.6V4zm0 6.4V12h1.6v-1.6z';

/** 0 urgent, 1 high, 2 normal, 3 low. `always`: Normal, too. */
export function PriorityMark({ priority, always = false }: { priority: number; always?: boolean }) {
  const known = priorityOf(priority);
  if (known === 2 && !always) return null;
  const bars = 4 - known;
  const name = STRINGS.priorities[known];
  return (
    <svg class={known === 0 ? 'priority is-urgent' : 'priority'} viewBox="0 0 16 16" role="img" aria-label={name}>
      <title>{name}</title>
      {known === 0 ? <path fill-rule="evenodd" d={ALARM} /> : [0, 1, 2].map((bar) => (
        <rect key={bar} class={bar < bars ? 'full' : 'faint'} x={2 + bar * 4.5} y={9 - bar * 3} width="3"
          height={5 + bar * 3} rx="1" />
      ))}
    </svg>
  );
}
