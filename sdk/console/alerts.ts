/** What reaches somebody who looks elsewhere: the page's title and icon, a chime, and the desktop's notifications. */
import { useEffect, useRef } from 'preact/hooks';
import type { LiveList, Offer } from '../agent.ts';
import type { ConversationSummary } from '../index.ts';
import { chime } from './chime.ts';
import { newsOf } from './news.ts';
import { fresh } from './offers.ts';
import { PREFERENCES } from './preferences.ts';
import { STRINGS } from './strings.ts';

const ICON = (dot: string) => 'data:image/svg+xml,' + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M5 6h15a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-7l-5 4v-4H5'
  + `a3 3 0 0 1-3-3V9a3 3 0 0 1 3-3z" fill="#1d5c54"/>${dot}</svg>`);
const QUIET = ICON('');
const CALLING = ICON('<circle cx="24" cy="23" r="8" fill="#e5484d" stroke="#fff" stroke-width="2"/>');

export function titleOf(offers: number, unread: number): string {
  if (offers > 0) return `(${offers}) ${STRINGS.newOffer}`;
  return unread > 0 ? `(${unread}) ${STRINGS.title}` : STRINGS.title;
}

interface Heard {
  readonly offers: readonly Offer[];
  /** The newest of the agent's own conversations. */
  readonly mine: LiveList;
  /** The one on the screen. */
  readonly open: string | null;
  onOpen(conversation: string): void;
  /** One has become the agent's, and not by their own hand here. */
  onCame(one: ConversationSummary): void;
}

export function useAlerts({ offers, mine, open, onOpen, onCame }: Heard): void {
  const unread = mine.items.reduce((sum, item) => sum + item.unread, 0);
  useEffect(() => {
    document.title = titleOf(offers.length, unread);
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = offers.length + unread > 0 ? CALLING : QUIET;
  }, [offers.length, unread]);

  const offered = useRef<readonly Offer[]>([]);
  useEffect(() => {
    const newest = fresh(offered.current, offers).at(-1);
    offered.current = offers;
    if (!newest) return;
    if (PREFERENCES.get().sound) chime('offer');
    notify(STRINGS.newOffer, newest.contact || STRINGS.visitor, newest.conversation, onOpen);
  }, [offers]);

  const looked = useRef(mine);
  useEffect(() => {
    const { came, spoke } = newsOf(looked.current, mine);
    looked.current = mine;
    const given = came.find(({ id }) => id !== open);
    if (given) onCame(given);
    const said = given ?? (away() ? spoke[0] : undefined);
    if (!said) return;
    if (PREFERENCES.get().sound) chime(given ? 'offer' : 'message');
    notify(given ? STRINGS.givenToYou(nameOf(said)) : nameOf(said), said.preview, said.id, onOpen);
  }, [mine]);
}

const nameOf = ({ contact }: ConversationSummary): string => contact.name || STRINGS.visitor;
const away = () => document.visibilityState !== 'visible' || !document.hasFocus();

function notify(title: string, body: string, conversation: string, onOpen: Heard['onOpen']): void {
  if (!PREFERENCES.get().notifications || !away() || !mayNotify()) return;
  const shown = new Notification(title, { body, tag: conversation });
  shown.onclick = () => {
    window.focus();
    onOpen(conversation);
    shown.close();
  };
}

export function mayNotify(): boolean {
  return typeof Notification !== 'undefined' && Notification.permission === 'granted';
}
