/** A part of a thread that is drawn as a whole: again only when something in it has changed. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { dayName } from '../ui/moments.ts';
import type { Receipt } from '../ui/receipts.ts';
import { still } from '../ui/still.ts';
import type { Group } from './groups.ts';
import { Run } from './run.tsx';
import { LANGUAGE } from './strings.ts';

/** What a line takes, about: the browser needs a guess for what it has not laid out yet. In pixels. */
const GUESS = 58;

interface Props {
  group: Group;
  /** Changes once a day, and the days' names with it. */
  today: number;
  /** Those whom a note may name. */
  handles: ReadonlySet<string>;
  /** Sequence of the message that was looked for. */
  aim: number;
  live: boolean;
  /** The newest message of our side, if it is in this group, and how far it has come. */
  lastOurs: string | null;
  far: Receipt | null;
}

export const GroupOfLines = still(function GroupOfLines({ group, handles, aim, live, lastOurs, far }: Props) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current) element.current.style.containIntrinsicSize = `auto ${group.size * GUESS}px`;
  }, [group.size]);
  const now = Date.now();
  return (
    <div class="lines" ref={element}>
      {group.blocks.map((block) => {
        switch (block.is) {
          case 'day': return <p key={block.key} class="day"><span>{dayName(block.at, now, LANGUAGE)}</span></p>;
          case 'line': return <p key={block.key} class="line">{block.text}</p>;
          default: return (
            <Run key={block.key} run={block} live={live} handles={handles} aim={aim} lastOurs={lastOurs} far={far} />
          );
        }
      })}
    </div>
  );
});
