import type { System } from '../model/system.ts';
import { drawingOf } from './drawing.ts';

const shapes = { service: 'box', datastore: 'cylinder', topic: 'oval' } as const;

/** The same for Graphviz: `lintel graph --format dot | dot -Tsvg`. Data of another service is reached by a thick line. */
export function renderDot(system: System): string {
  const { nodes, links } = drawingOf(system);
  return [
    'digraph {',
    '  rankdir=LR; node [fontname="sans-serif"]; edge [fontname="sans-serif", fontsize=10]',
    ...nodes.map(({ id, kind }) => `  ${quoted(id)} [shape=${shapes[kind]}]`),
    ...links.map(({ from, to, says, foreign }) => {
      const attributes = [...(says === '' ? [] : [`label=${quoted(says)}`]), ...(foreign ? ['penwidth=3'] : [])];
      return `  ${quoted(from)} -> ${quoted(to)}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`}`;
    }),
    '}',
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, sign => `\\${sign}`).replace(/\n/g, ' ')}"`;
}
