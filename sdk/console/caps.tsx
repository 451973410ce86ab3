/** The keys of an act, as caps. */
import { ACTS, type ActId } from './acts.ts';
import { caps } from './keys.ts';

const MAC = /Mac|iPhone|iPad/u.test(navigator.platform);

/** The first keys of an act; none for one that has none. */
export function capsOf(act: ActId): readonly string[] {
  const [key] = ACTS[act].keys;
  return key === undefined ? [] : caps(key, MAC);
}

export function Caps({ act }: { act: ActId }) {
  return <span class="caps" aria-hidden="true">{capsOf(act).map((cap) => <kbd key={cap}>{cap}</kbd>)}</span>;
}

/** "Snooze (Z)", for the title of a button. */
export function withKeys(name: string, act: ActId): string {
  const keys = capsOf(act).join(' ');
  return keys === '' ? name : `${name} (${keys})`;
}
