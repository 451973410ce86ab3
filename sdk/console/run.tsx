/** What one person said in a row: the customer on the left, the house on the right, notes apart. */
import type { Other, Outgoing } from '../index.ts';
import type { Block } from '../ui/blocks.ts';
import { Icon } from '../ui/icons.tsx';
import { clockTime } from '../ui/moments.ts';
import { receipt } from '../ui/receipts.ts';
import { useValue } from '../ui/value.ts';
import { Written } from '../ui/written.tsx';
import { STRINGS } from './strings.ts';

interface Props {
  run: Extract<Block, { is: 'run' }>;
  others: readonly Other[];
  /** Whether there is a connection: what is queued leaves at once then. */
  live: boolean;
  lastOurs: string | null;
}

export function Run({ run, others, live, lastOurs }: Props) {
  const note = run.kind === 'note';
  const side = note ? 'note' : run.author.role === 'customer' ? 'theirs' : 'ours';
  const first = run.items[0];
  return (
    <div class={`run ${side}`}>
      <p class="author">
        {note && <Icon name="lock" />}
        <span>{run.author.name || STRINGS.visitor}{note && ` · ${STRINGS.onlyAgents}`}</span>
        {first && <time dateTime={new Date(first.at).toISOString()}>{clockTime(first.at)}</time>}
      </p>
      {run.items.map((item) => (
        <div key={item.key} class="said">
          <div class="balloon"><Written text={item.body.text} /></div>
          {item.outgoing ? <Pending outgoing={item.outgoing} live={live} />
            : item.key === lastOurs && item.seq !== null && <Mark far={receipt(item.seq, others, 'customer')} />}
        </div>
      ))}
    </div>
  );
}

function Mark({ far }: { far: ReturnType<typeof receipt> }) {
  return <p class={`foot is-${far}`}><Icon name={far === 'sent' ? 'tick' : 'ticks'} />{STRINGS[far]}</p>;
}

function Pending({ outgoing, live }: { outgoing: Outgoing; live: boolean }) {
  const status = useValue(outgoing.status);
  const error = useValue(outgoing.error);
  if (status !== 'failed') {
    const said = live && status === 'queued' ? 'sending' : status;
    return <p class="foot"><Icon name="waiting" />{STRINGS[said]}</p>;
  }
  return (
    <p class="foot failed" role="alert">
      <span>{STRINGS.failed} {error ? `${error.what} ${error.mend}` : ''}</span>
      <button type="button" onClick={() => outgoing.retry()}>{STRINGS.retry}</button>
      <button type="button" onClick={() => outgoing.discard()}>{STRINGS.discard}</button>
    </p>
  );
}
