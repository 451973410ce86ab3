/** What one person said in a row: the customer on the left, the house on the right, notes apart. */
import type { Outgoing } from '../index.ts';
import type { Block } from '../ui/blocks.ts';
import { Icon } from '../ui/icons.tsx';
import { clockTime } from '../ui/moments.ts';
import type { Receipt } from '../ui/receipts.ts';
import { useValue } from '../ui/value.ts';
import { Written } from '../ui/written.tsx';
import { NoteText } from './note-text.tsx';
import { LANGUAGE, STRINGS } from './strings.ts';
import { troubleOf } from './trouble.ts';

interface Props {
  run: Extract<Block, { is: 'run' }>;
  /** Whether there is a connection: what is queued leaves at once then. */
  live: boolean;
  handles: ReadonlySet<string>;
  /** Sequence of the message that was looked for. */
  aim: number;
  lastOurs: string | null;
  far: Receipt | null;
}

export function Run({ run, live, handles, aim, lastOurs, far }: Props) {
  const note = run.kind === 'note';
  const side = note ? 'note' : run.author.role === 'customer' ? 'theirs' : 'ours';
  const first = run.items[0];
  return (
    <div class={`run ${side}`}>
      <p class="author">
        {note && <Icon name="lock" />}
        <span>{run.author.name || STRINGS.visitor}{note && ` · ${STRINGS.onlyAgents}`}</span>
        {first && (
          <time dateTime={new Date(first.at).toISOString()} title={new Date(first.at).toLocaleString(LANGUAGE)}>
            {clockTime(first.at, LANGUAGE)}
          </time>
        )}
      </p>
      {run.items.map((item) => (
        <div key={item.key} id={item.seq === null ? undefined : `m${item.seq}`}
          class={item.seq !== null && item.seq === aim ? 'said is-aim' : 'said'}>
          <div class="balloon">
            {note ? <NoteText text={item.body.text} handles={handles} /> : <Written text={item.body.text} />}
          </div>
          {item.outgoing ? <Pending outgoing={item.outgoing} live={live} />
            : item.key === lastOurs && far !== null && <Mark far={far} />}
        </div>
      ))}
    </div>
  );
}

function Mark({ far }: { far: Receipt }) {
  return <p class={`foot is-${far}`}><Icon name={far === 'sent' ? 'tick' : 'ticks'} />{STRINGS[far]}</p>;
}

function Pending({ outgoing, live }: { outgoing: Outgoing; live: boolean }) {
  const status = useValue(outgoing.status);
  const error = useValue(outgoing.error);
  if (status !== 'failed') {
    const said = live && status === 'queued' ? 'sending' : status;
    return <p class="foot"><Icon name="waiting" />{STRINGS[said]}</p>;
  }
  const { what, mend } = error === null ? { what: '', mend: '' } : troubleOf(error);
  return (
    <p class="foot failed" role="alert">
      <span>{STRINGS.failed} {what} {mend}</span>
      <button type="button" onClick={() => outgoing.retry()}>{STRINGS.retry}</button>
      <button type="button" onClick={() => outgoing.discard()}>{STRINGS.discard}</button>
    </p>
  );
}
