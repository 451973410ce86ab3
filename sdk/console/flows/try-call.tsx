/** A request of a flow under trial, which goes nowhere: how it would have gone, and the answer that one gives in its place. */
import { useId, useState } from 'preact/hooks';
import type { Trial } from '../../agent.ts';
import { Icon } from '../../ui/icons.tsx';
import type { Tree } from '../admin/tree.ts';
import { stepName } from './said.ts';
import { find } from './steps.ts';
import { exampleAnswer } from './tried-said.ts';
import type { Trying } from './trying.ts';
import { TRIAL } from './words.ts';

export type Asked = Trial['calls'][number];

interface Props {
  call: Asked;
  flow: Tree;
  trying: Trying;
}

const NOT_FOUND = { error: 'not found' };

export function TryCall({ call, flow, trying }: Props) {
  const id = useId();
  const [status, setStatus] = useState('200');
  const [body, setBody] = useState(() => json(exampleAnswer(flow, call.step)));
  const [wrong, blame] = useState(false);
  const ready = (code: string, answer: unknown) => {
    setStatus(code);
    setBody(json(answer));
    blame(false);
  };
  const answer = () => {
    const read = readJson(body);
    blame(read === null);
    if (read !== null) void trying.move({ do: 'answer', status: statusIn(status), body: read.value });
  };
  const step = find(flow, call.step);
  return (
    <form class="try-call settings-page" aria-label={TRIAL.asks} noValidate
      onSubmit={(event) => { event.preventDefault(); answer(); }}>
      <h3><Icon name="bolt" />{TRIAL.asks}{step && <span> · {stepName(step.step)}</span>}</h3>
      <p class="means">{TRIAL.asksHow}</p>
      <Sent call={call} />
      <div class="try-ready" role="group" aria-label={TRIAL.examples}>
        <button type="button" class="secondary"
          onClick={() => ready('200', exampleAnswer(flow, call.step))}>{TRIAL.found}</button>
        <button type="button" class="secondary" onClick={() => ready('404', NOT_FOUND)}>{TRIAL.missing}</button>
      </div>
      <div class="try-answer">
        <div class="field">
          <label for={`${id}-status`}>{TRIAL.statusCode}</label>
          <input id={`${id}-status`} type="number" class="short" min={100} max={599} value={status}
            onInput={(event) => setStatus(event.currentTarget.value)} />
        </div>
        <div class="field">
          <label for={`${id}-body`}>{TRIAL.answerBody}</label>
          <textarea id={`${id}-body`} class="mono" rows={Math.min(10, body.split('\n').length)} value={body}
            spellcheck={false} aria-invalid={wrong} aria-describedby={wrong ? `${id}-said` : undefined}
            onInput={(event) => { setBody(event.currentTarget.value); blame(false); }} />
          {wrong && <p class="wrong" id={`${id}-said`} role="alert">{TRIAL.notJson}</p>}
        </div>
      </div>
      <div class="form-foot">
        <button type="button" class="secondary"
          onClick={() => void trying.move({ do: 'noAnswer' })}>{TRIAL.noAnswer}</button>
        <button type="submit" class="primary">{TRIAL.answer}</button>
      </div>
    </form>
  );
}

/** How it would have gone; secrets by their names. */
export function Sent({ call: { method, url, headers, body } }: { call: Asked }) {
  return (
    <div class="try-sent">
      <p class="mono"><b>{method}</b> {url}</p>
      {headers.length > 0 && (
        <dl aria-label={TRIAL.headers}>
          {headers.map(({ name, value }) => <div key={name}><dt>{name}</dt><dd><Secret value={value} /></dd></div>)}
        </dl>
      )}
      {body !== undefined && body !== null && <pre aria-label={TRIAL.body} tabIndex={0}>{json(body)}</pre>}
    </div>
  );
}

/** Every second part is the name of a secret. */
function Secret({ value }: { value: string }) {
  return (
    <>
      {value.split(/\{\{secrets\.([\w-]+)\}\}/u).map((part, i) => (
        i % 2 === 0 ? part : <span key={i} class="fact"><Icon name="lock" />{TRIAL.secret(part)}</span>
      ))}
    </>
  );
}

function statusIn(text: string): number {
  return Math.min(599, Math.max(100, Math.round(Number(text)) || 200));
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Null: it is none. Nothing at all is `null`. */
function readJson(text: string): { value: unknown } | null {
  try {
    return { value: text.trim() === '' ? null : JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}
