/** The difference between two versions of a flow, to be read: what came, went, moved, and what now says something else. */
import { useMemo } from 'preact/hooks';
import { Icon } from '../../ui/icons.tsx';
import type { Tree } from '../admin/tree.ts';
import { changedName, changedSaid, standingSaid } from './changed-said.ts';
import { difference, isNone, type FieldChange, type StepChange } from './difference.ts';
import { KindIcon } from './kind-icon.tsx';
import type { Names } from './names.ts';
import { stepName, stepSaid } from './said.ts';
import { kindOf } from './steps.ts';
import { FLOWS, VERSIONS } from './words.ts';

interface Props {
  old: Tree;
  next: Tree;
  names: Names;
  /** Of texts that are shown whole. */
  language: string;
}

export function Changes({ old, next, names, language }: Props) {
  const found = useMemo(() => difference(old, next), [old, next]);
  if (isNone(found)) return <p class="means">{VERSIONS.nothing}</p>;
  return (
    <ul class="changes">
      {found.own.length > 0 && (
        <li class="change">
          <p class="change-name"><span class="step-icon"><Icon name="sliders" /></span><b>{FLOWS.flowSettings}</b></p>
          <Fields fields={found.own} step={next} names={names} />
        </li>
      )}
      {found.steps.map((change) => <Step key={change.id} change={change} next={next} names={names} language={language} />)}
    </ul>
  );
}

function Step({ change: { id, step, what, to, fields }, next, names, language }: Omit<Props, 'old'> & { change: StepChange }) {
  const kind = kindOf(step);
  return (
    <li class={`change is-${kind ?? 'strange'}`} data-change={id}>
      <p class="change-name">
        <span class="step-icon"><KindIcon kind={kind} /></span>
        <b>{stepName(step)}</b>
        <span class={`change-what is-${what}`}>{VERSIONS[what]}</span>
      </p>
      {to && <p class="means">{standingSaid(to, next, names)}</p>}
      {what === 'added' && stepSaid(step, names, language, language) !== '' && (
        <p class="change-said">{stepSaid(step, names, language, language)}</p>
      )}
      {what === 'removed' && stepSaid(step, names, language, language) !== '' && (
        <p class="change-said"><del>{stepSaid(step, names, language, language)}</del></p>
      )}
      <Fields fields={fields} step={step} names={names} />
    </li>
  );
}

function Fields({ fields, step, names }: { fields: readonly FieldChange[]; step: Tree; names: Names }) {
  if (fields.length === 0) return null;
  return (
    <dl class="change-fields">
      {fields.map((change) => {
        const { from, to } = changedSaid(change, names);
        const name = changedName(change, step);
        return (
          <div key={`${change.field} ${change.language ?? ''} ${change.at}`}>
            <dt>{name}</dt>
            <dd>
              {change.from !== undefined && <del><span class="unseen">{VERSIONS.from}: </span>{from}</del>}
              <ins><span class="unseen">{VERSIONS.to}: </span>{to}</ins>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
