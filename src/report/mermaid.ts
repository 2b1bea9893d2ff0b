import type { System } from '../model/system.ts';
import { drawingOf } from './drawing.ts';

const shapes = { service: ['[', ']'], datastore: ['[(', ')]'], topic: ['([', '])'] } as const;

/** A flowchart: services as boxes, datastores as cylinders; data of another service is reached by a thick line. */
export function renderMermaid(system: System): string {
  const { nodes, links } = drawingOf(system);
  const name = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  return [
    'flowchart LR',
    ...nodes.map(({ id, kind }) => `  ${name.get(id)}${shapes[kind].join(`"${escaped(id)}"`)}`),
    ...links.map(({ from, to, says, foreign }) => {
      const label = says === '' ? '' : `|"${escaped(says)}"|`;
      return `  ${name.get(from)} ${foreign ? '==>' : '-->'}${label} ${name.get(to)}`;
    }),
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replace(/[#"<>]/g, sign => `#${sign.charCodeAt(0)};`);
}
