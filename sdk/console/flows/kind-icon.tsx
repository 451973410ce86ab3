/** A drawing for each kind of step. */
import { Icon, Stroke, type IconName } from '../../ui/icons.tsx';
import type { Kind } from './steps.ts';

const KNOWN: Readonly<Partial<Record<Kind, IconName>>> = {
  say: 'talk', wait: 'hourglass', run: 'bolt', assign: 'person', tag: 'tag', priority: 'flag', status: 'done',
  close: 'lock',
};
const OWN: Readonly<Partial<Record<Kind, string>>> = {
  ask: 'M4 5.5h16v10.5H11l-4.5 4v-4H4zM10 9.2a2 2 0 1 1 2.6 1.9c-.5.2-.6.5-.6 1M12 13.7h.01',
  note: 'M5.5 4.5h13v10l-4 5h-9zM14.5 19.5v-5h4M8.5 8.5h7M8.5 11.5h4',
  branch: 'M12 4.5v5M12 9.5l-6 5v5M12 9.5l6 5v5M3.8 17.3 6 19.5l2.2-2.2M15.8 17.3l2.2 2.2 2.2-2.2',
  jump: 'M6 19.5V13a5 5 0 0 1 5-5h7.5M15 4.5 18.5 8 15 11.5',
  end: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9 9h6v6H9z',
  set: 'M5 19.5l1-4L15.5 6a2.1 2.1 0 0 1 3 3L9 18.5zM13.5 8l3 3',
  http: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM4 12h16M12 4c5 5 5 11 0 16M12 4c-5 5-5 11 0 16',
};
const STRANGE = 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v5M12 16h.01';

export function KindIcon({ kind }: { kind: Kind | null }) {
  const known = kind === null ? undefined : KNOWN[kind];
  return known ? <Icon name={known} /> : <Stroke d={(kind === null ? undefined : OWN[kind]) ?? STRANGE} />;
}

export const COPY = 'M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4';
export const BIN = 'M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7M10.5 10.5v6M13.5 10.5v6';
export const REDO = 'M15.5 5l4 4-4 4M19 9H9a5 5 0 0 0 0 10h3';
export const UNDO = 'M8.5 5l-4 4 4 4M5 9h10a5 5 0 0 1 0 10h-3';
export const GRIP = 'M9.5 6h.01M9.5 12h.01M9.5 18h.01M14.5 6h.01M14.5 12h.01M14.5 18h.01';
