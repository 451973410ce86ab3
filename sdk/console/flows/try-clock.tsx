/** The clock of a trial, moved by hand; and the way back through the moves. */
import { Icon, Stroke } from '../../ui/icons.tsx';
import { span } from '../../ui/span.ts';
import { useValue } from '../../ui/value.ts';
import { useConsole } from '../context.ts';
import { LANGUAGE } from '../strings.ts';
import { UNDO } from './kind-icon.tsx';
import { nextDue, type Trying } from './trying.ts';
import { TRIAL } from './words.ts';

/** A minute, five, an hour, a day. */
const PASSES = [60_000, 300_000, 3_600_000, 86_400_000] as const;

export function TryClock({ trying }: { trying: Trying }) {
  const { agent } = useConsole();
  const { trial, made, start } = useValue(trying.value);
  const at = trial?.at ?? start.at ?? 0;
  const due = trial === null ? null : nextDue(trial);
  const pass = (ms: number) => void trying.move({ do: 'pass', ms });
  return (
    <div class="try-clock" role="group" aria-label={TRIAL.clock}>
      <time dateTime={new Date(at).toISOString()}><Icon name="waiting" />{clockSaid(at)}</time>
      <div class="try-moves">
        <button type="button" class="plain-add" disabled={made === 0} title={TRIAL.backHow}
          onClick={() => void trying.back()}>
          <Stroke d={UNDO} />{TRIAL.back}
        </button>
        <button type="button" class="plain-add" disabled={made === 0} onClick={() => void trying.again(agent.now())}>
          <Icon name="flow" />{TRIAL.again}
        </button>
      </div>
      <div class="try-passes">
        {PASSES.map((ms) => (
          <button key={ms} type="button" class="secondary" disabled={trial === null}
            onClick={() => pass(ms)}>+{span(ms, LANGUAGE)}</button>
        ))}
        <button type="button" class="secondary is-next" disabled={due === null}
          title={due === null ? TRIAL.nothingDue : undefined} onClick={() => due !== null && pass(due - at)}>
          {due === null ? TRIAL.toNext : TRIAL.toNextIn(span(due - at, LANGUAGE))}
        </button>
      </div>
    </div>
  );
}

function clockSaid(at: number): string {
  return new Intl.DateTimeFormat(LANGUAGE, {
    weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', second: '2-digit',
  }).format(at);
}
