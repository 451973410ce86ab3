/** Messages that one person said in a row, and how far the customer's own have come. */
import type { Other, Outgoing } from '../index.ts';
import type { Block, Said } from '../ui/blocks.ts';
import { clockTime } from '../ui/moments.ts';
import { receipt } from '../ui/receipts.ts';
import { useValue } from '../ui/value.ts';
import { Written } from '../ui/written.tsx';
import { LANGUAGE, STRINGS } from './strings.ts';

/** By the name of the refusal, for those that a customer can do something about. */
const WHY: Readonly<Record<string, string>> = STRINGS.why;

interface Props {
  run: Extract<Block, { is: 'run' }>;
  others: readonly Other[];
  /** Whether there is a connection: what is queued leaves at once then. */
  live: boolean;
  lastOwn: string | null;
}

export function Run({ run, others, live, lastOwn }: Props) {
  const own = run.author.role === 'customer';
  return (
    <div class={own ? 'run own' : 'run'}>
      <p class={own ? 'unseen' : 'author'}>{own ? STRINGS.you : run.author.name}</p>
      {run.items.map((item, index) => (
        <div key={item.key} class="said">
          <div class="balloon"><Written text={item.body.text} /></div>
          {item.outgoing ? <Pending outgoing={item.outgoing} live={live} /> : (
            <Foot item={item} others={others} shown={index === run.items.length - 1} last={item.key === lastOwn} />
          )}
        </div>
      ))}
    </div>
  );
}

function Foot({ item, others, shown, last }: { item: Said; others: readonly Other[]; shown: boolean; last: boolean }) {
  if (!shown && !last) return null;
  return (
    <p class="foot">
      <time dateTime={new Date(item.at).toISOString()}>{clockTime(item.at, LANGUAGE)}</time>
      {last && item.seq !== null && <span>{STRINGS[receipt(item.seq, others, 'agent')]}</span>}
    </p>
  );
}

function Pending({ outgoing, live }: { outgoing: Outgoing; live: boolean }) {
  const status = useValue(outgoing.status);
  const error = useValue(outgoing.error);
  if (status !== 'failed') {
    return <p class="foot"><span>{STRINGS[live && status === 'queued' ? 'sending' : status]}</span></p>;
  }
  return (
    <p class="foot failed" role="alert">
      <span>{STRINGS.failed} {error ? WHY[error.name] ?? STRINGS.why.other : ''}</span>
      <button type="button" onClick={() => outgoing.retry()}>{STRINGS.retry}</button>
      <button type="button" onClick={() => outgoing.discard()}>{STRINGS.discard}</button>
    </p>
  );
}
