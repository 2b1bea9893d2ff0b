import type { CallSite, Technology } from '../model/technology.ts';
import { get, literal, unknown, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
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
  id: 'mysql',
  engine: 'mysql',
  dialect: 'mysql',
  runs: new Set(['query', 'execute', 'batch', 'queryStream', 'prepare', 'unprepare']),
  clients: new Set(['getConnection', 'promise', 'of']),
  scopes: new Set([]),
};

const opens = new Set([
  'createConnection',
  'createPool',
  'createConnectionSync',
  'createPoolPromise',
  'createConnectionPromise',
]);
const types = new Set(['Pool', 'PoolConnection', 'Connection', 'PoolNamespace', 'PoolCluster']);

/** mysql, mysql2 and MariaDB's driver, with callbacks and with promises. */
export const mysql: Technology = {
  id: driver.id,
  packages: ['mysql', 'mysql2', 'mariadb', 'promise-mysql', 'serverless-mysql', '@fastify/mysql', 'fastify-mysql'],
  call(c) {
    if (c.on && !isConstruction(c)) return onClient(c);
    const name = exportOf(c.path);
    if (opens.has(name)) return open(c, c.args[0]);
    if (name === 'createPoolCluster') return clientOf(driver, defaultStore(c, driver), 'cluster');
    if (name === 'format' || name === 'raw' || name === 'escapeId') return c.args[0];
    if (c.pkg === 'serverless-mysql' && name === '') return open(c, get(c.args[0], 'config'));
    return undefined;
  },
  member(m) {
    return m.on.t === 'handle' && (m.name === 'pool' || m.name === 'connection') ? m.on : undefined;
  },
  typed(t) {
    return types.has(t.path.replace(/^.*\./, '')) ? clientOf(driver, defaultStore(t, driver)) : undefined;
  },
  plugged(c) {
    if (/fastify/.test(c.pkg ?? '')) open(c, c.args[1]);
  },
};

function open(c: CallSite, options: Value | undefined): Value {
  return opened(
    c,
    driver,
    openConnection({ tech: driver.id, engine: driver.engine, origin: c.origin, url: options, options }),
  );
}

function onClient(c: CallSite): Value | undefined {
  const on = handleOf(c, driver);
  if (!on) return undefined;
  if (on.kind === 'cluster' && c.name === 'add') {
    const options = c.args.find(a => literal(a) === undefined);
    open(c, options);
    return on;
  }
  if (c.name === 'connect' || c.name === 'beginTransaction') {
    for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown, unknown], c);
    return on;
  }
  if (c.name === 'changeUser' && on.store?.kind === 'open') return on;
  return onSqlClient(c, on, driver);
}
