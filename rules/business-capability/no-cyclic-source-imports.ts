import { defineRule } from '../../src/check/rule.ts';
import { areOne, isDeployed } from '../../src/model/query.ts';
import type { System } from '../../src/model/system.ts';
import { circles, type Way } from './circle.ts';

const noCyclicSourceImports = defineRule({
  id: 'business-capability/no-cyclic-source-imports',
  title: 'Services import the source code of each other in a circle',
  severity: 'warn',
  remedy: 'cut the import that takes least first: none of the services can be built or released alone until then',
  check: system => circles(sourceImports(system), { all: "import each other's source", one: 'imports from' }),
});
export default noCyclicSourceImports;

function sourceImports(system: System): Way[] {
  return system.edges.flatMap(edge =>
    edge.kind === 'imports' &&
    (edge.imported === 'source' || edge.imported === 'model') &&
    isDeployed(system, edge.from) &&
    isDeployed(system, edge.to) &&
    !areOne(system, edge.from, edge.to)
      ? [{ from: edge.from, to: edge.to, edge }]
      : [],
  );
}
