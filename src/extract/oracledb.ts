import type { CallSite, Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { get, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import {
  clientOf,
  defaultStore,
  exportOf,
  functionsOf,
  handleOf,
  onSqlClient,
  opened,
  type SqlDriver,
} from './sql-driver.ts';

const driver: SqlDriver = {
  id: 'oracledb',
  engine: 'oracle',
  dialect: 'unknown',
  runs: new Set(['execute', 'executeMany', 'queryStream']),
  clients: new Set(['getConnection', 'getPool']),
  scopes: new Set([]),
};

/** https://node-oracledb.readthedocs.io */
export const oracledb: Technology = {
  id: driver.id,
  packages: ['oracledb'],
  call(c) {
    if (c.on) {
      const on = handleOf(c, driver);
      return on && onSqlClient(c, on, driver);
    }
    const name = exportOf(c.path);
    if (name === 'getPool') return clientOf(driver, defaultStore(c, driver));
    return name === 'createPool' || name === 'getConnection' ? open(c) : undefined;
  },
  typed(t) {
    return /(?:^|\.)(?:Pool|Connection)$/.test(t.path) ? clientOf(driver, defaultStore(t, driver)) : undefined;
  },
};

/** Without options, or with the name of one, a connection is of the pool that was made before. */
function open(c: CallSite): Value {
  const [options] = c.args;
  const address = get(options, 'connectString') ?? get(options, 'connectionString');
  const client =
    options?.t === 'obj' && (address ?? get(options, 'user'))
      ? opened(
          c,
          driver,
          openConnection({
            tech: driver.id,
            engine: driver.engine,
            origin: c.origin,
            options,
            ...(address ? { url: textOf(['oracle://', ...partsOf(address)], c.origin) } : {}),
          }),
        )
      : clientOf(driver, defaultStore(c, driver));
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [{ t: 'unknown' }, client], c);
  return client;
}
