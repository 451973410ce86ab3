/** The whole console: sidebar, list, thread and panel side by side, or one at a time on a phone; and what lies above. */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Agent } from '../agent.ts';
import { Icon } from '../ui/icons.tsx';
import { useValue } from '../ui/value.ts';
import { About } from './about.tsx';
import { createActing, useActs, type Acting, type Doings } from './acting.ts';
import { Admin } from './admin/admin.tsx';
import { useAlerts } from './alerts.ts';
import { Board } from './board.tsx';
import { Trouble } from './connection.tsx';
import { ConsoleContext, useConsole, type Console, type Over } from './context.ts';
import { Nothing } from './empty.tsx';
import { actOf, focusOf } from './keys.ts';
import { Later } from './later.tsx';
import { List } from './list.tsx';
import { OfferCards } from './offer-cards.tsx';
import { Overlay } from './overlay.tsx';
import { prefer, PREFERENCES } from './preferences.ts';
import { usePlace, type Place } from './route.ts';
import { STRINGS } from './strings.ts';
import { Sidebar } from './sidebar.tsx';
import { Thread } from './thread.tsx';
import { Toasts, useToasts } from './toasts.tsx';
import { VIEWS } from './views.ts';
import { workspaceOf, type Macro } from './workspace.ts';

export function Desk({ agent, onLeave }: { agent: Agent; onLeave(): void }) {
  const settings = useValue(agent.settings.value);
  const workspace = useMemo(() => workspaceOf(settings), [settings]);
  const me = useValue(agent.me);
  const offers = useValue(agent.desk.state)?.offers ?? NO_OFFERS;
  const mine = useValue(agent.inbox.list('mine', 'newest').value);
  const { about, sound } = useValue(PREFERENCES);
  const [place, goOn] = usePlace();
  const [over, show] = useState<Over | null>(null);
  const [macro, setMacro] = useState<Macro | null>(null);
  const [menu, setMenu] = useState(false);
  const [words, find] = useState('');
  const go = useCallback((to: Partial<Place>) => {
    // Who goes to a list wants to see it, not what was searched for.
    if (to.list !== undefined && to.open === undefined) find('');
    goOn(to);
  }, []);
  const { toasts, watch, tell, dismiss } = useToasts();
  const acting = useMemo(createActing, []);
  const open = place.page === 'inbox' ? place.open : null;
  const conversation = useMemo(() => (open === null ? null : agent.conversation(open)), [agent, open]);
  useAlerts({
    offers, mine, open, onOpen: (it) => go({ open: it }),
    onCame: ({ id, contact }) => tell(STRINGS.givenToYou(contact.name || STRINGS.visitor), { is: 'open', run: () => go({ open: id }) }),
  });

  const openMenu = useCallback(() => setMenu(true), []);
  const closeOver = useCallback(() => show(null), []);
  const narrow = useNarrow();
  const [sheet, setSheet] = useState(false);
  // Where there is no room beside the thread the panel lies on it, and only when it is asked for.
  const shown = narrow ? sheet : about;
  const turnAbout = () => (narrow ? setSheet(!sheet) : prefer({ about: !about }));
  useEffect(() => setSheet(false), [place.open]);
  /** One step at a time: out of the field, then what lies above, then the page or the conversation. */
  const back = () => {
    if (leaveField()) return;
    if (menu) setMenu(false);
    else if (narrow && sheet) setSheet(false);
    else if (place.page !== 'inbox') go({});
    else if (place.open !== null) go({ open: null });
    else find('');
  };
  const views = Object.fromEntries(VIEWS.map((list, i) => [`view${i + 1}`, () => go({ list })])) satisfies Doings;
  useActs(acting, {
    ...views,
    back,
    palette: () => show('palette'), keys: () => show('keys'), preferences: () => show('preferences'),
    status: () => show('status'),
    about: { run: turnAbout, why: () => (conversation ? null : STRINGS.choose) },
    mute: () => prefer({ sound: !sound }),
  });
  useKeys(acting, tell);

  const context = useMemo((): Console => ({ agent, me, workspace, acting, place, words, go, find, show, watch }),
    [agent, me, workspace, place, words]);
  const panel = shown && conversation !== null;
  const classes = ['desk', `is-${place.page}`, conversation && 'has-open', panel && 'has-about', menu && 'has-menu'];
  return (
    <ConsoleContext value={context}>
      <div class={classes.filter(Boolean).join(' ')}>
        <Sidebar onLeave={onLeave} onGone={() => setMenu(false)} />
        {menu && <button type="button" class="veil" tabIndex={-1} aria-hidden="true" onClick={() => setMenu(false)} />}
        {place.page === 'inbox' ? <List onMenu={openMenu} /> : <Page page={place.page} onMenu={openMenu} />}
        {place.page === 'inbox' && (conversation ? (
          <>
            <Thread key={conversation.id} conversation={conversation} macro={macro} onMacroTaken={() => setMacro(null)} />
            {panel && <About key={`about ${conversation.id}`} conversation={conversation} onClose={turnAbout} />}
          </>
        ) : <Nothing />)}
        <div class="above"><Trouble /><OfferCards /></div>
        <Overlay over={over} conversation={conversation} onClose={closeOver} onMacro={setMacro} />
        <Toasts toasts={toasts} dismiss={dismiss} />
      </div>
    </ConsoleContext>
  );
}

/** What is no conversation: the supervisors' board, the settings of the workspace, and its flows. */
function Page({ page, onMenu }: { page: Exclude<Place['page'], 'inbox'>; onMenu(): void }) {
  const { agent, watch } = useConsole();
  return (
    <div class="page">
      <div class="page-bar">
        <button type="button" class="plain" aria-label={STRINGS.places} onClick={onMenu}><Icon name="menu" /></button>
      </div>
      {page === 'board' && <Board agent={agent} watch={watch} />}
      {page === 'admin' && <Admin agent={agent} watch={watch} />}
      {page === 'flows' && <Later load={flowsPage} />}
    </div>
  );
}

const NO_OFFERS = [] as const;
const flowsPage = () => import('./flows/flows.tsx').then(({ FlowsPage }) => FlowsPage);
const NARROW = '(max-width: 1120px)';

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const turned = () => setNarrow(query.matches);
    query.addEventListener('change', turned);
    return () => query.removeEventListener('change', turned);
  }, []);
  return narrow;
}

/** Escape first leaves the field that one is in. */
function leaveField(): boolean {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !focused.matches('input, textarea')) return false;
  focused.blur();
  return true;
}

/** `tell`: why a key does nothing now. */
function useKeys(acting: Acting, tell: (why: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // A card above the page has the keyboard for itself, also while the focus is on its way.
      if (document.querySelector('dialog[open]')) return;
      const act = actOf(event, focusOf(event.target));
      const why = act && acting.why(act);
      if (!act || why === undefined) return;
      event.preventDefault();
      if (why) tell(why);
      else acting.run(act);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
