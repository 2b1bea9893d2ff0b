import { fitting, listed } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { placesOf } from '../../src/model/evidence.ts';
import { compareText, datastoreOf, distinct, isDeployed, nearestFirst, purposeOf } from '../../src/model/query.ts';
import type { Datastore, Edge, System } from '../../src/model/system.ts';

interface Login {
  readonly edge: Edge;
  readonly store: Datastore;
  readonly key: string;
}

const noSharedCredentials = defineRule({
  id: 'database-per-service/no-shared-credentials',
  title: 'Several services log in to one server with the same user',
  severity: 'warn',
  remedy: 'create one login for each service, and grant it its own database only',
  check: system =>
    [...Map.groupBy(logins(system), login => login.key).values()].flatMap(same => violationOf(system, same)),
});
export default noSharedCredentials;

function logins(system: System): Login[] {
  return system.edges.flatMap(edge => {
    const store = edge.kind === 'connects' ? datastoreOf(system, edge.to) : undefined;
    if (store?.server === undefined || edge.login === undefined || edge.confidence === 'guess') return [];
    if (!isDeployed(system, edge.from) || purposeOf(system, store.id, edge.from) !== 'data') return [];
    return [{ edge, store, key: JSON.stringify([store.engine, store.server, edge.login]) }];
  });
}

/** In one database it is `no-shared-database`; a laptop's environment says nothing of production, so there it is a guess. */
function violationOf(system: System, all: readonly Login[]): Violation[] {
  const production = all.filter(login => login.edge.production === true);
  const isKnown = isShared(system, production);
  const same = isKnown ? production : all;
  if (!isShared(system, same)) return [];
  const services = servicesOf(system, same);
  const places = services.flatMap(service =>
    nearestFirst(system, service, placesOf(edgesOf(same, service)))
      .slice(0, 1)
      .map(at => ({ message: `${service} logs in here`, at })),
  );
  const [first] = same;
  const [at, ...related] = places;
  if (first === undefined || at === undefined) return [];
  const server = `${first.store.engine}:${first.store.server}`;
  return [
    {
      message: fitting(
        `${listed(services, 5)} log in to ${server} as the same user`,
        `${services.length} services log in to ${server} as the same user`,
      ),
      at: at.at,
      related,
      services,
      datastore: first.store.id,
      confidence: isKnown ? 'likely' : 'guess',
      identity: [server, ...services],
    },
  ];
}

function isShared(system: System, same: readonly Login[]): boolean {
  const [first, ...others] = same;
  if (first === undefined) return false;
  return others.some(other => other.store.id !== first.store.id) && servicesOf(system, same).length > 1;
}

function servicesOf(system: System, same: readonly Login[]): string[] {
  return distinct(system, same.map(login => login.edge.from).sort(compareText));
}

function edgesOf(same: readonly Login[], service: string): Edge[] {
  return same.map(login => login.edge).filter(edge => edge.from === service);
}
