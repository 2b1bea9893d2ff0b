import { fitting, listed } from '../../src/check/message.ts';
import type { Related, Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { isInCode, placesOf, withoutGuesses } from '../../src/model/evidence.ts';
import type { StoreUser } from '../../src/model/query.ts';
import { nearestFirst, sharingOf, usersOf } from '../../src/model/query.ts';
import type { Datastore, System } from '../../src/model/system.ts';

const noSharedDatabase = defineRule({
  id: 'database-per-service/no-shared-database',
  title: 'Several services keep their data in one database',
  severity: 'warn',
  remedy: 'give each service a database of its own, with its own login; the same server may hold them all',
  check: system => system.datastores.filter(isIdentified).flatMap(store => sharing(system, store)),
});
export default noSharedDatabase;

/** Engines with one space of tables for a whole account: there the table is what a service has to itself. */
const accounts: readonly string[] = ['dynamodb'];

/** One server of these holds keys or indexes of many by habit; whether they meet is not seen from the connection. */
const keyed: readonly string[] = ['redis', 'memcached', 'elasticsearch', 'clickhouse'];

/** Two unknown databases are not equal, so nothing can be said of one whose id is not fully known. */
function isIdentified(store: Datastore): boolean {
  return !store.id.includes('?') && !accounts.includes(store.engine);
}

function sharing(system: System, store: Datastore): Violation[] {
  const users = usersOf(system, store.id);
  const { services, confidence } = sharingOf(
    system,
    users.flatMap(user => user.edges),
  );
  const [first, ...related] = placesOfUsers(system, users, services);
  if (services.length < 2 || first === undefined) return [];
  return [
    {
      message: fitting(
        ...[6, 4, 3].map(most => `${listed(services, most)} share the database ${store.id}`),
        `${services.length} services share the database ${store.id}`,
      ),
      at: first.at,
      related,
      services,
      datastore: store.id,
      confidence: keyed.includes(store.engine) ? 'guess' : confidence,
      identity: [store.id],
    },
  ];
}

/** Each service's first connection, then, for those that show none, their first use. */
function placesOfUsers(system: System, users: readonly StoreUser[], services: readonly string[]): Related[] {
  return users
    .filter(user => services.includes(user.service))
    .flatMap(({ service, edges }) => {
      const connections = withoutGuesses(edges.filter(edge => edge.kind === 'connects'));
      if (connections.length > 0)
        return nearestFirst(system, service, placesOf(connections)).map(at => ({
          message: `${service} ${isInCode(at) ? 'connects' : 'is given the address'} here`,
          at,
        }));
      return placesOf(withoutGuesses(edges))
        .slice(0, 1)
        .map(at => ({ message: `${service} uses it here`, at }));
    });
}
