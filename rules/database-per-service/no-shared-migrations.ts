import { fitting, listed } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { placesOf, strongest, withoutGuesses } from '../../src/model/evidence.ts';
import { areOne, compareText, distinct, edgesTo, isDeployed, ownerOf } from '../../src/model/query.ts';
import type { Edge, System, Table } from '../../src/model/system.ts';
import { isReported } from './foreign-table.ts';

const noSharedMigrations = defineRule({
  id: 'database-per-service/no-shared-migrations',
  title: 'Several services migrate one table',
  severity: 'error',
  remedy:
    'leave the migrations of the table, and any automatic synchronisation of its schema, to the one service that owns it',
  check: system => system.tables.flatMap(table => sharing(system, table)),
});
export default noSharedMigrations;

function sharing(system: System, table: Table): Violation[] {
  const edges = withoutGuesses(edgesTo(system, table.id, 'migrates').filter(edge => isDeployed(system, edge.from)));
  const services = ownerFirst(system, table, edges);
  const strangers = services.slice(1);
  const [service] = strangers;
  if (service === undefined || strangers.every(stranger => isReported(system, stranger, table.id))) return [];
  const places = services.flatMap(name =>
    placesOf(edges.filter(edge => edge.from === name)).map(at => ({ message: `${name} migrates it here`, at })),
  );
  const first = places.find(place => place.message.startsWith(`${service} `));
  if (first === undefined) return [];
  return [
    {
      message: fitting(
        `${listed(services, 4)} migrate ${table.id}, one table`,
        `${listed(services, 3)} migrate ${table.name}, one table`,
      ),
      at: first.at,
      related: places.filter(place => place !== first),
      service,
      services,
      datastore: table.store,
      table: table.id,
      confidence: strongest(edges.map(edge => edge.confidence)),
      identity: [table.id],
    },
  ];
}

function ownerFirst(system: System, table: Table, edges: readonly Edge[]): string[] {
  const owner = ownerOf(system, table.id);
  const names = distinct(system, edges.map(edge => edge.from).sort(compareText));
  return names.sort((a, b) => Number(isOwner(system, owner, b)) - Number(isOwner(system, owner, a)));
}

function isOwner(system: System, owner: string | null, service: string): boolean {
  return owner !== null && areOne(system, owner, service);
}
