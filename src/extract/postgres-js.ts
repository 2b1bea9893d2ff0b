import type { CallSite, Technology } from '../model/technology.ts';
import { type Handle, unknown, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import { withPostgresEnvironment } from './postgres-environment.ts';
import { runSql } from './run-sql.ts';
import { clientOf, defaultStore, onSqlClient, opened, type SqlDriver } from './sql-driver.ts';

const driver: SqlDriver = {
  id: 'postgres',
  engine: 'postgres',
  dialect: 'postgres',
  runs: new Set(['unsafe']),
  clients: new Set(['reserve']),
  scopes: new Set(['begin', 'savepoint']),
};

/** postgres.js: the client is a tag, and a function that quotes names. https://github.com/porsager/postgres */
export const postgresJs: Technology = {
  id: driver.id,
  packages: ['postgres'],
  call(c) {
    if (c.on) return c.on.t === 'handle' ? onClient(c, c.on) : undefined;
    if (c.path !== '' && c.path !== 'default') return undefined;
    const [first, second] = c.args;
    const options = first?.t === 'obj' ? first : second;
    const store = openConnection({ tech: driver.id, engine: driver.engine, origin: c.origin, url: first, options });
    return opened(c, driver, first && first.t !== 'obj' ? store : withPostgresEnvironment(c, store, options));
  },
  typed(t) {
    return /^(?:Sql|TransactionSql|ReservedSql|ISql|default|default\..*Sql)$/.test(t.path)
      ? clientOf(driver, defaultStore(t, driver))
      : undefined;
  },
};

function onClient(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  if (c.name === '()') return first?.t === 'text' ? first : unknown;
  if (c.name !== '`' || !on.store) return onSqlClient(c, on, driver);
  runSql(c, driver.id, on.store, first, driver.dialect, { fragment: true });
  return first;
}
