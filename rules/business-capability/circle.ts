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

/** Services that reach each other, each group once, in order of the alphabet: thousands of services in linear time. */
function groupsOf(ways: readonly Way[]): string[][] {
  const after = neighbours(ways, way => [way.from, way.to]);
  const before = neighbours(ways, way => [way.to, way.from]);
  const grouped = new Set<string>();
  const lastLeft = [...after.keys()].flatMap(from => inOrderOfLeaving(after, from, grouped)).toReversed();
  grouped.clear();
  const groups = lastLeft.map(one => inOrderOfLeaving(before, one, grouped)).filter(group => group.length > 1);
  const places = new Map([...after.keys()].map((service, index) => [service, index]));
  const firstOf = (group: readonly string[]) => Math.min(...group.map(one => places.get(one) ?? places.size));
  return groups.sort((a, b) => firstOf(a) - firstOf(b)).map(group => group.sort());
}

function neighbours(ways: readonly Way[], ends: (way: Way) => readonly [string, string]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const way of ways) {
    const [here, there] = ends(way);
    const known = found.get(here);
    if (known) known.push(there);
    else found.set(here, [there]);
  }
  return found;
}

/** What is reached from a service and was not seen before: each after all that is reached from it. */
function inOrderOfLeaving(next: ReadonlyMap<string, readonly string[]>, from: string, seen: Set<string>): string[] {
  if (seen.has(from)) return [];
  seen.add(from);
  const left: string[] = [];
  const open = [{ one: from, to: 0 }];
  for (let last = open.at(-1); last; last = open.at(-1)) {
    const other = next.get(last.one)?.[last.to++];
    if (other === undefined) {
      left.push(last.one);
      open.pop();
    } else if (!seen.has(other)) {
      seen.add(other);
      open.push({ one: other, to: 0 });
    }
  }
  return left;
}

/** The way that shows in the fewest places is shown first: it is the cheapest to cut. */
function violationOf(all: readonly Way[], services: readonly string[], words: Words): Violation[] {
  const group = new Set(services);
  const inside = all.filter(way => group.has(way.from) && group.has(way.to));
  const ways = [...Map.groupBy(inside, way => `${way.from}\n${way.to}`).values()].map(alike => ({
    group: alike,
    places: codeFirst(placesOf(alike.map(way => way.edge))),
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
