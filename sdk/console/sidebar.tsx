/** Where one can go: views, teams and statuses with their exact counts; above them oneself, below them the house. */
import type { ListName } from '../agent.ts';
import { Icon, Sign } from '../ui/icons.tsx';
import { useValue } from '../ui/value.ts';
import { Caps, withKeys } from './caps.tsx';
import { Connection } from './connection.tsx';
import { useConsole } from './context.ts';
import { Face } from './face.tsx';
import { MyStatus } from './my-status.tsx';
import { STRINGS } from './strings.ts';
import { STATUS_LISTS, VIEWS, type View } from './views.ts';

/** Faces shown before the rest becomes a number. */
const MAX_FACES = 3;
const ICONS = {
  mine: 'person', unassigned: 'tray', waiting: 'hourglass', mentions: 'at', open: 'inbox', snoozed: 'alarm', done: 'done',
} as const satisfies Record<View, string>;

export function Sidebar({ onLeave, onGone }: { onLeave(): void; onGone(): void }) {
  const { agent, workspace, show, place, go } = useConsole();
  const tallies = useValue(agent.inbox.tallies);
  const right = useValue(agent.desk.state)?.right ?? 'agent';
  const to = (list: ListName) => ({
    here: place.page === 'inbox' && place.list === list,
    count: tallies[list] ?? 0,
    onGo: () => { go({ list }); onGone(); },
  });
  const page = (name: 'board' | 'admin' | 'flows') => ({
    here: place.page === name, count: null, onGo: () => { go({ page: name }); onGone(); },
  });
  return (
    <nav class="side" aria-label={STRINGS.places}>
      <div class="brand"><Sign /><h1>{STRINGS.title}</h1><Connection /></div>
      <MyStatus />
      <button type="button" class="jump" onClick={() => show('palette')}>
        <Icon name="search" /><span>{STRINGS.jump}</span><Caps act="palette" />
      </button>
      <div class="side-lists">
        <ul aria-label={STRINGS.views}>
          {VIEWS.map((view) => (
            <Entry key={view} name={STRINGS.viewNames[view]} title={STRINGS.viewTitles[view]}
              lead={<Icon name={ICONS[view]} />} {...to(view)} />
          ))}
        </ul>
        {workspace.teams.length > 0 && <h2>{STRINGS.teams}</h2>}
        <ul aria-label={STRINGS.teams}>
          {workspace.teams.map(({ id, name }) => (
            <Entry key={id} name={name} lead={<Icon name="team" />} {...to(`team:${id}`)} />
          ))}
        </ul>
        <h2>{STRINGS.byStatus}</h2>
        <ul aria-label={STRINGS.byStatus}>
          {STATUS_LISTS.map((status) => (
            <Entry key={status} name={STRINGS.statuses[status]} lead={<span class={`dot is-${status}`} />}
              {...to(`status:${status}`)} />
          ))}
        </ul>
        <h2>{STRINGS.house}</h2>
        <ul aria-label={STRINGS.house}>
          {right !== 'agent' && <Entry name={STRINGS.board} lead={<Icon name="chart" />} {...page('board')} />}
          <Entry name={STRINGS.flows} lead={<Icon name="flow" />} {...page('flows')} />
          {right === 'admin' && (
            <Entry name={STRINGS.administration} lead={<Icon name="sliders" />} {...page('admin')} />
          )}
        </ul>
      </div>
      <div class="corner">
        <People />
        <button type="button" class="plain" aria-label={STRINGS.preferences} onClick={() => show('preferences')}
          title={withKeys(STRINGS.preferences, 'preferences')}><Icon name="sliders" /></button>
        <button type="button" class="plain" aria-label={STRINGS.keys} onClick={() => show('keys')}
          title={withKeys(STRINGS.keys, 'keys')}><kbd>?</kbd></button>
        <button type="button" class="plain" aria-label={STRINGS.signOut} title={STRINGS.signOut} onClick={onLeave}>
          <Icon name="leave" />
        </button>
      </div>
    </nav>
  );
}

interface EntryProps {
  name: string;
  title?: string;
  lead: preact.ComponentChildren;
  here: boolean;
  /** Null where there is nothing to count. */
  count: number | null;
  onGo(): void;
}

function Entry({ name, title, lead, here, count, onGo }: EntryProps) {
  return (
    <li>
      <button type="button" class="entry" aria-current={here ? 'page' : undefined} title={title} onClick={onGo}>
        {lead}<span class="name">{name}</span>
        {count !== null && <span class={count === 0 ? 'count is-zero' : 'count'}>{count}</span>}
      </button>
    </li>
  );
}

/** Colleagues who are online now. */
function People() {
  const { agent, me, go } = useConsole();
  const people = useValue(agent.people);
  return (
    <ul class="people" aria-label={STRINGS.people}>
      {people.slice(0, MAX_FACES).map((person) => (
        <li key={person.id}>
          <button type="button" title={STRINGS.listOf(person.name)} onClick={() => go({ list: `agent:${person.id}` })}>
            <Face id={person.id} name={person.name} you={person.id === me?.id} />
          </button>
        </li>
      ))}
      {people.length > MAX_FACES && <li class="more">+{people.length - MAX_FACES}</li>}
    </ul>
  );
}
