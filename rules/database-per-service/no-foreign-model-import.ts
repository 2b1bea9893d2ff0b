import { fitting, listed } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { placesOf, strongest, withoutGuesses } from '../../src/model/evidence.ts';
import { areOne, isDeployed, serviceOf } from '../../src/model/query.ts';
import type { Edge, System } from '../../src/model/system.ts';
import { foreignTables, isReported } from './foreign-table.ts';
import { isModelOf } from './model-name.ts';

const noForeignModelImport = defineRule({
  id: 'database-per-service/no-foreign-model-import',
  title: "A service imports another service's model or repository",
  severity: 'error',
  remedy: 'call the API of the owner; what both sides need to agree on are the types of that API, not its tables',
  check: system =>
    [...Map.groupBy(modelImports(system), edge => JSON.stringify([edge.from, edge.to])).values()].flatMap(edges =>
      violationOf(system, edges),
    ),
});
export default noForeignModelImport;

function modelImports(system: System): Edge[] {
  return system.edges.filter(
    edge =>
      edge.kind === 'imports' &&
      edge.imported === 'model' &&
      isDeployed(system, edge.from) &&
      serviceOf(system, edge.from)?.role !== 'frontend' &&
      isDeployed(system, edge.to) &&
      !areOne(system, edge.from, edge.to) &&
      !isTold(system, edge),
  );
}

/** A read or write of the same table names the import among its places; where no table is known, any of the same owner. */
function isTold(system: System, edge: Edge): boolean {
  const tables = tablesOf(system, [edge]);
  if (tables.length > 0) return tables.every(table => isReported(system, edge.from, table));
  return foreignTables(system).some(found => found.service === edge.from && found.owner === edge.to);
}

function tablesOf(system: System, edges: readonly Edge[]): string[] {
  return system.tables.filter(table => edges.some(edge => isModelOf(edge, table))).map(table => table.id);
}

function violationOf(system: System, all: readonly Edge[]): Violation[] {
  const edges = withoutGuesses(all);
  const [first] = edges;
  const [at, ...more] = placesOf(edges);
  if (first === undefined || at === undefined) return [];
  const { from, to } = first;
  const tables = tablesOf(system, edges).filter(table => !isReported(system, from, table));
  const names = [...new Set(edges.flatMap(edge => edge.names ?? []))].sort();
  const what = names.length > 0 ? listed(names, 3) : 'a model';
  return [
    {
      message: fitting(
        `${from} imports ${what}, of the data model of ${to}`,
        `${from} imports the data model of ${to}`,
      ),
      at,
      related: more.map(place => ({ message: `${from} imports from ${to} here too`, at: place })),
      service: from,
      services: [from, to],
      ...(tables.length > 0 ? { tables } : {}),
      confidence: strongest(edges.map(edge => edge.confidence)),
      identity: [from, to],
    },
  ];
}
