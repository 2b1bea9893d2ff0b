import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, literal, text, unknown, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import { runSql } from './run-sql.ts';
import { looksLikeSql } from './sql.ts';
import { clientOf, defaultStore, exportOf, handleOf, isConstruction, opened } from './sql-driver.ts';

const driver = { id: 'clickhouse', engine: 'clickhouse' } as const;

/** https://clickhouse.com/docs/integrations/javascript, and the community's older client. */
export const clickhouse: Technology = {
  id: driver.id,
  packages: [
    '@clickhouse/client',
    '@clickhouse/client-web',
    '@clickhouse/client-common',
    'clickhouse',
    '@apla/clickhouse',
    'clickhouse-ts',
  ],
  call(c) {
    if (c.on && !isConstruction(c)) return onClient(c);
    const name = exportOf(c.path);
    if (name !== 'createClient' && name !== 'ClickHouse' && (name !== '' || !c.isNew)) return undefined;
    const [options] = c.args;
    const own = openConnection({ tech: driver.id, engine: driver.engine, origin: c.origin, url: options, options });
    const host = literal(own.host);
    // before its first version 1 the client took its url as `host`
    return opened(
      c,
      driver,
      !own.url && own.host && (host === undefined || host.includes('://')) && !own.port
        ? { ...own, url: own.host }
        : own,
    );
  },
  typed(t) {
    return /ClickHouse(?:Client)?$|NodeClickHouseClient/.test(t.path)
      ? clientOf(driver, defaultStore(t, driver))
      : undefined;
  },
};

function onClient(c: CallSite): Value | undefined {
  const on = handleOf(c, driver);
  if (!on?.store) return undefined;
  const [first] = c.args;
  switch (c.name) {
    case 'query':
    case 'command':
    case 'exec':
    case 'querying':
    case 'stream':
      runSql(c, driver.id, on.store, first, 'clickhouse');
      return undefined;
    case 'insert': {
      const table = get(first, 'table') ?? each(first).find(v => v.t === 'text');
      const statement = literal(table);
      if (statement !== undefined && looksLikeSql(statement)) runSql(c, driver.id, on.store, table, 'clickhouse');
      else c.ev.use(c, driver.id, { op: 'write', store: on.store, table: table ?? unknown, ...named(c, table) });
      return undefined;
    }
    default:
      return undefined;
  }
}

/** `reports.daily` is a table of another database. */
function named(c: CallSite, table: Value | undefined): { table?: Value; database?: Value } {
  const [database, name, ...more] = literal(table)?.split('.') ?? [];
  return database === undefined || name === undefined || more.length > 0
    ? {}
    : { table: text(name, c.origin), database: text(database, c.origin) };
}
