import { fitting, listed } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { compareEvidence } from '../../src/model/evidence.ts';
import type { Datastore, Evidence } from '../../src/model/system.ts';

interface Opening {
  readonly store: Datastore;
  readonly port: number;
  readonly production: boolean;
  readonly evidence: Evidence;
}

const noPublishedDatabasePort = defineRule({
  id: 'database-per-service/no-published-database-port',
  title: 'A database can be reached from outside its network',
  severity: 'warn',
  remedy:
    'do not publish the port in production: services reach the database over the private network, people through a tunnel',
  check: system => [...Map.groupBy(system.datastores.flatMap(openings), machineOf).values()].flatMap(violationOf),
});
export default noPublishedDatabasePort;

function openings(store: Datastore): Opening[] {
  return (store.published ?? []).map(published => ({ ...published, store }));
}

/** Several databases on one server are published by one line. */
function serverOf({ store }: Opening): string {
  return store.server === undefined ? store.id : `${store.engine}:${store.server}`;
}

/** Manifests in different folders may well mean different machines by one name. */
function machineOf(opening: Opening): string {
  const { file } = opening.evidence;
  return JSON.stringify([serverOf(opening), file.slice(0, file.lastIndexOf('/') + 1)]);
}

/** A compose file for development publishes ports on purpose, so it is only a guess there. */
function violationOf(all: readonly Opening[]): Violation[] {
  const production = all.filter(opening => opening.production);
  const openings = (production.length > 0 ? production : all).toSorted((a, b) =>
    compareEvidence(a.evidence, b.evidence),
  );
  const [first, ...more] = openings;
  if (first === undefined) return [];
  const ports = [...new Set(openings.map(opening => String(opening.port)))];
  const elsewhere = more.filter(opening => compareEvidence(opening.evidence, first.evidence) !== 0);
  return [
    {
      message: fitting(`${serverOf(first)} can be reached from outside its network at port ${listed(ports, 3)}`),
      at: first.evidence,
      related: elsewhere.map(opening => ({
        message: `port ${opening.port} is published here too`,
        at: opening.evidence,
      })),
      datastore: first.store.id,
      ...(first.store.owner ? { service: first.store.owner } : {}),
      confidence: production.length > 0 ? 'certain' : 'guess',
      identity: [machineOf(first)],
    },
  ];
}
