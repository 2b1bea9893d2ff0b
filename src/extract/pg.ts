import type { CallSite, Site, Technology } from '../model/technology.ts';
import { textOf } from '../model/texts.ts';
import { type StoreRef, unknown, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import { withPostgresEnvironment } from './postgres-environment.ts';
import { runSql } from './run-sql.ts';
import {
  clientOf,
  defaultStore,
  exportOf,
  functionsOf,
  handleOf,
  isConstruction,
  onSqlClient,
  opened,
  type SqlDriver,
} from './sql-driver.ts';

const driver: SqlDriver = {
  id: 'pg',
  engine: 'postgres',
  dialect: 'postgres',
  runs: new Set(['query', 'queryStream', 'sql']),
  clients: new Set(['connect', 'getClient']),
  scopes: new Set(['transact']),
};

const opens = new Set([
  'Pool',
  'Client',
  'native.Pool',
  'native.Client',
  'connect',
  'createPool',
  'createClient',
  'neon',
]);
const types = new Set([
  'Pool',
  'Client',
  'PoolClient',
  'ClientBase',
  'native.Pool',
  'native.Client',
  'PostgresDb',
  'VercelPool',
  'VercelClient',
  'VercelPoolClient',
  'NeonQueryFunction',
]);

/** node-postgres, the clients of Vercel and Neon that speak like it, and Fastify's plugin. https://node-postgres.com */
export const pg: Technology = {
  id: 'pg',
  packages: [
    'pg',
    'pg-native',
    'pg-pool',
    '@vercel/postgres',
    '@neondatabase/serverless',
    '@fastify/postgres',
    'fastify-postgres',
  ],
  call(c) {
    if (c.on && !isConstruction(c)) return onClient(c);
    const name = exportOf(c.path);
    if (opens.has(name) || (name === '' && c.pkg === 'pg-pool')) return open(c, c.args[0]);
    // Vercel's `sql` and `db` stand for a pool of their own
    const [, member = ''] = /^(?:sql|db|pool)(?:\.(\w+))?$/.exec(name) ?? [];
    if (c.pkg !== '@vercel/postgres' || !/^(?:sql|db|pool)/.test(name)) return undefined;
    return onSqlClient({ ...c, name: member || 'sql' }, opened(c, driver, vercelStore(c)), driver);
  },
  typed(t) {
    return types.has(t.path) ? clientOf(driver, defaultStore(t, driver)) : undefined;
  },
  plugged(c) {
    if (/fastify/.test(c.pkg ?? '')) open(c, c.args[1]);
  },
  duck(c) {
    // where Fastify's plugin puts the pool: `fastify.pg.query()`
    if (c.receiver !== 'pg') return undefined;
    const pool = clientOf(driver, defaultStore(c, driver));
    if (c.name !== 'query')
      return driver.clients.has(c.name) || driver.scopes.has(c.name)
        ? (onSqlClient(c, pool, driver) ?? unknown)
        : undefined;
    return runSql(c, driver.id, defaultStore(c, driver), c.args[0], driver.dialect, { guessed: true }).length > 0
      ? unknown
      : undefined;
  },
};

function open(c: CallSite, options: Value | undefined): Value {
  const store = openConnection({ tech: driver.id, engine: driver.engine, origin: c.origin, url: options, options });
  const client = opened(
    c,
    driver,
    withPostgresEnvironment(c, store, options),
    exportOf(c.path) === 'neon' ? 'tag' : 'client',
  );
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown, client], c);
  return client;
}

function vercelStore(site: Site): StoreRef {
  const url = textOf([{ ref: 'env', key: 'POSTGRES_URL', origin: site.origin }], site.origin);
  return openConnection({ tech: driver.id, engine: driver.engine, origin: site.origin, url });
}

function onClient(c: CallSite): Value | undefined {
  const on = handleOf(c, driver);
  if (!on?.store) return undefined;
  if (c.name === '`' || c.name === '()') {
    if (on.kind !== 'tag') return undefined;
    runSql(c, driver.id, on.store, c.args[0], driver.dialect, { fragment: true });
    return c.args[0];
  }
  return onSqlClient(c, on, driver);
}
