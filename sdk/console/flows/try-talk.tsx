/** The talk of a trial as both sides see it, with the clock above it and whoever may speak next below. */
import { Fragment } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Trial } from '../../agent.ts';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icons.tsx';
import { span } from '../../ui/span.ts';
import { useValue } from '../../ui/value.ts';
import { Written } from '../../ui/written.tsx';
import type { Tree } from '../admin/tree.ts';
import { LANGUAGE } from '../strings.ts';
import { troubleOf } from '../trouble.ts';
import type { Names } from './names.ts';
import { eventSaid, momentSaid, type TriedLine } from './tried-said.ts';
import { startsOf } from './triggers.tsx';
import { TryClock } from './try-clock.tsx';
import { TryCall } from './try-call.tsx';
import type { Tried, Trying } from './trying.ts';
import { TRIAL } from './words.ts';

interface Props {
  trying: Trying;
  flow: Tree;
  names: Names;
  /** The draft has problems. */
  wrong: boolean;
}

/** A pause that is worth telling. */
const PAUSE_MS = 60_000;

export function TryTalk({ trying, flow, names, wrong }: Props) {
  const tried = useValue(trying.value);
  const { trial } = tried;
  const log = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [trial]);
  const last = trial?.lines.findLast(({ kind }) => kind === 'message');
  const choices = last?.author.role === 'system' ? last.choices : [];
  const call = trial?.calls.find(({ answered }) => answered === null);
  return (
    <section class="try-talk" aria-label={TRIAL.talk}>
      <p class="try-safe"><Icon name="lock" />{TRIAL.safe}</p>
      <TryClock trying={trying} />
      <div ref={log} class="try-log" role="log" aria-label={TRIAL.talk} tabIndex={0}>
        {trial === null ? <p class="try-none">{wrong ? TRIAL.cannotYet : TRIAL.working}</p>
          : tried.moves.length === 0 ? <Empty flow={flow} /> : <Lines trial={trial} flow={flow} names={names} />}
        {call && <TryCall key={trial?.calls.indexOf(call)} call={call} flow={flow} trying={trying} />}
        {choices.length > 0 && (
          <div class="try-choices" role="group" aria-label={TRIAL.choices}>
            {choices.map((choice) => (
              <button key={choice} type="button" onClick={() => void trying.move({ do: 'customer', text: choice })}>{choice}</button>
            ))}
          </div>
        )}
      </div>
      <Notice tried={tried} wrong={wrong} />
      <Speak trying={trying} off={trial === null} />
    </section>
  );
}

function Empty({ flow }: { flow: Tree }) {
  const starts = startsOf(flow);
  return (
    <div class="try-none">
      <p>{starts.length > 0 && starts.every((on) => on === 'called') ? TRIAL.emptyCalled : TRIAL.empty}</p>
      <p>{TRIAL.emptyAgent}</p>
    </div>
  );
}

function Lines({ trial, flow, names }: { trial: Trial; flow: Tree; names: Names }) {
  const said = trial.lines.map((line) => ({ line, event: eventSaid(line, flow, names) }))
    .filter(({ line, event }) => event !== null || line.kind === 'message' || line.kind === 'note');
  const gap = (from: number | undefined, to: number) => from !== undefined && to - from >= PAUSE_MS && (
    <p class="try-gap">{TRIAL.passed(span(to - from, LANGUAGE))}</p>
  );
  return (
    <>
      {said.map(({ line, event }, i) => (
        <Fragment key={i}>
          {gap(said[i - 1]?.line.at, line.at)}
          {event === null ? <Line line={line} now={trial.at} /> : <p class="try-event">{event}</p>}
        </Fragment>
      ))}
      {gap(said.at(-1)?.line.at, trial.at)}
    </>
  );
}

function Line({ line: { kind, author, text, at }, now }: { line: TriedLine; now: number }) {
  const side = kind === 'note' ? 'note' : author.role === 'customer' ? 'customer' : author.role === 'agent' ? 'agent' : 'flow';
  return (
    <div class={`try-line is-by-${side}`} title={momentSaid(at, now)}>
      <p class="try-author">
        {side === 'customer' ? TRIAL.asCustomer : side === 'agent' ? TRIAL.asAgent : author.name}
        {side === 'note' && <span> · {TRIAL.onlyAgents}</span>}
      </p>
      <Written text={text} />
    </div>
  );
}

function Notice({ tried: { trial, refused, stuck, made, moves, failure }, wrong }: { tried: Tried; wrong: boolean }) {
  const trouble = failure !== null && !wrong ? troubleOf(failure) : null;
  const said = refused !== null ? TRIAL.refused(plain(refused))
    : stuck !== null ? (trial?.refused ? TRIAL.notBegun(plain(stuck)) : TRIAL.cut(made, moves.length, plain(stuck)))
      : wrong ? TRIAL.outdated : trouble ? `${trouble.what} ${trouble.mend}` : '';
  return <div role="status">{said !== '' && <p class="try-notice">{said}</p>}</div>;
}

/** Without its full stop: it stands in a sentence of ours. */
function plain(why: string): string {
  return why.replace(/\.$/u, '');
}

function Speak({ trying, off }: { trying: Trying; off: boolean }) {
  const [who, be] = useState<'customer' | 'agent'>('customer');
  const [text, write] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const label = who === 'customer' ? TRIAL.customerSays : TRIAL.agentSays;
  const send = () => {
    if (off || text.trim() === '') return;
    void trying.move({ do: who, text: text.trim() });
    write('');
    field.current?.focus();
  };
  return (
    <form class={`try-speak is-${who}`} onSubmit={(event) => { event.preventDefault(); send(); }}>
      <div class="try-who">
        <div class="segments" role="group" aria-label={TRIAL.writeAs}>
          {(['customer', 'agent'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={one === who} onClick={() => { be(one); field.current?.focus(); }}>
              {one === 'customer' ? TRIAL.asCustomer : TRIAL.asAgent}
            </button>
          ))}
        </div>
        {who === 'customer' ? <Act words={TRIAL.leave} off={off} onClick={() => void trying.move({ do: 'leave' })} /> : (
          <>
            <Act words={TRIAL.accept} off={off} onClick={() => void trying.move({ do: 'accept' })} />
            <Act words={TRIAL.solve} off={off} onClick={() => void trying.move({ do: 'solve' })} />
          </>
        )}
      </div>
      <div class="try-field">
        <Field field={field} text={text} label={label} hint={label} sends="enter" onText={write} onSend={send} />
        <button type="submit" class="primary" disabled={off || text.trim() === ''}>{TRIAL.send}</button>
      </div>
    </form>
  );
}

function Act({ words, off, onClick }: { words: string; off: boolean; onClick(): void }) {
  return <button type="button" class="secondary" disabled={off} onClick={onClick}>{words}</button>;
}
