import { compareText, ownerOf, tableOf } from '../model/query.ts';
import type { Edge, System } from '../model/system.ts';

/** What a picture of a System shows, whatever it is drawn with. */
export interface Drawing {
  readonly nodes: readonly Node[];
  readonly links: readonly Link[];
}

export interface Node {
  readonly id: string;
  readonly kind: 'service' | 'datastore' | 'topic';
}

export interface Link {
  readonly from: string;
  readonly to: string;
  readonly says: string;
  /** Reaches data that another service owns. */
  readonly foreign: boolean;
}

export function drawingOf(system: System): Drawing {
  const links = linksOf(system);
  const nodes = nodesOf(system, new Set(links.flatMap(({ from, to }) => [from, to])));
  const ids = new Set(nodes.map(({ id }) => id));
  return { nodes, links: links.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
}

/** A library is drawn where something leads to it. */
function nodesOf(system: System, used: ReadonlySet<string>): Node[] {
  const services = system.services.filter(({ id, role }) => role !== 'library' || used.has(id));
  return [
    ...services.map(({ id }) => ({ id, kind: 'service' as const })),
    ...system.datastores.map(({ id }) => ({ id, kind: 'datastore' as const })),
    ...system.topics.map(({ id }) => ({ id, kind: 'topic' as const })),
  ];
}

/** Edges between the same two nodes, of the same kind, become one line that names the tables. */
function linksOf(system: System): Link[] {
  const groups = Map.groupBy(
    system.edges.map(edge => ({ edge, ...endOf(system, edge), foreign: isForeign(system, edge) })),
    ({ edge, to, foreign }) => JSON.stringify([edge.from, to, edge.kind, foreign]),
  );
  const links = [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined || first.edge.from === first.to) return [];
    const parts = [...new Set([first, ...rest].map(({ part }) => part))].filter(part => part !== '').sort(compareText);
    const { edge, to, foreign } = first;
    const [from, target] = edge.kind === 'consumes' ? [to, edge.from] : [edge.from, to];
    return [{ from, to: target, says: [edge.kind, parts.join(', ')].join(' ').trim(), foreign }];
  });
  return links.filter(link => !isConnectionOnly(link) || !links.some(other => saysMore(other, link)));
}

/** A line for the connection adds nothing where another line says what is done with it. */
function isConnectionOnly({ says }: Link): boolean {
  return says === 'connects';
}

function saysMore(other: Link, link: Link): boolean {
  return other !== link && other.from === link.from && other.to === link.to;
}

function endOf(system: System, { to }: Edge): { to: string; part: string } {
  const table = tableOf(system, to);
  if (table) return { to: table.store, part: table.name };
  const endpoint = system.endpoints.find(({ id }) => id === to);
  return endpoint ? { to: endpoint.service, part: `${endpoint.method} ${endpoint.path}` } : { to, part: '' };
}

function isForeign(system: System, { to, from }: Edge): boolean {
  const owner = tableOf(system, to) ? ownerOf(system, to) : null;
  return owner !== null && owner !== from;
}
