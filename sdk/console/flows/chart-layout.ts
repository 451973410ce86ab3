/** Where the states of a flow and the ways between them stand on the paper: from top to bottom, by soft lines. */
import type { FlowChart } from '../../agent.ts';
import { arranged, type Point } from '../../ui/graph.ts';

export interface DrawnNode {
  id: string;
  label: string;
  kind: string;
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface DrawnWay {
  from: string;
  to: string;
  path: string;
  label: string;
  full: string;
  at: Point | null;
}
export interface Drawn {
  width: number;
  height: number;
  nodes: readonly DrawnNode[];
  ways: readonly DrawnWay[];
}

const HEIGHT = 34;
const DOT = 18;
/** Letters of the two sizes in which names and labels are written, about. */
const NAME_LETTER = 6.9;
const LABEL_LETTER = 6;
const MOST_NAME = 24;
const MOST_LABEL = 22;
const PAPER = { direction: 'TB', beside: 26, ranks: 26, margin: { x: 14, y: 14 } } as const;

/** Begin and end are dots. */
export function isDot(kind: string): boolean {
  return kind === 'begin' || kind === 'over';
}

export function isStep(kind: string): boolean {
  return !isDot(kind) && kind !== 'broken';
}

export function drawn(chart: FlowChart): Drawn {
  const known = new Set(chart.nodes.map(({ id }) => id));
  const boxes = chart.nodes.map(({ id, label, kind }) => (isDot(kind) ? { key: id, width: DOT, height: DOT }
    : { key: id, width: Math.round(short(label, MOST_NAME).length * NAME_LETTER) + 42, height: HEIGHT }));
  const edges = joined(chart).filter(({ from, to }) => known.has(from) && known.has(to));
  const ways = edges.map(({ from, to, label }) => ({
    from, to,
    ...(label === '' ? {} : { room: { width: short(label, MOST_LABEL).length * LABEL_LETTER + 8, height: 16 } }),
  }));
  const { width, height, at, ways: placed } = arranged(boxes, ways, PAPER);
  return {
    width, height,
    nodes: chart.nodes.map(({ id, label, kind }, i) => ({
      id, kind, label: short(label, MOST_NAME), ...(at.get(id) ?? { x: 0, y: 0 }),
      width: boxes[i]?.width ?? 0, height: boxes[i]?.height ?? 0,
    })),
    ways: edges.map(({ from, to, label }, i) => ({
      from, to, full: label, label: short(label, MOST_LABEL),
      path: curve(placed[i]?.points ?? []), at: placed[i]?.label ?? null,
    })),
  };
}

/** One way from state to state, with all that leads along it. */
function joined({ edges }: FlowChart): { from: string; to: string; label: string }[] {
  const all = new Map<string, { from: string; to: string; labels: Set<string> }>();
  for (const { from, to, label } of edges) {
    const key = `${from} ${to}`;
    const one = all.get(key) ?? { from, to, labels: new Set<string>() };
    if (label !== '') one.labels.add(label);
    all.set(key, one);
  }
  return [...all.values()].map(({ from, to, labels }) => ({ from, to, label: [...labels].join(', ') }));
}

/** Through the middles between the bends, so that no corner is seen. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const bends = rest.slice(0, -1).map((bend, i) => {
    const next = rest[i + 1] ?? last;
    const to = i === rest.length - 2 ? last : { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 };
    return `Q${round(bend.x)} ${round(bend.y)} ${round(to.x)} ${round(to.y)}`;
  });
  const way = bends.length === 0 ? `L${round(last.x)} ${round(last.y)}` : bends.join('');
  return `M${round(first.x)} ${round(first.y)}${way}`;
}

function short(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
