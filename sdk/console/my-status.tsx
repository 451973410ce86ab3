/** Oneself: the status that one has chosen, and how full one is. The gateway keeps it over reconnects and devices. */
import { useValue } from '../ui/value.ts';
import { useConsole, type Console } from './context.ts';
import { Face } from './face.tsx';
import { load } from './lanes.ts';
import { STRINGS } from './strings.ts';

/** Those that are always there. */
export const STATUSES_ALWAYS = ['online', 'transfers', 'away', 'offline'] as const;

/** All that one may choose: the four that are always there, and the workspace's own. */
export function statusesOf({ workspace }: Pick<Console, 'workspace'>): readonly { id: string; name: string }[] {
  const own = workspace.statuses.filter(({ id }) => !STATUSES_ALWAYS.some((always) => always === id));
  return [...STATUSES_ALWAYS.map((id) => ({ id, name: STRINGS.agentStatuses[id] })), ...own];
}

/** The dot's class: what is the workspace's own looks like Away. */
export function statusDot(status: string): string {
  return `presence-dot is-${STATUSES_ALWAYS.find((one) => one === status) ?? 'away'}`;
}

export function MyStatus() {
  const context = useConsole();
  const { agent, me, show } = context;
  const desk = useValue(agent.desk.state);
  const { held, limit, over } = load(desk?.lanes ?? []);
  const name = statusesOf(context).find(({ id }) => id === desk?.status)?.name ?? desk?.status ?? STRINGS.loading;
  const places = (desk?.lanes ?? []).map((lane) => STRINGS.lane(lane.group, lane.held, lane.limit)).join('\n');
  return (
    <button type="button" class="me" title={places} onClick={() => show('status')}>
      {me && <Face id={me.id} name={me.name} you />}
      <span class="name">{me?.name ?? ''}</span>
      <span class="mine"><i class={statusDot(desk?.status ?? 'offline')} />{name}</span>
      {limit > 0 && (
        <span class={over ? 'places-held is-over' : 'places-held'}>
          {STRINGS.placesHeld(held, limit)}{over && <b>{STRINGS.overShort}</b>}
        </span>
      )}
    </button>
  );
}
