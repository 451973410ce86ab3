/** The list of conversations: tabs with counts, a filter by words, and the rows. */
import type { Ref } from 'preact';
import type { ConversationList, ConversationSummary, Me } from '../index.ts';
import { useNow } from '../ui/moments.ts';
import { belongs, FILTERS, type Filter } from './filters.ts';
import { Row } from './row.tsx';
import { STRINGS } from './strings.ts';

interface Props {
  list: ConversationList;
  shown: readonly ConversationSummary[];
  me: Me | null;
  filter: Filter;
  words: string;
  search: Ref<HTMLInputElement>;
  cursor: string | null;
  openId: string | null;
  onFilter(filter: Filter): void;
  onWords(words: string): void;
  onOpen(id: string): void;
}

export function List(props: Props) {
  const { list, shown, me, filter, words, openId } = props;
  const now = useNow(20_000);
  return (
    <nav class="list" aria-label={STRINGS.conversations}>
      <div class="tabs" role="group" aria-label={STRINGS.filters}>
        {FILTERS.map((one) => {
          const count = list.items.filter((item) => belongs(item, one, me)).length;
          return (
            <button key={one} type="button" aria-pressed={one === filter}
              title={STRINGS.filterTitles[one]} onClick={() => props.onFilter(one)}>
              {STRINGS.filterNames[one]} <span class="count">{count}</span>
            </button>
          );
        })}
      </div>
      <input class="search" type="search" ref={props.search} value={words} placeholder={STRINGS.search}
        aria-label={STRINGS.search} onInput={(event) => props.onWords(event.currentTarget.value)} />
      <ul class="rows">
        {shown.map((item) => (
          <Row key={item.id} summary={item} now={now} me={me} open={item.id === openId}
            marked={item.id === props.cursor} onOpen={() => props.onOpen(item.id)} />
        ))}
      </ul>
      {shown.length === 0 && (
        <p class="empty">{!list.complete ? STRINGS.loading : words ? STRINGS.noMatch : STRINGS.nothing[filter]}</p>
      )}
    </nav>
  );
}
