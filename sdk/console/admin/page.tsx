/** A page of administration: its sections, and the bar that saves them together. */
import { useRef, useState } from 'preact/hooks';
import type { Agent, Settings } from '../../agent.ts';
import { Icon } from '../../ui/icons.tsx';
import { ADMIN } from '../strings.ts';
import { changes } from './changes.ts';
import type { Drafts } from './drafts.ts';
import { aboutOf, titleOf, type Page } from './pages.ts';
import { isOneField, problemsIn, Section } from './section.tsx';
import { sectionName } from './words.ts';

interface Props {
  agent: Agent;
  page: Page;
  settings: Settings;
  drafts: Drafts;
  watch(act: Promise<unknown>): void;
}

/** The first field that must be mended; of a thing that is closed, its line. */
const AMISS = '[aria-invalid="true"], .thing:not(.is-open) .thing-name:has(.chip)';

export function SettingsPage({ agent, page, settings, drafts, watch }: Props) {
  const [tried, setTried] = useState(false);
  const [saved, setSaved] = useState(false);
  const open = page.sections.filter((section) => drafts.open.includes(section));
  const drafted = open.flatMap((section) => {
    const { draft } = drafts.of(section);
    return draft ? [{ section, draft }] : [];
  });
  const wrong = drafted.reduce((sum, { section, draft }) => sum + problemsIn(settings, section, draft.value), 0);
  const count = drafted.reduce((sum, { draft }) => sum + changes(draft.base, draft.value).length, 0);
  const saving = drafted.some(({ draft }) => draft.state === 'saving');
  const clashing = open.some((section) => drafts.of(section).clash !== null);

  const form = useRef<HTMLFormElement>(null);
  const said = useRef<HTMLParagraphElement>(null);

  const save = async () => {
    setTried(true);
    setSaved(false);
    if (wrong > 0) return requestAnimationFrame(() => form.current?.querySelector<HTMLElement>(AMISS)?.focus());
    if (saving || clashing) return;
    let all = true;
    for (const section of open) all = await drafts.save(section) && all;
    setSaved(all);
    if (all) setTried(false);
    // The button that had the focus is gone.
    if (all) said.current?.focus();
  };
  const discard = () => {
    for (const section of open) drafts.discard(section);
    setTried(false);
  };

  return (
    <main class="settings-page" tabIndex={0} aria-label={titleOf(page)}>
      <header>
        <a class="plain back" href="#/admin" aria-label={ADMIN.back}><Icon name="back" /></a>
        <h2>{titleOf(page)}</h2>
        <p>{aboutOf(page)}</p>
      </header>
      <form ref={form} class="sections" noValidate onSubmit={(event) => { event.preventDefault(); void save(); }}>
        {page.sections.map((section) => (
          <section key={section} class="panel" aria-label={sectionName(section)}>
            {page.sections.length > 1 && !isOneField(settings, section) && <h3>{sectionName(section)}</h3>}
            <Section agent={agent} section={section} settings={settings} drafts={drafts} tried={tried} watch={watch} />
          </section>
        ))}
        <div class={count > 0 ? 'save-bar is-open' : 'save-bar'}>
          <p ref={said} role="status" tabIndex={-1}>
            {count > 0 ? (tried && wrong > 0 ? ADMIN.wrong(wrong) : ADMIN.unsaved(count)) : saved ? ADMIN.saved : ''}
          </p>
          {count > 0 && (
            <>
              <button type="button" class="secondary" disabled={saving} onClick={discard}>{ADMIN.discard}</button>
              <button type="submit" class="primary" disabled={saving || clashing}>{saving ? ADMIN.saving : ADMIN.save}</button>
            </>
          )}
        </div>
      </form>
    </main>
  );
}
