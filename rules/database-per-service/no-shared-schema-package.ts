import { fitting, listed } from '../../src/check/message.ts';
import type { Related, Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { placesOf } from '../../src/model/evidence.ts';
import { edgesTo, isDeployed, purposeOf, sharingOf } from '../../src/model/query.ts';
import type { Edge, Service, System, Table } from '../../src/model/system.ts';

const noSharedSchemaPackage = defineRule({
  id: 'database-per-service/no-shared-schema-package',
  title: 'One package holds the tables of several services',
  severity: 'warn',
  remedy:
    "move each table's schema or model into the service that owns it, and share no more than the code that knows no table",
  check: system =>
    system.services.filter(service => service.role === 'library').flatMap(library => sharing(system, library)),
});
export default noSharedSchemaPackage;

function sharing(system: System, library: Service): Violation[] {
  const declared = system.tables.filter(table => (table.declarations ?? []).some(by => by.service === library.id));
  return [...Map.groupBy(declared, table => table.store)].flatMap(([store, tables]) =>
    violationOf(system, library.id, store, tables),
  );
}

function violationOf(system: System, library: string, store: string, tables: readonly Table[]): Violation[] {
  const shared = tables
    .map(table => ({ table, uses: usesOf(system, table) }))
    .filter(({ uses }) => sharingOf(system, uses).services.length > 1);
  const uses = shared.flatMap(({ uses }) => uses);
  const { services, confidence } = sharingOf(system, uses);
  const places = placesOf(
    shared.flatMap(({ table }) =>
      (table.declarations ?? []).filter(by => by.service === library).map(by => ({ evidence: [by.evidence] })),
    ),
  );
  const [at, ...more] = places;
  if (at === undefined) return [];
  const names = listed(
    shared.map(({ table }) => table.name),
    3,
  );
  return [
    {
      message: fitting(
        `${library} gives ${listed(services, 4)} the same tables of ${store}`,
        `${library} gives ${services.length} services the same tables of ${store}`,
      ),
      at,
      related: [
        ...more.map(place => ({ message: 'declared in the same package', at: place })),
        ...services.flatMap(service => firstUse(service, names, uses)),
      ],
      services,
      datastore: store,
      confidence,
      identity: [library, store],
    },
  ];
}

function usesOf(system: System, table: Table): readonly Edge[] {
  return edgesTo(system, table.id, 'reads', 'writes').filter(
    edge => isDeployed(system, edge.from) && purposeOf(system, table.store, edge.from) === 'data',
  );
}

function firstUse(service: string, tables: string, uses: readonly Edge[]): Related[] {
  return placesOf(uses.filter(edge => edge.from === service))
    .slice(0, 1)
    .map(at => ({ message: `${service} uses ${tables} from here on`, at }));
}
