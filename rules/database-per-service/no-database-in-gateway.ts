import { fitting } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { placesOf, strongest, withoutGuesses } from '../../src/model/evidence.ts';
import { nearestFirst, serviceOf, tableOf, usersOf } from '../../src/model/query.ts';
import type { Datastore, Edge, Role, System } from '../../src/model/system.ts';
import { isReported } from './foreign-table.ts';

const roles: readonly Role[] = ['gateway', 'bff', 'frontend'];
/** What a gateway may well keep: counters, cached answers, logs. */
const allowed: readonly string[] = ['redis', 'valkey', 'keydb', 'memcached', 'elasticsearch', 'opensearch'];

const noDatabaseInGateway = defineRule({
  id: 'database-per-service/no-database-in-gateway',
  title: 'A gateway, backend for a frontend or frontend uses a database',
  severity: 'warn',
  remedy: 'move what it stores, and the rules about it, into the service whose business it is, and call that',
  check: system =>
    system.datastores.filter(store => !allowed.includes(store.engine)).flatMap(store => uses(system, store)),
});
export default noDatabaseInGateway;

function uses(system: System, store: Datastore): Violation[] {
  const users = usersOf(system, store.id);
  return users.flatMap(({ service, edges }) => {
    const role = serviceOf(system, service)?.role;
    // a web application that renders on its server and alone has this database is a service of its own
    if (role === 'frontend' && users.length === 1) return [];
    const known = withoutGuesses(edges);
    const [at, ...more] = nearestFirst(system, service, placesOf(known));
    if (role === undefined || !roles.includes(role) || at === undefined || isAllForeign(system, service, known))
      return [];
    return [
      {
        message: fitting(`${service}, a ${role}, ${verbOf(known)} ${store.id}`),
        at,
        related: more.map(place => ({ message: 'and here', at: place })),
        service,
        services: [service],
        datastore: store.id,
        confidence: strongest(known.map(edge => edge.confidence)),
        identity: [service, store.id],
      },
    ];
  });
}

/** What it does to tables of others is reported as that. */
function isAllForeign(system: System, service: string, edges: readonly Edge[]): boolean {
  const tables = edges.map(edge => edge.to).filter(id => tableOf(system, id) !== undefined);
  return tables.length > 0 && tables.every(table => isReported(system, service, table));
}

function verbOf(edges: readonly Edge[]): string {
  const kinds = edges.map(edge => edge.kind);
  if (kinds.includes('writes')) return 'writes';
  if (kinds.includes('reads')) return 'reads';
  return kinds.includes('migrates') ? 'migrates' : 'connects to';
}
