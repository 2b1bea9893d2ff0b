import type { Config, ServiceConfig } from '../config.ts';
import { engineName, type Identity } from './stores.ts';

/** The service that lintel.yaml gives a table to: by the table itself, else by the datastore that holds it. */
export function configuredOwnerOfTable(
  { services }: Config,
  table: { readonly id: string; readonly name: string },
  store: { readonly id: string; readonly identity: Identity },
): ServiceConfig | undefined {
  const bare = table.name.slice(table.name.lastIndexOf('.') + 1);
  const byName = services.find(({ owns }) => owns.some(name => isSame(name, table.id, table.name)));
  const byBareName = byName ?? services.find(({ owns }) => owns.some(name => isSame(name, bare)));
  return byBareName ?? configuredOwnerOfStore(services, store);
}

/** The service that lintel.yaml gives a datastore to, by its id, the name of its database or a description of it. */
export function configuredOwnerOfStore(
  services: readonly ServiceConfig[],
  { id, identity }: { readonly id: string; readonly identity: Identity },
): ServiceConfig | undefined {
  const { engine, database = '' } = identity;
  return services.find(
    ({ owns, database: described }) =>
      owns.some(name => isSame(name, id, database)) ||
      (described !== undefined &&
        isSame(described.name, id, database) &&
        (described.engine === undefined || engineName(described.engine) === engine)),
  );
}

function isSame(name: string, ...others: readonly string[]): boolean {
  return others.some(other => other.toLowerCase() === name.toLowerCase());
}
