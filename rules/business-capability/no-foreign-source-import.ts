import { fitting, listed } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { placesOf, strongest, withoutGuesses } from '../../src/model/evidence.ts';
import { areOne, isDeployed, serviceOf } from '../../src/model/query.ts';
import type { Edge, System } from '../../src/model/system.ts';

const noForeignSourceImport = defineRule({
  id: 'business-capability/no-foreign-source-import',
  title: 'A service imports the source code of another service',
  severity: 'error',
  remedy: 'call the API of the other service, or move what both need and neither owns into a library of its own',
  check: system =>
    [...Map.groupBy(sourceImports(system), edge => JSON.stringify([edge.from, edge.to])).values()].flatMap(violationOf),
});
export default noForeignSourceImport;

function sourceImports(system: System): Edge[] {
  return system.edges.filter(
    edge =>
      edge.kind === 'imports' &&
      (edge.imported === 'source' || edge.imported === 'model') &&
      isDeployed(system, edge.from) &&
      serviceOf(system, edge.from)?.role !== 'frontend' &&
      isDeployed(system, edge.to) &&
      !areOne(system, edge.from, edge.to),
  );
}

function violationOf(all: readonly Edge[]): Violation[] {
  const edges = withoutGuesses(all);
  const [first] = edges;
  const [at, ...more] = placesOf(edges);
  if (first === undefined || at === undefined) return [];
  const { from, to } = first;
  const names = [...new Set(edges.flatMap(edge => edge.names ?? []))].sort();
  const named = names.length > 0 ? [`${from} imports ${listed(names, 3)} from the source code of ${to}`] : [];
  return [
    {
      message: fitting(...named, `${from} imports the source code of ${to}`),
      at,
      related: more.map(place => ({ message: `${from} imports from ${to} here too`, at: place })),
      service: from,
      services: [from, to],
      confidence: strongest(edges.map(edge => edge.confidence)),
      identity: [from, to],
    },
  ];
}
