/**
 * The draft tried out: a talk with nobody, in which one plays the customer, the agent, the other systems and the time. The
 * talk stays when the draft changes, and is shown anew.
 */
import { useEffect, useMemo } from 'preact/hooks';
import { useValue } from '../../ui/value.ts';
import { useConsole } from '../context.ts';
import { LANGUAGE } from '../strings.ts';
import type { TabProps } from './editor.tsx';
import { FlowView } from './flow-view.tsx';
import { namesOf } from './names.ts';
import { stepName } from './said.ts';
import { TryFacts } from './try-facts.tsx';
import { TryTalk } from './try-talk.tsx';
import { useSame } from './use-same.ts';
import { useTrying } from './use-trying.ts';

export function TryTab({ draft, open, library }: TabProps) {
  const { agent } = useConsole();
  const settings = useValue(agent.settings.value);
  const { drafting: { value: flow }, view, problems } = open;
  const trying = useTrying(agent, view.id, flow);
  const tried = useValue(trying.value);
  const names = useSame(useMemo(() => namesOf(settings, library.flows, view.id, flow, stepName), [settings, library, flow]));
  const lit = tried.trial?.runs.find((run) => run.flow === view.id)?.step ?? null;
  const own = LANGUAGE.split('-')[0] ?? 'en';
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const meant = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'z';
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (!meant || typing || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      void trying.back();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [trying]);
  return (
    <div class="flow-body try-body">
      <FlowView flow={flow} names={names} language={tried.start.language ?? own} chart={open.chart} outdated={open.outdated}
        lit={lit} />
      <TryTalk trying={trying} flow={flow} names={names} wrong={problems.length > 0} />
      <TryFacts trying={trying} draft={draft} names={names} />
    </div>
  );
}
