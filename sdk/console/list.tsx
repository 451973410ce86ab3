/** The list of conversations: what it is, how it is sorted, a field that finds in it and in everything, and the rows. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ParleyError } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { useValue } from '../ui/value.ts';
import { useActs } from './acting.ts';
import { Caps, withKeys } from './caps.tsx';
import { useConsole } from './context.ts';
import { Empty } from './empty.tsx';
import { Results } from './results.tsx';
import { Rows } from './rows.tsx';
import { STRINGS } from './strings.ts';
import { listName } from './titles.ts';
import { troubleOf } from './trouble.ts';
import { setSort, sortOf } from './views.ts';

export function List({ onMenu }: { onMenu(): void }) {
  const { agent, workspace, acting, place, words, go, find } = useConsole();
  const [sort, chooseSort] = useState(() => sortOf(place.list));
  const field = useRef<HTMLInputElement>(null);
  const column = useRef<HTMLElement>(null);
  const list = agent.inbox.list(place.list, sort);
  const { items, total, live, more, error } = useValue(list.value);
  const searching = words.trim() !== '';

  useEffect(() => {
    chooseSort(sortOf(place.list));
  }, [place.list]);
  const turn = () => {
    const next = sort === 'newest' ? 'waiting' : 'newest';
    setSort(place.list, next);
    chooseSort(next);
  };
  useActs(acting, { search: () => field.current?.focus(), sort: turn });

  const onKey = (event: KeyboardEvent) => {
    // The words go first; with none, the focus.
    if (event.key === 'Escape' && searching) find('');
    else if (event.key === 'Escape') field.current?.blur();
    else if (event.key === 'ArrowDown') column.current?.querySelector<HTMLElement>('.result, .row[tabindex="0"]')?.focus();
    else return;
    event.preventDefault();
  };

  return (
    <nav class="list" ref={column} aria-label={STRINGS.conversations}>
      <header class="list-head">
        <button type="button" class="plain menu" aria-label={STRINGS.places} onClick={onMenu}><Icon name="menu" /></button>
        <h2>{listName(place.list, workspace, items)}</h2>
        <span class="count" aria-live="off">{total}</span>
        <button type="button" class="sort" title={withKeys(STRINGS.sort, 'sort')} onClick={turn}>
          <Icon name="sort" />{STRINGS.sorts[sort]}
        </button>
      </header>
      <div class="find">
        <Icon name="search" />
        <input class="search" type="search" ref={field} value={words} placeholder={STRINGS.search}
          aria-label={STRINGS.search} onKeyDown={onKey} onInput={(event) => find(event.currentTarget.value)} />
        {!searching && <Caps act="search" />}
      </div>
      {searching ? <Results words={words.trim()} here={items} onOpen={(open, at) => go({ open, at })} />
        : items.length > 0 ? <Rows key={`${place.list} ${sort}`} items={items} total={total} more={more ? list.more : null} />
          : live ? <Empty list={place.list} /> : <Waiting error={error} />}
    </nav>
  );
}

function Waiting({ error }: { error: ParleyError | null }) {
  if (error === null) return <p class="empty" role="status">{STRINGS.loading}</p>;
  const { what, mend } = troubleOf(error);
  return <p class="empty" role="status">{what} {mend}</p>;
}
