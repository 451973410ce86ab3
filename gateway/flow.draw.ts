/** A flow's statechart as Mermaid text, which GitHub and most editors show as a picture. */
import type { Chart } from '../machines/flows/chart.ts';

type Shape = readonly [left: string, right: string];

/** How a kind of node looks; any other is a box. */
const SHAPES: Readonly<Partial<Record<Chart['nodes'][number]['kind'], Shape>>> = {
  begin: ['((', '))'], over: ['((', '))'], broken: ['((', '))'], branch: ['{', '}'], ask: ['[/', '/]'], http: ['[[', ']]'], wait: ['(', ')'],
};
const BOX: Shape = ['[', ']'];

export function mermaid({ nodes, edges }: Chart): string {
  // Names of our own: a step may be called `end`, which is a word of Mermaid's.
  const names = new Map(nodes.map(({ id }, i) => [id, `n${i}`]));
  const boxes = nodes.map(({ id, label, kind }) => {
    const [left, right] = SHAPES[kind] ?? BOX;
    // Of a step without a name of its own the id says more than its kind.
    return `  ${names.get(id)}${left}"${quoted(label === kind ? `${kind} ${id}` : label)}"${right}`;
  });
  const arrows = edges.map(({ from, to, label }) =>
    `  ${names.get(from)} -->${label === '' ? '' : `|"${quoted(label)}"|`} ${names.get(to)}`);
  return ['flowchart TD', ...boxes, ...arrows].join('\n') + '\n';
}

function quoted(text: string): string {
  return text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll(/\s+/g, ' ');
}
