/**
 * Where the states and arrows of a machine stand on the paper. Dagre places the states, from left to right by the way
 * that leads on; the arrows are arcs, each bowed to its own left, so that a way and its way back lie side by side.
 */
import { arranged, type Point } from '../ui/graph.ts';
import type { Machine, Transition } from './machine.ts';

export interface Drawn {
  width: number;
  height: number;
  states: State[];
  arrows: Arrow[];
}
interface State extends Point { key: string; label: string }
export interface Arrow {
  from: string;
  to: string;
  /** One line each. */
  label: readonly string[];
  /** A durable timer that takes this arrow, as "4 d". */
  after: string | null;
  /** Only flows take it: it is drawn lightly, and moves no state on the paper. */
  rare: boolean;
  path: string;
  /** Where the label stands. */
  at: Point;
}

export const STATE = { width: 80, height: 38 };
const PAPER = { direction: 'LR', beside: 100, ranks: 98, margin: { x: 4, y: 30 } } as const;
/** How far an arc leaves the straight line: a part of its length, and never more than this. */
const BOW = 0.13;
const MOST_BOW = 20;
/** Between an arrow's head and the box. */
const AIR = 3;

export function drawn(machine: Machine): Drawn {
  const order = machine.states.map(({ key }) => key);
  const joined = join(machine);
  const usual = joined.filter(({ rare }) => !rare);
  const onwards = usual.filter(({ from, to }) => order.indexOf(from) < order.indexOf(to) && !alike(usual, from, to));
  const { width, height, at } = arranged(order.map((key) => ({ key, ...STATE })), onwards.map(({ from, to }) => ({ from, to })), PAPER);
  const states = centred(machine.states.map(({ key, label }) => {
    const { x = 0, y = 0 } = at.get(key) ?? {};
    return { key, label, x, y };
  }));
  const place = new Map(states.map((state) => [state.key, state]));
  return {
    width, height, states,
    arrows: joined.flatMap((arrow) => {
      const from = place.get(arrow.from);
      const to = place.get(arrow.to);
      const back = joined.some((other) => other.from === arrow.to && other.to === arrow.from);
      return from && to ? [{ ...arrow, ...arc(from, to, back ? BOW : 0) }] : [];
    }),
  };
}

/** Dagre leans columns towards their neighbours; a machine reads better when each stands around the middle. */
function centred(states: readonly State[]): State[] {
  const middle = (of: readonly State[]) => (Math.min(...of.map(({ y }) => y)) + Math.max(...of.map(({ y }) => y))) / 2;
  const all = middle(states);
  return states.map((state) => ({ ...state, y: state.y + all - middle(states.filter(({ x }) => x === state.x)) }));
}

type Joined = Pick<Arrow, 'from' | 'to' | 'label' | 'after' | 'rare'>;

const byFlow = ({ event }: Transition): boolean => event.startsWith('flow.');

/**
 * One arrow from state to state. What an agent or a flow does goes where its name says, and so does what leads back to
 * the beginning; only what else moves a ticket is written on it, and the first step.
 */
function join({ initial, transitions }: Machine): Joined[] {
  const joined = new Map<string, Transition[]>();
  for (const transition of transitions) {
    if (transition.from === transition.to) continue;
    const key = `${transition.from} ${transition.to}`;
    joined.set(key, [...joined.get(key) ?? [], transition]);
  }
  return [...joined.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const written = group.filter((one) =>
      !byFlow(one) && (one.from === initial || (one.to !== initial && !one.event.startsWith('agent.'))));
    const after = group.find((transition) => transition.after !== undefined)?.after ?? null;
    return [{ from: first.from, to: first.to, after, rare: group.every(byFlow), label: [...new Set(written.map(({ label }) => label))] }];
  });
}

/** States with the same neighbours stand above each other, whatever leads from one to the other. */
function alike(joined: readonly Joined[], a: string, b: string): boolean {
  const neighbours = (key: string) => joined
    .flatMap(({ from, to }) => (from === key ? [`to ${to}`] : to === key ? [`from ${from}`] : []))
    .filter((way) => !way.endsWith(` ${a}`) && !way.endsWith(` ${b}`)).sort().join();
  return neighbours(a) === neighbours(b);
}

/** From border to border, through a point beside the middle. */
function arc(from: Point, to: Point, bow: number): { path: string; at: Point } {
  const part = Math.min(bow, MOST_BOW / Math.hypot(to.x - from.x, to.y - from.y));
  const across = { x: (to.y - from.y) * part, y: (from.x - to.x) * part };
  const middle = { x: (from.x + to.x) / 2 + across.x, y: (from.y + to.y) / 2 + across.y };
  const start = border(from, middle, 0);
  const end = border(to, middle, AIR);
  // A quadratic curve passes halfway between its chord and its control point.
  const control = { x: 2 * middle.x - (start.x + end.x) / 2, y: 2 * middle.y - (start.y + end.y) / 2 };
  return { path: `M${start.x} ${start.y}Q${control.x} ${control.y} ${end.x} ${end.y}`, at: middle };
}

/** Where the line from the middle of a state to a point leaves its box. */
function border(state: Point, towards: Point, air: number): Point {
  const dx = towards.x - state.x;
  const dy = towards.y - state.y;
  const wide = (STATE.width / 2 + air) / Math.abs(dx || 1e-6);
  const high = (STATE.height / 2 + air) / Math.abs(dy || 1e-6);
  const scale = Math.min(wide, high);
  return { x: state.x + dx * scale, y: state.y + dy * scale };
}
