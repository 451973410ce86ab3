/** Beside the talk of a trial: where the flow stands, the ticket, the contact, the requests, and how all began. */
import type { Trial } from '../../agent.ts';
import { span } from '../../ui/span.ts';
import { useValue } from '../../ui/value.ts';
import { isTree, type Tree } from '../admin/tree.ts';
import { Chip } from '../chip.tsx';
import { PriorityMark } from '../priority-mark.tsx';
import { LANGUAGE, STRINGS } from '../strings.ts';
import { priorityOf } from '../workspace.ts';
import type { FlowDraft } from './draft.ts';
import { fieldName, type Names } from './names.ts';
import { stepName } from './said.ts';
import { find } from './steps.ts';
import { agentSaid, momentSaid, teamSaid } from './tried-said.ts';
import { languageName } from './texts.tsx';
import { Sent, type Asked } from './try-call.tsx';
import { TryStart } from './try-start.tsx';
import type { Trying } from './trying.ts';
import { FLOWS, TRIAL } from './words.ts';

interface Props {
  trying: Trying;
  draft: FlowDraft;
  names: Names;
}

export function TryFacts({ trying, draft, names }: Props) {
  const { trial, moves } = useValue(trying.value);
  const { drafting: { value: flow }, view } = draft.value.get();
  return (
    <aside class="flow-right settings-page try-facts" aria-label={TRIAL.stands}>
      {trial && moves.length > 0 && (
        <>
          <Runs trial={trial} flow={flow} id={view.id} />
          <Ticket trial={trial} names={names} />
          <Contact trial={trial} names={names} />
          <Calls calls={trial.calls} flow={flow} />
        </>
      )}
      <TryStart trying={trying} flow={flow} names={names} />
    </aside>
  );
}

function Runs({ trial, flow, id }: { trial: Trial; flow: Tree; id: string }) {
  const name = (run: Trial['runs'][number]) => {
    const own = run.flow === id ? find(flow, run.step)?.step : undefined;
    const kinds: Readonly<Record<string, string>> = FLOWS.kinds;
    return isTree(own) ? stepName(own) : kinds[run.stepName] ?? run.stepName;
  };
  return (
    <section aria-label={TRIAL.stands}>
      <h3>{TRIAL.stands}</h3>
      {trial.runs.length === 0 && <p class="means">{TRIAL.noRun}</p>}
      <ul class="try-runs">
        {trial.runs.map((run) => (
          <li key={run.run}>
            {run.flow !== id && <span class="fact">{run.name}</span>} <b>{name(run)}</b>
            <p class="means">
              {TRIAL.waitsFor[run.waits]}
              {run.until > trial.at && `, ${TRIAL.until(momentSaid(run.until, trial.at), span(run.until - trial.at, LANGUAGE))}`}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Status = keyof typeof STRINGS.statuses;

function Ticket({ trial: { ticket: { status, team, agent, priority, tags } }, names }: { trial: Trial; names: Names }) {
  const known = (Object.keys(STRINGS.statuses) as Status[]).find((one) => one === status);
  return (
    <section aria-label={TRIAL.ticket}>
      <h3>{TRIAL.ticket}</h3>
      {known === undefined ? <p class="means">{TRIAL.noTicket}</p> : (
        <dl class="ticket-facts">
          <div><dt>{STRINGS.setStatus}</dt><dd><Chip status={known} /></dd></div>
          <div><dt>{STRINGS.team}</dt><dd>{team === '' ? '–' : teamSaid(names, team)}</dd></div>
          <div><dt>{STRINGS.assignee}</dt><dd>{agent === null ? STRINGS.nobody : agentSaid(names, agent)}</dd></div>
          <div>
            <dt>{STRINGS.priority}</dt>
            <dd><PriorityMark priority={priorityOf(priority)} always /> {STRINGS.priorities[priorityOf(priority)]}</dd>
          </div>
          {tags.length > 0 && (
            <div>
              <dt>{STRINGS.tags}</dt>
              <dd class="all-tags">{tags.map((tag) => <span key={tag} class="fact is-tag">{tag}</span>)}</dd>
            </div>
          )}
        </dl>
      )}
    </section>
  );
}

function Contact({ trial: { fields }, names }: { trial: Trial; names: Names }) {
  const known = Object.entries(fields).filter(([, value]) => value !== '');
  return (
    <section aria-label={TRIAL.contact}>
      <h3>{TRIAL.contact}</h3>
      {known.length === 0 && <p class="means">{TRIAL.nothingKnown}</p>}
      <dl class="ticket-facts">
        {known.map(([id, value]) => (
          <div key={id}>
            <dt>{fieldName(names, `contact.${id}`)}</dt><dd>{id === 'language' ? languageName(value) : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Calls({ calls, flow }: { calls: readonly Asked[]; flow: Tree }) {
  if (calls.length === 0) return null;
  return (
    <section aria-label={TRIAL.calls}>
      <h3>{TRIAL.calls}</h3>
      {calls.map((call, i) => {
        const step = find(flow, call.step);
        return (
          <details key={i} class="try-asked">
            <summary><b>{step ? stepName(step.step) : `${call.method} ${call.url}`}</b> <span>{answeredSaid(call)}</span></summary>
            <Sent call={call} />
            {isTree(call.answered) && (
              <pre tabIndex={0} aria-label={TRIAL.answerBody}>{JSON.stringify(call.answered['body'], null, 2)}</pre>
            )}
          </details>
        );
      })}
    </section>
  );
}

function answeredSaid({ answered }: Asked): string {
  if (answered === null) return TRIAL.answered.waiting;
  return typeof answered === 'string' ? TRIAL.answered[answered] : TRIAL.answeredWith(answered.status);
}
