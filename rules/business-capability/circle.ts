import { fitting, listed } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { isInCode, placesOf, weakest } from '../../src/model/evidence.ts';
import type { Edge, Evidence } from '../../src/model/system.ts';

/** An edge between two services. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly edge: Edge;
}

/** How a circle reads: `orders and billing {all} in a circle`, `orders {one} billing here`. */
export interface Words {
  readonly all: string;
  readonly one: string;
}

/** One violation for each group of services that reach each other, by what is cheapest to cut in it. */
export function circles(ways: readonly Way[], words: Words): Violation[] {
  return groupsOf(ways).flatMap(services => violationOf(ways, services, words));
}

/** Services that reach each other, each group once, in order of the alphabet. */
function groupsOf(ways: readonly Way[]): string[][] {
  const reached = new Map([...new Set(ways.map(way => way.from))].map(from => [from, reachedFrom(ways, from)]));
  const groups = [...reached.keys()]
    .map(one =>
      [...reached.keys()].filter(other => reached.get(one)?.has(other) && reached.get(other)?.has(one)).sort(),
    )
    .filter(group => group.length > 1);
  return [...new Map(groups.map(group => [group.join('\n'), group])).values()];
}

function reachedFrom(ways: readonly Way[], from: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const queue = [from];
  for (let one = queue.pop(); one !== undefined; one = queue.pop())
    for (const way of ways) {
      if (way.from !== one || reached.has(way.to)) continue;
      reached.add(way.to);
      queue.push(way.to);
    }
  return reached;
}

/** The way that shows in the fewest places is shown first: it is the cheapest to cut. */
function violationOf(all: readonly Way[], services: readonly string[], words: Words): Violation[] {
  const inside = all.filter(way => services.includes(way.from) && services.includes(way.to));
  const ways = [...Map.groupBy(inside, way => `${way.from}\n${way.to}`).values()].map(group => ({
    group,
    places: codeFirst(placesOf(group.map(way => way.edge))),
  }));
  const [cheapest, ...others] = ways.sort((a, b) => a.places.length - b.places.length);
  const [first] = cheapest?.group ?? [];
  const [at, ...more] = cheapest?.places ?? [];
  if (first === undefined || at === undefined) return [];
  const { from, to } = first;
  return [
    {
      message: fitting(
        `${listed(services, 5)} ${words.all} in a circle; cut ${from} to ${to} first`,
        `${services.length} services ${words.all} in a circle; cut ${from} to ${to} first`,
      ),
      at,
      related: [
        ...more.map(place => ({ message: `${from} ${words.one} ${to} here too`, at: place })),
        ...others.flatMap(way =>
          way.places.slice(0, 1).map(place => ({
            message: `${way.group[0]?.from ?? ''} ${words.one} ${way.group[0]?.to ?? ''} here`,
            at: place,
          })),
        ),
      ],
      service: from,
      services,
      confidence: weakest('certain', ...inside.map(way => way.edge.confidence)),
      identity: services,
    },
  ];
}

/** What is to be cut stands in the code; the manifests only say where it leads. */
function codeFirst(places: readonly Evidence[]): readonly Evidence[] {
  return [...places.filter(isInCode), ...places.filter(place => !isInCode(place))];
}
