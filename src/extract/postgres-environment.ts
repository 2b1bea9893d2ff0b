import type { Site } from '../model/technology.ts';
import { textOf } from '../model/texts.ts';
import { each, type StoreRef, text, type Value } from '../model/value.ts';

type Open = StoreRef & { kind: 'open' };

/** libpq's variables stand in for what no option says. https://www.postgresql.org/docs/current/libpq-envars.html */
export function withPostgresEnvironment(site: Site, store: Open, options: Value | undefined): Open {
  if (store.url || each(options).some(o => o.t !== 'obj') || (options && each(options).length === 0)) return store;
  const of = (key: string, def?: string): Value =>
    textOf(
      [{ ref: 'env', key, origin: site.origin, ...(def === undefined ? {} : { def: text(def, site.origin) }) }],
      site.origin,
    );
  if (store.host || store.database || store.user)
    return { ...store, host: store.host ?? of('PGHOST'), database: store.database ?? of('PGDATABASE') };
  return {
    ...store,
    host: options ? of('PGHOST') : of('PGHOST', 'localhost'),
    port: store.port ?? of('PGPORT'),
    database: of('PGDATABASE'),
    user: of('PGUSER'),
  };
}
