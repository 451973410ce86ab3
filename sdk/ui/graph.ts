/** Boxes and the arrows between them on paper, placed by dagre: a page that draws none of them must not load this. */
import { Graph, layout } from '@dagrejs/dagre';

export interface Point { x: number; y: number }
export interface Size { width: number; height: number }
export interface Box extends Size { key: string }
/** `room`: what its label needs, beside the arrow. */
export interface Way { from: string; to: string; room?: Size }

export interface Paper {
  /** From left to right, or from top to bottom. */
  direction: 'LR' | 'TB';
  /** Between boxes of one rank, and between ranks. */
  beside: number;
  ranks: number;
  margin: Point;
}

export interface Arranged extends Size {
  /** Middle of each box. */
  at: ReadonlyMap<string, Point>;
  /** In the order in which they were given: bends from border to border, and where the label stands. */
  ways: readonly { points: readonly Point[]; label: Point | null }[];
}

/** Between two ways side by side. */
const EDGES = 16;

export function arranged(boxes: readonly Box[], ways: readonly Way[], paper: Paper): Arranged {
  const { direction, beside, ranks, margin: { x: marginx, y: marginy } } = paper;
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: direction, nodesep: beside, ranksep: ranks, edgesep: EDGES, marginx, marginy });
  for (const { key, width, height } of boxes) graph.setNode(key, { width, height });
  ways.forEach(({ from, to, room }, i) => graph.setEdge(from, to, room ? { ...room, labelpos: 'c' } : {}, String(i)));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width, height,
    at: new Map(boxes.map(({ key }) => [key, graph.node(key)])),
    ways: ways.map(({ from, to, room }, i) => {
      const { points = [], x = 0, y = 0 } = graph.edge(from, to, String(i)) ?? {};
      return { points, label: room ? { x, y } : null };
    }),
  };
}
