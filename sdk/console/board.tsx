/** The supervisors' board: queues and agents as they are now, and the course of the day. Live while it is looked at. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Agent, Board as Told } from '../agent.ts';
import { clockTime, useNow } from '../ui/moments.ts';
import { span } from '../ui/span.ts';
import { useValue } from '../ui/value.ts';
import { AgentsBoard } from './board.agents.tsx';
import { Course } from './board.course.tsx';
import { named, nameOf } from './staff.ts';
import { BOARD, LANGUAGE } from './strings.ts';
import { quarters, responseOf } from './quarters.ts';

interface Props {
  agent: Agent;
  watch(act: Promise<unknown>): void;
}

/** The gateway tells those who may see it within this; silence for longer means that it does not. */
const PATIENCE_MS = 4_000;

export function Board({ agent, watch }: Props) {
  useEffect(() => agent.desk.watchBoard(), [agent]);
  const board = useValue(agent.desk.board);
  const right = useValue(agent.desk.state)?.right ?? 'agent';
  return (
    <main class="board" aria-label={BOARD.title}>
      {board === null ? <Waiting refused={right === 'agent'} /> : (
        <>
          <header class="board-head">
            <h2>{BOARD.title}</h2>
            <p>{BOARD.asOf(clockTime(board.at, LANGUAGE))}</p>
          </header>
          <Tiles board={board} />
          <div class="board-halves">
            <Queues agent={agent} board={board} />
            <AgentsBoard agent={agent} board={board} sets={right !== 'agent'} watch={watch} />
          </div>
          <Course board={board} />
        </>
      )}
    </main>
  );
}

function Waiting({ refused }: { refused: boolean }) {
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    const end = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(end);
  }, []);
  return <p class="board-none" role="status">{refused && !patient ? BOARD.onlySupervisors : BOARD.loading}</p>;
}

/** How long since a moment of the gateway's clock, whatever this computer's clock says. */
function usePassed(board: Told): (since: number) => string {
  const now = useNow(1_000);
  const heardAt = useMemo(() => Date.now(), [board]);
  const passed = Math.max(0, now - heardAt);
  return (since) => (since === 0 ? BOARD.none : span(board.at + passed - since, LANGUAGE));
}

function Tiles({ board }: { board: Told }) {
  const passed = usePassed(board);
  const number = new Intl.NumberFormat(LANGUAGE);
  const sum = (of: (team: Told['teams'][number]) => number) => number.format(board.teams.reduce((all, team) => all + of(team), 0));
  const waits = board.teams.filter(({ since }) => since > 0).map(({ since }) => since);
  const response = responseOf(quarters(board, 4));
  const tiles = {
    waiting: sum(({ waiting }) => waiting),
    longest: waits.length === 0 ? BOARD.none : passed(Math.min(...waits)),
    open: sum(({ open }) => open),
    here: BOARD.hereOf(number.format(board.agents.filter(({ here }) => here).length), number.format(board.agents.length)),
    response: response === null ? BOARD.none : span(response, LANGUAGE),
  };
  return (
    <dl class="tiles">
      {(Object.keys(tiles) as (keyof typeof tiles)[]).map((tile) => (
        <div key={tile}><dt>{BOARD.tiles[tile]}</dt><dd>{tiles[tile]}</dd></div>
      ))}
    </dl>
  );
}

function Queues({ agent, board }: { agent: Agent; board: Told }) {
  const teams = named(useValue(agent.settings.value), 'teams');
  const passed = usePassed(board);
  const number = new Intl.NumberFormat(LANGUAGE);
  return (
    <section class="panel" aria-labelledby="board-queues">
      <h3 id="board-queues">{BOARD.queues}</h3>
      {board.teams.length === 0 ? <p class="board-none">{BOARD.noTeams}</p> : (
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">{BOARD.team}</th><th scope="col" class="number">{BOARD.waiting}</th>
              <th scope="col" class="number">{BOARD.longest}</th><th scope="col" class="number">{BOARD.open}</th>
            </tr>
          </thead>
          <tbody>
            {board.teams.map(({ team, waiting, since, open }) => (
              <tr key={team} class={waiting > 0 ? 'is-waiting' : ''}>
                <th scope="row">{nameOf(teams, team)}</th><td class="number">{number.format(waiting)}</td>
                <td class="number">{passed(since)}</td><td class="number">{number.format(open)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
