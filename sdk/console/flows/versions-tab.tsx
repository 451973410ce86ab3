/** All versions of a flow, the newest first: who published each, when and why, what it changed, and the way back to it. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FlowChart, FlowVersion } from '../../agent.ts';
import { ago, useNow } from '../../ui/moments.ts';
import { useValue } from '../../ui/value.ts';
import { useConsole } from '../context.ts';
import { LANGUAGE } from '../strings.ts';
import { Changes } from './changes.tsx';
import type { TabProps } from './editor.tsx';
import { FlowView } from './flow-view.tsx';
import { namesOf } from './names.ts';
import { flowOf } from './publish.tsx';
import { stepName } from './said.ts';
import { identified } from './steps.ts';
import { VERSIONS } from './words.ts';

export function VersionsTab({ draft, open: { drafting, view }, library, may }: TabProps) {
  const { agent, watch } = useConsole();
  const settings = useValue(agent.settings.value);
  const all = [...view.versions].reverse();
  const [chosen, choose] = useState(0);
  const version = all.find((one) => one.version === chosen) ?? all.find((one) => one.version === view.live) ?? all[0];
  const flow = useMemo(() => (version ? identified(version.flow) : {}), [version?.version]);
  const names = useMemo(() => namesOf(settings, library.flows, view.id, flow, stepName), [settings, library, flow]);
  const chart = useChart(view.id, version);
  const name = String(drafting.value['name'] ?? '') || view.id;
  const turn = (to: number) => {
    const live = (one: number) => agent.flows.live(view.id, one).then(() => draft.refresh());
    watch(live(to), { said: to === 0 ? VERSIONS.isTurnedOff(name) : VERSIONS.isLive(name, to), undo: () => live(view.live) });
  };
  if (!version) return <div class="admin-none"><p>{VERSIONS.none}</p></div>;
  const before = flowOf(view, version.version - 1);
  const language = LANGUAGE.split('-')[0] ?? 'en';
  return (
    <div class="flow-body versions-body">
      <nav class="flow-left versions" aria-label={VERSIONS.versions}>
        <ol>
          {all.map((one) => (
            <li key={one.version}>
              <Row version={one} live={one.version === view.live} shown={one === version} onShow={() => choose(one.version)} />
            </li>
          ))}
        </ol>
      </nav>
      <FlowView key={version.version} flow={flow} names={names} language={language} chart={chart} outdated={false} lit={null} />
      <section class="version" aria-label={VERSIONS.version(version.version)}>
        <header>
          <h3>{VERSIONS.version(version.version)}</h3>
          {version.version === view.live && <span class="chip is-solved">{VERSIONS.live}</span>}
          {may && (version.version === view.live
            ? <button type="button" class="secondary" onClick={() => turn(0)}>{VERSIONS.turnOff}</button>
            : <button type="button" class="primary" onClick={() => turn(version.version)}>{VERSIONS.makeLive}</button>)}
        </header>
        <p class="means">{version.by} · {dateSaid(version.at)}</p>
        {version.note !== '' && <p class="version-note">{version.note}</p>}
        {version.successor > 0 && <p class="means">{VERSIONS.successor(version.successor)}</p>}
        <h4>{before ? VERSIONS.changesSince(version.version - 1) : VERSIONS.theFirst}</h4>
        {before && <Changes old={before} next={flow} names={names} language={language} />}
      </section>
    </div>
  );
}

interface RowProps {
  version: FlowVersion;
  live: boolean;
  shown: boolean;
  onShow(): void;
}

function Row({ version: { version, by, at, note }, live, shown, onShow }: RowProps) {
  const now = useNow(30_000);
  return (
    <button type="button" class="version-row" aria-current={shown} onClick={onShow}>
      <span><b>{VERSIONS.version(version)}</b>{live && <span class="chip is-solved">{VERSIONS.live}</span>}</span>
      <span class="muted">{by} · <time dateTime={new Date(at).toISOString()}>{ago(at, now, LANGUAGE)}</time></span>
      {note !== '' && <span class="version-why">{note}</span>}
    </button>
  );
}

/** The statechart of a version; null until it is there. */
function useChart(id: string, version: FlowVersion | undefined): FlowChart | null {
  const { agent } = useConsole();
  const [drawn, draw] = useState<{ of: number; chart: FlowChart | null }>({ of: 0, chart: null });
  useEffect(() => {
    if (!version) return;
    let current = true;
    agent.flows.check(id, version.flow).then(({ chart }) => { if (current) draw({ of: version.version, chart }); }, () => {});
    return () => { current = false; };
  }, [agent, id, version?.version]);
  return drawn.of === version?.version ? drawn.chart : null;
}

function dateSaid(at: number): string {
  return new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}
