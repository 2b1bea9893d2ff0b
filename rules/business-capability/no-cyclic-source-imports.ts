import { fitting, listed } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { placesOf, weakest } from '../../src/model/evidence.ts';
import { areOne, isDeployed } from '../../src/model/query.ts';
import type { Edge, System } from '../../src/model/system.ts';

const noCyclicSourceImports = defineRule({
  id: 'business-capability/no-cyclic-source-imports',
  title: 'Services import the source code of each other in a circle',
  severity: 'warn',
  remedy: 'cut the import that takes least first: none of the services can be built or released alone until then',
  check: system => circles(system).flatMap(services => violationOf(system, services)),
});
export default noCyclicSourceImports;

/** Services that reach each other by imports of source, each group once, in order of the alphabet. */
function circles(system: System): string[][] {
  const edges = sourceImports(system);
  const reached = new Map([...new Set(edges.map(edge => edge.from))].map(from => [from, reachedFrom(edges, from)]));
  const groups = [...reached.keys()]
    .map(one =>
      [...reached.keys()].filter(other => reached.get(one)?.has(other) && reached.get(other)?.has(one)).sort(),
    )
    .filter(group => group.length > 1);
  return [...new Map(groups.map(group => [group.join('\n'), group])).values()];
}

function reachedFrom(edges: readonly Edge[], from: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const queue = [from];
  for (let one = queue.pop(); one !== undefined; one = queue.pop())
    for (const edge of edges) {
      if (edge.from !== one || reached.has(edge.to)) continue;
      reached.add(edge.to);
      queue.push(edge.to);
    }
  return reached;
}

function sourceImports(system: System): Edge[] {
  return system.edges.filter(
    edge =>
      edge.kind === 'imports' &&
      (edge.imported === 'source' || edge.imported === 'model') &&
      isDeployed(system, edge.from) &&
      isDeployed(system, edge.to) &&
      !areOne(system, edge.from, edge.to),
  );
}

/** The way with the fewest imports is shown first: it is the cheapest to cut. */
function violationOf(system: System, services: readonly string[]): Violation[] {
  const inside = sourceImports(system).filter(edge => services.includes(edge.from) && services.includes(edge.to));
  const ways = [...Map.groupBy(inside, edge => `${edge.from}\n${edge.to}`).values()].map(edges => ({
    edges,
    places: placesOf(edges),
  }));
  const [cheapest, ...others] = ways.sort((a, b) => a.places.length - b.places.length);
  const [first] = cheapest?.edges ?? [];
  const [at, ...more] = cheapest?.places ?? [];
  if (first === undefined || at === undefined) return [];
  const { from, to } = first;
  return [
    {
      message: fitting(
        `${listed(services, 5)} import each other's source in a circle; cut ${from} to ${to} first`,
        `${services.length} services import each other's source in a circle; cut ${from} to ${to} first`,
      ),
      at,
      related: [
        ...more.map(place => ({ message: `${from} imports from ${to} here too`, at: place })),
        ...others.flatMap(way =>
          way.places.slice(0, 1).map(place => ({
            message: `${way.edges[0]?.from ?? ''} imports from ${way.edges[0]?.to ?? ''} here`,
            at: place,
          })),
        ),
      ],
      service: from,
      services,
      confidence: weakest('certain', ...inside.map(edge => edge.confidence)),
      identity: services,
    },
  ];
}
