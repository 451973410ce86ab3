/**
 * The agents on the board: what each has chosen, whether they are there, what they hold. A supervisor sets a colleague's
 * status.
 */
import { useState } from 'preact/hooks';
import type { Agent, Board } from '../agent.ts';
import { useValue } from '../ui/value.ts';
import { Face } from './face.tsx';
import { nameOf, statusesOf, type Named } from './staff.ts';
import { BOARD, LANGUAGE } from './strings.ts';

type One = Board['agents'][number];

interface Props {
  agent: Agent;
  board: Board;
  /** Whether the reader may set a colleague's status. */
  sets: boolean;
  watch(act: Promise<unknown>): void;
}

/** Rows until somebody asks for the rest: a browser lays out a thousand selects slowly. */
const FIRST_ROWS = 60;
/** With fewer, the eye is faster than a search. */
const WORTH_A_SEARCH = 12;

export function AgentsBoard({ agent, board, sets, watch }: Props) {
  const statuses = statusesOf(useValue(agent.settings.value));
  const [words, setWords] = useState('');
  const [all, setAll] = useState(false);
  const wanted = words.trim().toLocaleLowerCase(LANGUAGE);
  const found = board.agents.filter(({ name }) => name.toLocaleLowerCase(LANGUAGE).includes(wanted))
    .sort((a, b) => Number(b.here) - Number(a.here) || a.name.localeCompare(b.name, LANGUAGE) || a.id.localeCompare(b.id));
  const shown = all ? found : found.slice(0, FIRST_ROWS);
  return (
    <section class="panel" aria-labelledby="board-agents">
      <h3 id="board-agents">{BOARD.agents}</h3>
      {board.agents.length > WORTH_A_SEARCH && (
        <input type="search" class="search" aria-label={BOARD.findAgent} placeholder={BOARD.findAgent} value={words}
          onInput={(event) => setWords(event.currentTarget.value)} />
      )}
      {found.length === 0 ? <p class="board-none">{wanted ? BOARD.noAgent : BOARD.noAgents}</p> : (
        <table class="figures agents">
          <thead>
            <tr>
              <th scope="col">{BOARD.agent}</th><th scope="col">{BOARD.status}</th><th scope="col">{BOARD.connected}</th>
              <th scope="col" class="number">{BOARD.open}</th><th scope="col" class="number">{BOARD.places}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={one.id} one={one} statuses={statuses} sets={sets}
                onStatus={(status) => watch(agent.desk.setStatus(status, one.id))} />
            ))}
          </tbody>
        </table>
      )}
      {shown.length < found.length && (
        <button type="button" class="secondary" onClick={() => setAll(true)}>{BOARD.more(found.length - shown.length)}</button>
      )}
    </section>
  );
}

interface RowProps {
  one: One;
  statuses: readonly Named[];
  sets: boolean;
  onStatus(status: string): void;
}

function Row({ one, statuses, sets, onStatus }: RowProps) {
  const number = new Intl.NumberFormat(LANGUAGE);
  const choices = statuses.some(({ id }) => id === one.status) ? statuses : [...statuses, { id: one.status, name: one.status }];
  return (
    <tr>
      <th scope="row"><span class="who"><Face id={one.id} name={one.name} /> <span>{one.name}</span></span></th>
      <td>
        {sets ? (
          <select aria-label={BOARD.statusOf(one.name)} value={one.status} onChange={(event) => onStatus(event.currentTarget.value)}>
            {choices.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
        ) : nameOf(statuses, one.status)}
      </td>
      <td><span class={one.here ? 'presence is-online' : 'presence'}>{one.here ? BOARD.here : BOARD.notHere}</span></td>
      <td class="number">{number.format(one.open)}</td>
      <td class="number">
        <span class={one.held > one.limit ? 'places is-over' : 'places'}>
          <Meter held={one.held} limit={one.limit} />
          <span>{BOARD.placesOf(number.format(one.held), number.format(one.limit))}</span>
          {one.held > one.limit && <strong class="chip is-open">{BOARD.over(one.held - one.limit)}</strong>}
        </span>
      </td>
    </tr>
  );
}

const METER = 44;

/** The words beside it say the same. */
function Meter({ held, limit }: { held: number; limit: number }) {
  const filled = limit === 0 ? (held > 0 ? METER : 0) : Math.min(METER, (held / limit) * METER);
  return (
    <svg class="meter" width={METER} height="6" aria-hidden="true">
      <rect class="bed" width={METER} height="6" rx="3" />
      {filled > 0 && <rect class="fill" width={Math.max(6, filled)} height="6" rx="3" />}
    </svg>
  );
}
