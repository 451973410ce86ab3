/** Administration: the pages of the settings beside each other, for administrators; everybody else is told whom to ask. */
import { useEffect, useRef } from 'preact/hooks';
import type { Agent, Settings } from '../../agent.ts';
import { useValue } from '../../ui/value.ts';
import { named } from '../staff.ts';
import { ADMIN, LANGUAGE } from '../strings.ts';
import { useDrafts } from './drafts.ts';
import { SettingsPage } from './page.tsx';
import { pagesOf, titleOf, usePage } from './pages.ts';
import { choiceWord } from './words.ts';

interface Props {
  agent: Agent;
  watch(act: Promise<unknown>): void;
}

export function Admin({ agent, watch }: Props) {
  const settings = useValue(agent.settings.value);
  const right = useValue(agent.desk.state)?.right;
  if (right !== undefined && right !== 'admin') return <NotAdmin right={right} settings={settings} />;
  if (settings === null || right === undefined) return <main class="admin-none" role="status"><p>{ADMIN.loading}</p></main>;
  return <Pages agent={agent} settings={settings} watch={watch} />;
}

function Pages({ agent, settings, watch }: Props & { settings: Settings }) {
  const chosen = usePage();
  const drafts = useDrafts(agent, settings);
  const pages = pagesOf(settings);
  const page = pages.find(({ id }) => id === chosen) ?? pages[0];
  const unsaved = pages.filter(({ sections }) => sections.some((section) => drafts.open.includes(section)));
  const latest = useRef(unsaved);
  latest.current = unsaved;
  // Who goes back to work with something unsaved is told that it waits here.
  useEffect(() => () => {
    if (latest.current.length > 0) watch(Promise.reject(new Error(ADMIN.unsavedIn(list(latest.current.map(titleOf))))));
  }, [watch]);
  return (
    <div class={chosen === null ? 'admin' : 'admin has-page'}>
      <nav class="admin-nav" aria-label={ADMIN.title}>
        <h2>{ADMIN.title}</h2>
        {(Object.keys(ADMIN.groups) as (keyof typeof ADMIN.groups)[]).map((group) => {
          const these = pages.filter((one) => one.group === group);
          return these.length === 0 ? null : (
            <section key={group} aria-labelledby={`admin-${group}`}>
              <h3 id={`admin-${group}`}>{ADMIN.groups[group]}</h3>
              <ul>
                {these.map((one) => (
                  <li key={one.id}>
                    <a href={`#/admin/${one.id}`} aria-current={one === page ? 'page' : undefined}>
                      {titleOf(one)}
                      {unsaved.includes(one) && (
                        <span class="dot" role="img" aria-label={ADMIN.unsavedHere} title={ADMIN.unsavedHere} />
                      )}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </nav>
      {page && <SettingsPage key={page.id} agent={agent} page={page} settings={settings} drafts={drafts} watch={watch} />}
    </div>
  );
}

function NotAdmin({ right, settings }: { right: string; settings: Settings | null }) {
  const names = named(settings, 'agents').filter((one) => 'right' in one && one.right === 'admin').map(({ name }) => name);
  return (
    <main class="admin-none">
      <h2>{ADMIN.notAdmin}</h2>
      <p>{ADMIN.youAre(choiceWord('right', right))} {names.length > 0 && ADMIN.askWhom(list(names))}</p>
    </main>
  );
}

function list(names: readonly string[]): string {
  return new Intl.ListFormat(LANGUAGE).format(names);
}
