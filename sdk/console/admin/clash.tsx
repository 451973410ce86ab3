/** Two administrators at one section: what the other changed, and what to do where both changed the same. */
import type { Settings } from '../../agent.ts';
import { ADMIN } from '../strings.ts';
import type { Change } from './changes.ts';
import type { Clash } from './draft.ts';
import type { Schema } from './schema.ts';
import { describe } from './words.ts';

interface Props {
  settings: Settings;
  section: string;
  schema: Schema;
  /** Who it was, '' when nobody said. */
  who: string;
}

interface ClashProps extends Props {
  clash: Clash;
  onTheirs(): void;
  onMine(): void;
}

export function Clashing({ settings, section, schema, who, clash, onTheirs, onMine }: ClashProps) {
  const rows = clash.all.map(({ mine, theirs }) => {
    const [my, their] = [describe(settings, section, schema, mine), describe(settings, section, schema, theirs)];
    return { key: `${my.where} ${their.where}`, where: my.where, theirs: their.to, mine: my.to };
  });
  return <ClashCard who={who} rows={rows} onTheirs={onTheirs} onMine={onMine} />;
}

interface CardProps {
  who: string;
  /** What each side made of a place, in words. */
  rows: readonly { readonly key: string; readonly where: string; readonly theirs: string; readonly mine: string }[];
  onTheirs(): void;
  onMine(): void;
}

/** Both sides beside each other, and the choice. */
export function ClashCard({ who, rows, onTheirs, onMine }: CardProps) {
  return (
    <section class="clash" role="alert" aria-label={ADMIN.conflict(who)}>
      <p><strong>{ADMIN.conflict(who)}</strong> {ADMIN.conflictHow}</p>
      <div class="clash-table" tabIndex={0} role="group" aria-label={ADMIN.conflict(who)}>
        <table class="figures">
          <thead><tr><td /><th scope="col">{ADMIN.theirs}</th><th scope="col">{ADMIN.mine}</th></tr></thead>
          <tbody>
            {rows.map(({ key, where, theirs, mine }) => (
              <tr key={key}><th scope="row">{where}</th><td>{theirs}</td><td>{mine}</td></tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="clash-acts">
        <button type="button" class="secondary" onClick={onTheirs}>{ADMIN.loadTheirs}</button>
        <button type="button" class="primary" onClick={onMine}>{ADMIN.keepMine}</button>
      </p>
    </section>
  );
}

export function Taken({ settings, section, schema, who, taken }: Props & { taken: readonly Change[] }) {
  return (
    <div class="notice" role="status">
      <p>{ADMIN.taken(who)}</p>
      <ul>
        {taken.map((change) => {
          const { where, from, to } = describe(settings, section, schema, change);
          return <li key={where}><strong>{where}</strong>: {change.from === undefined ? to : `${from} → ${to}`}</li>;
        })}
      </ul>
      <p>{ADMIN.saveAgain}</p>
    </div>
  );
}
