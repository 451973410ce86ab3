/** What a person may set for this browser: sound, notifications, colours, language, density. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from '../ui/dialog.tsx';
import { LANGUAGES, type Language } from '../ui/language.ts';
import { useValue } from '../ui/value.ts';
import { mayNotify } from './alerts.ts';
import { chime } from './chime.ts';
import { speak, SPOKEN } from './languages/choice.ts';
import { DENSITIES, prefer, PREFERENCES } from './preferences.ts';
import { STRINGS } from './strings.ts';
import { setTheme, theme, THEMES } from './theme.ts';

export function PreferencesCard({ onClose }: { onClose(): void }) {
  const { sound, notifications, density } = useValue(PREFERENCES);
  const [colours, setColours] = useState(theme);
  const [refused, setRefused] = useState(false);
  const languages = Object.keys(LANGUAGES).filter((one): one is Language => one in LANGUAGES);

  const choose = (language: string) => {
    const chosen = languages.find((one) => one === language);
    if (chosen) speak(chosen);
  };
  /** The browser is asked by this button alone, never by a page that merely opens. */
  const turnNotifications = async () => {
    if (notifications) return prefer({ notifications: false });
    const answer = typeof Notification === 'undefined' ? 'denied' : await Notification.requestPermission();
    setRefused(answer !== 'granted');
    if (answer === 'granted') prefer({ notifications: true });
  };
  return (
    <Dialog label={STRINGS.preferences} kind="is-form is-preferences" onClose={onClose}>
      <header>
        <h2>{STRINGS.preferences}</h2>
        <button type="button" class="secondary" onClick={onClose}>{STRINGS.closeKeys}</button>
      </header>
      <Setting name={STRINGS.sound} hint={STRINGS.soundHint}>
        <button type="button" class="secondary" onClick={() => chime('offer')}>{STRINGS.listen}</button>
        <Switch name={STRINGS.sound} on={sound} onTurn={() => prefer({ sound: !sound })} />
      </Setting>
      <Setting name={STRINGS.notifications} hint={refused ? STRINGS.notificationsRefused : STRINGS.notificationsHint}>
        <Switch name={STRINGS.notifications} on={notifications && mayNotify()} onTurn={() => void turnNotifications()} />
      </Setting>
      <Setting name={STRINGS.colours}>
        <Segments name={STRINGS.colours} of={THEMES} names={STRINGS.themeNames} chosen={colours}
          onChoose={(one) => { setTheme(one); setColours(one); }} />
      </Setting>
      <Setting name={STRINGS.density}>
        <Segments name={STRINGS.density} of={DENSITIES} names={STRINGS.densityNames} chosen={density}
          onChoose={(one) => prefer({ density: one })} />
      </Setting>
      <Setting name={STRINGS.language} hint={STRINGS.languageHint}>
        <select aria-label={STRINGS.language} value={SPOKEN.language} onChange={(event) => choose(event.currentTarget.value)}>
          {languages.map((one) => <option key={one} value={one}>{LANGUAGES[one].name}</option>)}
        </select>
      </Setting>
    </Dialog>
  );
}

function Setting({ name, hint, children }: { name: string; hint?: string; children: ComponentChildren }) {
  return (
    <div class="setting">
      <div><h3>{name}</h3>{hint && <p class="muted">{hint}</p>}</div>
      <div class="controls">{children}</div>
    </div>
  );
}

function Switch({ name, on, onTurn }: { name: string; on: boolean; onTurn(): void }) {
  return (
    <button type="button" class="switch" role="switch" aria-checked={on} aria-label={name} onClick={onTurn}><i /></button>
  );
}

interface SegmentsProps<One extends string> {
  name: string;
  of: readonly One[];
  names: Readonly<Record<One, string>>;
  chosen: One;
  onChoose(one: One): void;
}

function Segments<One extends string>({ name, of, names, chosen, onChoose }: SegmentsProps<One>) {
  return (
    <div class="segments" role="group" aria-label={name}>
      {of.map((one) => (
        <button key={one} type="button" aria-pressed={one === chosen} onClick={() => onChoose(one)}>{names[one]}</button>
      ))}
    </div>
  );
}
